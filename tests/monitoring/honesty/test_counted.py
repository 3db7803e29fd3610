"""What is counted in SQL is what one by one the rows give."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.kept_states import Kept
from tests.monitoring.honesty.counting import count_now
from tests.monitoring.world import AS_OF, World, make_world
from tests.people import _organisation
from thucthi.directory.models import Level, Organisation, Role
from thucthi.indicators.models import Dispute, DisputeAnswer, Indicator, Observation
from thucthi.kernel.periods import span_of
from thucthi.monitoring.selectors import reliability_kept
from thucthi.monitoring.selectors.peer_kinds import kinds_of_peers
from thucthi.monitoring.selectors.reliability import reliability_table
from thucthi.monitoring.selectors.reliability_cases import cases
from thucthi.monitoring.selectors.reliability_counts import counted_cases
from thucthi.monitoring.selectors.scopes import WHOEVER_WORKS
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.models import Evidence, Report, ReportEvidence

STATES = ["number"] * 6 + ["not_reported", "not_applicable", "confidential"]


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def any_values(world: World, seed: int) -> None:
    """Values of all states, on time and late, corrected a little, a lot, twice, by a dispute, some on a later day."""
    chance = random.Random(seed)  # noqa: S311 - reproducible worlds, not secrets
    bodies = [world.state.province, world.state.commune, world.state.elsewhere]
    for number, kind in enumerate(("ratio", "stock")):
        indicator = Indicator.objects.create(
            code=f"ct-{seed}-{number}", name="Mẫu", unit="%", direction="rise", kind=kind, frequency="monthly",
            delay_days=15,
        )  # fmt: skip
        for body in bodies:
            for month in range(1, 11):
                for stated in ("declared", "actual"):
                    _line(chance, indicator, body, f"2026-{month:02d}", stated)


def _line(chance: random.Random, indicator: Indicator, body: Organisation, period: str, kind: str) -> None:
    if chance.random() < 0.1:
        return
    row, on, amount = None, span_of(period).end + timedelta(days=chance.randrange(1, 40)), chance.randrange(20, 80)
    for _step in range(chance.choice([1, 1, 1, 2, 3])):
        state = chance.choice(STATES)
        said = Decimal(amount) if state == "number" else None
        row = Observation.objects.create(
            indicator=indicator, organisation=body, period=period, period_end=span_of(period).end, kind=kind,
            state=state, amount=said, source="Mẫu", available_on=on, corrects=row, is_simulated=True,
        )  # fmt: skip
        if row.corrects_id and chance.random() < 0.2:
            dispute = Dispute.objects.create(
                observation_id=row.corrects_id, organisation=body, motive="Sai", source="Sổ", raised_on=on,
                answer_due_on=on,
            )  # fmt: skip
            verdict = chance.choice(["accepted", "refused", "withdrawn"])
            given = {"correction": row} if verdict == "accepted" else {}
            DisputeAnswer.objects.create(dispute=dispute, verdict=verdict, text="Vì", answered_on=on, **given)
        on, amount = on + timedelta(days=chance.randrange(1, 60)), amount + chance.choice([0, 1, 15])


def any_reports(world: World, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - reproducible worlds, not secrets
    for task in world.tasks.values():
        if task.lead is None or not task.is_issued:
            continue
        for week in range(4):
            friday = date(2026, 6, 5) + timedelta(weeks=week)
            owed = world.owe(task, friday)
            for _version in range(chance.choice([0, 1, 1, 2])):
                report = world.report(
                    owed, friday + timedelta(days=chance.randrange(-2, 4)), chance.choice(["40", "100"])
                )
                if chance.random() < 0.5:
                    _file(report)


def _file(report: Report) -> None:
    file = Evidence.objects.create(
        sha256=f"{report.pk:064d}", size=1, media_type="text/plain", file_name="a.txt", obligation=report.obligation,
        uploaded_by=report.author, is_simulated=True,
    )  # fmt: skip
    ReportEvidence.objects.create(report=report, evidence=file)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("as_of", [date(2026, 6, 20), AS_OF, date(2027, 3, 1)])
def test_cases_counted_in_sql_are_those_counted_one_by_one(world: World, seed: int, as_of: date) -> None:
    any_values(world, seed)
    any_reports(world, seed)
    bodies = list(Organisation.objects.values_list("pk", flat=True))
    tasks = visible_tasks(WHOEVER_WORKS).order_by()
    one_by_one: Counter[Any] = Counter()
    for case in cases(bodies, 2026, as_of, tasks):
        one_by_one[case.organisation_id, case.part, "counted"] += 1
        one_by_one[case.organisation_id, case.part, "good"] += case.is_good
    counted = counted_cases(bodies, 2026, as_of, tasks)
    assert {(body, part): (good, among) for body, part, good, among in counted} == {
        (body, part): (one_by_one[body, part, "good"], one_by_one[body, part, "counted"])
        for body, part, _what in one_by_one
    }
    assert len(counted) >= 10


def test_planted_a_value_that_came_late_changes_the_count(world: World) -> None:
    any_values(world, 1)
    bodies = list(Organisation.objects.values_list("pk", flat=True))
    before = counted_cases(bodies, 2026, AS_OF, visible_tasks(WHOEVER_WORKS).order_by())
    Observation.objects.create(
        indicator=Indicator.objects.get(code="ct-1-0"), organisation=world.state.science, period="2026-02",
        period_end=date(2026, 2, 28), kind="declared", state="number", amount=Decimal(4), source="Mẫu",
        available_on=date(2026, 9, 1), is_simulated=True,
    )  # fmt: skip
    assert counted_cases(bodies, 2026, AS_OF, visible_tasks(WHOEVER_WORKS).order_by()) != before


def test_a_long_list_is_paged_and_says_how_many_there_are(world: World) -> None:
    for number in range(120):
        _organisation(f"so-{number:03d}", f"Sở {number:03d}", world.state.province, level=Level.PROVINCE, kind="so")
    client = Client()
    client.force_login(world.state.person(Role.AUDITOR, world.state.government))
    address = "/lam-viec/do-tin-cay/"
    first = BeautifulSoup(client.get(address, {"loai": "so", "nam": "2026"}).content, "html.parser")
    assert len(first.select("main table tbody tr")) == 50
    assert "Độ tin cậy của 120 cơ quan" in first.find("caption").get_text()
    assert "Trang 1 / 3" in first.get_text()
    last = BeautifulSoup(client.get(address, {"loai": "so", "nam": "2026", "trang": "3"}).content, "html.parser")
    assert len(last.select("main table tbody tr")) == 20
    assert "Đếm lúc" in last.get_text()


def test_every_kind_that_is_offered_is_answered_with_all_its_organisations(world: World) -> None:
    """Reliability and questions, of departments and communes as of ministries, with reports, values and disputes."""
    for number in range(3):
        _organisation(f"so-{number}", f"Sở {number}", world.state.province, level=Level.PROVINCE, kind="department")
        _organisation(f"xa-{number}", f"Xã {number}", world.state.province, level=Level.COMMUNE, kind="commune")
    any_values(world, 2)
    any_reports(world, 2)
    client = Client()
    client.force_login(world.state.person(Role.AUDITOR, world.state.government))
    kinds = [kind for kind, _ in kinds_of_peers()]
    assert kinds == ["province", "ministry", "department", "commune"]
    for kind in kinds:
        count_now(kind, 2026, AS_OF)
        bodies = Organisation.objects.filter(kind=kind).count()
        reliable = client.get("/lam-viec/do-tin-cay/", {"loai": kind, "nam": "2026"})
        asked = client.get("/lam-viec/dau-hieu/", {"loai": kind, "nam": "2026"})
        assert (reliable.status_code, asked.status_code) == (200, 200)
        assert f"Độ tin cậy của {bodies} cơ quan" in reliable.content.decode()
        assert f" trong {bodies} cơ quan" in asked.content.decode()


def test_counted_some_bodies_at_a_time_the_scores_are_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    any_values(world, 3)
    any_reports(world, 3)
    viewer = world.state.viewer(Role.AUDITOR, world.state.government)

    def scores(kind: str) -> list[Any]:
        return [(row.organisation.code, row.reliability) for row in reliability_table(viewer, kind, 2026, AS_OF).rows]

    whole = {kind: scores(kind) for kind in ("province", "ministry")}
    assert [len(rows) for rows in whole.values()] == [2, 2]
    assert any(part.cases.counted for _, found in whole["province"] for part in found.parts)
    monkeypatch.setattr(reliability_kept, "BODIES_AT_ONCE", 1)
    assert {kind: scores(kind) for kind in whole} == whole
