"""receive_cosignature --witness VERIFIER-KEY --by NAME < LINE: keep what a witness signed."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thucthi.kernel.errors import ThucThiError
from thucthi.ledger.actions import receive_cosignature
from thucthi.ledger.actors import Operator


class Command(BaseCommand):
    help = "Nhận dòng đồng ký của một nhân chứng từ đầu vào chuẩn; --witness là khóa kiểm chứng của nhân chứng đó."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--witness", required=True)
        parser.add_argument("--by", required=True, help="Người thực hiện.")
        parser.add_argument("--line", default="", help="Dòng đồng ký; bỏ trống thì đọc từ đầu vào chuẩn.")

    def handle(self, *args: Any, **options: Any) -> None:
        line = options["line"] or sys.stdin.readline()
        try:
            made = receive_cosignature(line, witness=options["witness"], by=Operator(options["by"]))
        except ThucThiError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made.checkpoint.size}")
