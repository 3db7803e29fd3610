"""What an issue says of an indicator measured in several provinces: figures, their parts, and nothing secret."""

from datetime import date
from decimal import Decimal

import pytest

from tests.kept_states import Kept
from tests.monitoring.world import AS_OF, World, make_world
from tests.public_site.issue import files_of, prepared
from thucthi.directory.models import Organisation
from thucthi.indicators.models import Dispute, Indicator, Observation, RollupRule, Target
from thucthi.publication import frozen_values
from thucthi.publication.selectors import public_issue, values
from thucthi.publication.shapes import IndicatorData, IssueData

pytestmark = pytest.mark.django_db

PERIODS = {"2026-Q2": date(2026, 6, 30), "2026-Q3": date(2026, 9, 30)}
SECRET = Decimal("41.25")


def state(
    indicator: Indicator, body: Organisation | None, amount: str, period: str = "2026-Q3", **said: object
) -> Observation:
    return Observation.objects.create(
        indicator=indicator,
        organisation=body,
        period=period,
        period_end=PERIODS[period],
        **{
            "kind": "actual",
            "state": "number" if amount else "confidential",
            "amount": Decimal(amount) if amount else None,
            "source": "Số liệu mẫu",
            "is_simulated": True,
            "available_on": date(2026, 10, 20),
            **said,
        },
    )


def provinces(world: World, count: int) -> list[Organisation]:
    found = [world.state.province]
    for place in range(1, count):
        made = Organisation.objects.get(pk=found[0].pk)
        made.pk, made.code, made.path = None, f"tinh-{place}", []
        made.save(force_insert=True)
        made.path = [*(made.parent.path if made.parent else []), made.pk]
        made.save(update_fields=["path"])
        found.append(made)
    return found


def measured(world: World, code: str, *, origin: str, **said: object) -> Indicator:
    made = Indicator.objects.create(code=code, name=code, unit="nhà", direction="rise", **said)
    Target.objects.create(
        code=f"{code}-2030", indicator=made, document=world.resolution, operator=">=", low=30, period="2030", year=2030
    )
    RollupRule.objects.create(indicator=made, unit="country", origin=origin, operator="sum")
    RollupRule.objects.create(indicator=made, unit=world.state.province.kind, origin="own", operator="none")
    return made


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def issue_of(code: str) -> tuple[IssueData, IndicatorData]:
    issue = public_issue("weekly", AS_OF)
    return issue, next(each for each in issue.indicators if each.code == code)


def test_the_country_is_made_of_its_provinces_and_says_how(world: World) -> None:
    indicator = measured(world, "nha", origin="children")
    first, second, _silent = provinces(world, 3)
    state(indicator, first, "12")
    state(indicator, second, "7", state="provisional")
    _issue, said = issue_of("nha")
    (figure,) = said.figures
    assert (figure.period, figure.state, figure.amount) == ("2026-Q3", "provisional", Decimal(19))
    assert (figure.counted, figure.provisional) == (2, 1)
    assert figure.missing >= 1
    assert said.targets[0].met is False
    assert said.computation is not None
    assert (said.computation.operator, said.computation.formula_vi) == ("sum", "12 + 7 = 19")
    parts = {each.organisation: (each.amount, each.why) for each in said.computation.members}
    assert parts[first.code] == (Decimal(12), "counted")
    assert parts["tinh-2"] == (None, "not_reported")
    assert sum(each.amount or 0 for each in said.computation.members) == figure.amount


def test_each_province_stands_in_the_newest_period_with_its_doubts(world: World) -> None:
    indicator = measured(world, "nha", origin="children")
    first, second = provinces(world, 2)
    state(indicator, first, "12", "2026-Q2")
    disputed = state(indicator, first, "14")
    state(indicator, second, "31")
    Dispute.objects.create(
        observation=disputed, organisation=first, motive="sai", source="sổ", raised_on=AS_OF, answer_due_on=AS_OF
    )
    Target.objects.create(
        code="nha-rieng", indicator=indicator, document=world.resolution, organisation=second, operator=">=", low=31,
        period="2030", year=2030,
    )  # fmt: skip
    _issue, said = issue_of("nha")
    units = {each.organisation: each for each in said.units}
    assert said.units_period == "2026-Q3"
    assert (units[first.code].amount, units[first.code].is_disputed, units[first.code].meets) == (14, True, None)
    assert (units[second.code].amount, units[second.code].is_disputed, units[second.code].meets) == (31, False, True)
    assert [each.code for each in said.targets] == ["nha-2030"]


