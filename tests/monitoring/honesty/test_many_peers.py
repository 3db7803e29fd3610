"""Thirty-four provinces with a year of months: questions by comparison, scores with their parts, and few queries."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.kept_states import Kept
from tests.monitoring.honesty.counting import count_now
from tests.monitoring.world import document
from tests.people import State, _organisation, make_state
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Level, Organisation, Role
from thucthi.indicators.models import Dispute, DisputeAnswer, Indicator, Observation, Target
from thucthi.kernel.periods import span_of
from thucthi.monitoring.calculations.reconciling import Agreement
from thucthi.monitoring.calculations.reliability import Cases, Part
from thucthi.monitoring.selectors.oddities import panels_of
from thucthi.monitoring.selectors.question_board import board
from thucthi.monitoring.selectors.questions import asked_of
from thucthi.monitoring.selectors.reconciled import reconciled
from thucthi.monitoring.selectors.reliability import reliability_of, reliability_table
from thucthi.monitoring.selectors.scopes import scope_for

TODAY = date(2025, 12, 31)
AS_OF = date(2026, 2, 15)
MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]
PAGES = ["signals", "signal_methods", "reliability", "signals_of", "reliability_parts"]


@pytest.fixture
def state(kept: Kept[State]) -> State:
    return kept(make_peers)


def make_peers() -> State:
    """Province 34 draws straight lines and declares far above what is measured; province 33 only draws lines."""
    state = make_state()
    provinces = [
        _organisation(f"tinh-{n:02d}", f"Tỉnh {n:02d}", state.government, level=Level.PROVINCE, kind="tinh")
        for n in range(1, 35)
    ]
    indicators = [
        Indicator.objects.create(code=f"ct-{n}", name=f"Chỉ tiêu {n}", unit="%", direction="rise", kind="ratio",
                                 frequency="monthly")
        for n in range(12)
    ]  # fmt: skip
    Observation.objects.bulk_create(
        row for body in provinces for indicator in indicators for row in _year(body, indicator)
    )
    return state


def _year(body: Organisation, indicator: Indicator) -> list[Observation]:
    number, turn = int(body.code[-2:]), int(indicator.code[3:])
    level, rows = Decimal(40 + turn + number % 5), []
    for month, period in enumerate(MONTHS):
        unrest = (number * 37 + turn * 17 + month * (29 + number % 7)) % 19
        level += Decimal("1.3") if number >= 33 else Decimal(unrest) / 7
        measured = level - (25 if number == 34 else Decimal(unrest % 3) / 10)
        rows += [
            _row(body, indicator, period, kind, amount) for kind, amount in (("declared", level), ("actual", measured))
        ]
    return rows


def _row(body: Organisation, indicator: Indicator, period: str, kind: str, amount: Decimal) -> Observation:
    end = span_of(period).end
    return Observation(
        indicator=indicator, organisation=body, period=period, period_end=end, kind=kind, state="number",
        amount=round(amount, 1), source="Mẫu", available_on=end + timedelta(days=20), is_simulated=True,
    )  # fmt: skip


def test_two_agreeing_comparisons_are_asked_about_and_one_is_not(state: State) -> None:
    viewer = state.viewer(Role.AUDITOR, state.government)
    count_now("tinh", 2025, AS_OF)
    found = board(viewer, "tinh", 2025, AS_OF)
    (row,) = found.rows
    assert (row.organisation.code, found.quiet) == ("tinh-34", 33)
    assert [(each.words.code, each.count) for each in row.checks] == [("too_smooth", 1), ("above_measured", 1)]
    opened = asked_of(viewer, row.organisation, 2025, AS_OF)
    assert [(each.question.check, each.question.period, each.question.subject) for each in opened.asked] == [
        ("too_smooth", "2025", "indicators"),
        ("above_measured", "2025", "indicators"),
    ]
    assert len(opened.asked[0].question.traces) == 12
    said = opened.asked[1].question.traces[0]
    assert said.number - said.against == 25
    assert 0 < found.expected.at_most < 1
    lines = asked_of(viewer, Organisation.objects.get(code="tinh-33"), 2025, AS_OF)
    assert (lines.asked, lines.lone) == ((), 1)


def test_a_series_stands_beside_the_target_of_its_body_or_of_its_kind(state: State) -> None:
    bodies = list(Organisation.objects.filter(kind="tinh").order_by("code").values_list("pk", flat=True))
    promise = {
        "indicator": Indicator.objects.get(code="ct-0"), "document": document(state, "1-nq-tw", number="1"),
        "operator": ">=", "period": "năm", "year": 2025,
    }  # fmt: skip
    Target.objects.create(code="moi-tinh", each_unit="tinh", low=Decimal(60), **promise)
    Target.objects.create(code="rieng", organisation_id=bodies[0], low=Decimal(70), **promise)
    _by_tasks, panel = panels_of(scope_for(SYSTEM, "tinh", 2025, AS_OF), bodies)
    assert [unit.courses[0].target for unit in panel.units[:2]] == [70.0, 60.0]
    assert panel.units[0].courses[1].target is None
    assert len(panel.units[0].courses[0].values) == 12


def test_declared_measured_and_sampled_stand_side_by_side(state: State) -> None:
    bodies = {row.code: row.pk for row in Organisation.objects.filter(kind="tinh")}
    indicator = Indicator.objects.get(code="ct-0")
    sample = _row(Organisation.objects.get(code="tinh-34"), indicator, "2025-12", "sample", Decimal(30))
    sample.save()
    found = reconciled([indicator.pk], ["2025-12"], as_of=AS_OF, units=[bodies["tinh-01"], bodies["tinh-34"]])
    assert [(row.unit_id, row.word) for row in found] == [
        (bodies["tinh-01"], Agreement.AGREE),
        (bodies["tinh-34"], Agreement.ABOVE),
    ]
    assert (found[1].gap, found[1].allowed, found[1].sample) == (Decimal(25), Decimal("0.5"), Decimal(30))
    assert reconciled([indicator.pk], ["2025-12"], as_of=TODAY) == []


def test_a_score_opens_into_its_parts_and_these_into_rows(state: State) -> None:
    viewer, loud = state.viewer(Role.HEAD, state.government), Organisation.objects.get(code="tinh-34")
    first = Observation.objects.filter(organisation=loud, kind="declared", period="2025-01").order_by("pk")[0]
    corrected = _row(loud, first.indicator, "2025-01", "declared", first.amount + 5)
    corrected.corrects = first
    corrected.save()
    dispute = Dispute.objects.create(
        observation=first, organisation=loud, motive="Sai", source="Sổ", raised_on=TODAY, answer_due_on=AS_OF
    )
    DisputeAnswer.objects.create(dispute=dispute, verdict="refused", text="Đúng", answered_on=TODAY)
    found = reliability_of(viewer, loud, 2025, AS_OF)
    parts = {part.part: part.cases for part in found.row.reliability.parts}
    assert parts == {
        Part.ON_TIME: Cases(288, 288),
        Part.COMPLETE: Cases(288, 288),
        Part.AGREES: Cases(0, 144),
        Part.STEADY: Cases(288, 289),
        Part.UPHELD: Cases(0, 1),
        Part.EVIDENCED: Cases(0, 0),
    }
    opened = {part.words.score.part: part for part in found.opened}
    assert [len(opened[Part.AGREES].against), opened[Part.AGREES].left_out] == [50, 94]
    assert [(row.number, row.against) for row in opened[Part.STEADY].against] == [(first.amount + 5, first.amount)]
    table = reliability_table(viewer, "tinh", 2025, AS_OF)
    scores = {row.organisation.code: row.score for row in table.rows}
    assert len(scores) == 34
    assert scores["tinh-34"] == found.row.score == min(scores.values())


@pytest.mark.parametrize("page", PAGES)
def test_pages_ask_at_most_twenty_queries(state: State, page: str) -> None:
    client = Client()
    client.force_login(state.person(Role.AUDITOR, state.government))
    kwargs: dict[str, Any] = {"code": "tinh-34"} if page in {"signals_of", "reliability_parts"} else {}
    count_now("tinh", 2025, AS_OF)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse(f"monitoring:{page}", kwargs=kwargs), {"loai": "tinh", "nam": "2025"})
    assert answer.status_code == 200
    assert len(asked) <= 20
