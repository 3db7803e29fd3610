"""check_receipts: exit status 1 while an entry has no place in the tree although its receipt promised one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from thucthi.ledger.selectors.receipts import late_entries


class Command(BaseCommand):
    help = "Kiểm tra mọi mục đã hẹn trong biên nhận đều có chỗ trong sổ cái; có mục trễ thì kết thúc với mã 1."

    def handle(self, *args: Any, **options: Any) -> None:
        late = late_entries(timezone.now())
        if late.count:
            raise CommandError(
                f"{late.count} mục quá hạn chưa có chỗ trong sổ cái, đầu tiên là {late.first}. Hãy xem tiến trình việc "
                "nền có đang chạy, rồi chạy thucthi manage sequence_ledger --thorough."
            )
        self.stdout.write("Mọi biên nhận đến hạn đều đã được giữ đúng hẹn.")
