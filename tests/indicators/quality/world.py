"""Two indicators of provinces with monthly values, a ministry that owns their source, and rules who owes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.people import State, make_state
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.indicators.actions.definitions import NewIndicator, NewRule, define_indicators, set_rollup_rules
from thucthi.indicators.actions.observations import record_observations
from thucthi.indicators.models import Indicator, Observation
from thucthi.indicators.selectors.stated import NewObservation, correcting
from thucthi.kernel.periods import Span, span_of

DELAY = 15
TODAY = date(2026, 11, 20)


@dataclass
class World:
    state: State
    whole: Indicator
    part: Indicator

    @property
    def steering(self) -> Viewer:
        return self.state.viewer(Role.STEERING_OFFICE, self.state.government)

    @property
    def reporter(self) -> Viewer:
        """Of the province whose figures are in question."""
        return self.state.viewer(Role.REPORTER, self.state.province)

    @property
    def answerer(self) -> Viewer:
        """Of the ministry that owns the source."""
        return self.state.viewer(Role.REPORTER, self.state.science)

    def value(
        self,
        period: str = "2026-09",
        amount: Decimal | int | None = 40,
        *,
        indicator: Indicator | None = None,
        unit: Organisation | None = None,
        state: str = "number",
        on: date | None = None,
    ) -> Observation:
        end = span_of(period).end
        row = NewObservation(
            indicator=indicator or self.whole,
            organisation=unit or self.state.province,
            period=period,
            period_end=end,
            state=state,
            amount=None if amount is None else Decimal(amount),
            source="Báo cáo tháng",
            available_on=on or end + timedelta(days=5),
        )
        return record_observations(by=SYSTEM, rows=[row])[0]

    def corrected(self, row: Observation, amount: int, on: date) -> Observation:
        new = correcting(row, amount=Decimal(amount), available_on=on)
        return record_observations(by=SYSTEM, rows=[new])[0]

    def months(
        self, last: str, amounts: Sequence[int | None], *, unit: Organisation | None = None
    ) -> list[Observation]:
        """Values of consecutive months, the last of them `last`; None leaves a gap."""
        span: Span = span_of(last)
        spans = [span]
        for _ in amounts[1:]:
            span = span.previous
            spans.insert(0, span)
        known = [(span.key, amount) for span, amount in zip(spans, amounts, strict=True) if amount is not None]
        return [self.value(key, amount, unit=unit) for key, amount in known]


def make_world() -> World:
    state = make_state()
    common = {"frequency": "monthly", "delay_days": DELAY, "unit": "hồ sơ", "source_owner": state.science}
    whole, part = define_indicators(
        by=SYSTEM,
        specs=[
            NewIndicator("ho-so", "Hồ sơ tiếp nhận", "rise", high_limit=Decimal(1000), low_limit=Decimal(0), **common),
            NewIndicator("ho-so-so", "Hồ sơ trực tuyến", "rise", **common),
        ],
    )
    rules = [NewRule(indicator, "province", "own") for indicator in (whole, part)]
    set_rollup_rules(by=SYSTEM, indicators=[whole, part], rules=rules)
    return World(state, whole, part)
