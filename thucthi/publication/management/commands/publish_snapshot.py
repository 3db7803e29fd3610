"""publish_snapshot --by tên-đăng-nhập [--issue 2026-W47]"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thucthi.directory.models import Account
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.errors import ThucThiError
from thucthi.publication.actions import publish_snapshot
from thucthi.publication.models import Snapshot


class Command(BaseCommand):
    help = "Phát hành kỳ công bố đã chuẩn bị gần nhất (hoặc kỳ được nêu), bởi người không chuẩn bị kỳ đó."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True)
        parser.add_argument("--issue", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Snapshot.objects.filter(issue=options["issue"]) if options["issue"] else Snapshot.objects.all()
        snapshot = rows.order_by("-pk").first()
        if snapshot is None:
            raise CommandError("Chưa có kỳ nào được chuẩn bị.")
        try:
            publish_snapshot(snapshot, by=viewer_of(Account.objects.get(username=options["by"])))
        except (ThucThiError, Account.DoesNotExist) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{snapshot.name} {snapshot.manifest_hash}")
