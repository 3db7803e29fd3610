"""sequence_ledger [--thorough]: give waiting entries their places now, instead of within the minute."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thucthi.ledger.actions import sequence
from thucthi.ledger.selectors import tree_size
from thucthi.ledger.selectors.standing import fault_against_what_was_published


class Command(BaseCommand):
    help = "Xếp chỗ cho các mục đang chờ trong sổ cái; --thorough xem lại tất cả, dùng sau khi khôi phục bản sao lưu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--thorough", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if forked := fault_against_what_was_published():
            raise CommandError(forked)
        while sequence(thorough=options["thorough"]):
            pass
        self.stdout.write(f"{tree_size()}")
