"""prepare_snapshot weekly|monthly [--as-of 2026-11-20] [--cut-off "2026-11-19 17:00"] [--by tên-đăng-nhập]"""

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Account
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.errors import ThucThiError
from thucthi.publication.actions import prepare_snapshot
from thucthi.publication.models import SnapshotKind


class Command(BaseCommand):
    help = "Chuẩn bị một kỳ công bố từ số liệu đến hết ngày đã cho (mặc định: hôm nay)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=SnapshotKind.values)
        parser.add_argument("--as-of", type=date.fromisoformat, default=None)
        parser.add_argument("--cut-off", type=datetime.fromisoformat, default=None, help="giờ chốt, giờ của trang")
        parser.add_argument("--by", default="", help="tên đăng nhập; bỏ trống: hệ thống")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = options["as_of"] or timezone.localdate()
        if as_of > timezone.localdate():
            raise CommandError("Không chuẩn bị kỳ công bố cho một ngày chưa tới.")
        try:
            by = viewer_of(Account.objects.get(username=options["by"])) if options["by"] else SYSTEM
            cut_off = options["cut_off"]
            moment = timezone.make_aware(cut_off) if cut_off and timezone.is_naive(cut_off) else cut_off
            snapshot = prepare_snapshot(by=by, kind=options["kind"], as_of=as_of, cut_off_at=moment)
        except (ThucThiError, Account.DoesNotExist) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{snapshot.issue} {snapshot.manifest_hash} {snapshot.file_count} tệp")