def test_a_floor_for_every_province_is_broken_by_one(world: World) -> None:
    indicator = measured(world, "nha", origin="children")
    first, second = provinces(world, 2)
    Target.objects.filter(indicator=indicator).update(each_unit=first.kind)
    state(indicator, first, "100")
    state(indicator, second, "29")
    assert issue_of("nha")[1].targets[0].met is False


def test_what_would_give_a_secret_away_is_in_no_file(world: World) -> None:
    indicator = measured(world, "nha", origin="source")
    first, second, third = provinces(world, 3)
    state(indicator, None, "100")
    state(indicator, first, "")
    state(indicator, first, f"{SECRET}", kind="declared")
    state(indicator, second, "17.125")
    state(indicator, third, "41.5")
    issue, said = issue_of("nha")
    rows = {(each.organisation, each.kind): (each.state, each.amount) for each in issue.values["nha"]}
    assert rows[None, "actual"] == ("number", Decimal(100))
    assert rows[first.code, "actual"] == rows[first.code, "declared"] == ("confidential", None)
    assert rows["tinh-1", "actual"] == ("confidential", None)
    assert rows["tinh-2", "actual"] == ("number", Decimal("41.5"))
    assert {each.organisation: each.amount for each in said.units}["tinh-1"] is None
    files = files_of(prepared(world))
    hidden = (f"{SECRET}", "17.125", "58.625", "17,125", "41,25")
    assert [name for name, content in files.items() if any(each.encode() in content for each in hidden)] == []


def test_the_values_stand_in_a_file_of_their_own(world: World) -> None:
    indicator = measured(world, "nha", origin="children")
    state(indicator, world.state.province, "12", breakdown="")
    state(indicator, world.state.province, "5", breakdown="gioi-tinh:nam")
    files = files_of(prepared(world))
    lines = files["chi-tieu/nha/gia-tri.csv"].decode("utf-8-sig").splitlines()
    assert lines[0].startswith("period,organisation,kind,breakdown,state,amount,numerator,denominator")
    assert [line.split(",")[3:6] for line in lines[1:]] == [["", "number", "12"], ["gioi-tinh:nam", "number", "5"]]
    assert b'"values":{}' in files["issue.json"]
    assert b"gioi-tinh:nam" not in files["issue.json"]


def test_a_correction_known_later_does_not_change_the_issue_of_the_day(world: World) -> None:
    indicator = measured(world, "nha", origin="children")
    stood = state(indicator, world.state.province, "12")
    before = public_issue("weekly", AS_OF)
    state(indicator, world.state.province, "13", corrects=stood, available_on=date(2026, 11, 21))
    assert public_issue("weekly", AS_OF) == before
    assert [each.amount for each in public_issue("weekly", date(2026, 11, 21)).values["nha"]] == [Decimal(13)]


def test_values_that_wait_on_the_disk_say_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = provinces(world, 3)
    for code, origin in (("nha", "source"), ("cau", "children"), ("duong", "children")):
        indicator = measured(world, code, origin=origin)
        for body, amount in ((None, "100"), (first, ""), (second, "17.125"), (third, "41.5")):
            if body or code == "nha":
                state(indicator, body, amount, "2026-Q2")
                state(indicator, body, amount)
        state(indicator, third, "3", breakdown="gioi-tinh:nam")
    in_memory = public_issue("weekly", AS_OF)
    assert [(code, len(rows)) for code, rows in in_memory.values.items()][:3] == [("ct-mau", 2), ("nha", 9), ("cau", 7)]
    monkeypatch.setattr(values, "MOST_IN_MEMORY", 0)
    monkeypatch.setattr(frozen_values, "VALUES_OF_A_BLOCK", 2)
    monkeypatch.setattr(values, "ROWS_OF_A_BATCH", 1)
    on_disk = public_issue("weekly", AS_OF)
    assert list(on_disk.values) == list(in_memory.values)
    assert {type(rows) for rows in on_disk.values.values()} == {frozen_values.FrozenValues}
    assert {code: tuple(rows) for code, rows in on_disk.values.items()} == in_memory.values
    assert on_disk.indicators == in_memory.indicators
    kept = on_disk.values["nha"]
    assert (len(kept), kept[-1], kept[3:5]) == (9, in_memory.values["nha"][-1], list(in_memory.values["nha"][3:5]))
