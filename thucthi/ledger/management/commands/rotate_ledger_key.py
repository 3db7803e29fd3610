"""rotate_ledger_key --by NAME: the key in use signs its successor, inside the log; then the file changes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thucthi.kernel.errors import ThucThiError
from thucthi.ledger.actions import rotate_key
from thucthi.ledger.actors import Operator


class Command(BaseCommand):
    help = "Đổi khóa ký của sổ cái: khóa cũ ký cho khóa mới, việc đổi được ghi trong sổ, rồi tệp khóa mới thay tệp cũ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, help="Người thực hiện.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = rotate_key(by=Operator(options["by"]))
        except ThucThiError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(key.verifier_key)
