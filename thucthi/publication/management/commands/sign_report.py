"""sign_report --by tên-đăng-nhập --issue 2026-10"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thucthi.directory.models import Account
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.errors import ThucThiError
from thucthi.publication.actions import sign_report
from thucthi.publication.models import SnapshotPublication


class Command(BaseCommand):
    help = "Ký số báo cáo tháng của một kỳ đã phát hành khi chưa cài chứng thư."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True)
        parser.add_argument("--issue", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        rows = SnapshotPublication.objects.select_related("snapshot").filter(issue=options["issue"])
        publication = rows.order_by("-pk").first()
        if publication is None:
            raise CommandError("Chưa phát hành kỳ nào tên như vậy.")
        try:
            name = sign_report(publication.snapshot, by=viewer_of(Account.objects.get(username=options["by"])))
        except (ThucThiError, Account.DoesNotExist) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(name)
