"""Pages of questions about figures and of reliability: one question about the leading province."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from tests.people import State
from thucthi.indicators.models import Indicator, Observation
from thucthi.kernel.periods import span_of


def pages_of_honesty(state: State) -> dict[str, dict[str, Any]]:
    """A share of the province whose numerator and denominator do not give it."""
    today = timezone.localdate()
    period = str(today.year)
    indicator = Indicator.objects.create(
        code="ty-le-hoi", name="Tỷ lệ mẫu để hỏi", unit="%", direction="rise", kind="ratio", scale=100
    )
    Observation.objects.create(
        indicator=indicator,
        organisation=state.province,
        period=period,
        period_end=span_of(period).end,
        kind="declared",
        state="number",
        amount=Decimal(50),
        numerator=Decimal(1),
        denominator=Decimal(3),
        source="Báo cáo mẫu",
        available_on=today,
        is_simulated=True,
    )
    code = {"code": state.province.code}
    question = {"check": "parts_do_not_give_amount", "period": period, "subject": indicator.code}
    return {
        "monitoring:signals": {},
        "monitoring:signal_methods": {},
        "monitoring:reliability": {},
        "monitoring:signals_of": code,
        "monitoring:reliability_parts": code,
        "monitoring:signal": {**code, **question},
    }
