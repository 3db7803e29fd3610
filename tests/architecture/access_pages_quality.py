"""Something behind every address of quality and of disputes, for access_world."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.indicators.actions.definitions import NewIndicator, NewRule, define_indicators, set_rollup_rules
from thucthi.indicators.actions.disputes import raise_dispute
from thucthi.indicators.actions.doubts import NewConsistencyRule, open_follow_up, set_consistency_rule
from thucthi.indicators.actions.observations import record_observations
from thucthi.indicators.selectors.stated import NewObservation


def pages_of_quality(state: State) -> dict[str, dict[str, Any]]:
    """A disputed value of the province whose source belongs to finance, a second one not disputed, a mark, a rule."""
    spec = NewIndicator("ho-so", "Hồ sơ tiếp nhận", "rise", frequency="monthly", source_owner=state.finance)
    indicator = define_indicators(by=SYSTEM, specs=[spec])[0]
    set_rollup_rules(by=SYSTEM, indicators=[indicator], rules=[NewRule(indicator, "province", "own")])
    ends = (("2026-01", date(2026, 1, 31)), ("2026-02", date(2026, 2, 28)))
    disputed, free = record_observations(
        by=SYSTEM,
        rows=[
            NewObservation(
                indicator, period, end, "number", "Báo cáo tháng", end, Decimal(40), organisation=state.province
            )
            for period, end in ends
        ],
    )
    dispute = raise_dispute(
        disputed,
        by=state.viewer(Role.REPORTER, state.province),
        organisation=state.province,
        motive="Thiếu hồ sơ của hai xã.",
        source="Báo cáo 12",
        proposed_amount=None,
        on=date(2026, 2, 10),
    )
    mark = open_follow_up(disputed, by=SYSTEM, reason="Đối chiếu lại.", on=date(2026, 2, 11))
    rule = NewConsistencyRule("khong-am", "Hồ sơ không âm", [("ho-so", Decimal(1))], ">=")
    set_consistency_rule(by=SYSTEM, spec=rule)
    plain = ("quality", "follow_ups", "consistency_rules", "add_consistency_rule", "disputes")
    of_the_rule = ("consistency_rule", "change_consistency_rule")
    return {
        **{f"indicators:{name}": {} for name in plain},
        **{f"indicators:{name}": {"code": "khong-am"} for name in of_the_rule},
        "indicators:quality_of": {"code": "ho-so"},
        "indicators:open_follow_up": {"pk": free.pk},
        "indicators:close_follow_up": {"pk": mark.pk},
        "indicators:raise_dispute": {"pk": free.pk},
        "indicators:dispute": {"pk": dispute.pk},
        "indicators:withdraw_dispute": {"pk": dispute.pk},
    }
