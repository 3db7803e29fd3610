"""python -m thucthi create_obligations: what the system does every day, by hand."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.reporting.tasks import create_for_all


class Command(BaseCommand):
    help = "Creates the obligations to report for the week and the month that hold a day; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="a day as YYYY-MM-DD; today without it")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or timezone.localdate()
        made = create_for_all(on)
        self.stdout.write(_("Đã lập %(n)s nghĩa vụ báo cáo cho ngày %(day)s.") % {"n": made, "day": f"{on:%d/%m/%Y}"})
