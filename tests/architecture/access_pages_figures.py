"""An indicator of the country with one value, for the table of rights."""

from datetime import date
from decimal import Decimal
from typing import Any

from thucthi.indicators.models import Indicator, Observation


def pages_of_figures() -> dict[str, dict[str, Any]]:
    indicator = Indicator.objects.create(code="so-mau", name="Chỉ tiêu mẫu", direction="rise", frequency="yearly")
    Observation.objects.create(
        indicator=indicator, period="2024", period_end=date(2024, 12, 31), kind="actual", state="number",
        amount=Decimal(5), source="Nguồn mẫu", available_on=date(2025, 1, 31),
    )  # fmt: skip
    return {
        "monitoring:indicators": {},
        "monitoring:grid": {},
        "monitoring:indicator": {"code": "so-mau"},
        "monitoring:provinces": {"code": "so-mau"},
        "monitoring:value": {"code": "so-mau", "unit": "ca-nuoc", "period": "2024"},
        "monitoring:take_away": {"code": "so-mau", "form": "csv"},
    }
