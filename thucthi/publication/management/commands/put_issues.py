"""put_issues: puts into the bucket what of the published issues of this machine is missing there or another."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thucthi.kernel.errors import StoreSilent
from thucthi.publication import bucket
from thucthi.publication.front import put_everything


class Command(BaseCommand):
    help = "So các kỳ đã phát hành trên máy này với kho S3, đưa lên những tệp thiếu hoặc khác; làm lại được."

    def handle(self, *args: Any, **options: Any) -> None:
        if not bucket.is_on():
            raise CommandError("Chưa đặt THUCTHI_PUBLISHED_BUCKET (docs/settings.md).")
        try:
            put = put_everything()
        except StoreSilent as silent:
            raise CommandError(f"Kho tệp không trả lời ({silent}); xin chạy lại.") from silent
        self.stdout.write(f"{len(put)} kỳ, {sum(put.values())} tệp đã đưa lên")
