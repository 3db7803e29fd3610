"""fetch_issues [--every SECONDS]: brings published issues from the bucket to this machine; asks no database."""

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thucthi.publication import bucket
from thucthi.publication.fetching import Fetching

# Seconds before what went wrong is tried again: a harmed issue would be fetched anew in every round.
AFTER_A_FAULT = 60
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Lấy các kỳ công bố từ kho S3 về máy này, từng kỳ trọn vẹn và đúng mã băm; --every: lặp lại."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        if not bucket.is_on():
            raise CommandError("Chưa đặt THUCTHI_PUBLISHED_BUCKET (docs/settings.md).")
        fetching = Fetching()
        faults = _faults_of(fetching)
        while options["every"]:
            time.sleep(max(options["every"], AFTER_A_FAULT if faults else 0))
            faults = _faults_of(fetching)
        if faults:
            raise CommandError("; ".join(faults))


def _faults_of(fetching: Fetching) -> list[str]:
    try:
        faults = fetching.round()
    except (OSError, ValueError) as error:
        faults = [str(error)]
    for fault in faults:
        log.error("issues of the bucket: %s", fault)
    return faults
