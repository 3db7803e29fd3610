"""sequence_ledger [--thorough]: give waiting entries their places now, instead of within the minute."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from thucthi.ledger.actions import sequence
from thucthi.ledger.selectors import tree_size


class Command(BaseCommand):
    help = "Xếp chỗ cho các mục đang chờ trong sổ cái; --thorough xem lại tất cả, dùng sau khi khôi phục bản sao lưu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--thorough", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        while sequence(thorough=options["thorough"]):
            pass
        self.stdout.write(f"{tree_size()}")
