"""python -m thucthi forecast_indicators: what the system does every night, by hand."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.monitoring.tasks import refresh_forecasts


class Command(BaseCommand):
    help = "Forecasts the series of indicators with a target ahead whose values have changed; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="a day as YYYY-MM-DD; today without it")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or timezone.localdate()
        made = refresh_forecasts(on)
        self.stdout.write(_("Đã tính %(n)s dự báo đến ngày %(day)s.") % {"n": made, "day": f"{on:%d/%m/%Y}"})
