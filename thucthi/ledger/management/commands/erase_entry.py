"""erase_entry UID --because … --by … --second …: personal data go, the tree stays. Runs as the owner of the tables."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from thucthi.kernel.errors import ThucThiError
from thucthi.ledger.actions import erase_entry
from thucthi.ledger.actors import Operator


class Command(BaseCommand):
    help = "Xóa nội dung và tên trong một mục của sổ cái; cam kết ở lại nên cây và mọi chứng minh cũ vẫn đúng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("uid", type=UUID)
        parser.add_argument("--because", required=True, help="Lý do, căn cứ; không nhắc lại dữ liệu cần xóa.")
        parser.add_argument("--by", required=True, help="Người thực hiện.")
        parser.add_argument("--second", required=True, help="Người thứ hai đồng ý.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = erase_entry(
                options["uid"], by=Operator(options["by"]), second=options["second"], because=options["because"]
            )
        except ProgrammingError as error:
            raise CommandError(
                "Chỉ vai sở hữu được xóa; hãy chạy thucthi erase-entry. · Only the owner may; run thucthi erase-entry."
            ) from error
        except ThucThiError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{told.uid}")
