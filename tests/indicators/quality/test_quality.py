"""Quality of stored values: who owes what, two rates that open into their rows, doubts, marks, relations, pages."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.indicators.quality.world import TODAY, World, make_world
from tests.kept_states import Kept
from tests.people import SINCE
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation, Role
from thucthi.indicators.actions.definitions import NewRule, set_rollup_rules
from thucthi.indicators.actions.doubts import (
    NewConsistencyRule,
    close_follow_up,
    open_follow_up,
    set_consistency_rule,
)
from thucthi.indicators.actions.observations import record_observations
from thucthi.indicators.calculations.quality import Freshness, Outcome, Rates, Reporting
from thucthi.indicators.forms.doubts import AmountAsTyped, ConsistencyRuleForm
from thucthi.indicators.models import ConsistencyRule, FollowUp, Indicator
from thucthi.indicators.selectors.consistency import rule_findings, rule_standings, wording_of
from thucthi.indicators.selectors.follow_ups import Concern, follow_up_list, open_marks
from thucthi.indicators.selectors.owed import owed_rows, owing_kinds
from thucthi.indicators.selectors.quality import far_values, freshness_of, quality_of, quality_overview, rows_in
from thucthi.indicators.selectors.stated import correcting
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def test_who_owes_a_value_is_said_by_the_rules_of_adding_up(world: World) -> None:
    rules = [
        NewRule(world.whole, "country", "source"),
        NewRule(world.whole, "province", "both", "sum"),
        NewRule(world.whole, "commune", "own"),
        NewRule(world.whole, "commune", "children", "sum", kind="actual"),
        NewRule(world.whole, "ministry", "own", kind="sample"),
    ]
    set_rollup_rules(by=SYSTEM, indicators=[world.whole], rules=rules)
    assert owing_kinds([world.whole.pk]) == {world.whole.pk: frozenset({"country", "province"})}
    rows = owed_rows([world.whole], TODAY, months=1)[world.whole.pk]
    assert {row.unit.code if row.unit else "country" for row in rows} == {"country", "ubnd-an-binh", "ubnd-an-khe"}


def test_units_owe_from_the_day_they_exist_and_recomputed_series_from_the_day_of_their_tree(world: World) -> None:
    world.state.elsewhere.valid_from = date(2026, 8, 1)
    world.state.elsewhere.save(update_fields=["valid_from"])

    def owing(period: str) -> set[str]:
        world.whole.refresh_from_db()
        rows = owed_rows([world.whole], TODAY, months=6)[world.whole.pk]
        return {row.unit.code for row in rows if row.unit and row.span.key == period}

    assert (owing("2026-07"), owing("2026-08")) == ({"ubnd-an-binh"}, {"ubnd-an-binh", "ubnd-an-khe"})
    Indicator.objects.filter(pk=world.whole.pk).update(tree_from=date(2026, 8, 1))
    assert owing("2026-07") == {"ubnd-an-binh", "ubnd-an-khe"}


def test_the_two_rates_open_into_their_rows(world: World) -> None:
    due = {"2026-08": date(2026, 9, 15), "2026-09": date(2026, 10, 15)}
    for period, day in due.items():
        world.value(period, on=day + timedelta(days=period == "2026-09"))
    world.value("2026-09", None, unit=world.state.elsewhere, state="not_applicable")
    world.value("2026-08", None, unit=world.state.elsewhere, state="not_reported")
    found = quality_of(world.whole, TODAY)
    # Twelve months up to October 2026, two provinces; October is due on 15/11.
    assert len(found.rows) == 24
    assert found.rates == Rates(owed=23, reported=2, in_time=1, not_applicable=1)
    opened = {state: rows_in(found.rows, {state}) for state in Reporting}
    assert {state: len(rows) for state, rows in opened.items()} == {
        Reporting.IN_TIME: 1,
        Reporting.LATE: 1,
        Reporting.MISSING: 21,
        Reporting.NOT_APPLICABLE: 1,
        Reporting.NOT_YET_DUE: 0,
    }
    assert [row.span.key for row in opened[Reporting.LATE]] == ["2026-09"]
    assert rows_in(found.rows, ()) == found.rows


def test_a_correction_does_not_make_a_timely_value_late_and_a_late_answer_not_timely(world: World) -> None:
    timely = world.value("2026-08", on=date(2026, 9, 10))
    world.corrected(timely, 41, date(2026, 11, 1))
    first = world.value("2026-09", None, state="not_reported", on=date(2026, 10, 1))
    late = correcting(first, available_on=date(2026, 11, 1), state="number", amount=Decimal(5))
    record_observations(by=SYSTEM, rows=[late])
    rates = quality_overview([world.whole], TODAY, within=world.state.province)[0].rates
    assert (rates.reported, rates.in_time) == (2, 1)


def test_rates_are_those_of_the_day_and_of_the_part_of_the_tree(world: World) -> None:
    world.value("2026-08", on=date(2026, 9, 10))
    world.value("2026-08", unit=world.state.elsewhere, on=date(2026, 9, 10))

    def reported(day: date, **more: Any) -> int:
        return quality_overview([world.whole], day, **more)[0].rates.reported

    assert [reported(date(2026, 9, n)) for n in (9, 14, 15)] == [0, 0, 2]
    assert reported(TODAY, within=world.state.province) == 1
    assert reported(TODAY, within=world.state.commune) == 0


def test_freshness_stands_latest_first(world: World) -> None:
    world.value("2026-09")
    world.value("2026-10", None, state="not_reported")
    found = freshness_of([world.whole], TODAY)[world.whole.pk]
    assert [(row.unit.code if row.unit else "", row.staleness.state) for row in found] == [
        ("ubnd-an-khe", Freshness.LATE), ("ubnd-an-binh", Freshness.LATE),
    ]  # fmt: skip
    mine = found[1]
    assert (mine.last, mine.awaited, mine.staleness.expected_by, mine.when, mine.word) == (
        "Tháng 9/2026", "Tháng 10/2026", date(2026, 11, 15), "quá hạn 5 ngày", "Quá hạn",
    )  # fmt: skip
    earlier = freshness_of([world.whole], date(2026, 11, 10))[world.whole.pk][1]
    assert (earlier.word, earlier.when) == ("Đến kỳ", "còn 5 ngày")
    on_the_day = freshness_of([world.whole], date(2026, 11, 15))[world.whole.pk][1]
    assert on_the_day.when == "hạn là hôm nay"


USUAL = [100, 103, 104, 108, 109, 113, 114, 118, 119, 123, 125, 128]


def test_values_far_out_are_found_with_their_figures(world: World) -> None:
    amounts: list[int | None] = [*USUAL]
    amounts[9] = 1700
    rows = world.months("2026-10", amounts)
    found = far_values([world.whole], TODAY)
    assert [row.stored.pk for row in found] == [rows[9].pk]
    assert "1.700 ngoài khoảng hợp lý từ 0 đến 1.000" in found[0].why
    assert "MAD" in found[0].why
    assert "n = 10" in found[0].why
    assert (found[0].said, found[0].period, found[0].peers) == ("1.700 hồ sơ", "Tháng 8/2026", None)
    assert far_values([world.part], TODAY) == []
    assert far_values([world.whole], TODAY, within=world.state.elsewhere) == []


def more_provinces(number: int) -> list[Organisation]:
    return [
        Organisation.objects.create(
            code=f"tinh-{n}", tree="state", level="province", kind="province", official_name=f"Tỉnh {n}",
            short_name=f"Tỉnh {n}", valid_from=SINCE, search_text="", sort_key=f"tinh {n}",
        )
        for n in range(number)
    ]  # fmt: skip


def test_a_share_is_compared_with_those_of_peers(world: World) -> None:
    Indicator.objects.filter(pk=world.whole.pk).update(kind="ratio")
    world.whole.refresh_from_db()
    for n, unit in enumerate(more_provinces(8)):
        world.value("2026-09", 60 + 2 * n, unit=unit)
    far = world.value("2026-09", 200)
    found = far_values([world.whole], TODAY)
    assert [row.stored.pk for row in found] == [far.pk]
    assert found[0].peers is not None
    assert (found[0].peers.middle, found[0].peers.spread, found[0].peers.count) == (67, 4, 8)
    assert found[0].why.startswith("mức đạt so với các đơn vị cùng loại: 200,00, trung vị 67,00, MAD 4,00, n = 8")


def rule(**more: Any) -> NewConsistencyRule:
    said: dict[str, Any] = {
        "code": "so-khong-vuot",
        "name": "Hồ sơ trực tuyến không vượt số hồ sơ",
        "left": [("ho-so-so", Decimal(1))],
        "operator": "<=",
        "right": [("ho-so", Decimal(1))],
    }
    return NewConsistencyRule(**(said | more))


def test_a_rule_is_set_and_changed_by_its_code(world: World) -> None:
    made = set_consistency_rule(by=world.steering, spec=rule(left=[("ho-so-so", Decimal("2.50"))]))
    assert (made.left, wording_of(made)) == ([["ho-so-so", "2.50"]], "2.5 × ho-so-so ≤ ho-so")
    again = set_consistency_rule(by=world.steering, spec=rule(right=[], left=[("ho-so", Decimal(-1))], operator="="))
    assert (again.pk, wording_of(again)) == (made.pk, "− ho-so = 0")
    assert Entry.objects.filter(event="consistency_rule.set").count() == 2


@pytest.mark.parametrize(("more", "fields"), [
    ({"left": []}, {"left"}),
    ({"left": [("la", Decimal(1))]}, {"left"}),
    ({"left": [("ho-so", Decimal(0))]}, {"left"}),
    ({"operator": "~", "name": " ", "code": ""}, {"operator", "name", "code"}),
    ({"tolerance": Decimal(-1)}, {"tolerance"}),
    ({"tolerance": Decimal("NaN")}, {"tolerance"}),
])  # fmt: skip
def test_a_rule_that_cannot_hold_is_refused(world: World, more: dict[str, Any], fields: set[str]) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        set_consistency_rule(by=world.steering, spec=rule(**more))
    assert {fault.field for fault in refused.value.faults} == fields
    with pytest.raises(Forbidden):
        set_consistency_rule(by=world.reporter, spec=rule())
    assert (ConsistencyRule.objects.count(), Entry.objects.count()) == (0, before)


def test_indicators_of_another_rhythm_or_unit_are_not_compared(world: World) -> None:
    Indicator.objects.filter(pk=world.part.pk).update(frequency="yearly", unit="%")
    with pytest.raises(Refused) as refused:
        set_consistency_rule(by=world.steering, spec=rule())
    assert [fault.text for fault in refused.value.faults] == [
        "Các chỉ tiêu trong một quan hệ phải cùng tần suất.",
        "Các chỉ tiêu trong một quan hệ phải cùng đơn vị.",
    ]


def test_a_rule_is_checked_on_what_stands_and_not_on_what_is_missing(world: World) -> None:
    set_consistency_rule(by=SYSTEM, spec=rule())
    world.value("2026-08", 40)
    world.value("2026-08", 30, indicator=world.part)
    world.value("2026-09", 40)
    broken = world.value("2026-09", 50, indicator=world.part)
    world.value("2026-10", 40)
    found = {row.span.key: row for row in rule_findings(TODAY)}
    assert {key: row.finding.outcome for key, row in found.items()} == {
        "2026-08": Outcome.HOLDS,
        "2026-09": Outcome.BROKEN,
        "2026-10": Outcome.UNCHECKED,
    }
    assert found["2026-09"].why == "Hồ sơ trực tuyến không vượt số hồ sơ: cần 50 ≤ 40, lệch quá mức cho phép 10"
    assert found["2026-10"].why == "chưa có số của: ho-so-so"
    standing = rule_standings(TODAY)[0]
    assert (standing.holds, standing.broken, standing.unchecked) == (1, 1, 1)
    world.corrected(broken, 35, TODAY)
    assert [row.finding.outcome for row in rule_findings(TODAY) if row.span.key == "2026-09"] == [Outcome.HOLDS]
    set_consistency_rule(by=SYSTEM, spec=rule(is_active=False))
    assert rule_findings(TODAY) == []


def test_a_mark_is_opened_once_and_closed_once(world: World) -> None:
    value = world.value()
    mark = open_follow_up(value, by=world.steering, reason=" Đối chiếu lại. ", on=TODAY)
    assert (mark.reason, list(open_marks(TODAY)), list(open_marks(TODAY - timedelta(days=1)))) == (
        "Đối chiếu lại.", [mark], [],
    )  # fmt: skip
    before = (FollowUp.objects.count(), Entry.objects.count())
    with pytest.raises(Stale, match="đang được đánh dấu"):
        open_follow_up(value, by=world.steering, reason="Lại.", on=TODAY)
    with pytest.raises(Refused):
        open_follow_up(world.value("2026-08"), by=world.steering, reason=" ", on=TODAY)
    with pytest.raises(Forbidden):
        open_follow_up(value, by=world.reporter, reason="Tôi.", on=TODAY)
    with pytest.raises(Refused) as refused:
        close_follow_up(mark, by=world.steering, outcome=" ", on=TODAY - timedelta(days=1))
    assert [fault.field for fault in refused.value.faults] == ["outcome", ""]
    with pytest.raises(Forbidden):
        close_follow_up(mark, by=world.reporter, outcome="Đúng.", on=TODAY)
    # One more entry for the value of August alone.
    assert (FollowUp.objects.count(), Entry.objects.count()) == (before[0], before[1] + 1)
    closed = close_follow_up(mark, by=world.steering, outcome=" Số đúng. ", on=TODAY + timedelta(days=2))
    assert (closed.outcome, closed.closed_on) == ("Số đúng.", TODAY + timedelta(days=2))
    assert list(open_marks(TODAY + timedelta(days=1))) == [mark]
    assert list(open_marks(TODAY + timedelta(days=2))) == []
    with pytest.raises(Stale, match="đã được đóng"):
        close_follow_up(mark, by=world.steering, outcome="Sai.", on=TODAY + timedelta(days=3))
    assert open_follow_up(value, by=world.steering, reason="Lần nữa.", on=TODAY + timedelta(days=4)).pk != mark.pk
    assert Entry.objects.filter(event__startswith="follow_up.").count() == 3


def test_the_list_of_what_to_look_at_joins_all_doubts_oldest_first(world: World) -> None:
    amounts: list[int | None] = [*USUAL]
    amounts[9] = 1700
    rows = world.months("2026-10", amounts)
    world.value("2026-09", 900, indicator=world.part)
    set_consistency_rule(by=SYSTEM, spec=rule())
    mark = open_follow_up(rows[3], by=SYSTEM, reason="Đối chiếu.", on=date(2026, 7, 1))
    both = [world.whole, world.part]
    found = follow_up_list(both, TODAY, within=world.state.province)
    assert [(row.concern, row.indicator_code, row.span.key, row.since) for row in found] == [
        (Concern.MARK, "ho-so", "2026-02", date(2026, 7, 1)),
        (Concern.FAR, "ho-so", "2026-08", date(2026, 9, 5)),
        (Concern.RULE, "ho-so-so, ho-so", "2026-09", date(2026, 10, 5)),
        (Concern.STALE, "ho-so-so", "2026-10", date(2026, 11, 15)),
    ]
    assert (found[0].mark, found[0].why, found[1].observation_id) == (mark, "Đối chiếu.", rows[9].pk)
    assert [row.concern for row in follow_up_list(both, TODAY, concern="rule")] == [Concern.RULE]
    assert {row.concern for row in follow_up_list([world.part], TODAY, within=world.state.province)} == {
        Concern.RULE, Concern.STALE,
    }  # fmt: skip
    open_follow_up(rows[9], by=SYSTEM, reason="Gọi hỏi.", on=TODAY)
    again = follow_up_list(both, TODAY, within=world.state.province)
    assert [row.concern for row in again].count(Concern.FAR) == 0


@pytest.mark.parametrize(("typed", "amount"), [
    ("1.234,5", "1234.5"), ("12,5", "12.5"), ("12.5", "12.5"), ("1.234", "1234"), ("1.234.567", "1234567"),
    ("-3", "-3"), ("−3", "-3"), (" 0 ", "0"), ("1 234", "1234"),
])  # fmt: skip
def test_amounts_are_read_as_they_are_written(typed: str, amount: str) -> None:
    assert AmountAsTyped().clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_typed_is_no_amount(typed: str) -> None:
    assert AmountAsTyped().clean(typed) is None


def test_terms_are_read_line_by_line() -> None:
    form = ConsistencyRuleForm({"left": "a-1\n2 × b\n- c\n0,5*d\n", "right": "x y"})
    form.full_clean()
    assert form.cleaned_data["left"] == [("a-1", 1), ("b", 2), ("c", -1), ("d", Decimal("0.5"))]
    assert form.errors["right"] == ["Dòng “x y” chưa đúng dạng; mỗi dòng là một mã chỉ tiêu, hoặc hệ số × mã chỉ tiêu."]


def signed_in(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(
        world.state.person(role, world.state.government), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_the_pages_of_quality(world: World) -> None:
    today = timezone.localdate()
    value = world.value(f"{today.replace(day=1) - timedelta(days=1):%Y-%m}", 1200, on=today)
    set_consistency_rule(by=SYSTEM, spec=rule())
    steering = signed_in(world, Role.STEERING_OFFICE)
    with CaptureQueriesContext(connection) as queries:
        overview = steering.get(reverse("indicators:quality")).content.decode()
    assert len(queries) <= 20
    assert "Hồ sơ tiếp nhận" in overview
    with CaptureQueriesContext(connection) as queries:
        one = steering.get(reverse("indicators:quality_of", kwargs={"code": "ho-so"}), {"don_vi": "ubnd-an-binh"})
    assert len(queries) <= 20
    assert "1.200 ngoài khoảng hợp lý" in one.content.decode()
    marking = reverse("indicators:open_follow_up", kwargs={"pk": value.pk})
    assert steering.post(marking, {"reason": ""}).status_code == 422
    assert steering.post(marking, {"reason": "Gọi hỏi."}).status_code == 302
    assert steering.post(marking, {"reason": "Gọi hỏi."}).status_code == 409
    listed = steering.get(reverse("indicators:follow_ups"), {"loai": "mark"}).content.decode()
    assert "Gọi hỏi." in listed
    closing = reverse("indicators:close_follow_up", kwargs={"pk": FollowUp.objects.get().pk})
    assert steering.post(closing, {"outcome": "Số đúng."}).status_code == 302
    assert steering.post(closing, {"outcome": "Số sai."}).status_code == 409
    assert FollowUp.objects.get().outcome == "Số đúng."
    assert "Đã đóng ngày" in steering.get(closing).content.decode()


def test_a_rule_from_the_page(world: World) -> None:
    steering = signed_in(world, Role.STEERING_OFFICE)
    adding = reverse("indicators:add_consistency_rule")
    faulty = steering.post(adding, {"code": "q", "name": "Quan hệ", "left": "khong-co", "operator": "<="})
    assert faulty.status_code == 422
    assert "Không có chỉ tiêu mang mã: khong-co" in faulty.content.decode()
    said = {"code": "q", "name": "Quan hệ", "left": "ho-so-so", "operator": "<=", "right": "2 × ho-so"}
    assert steering.post(adding, said | {"tolerance": "0,5", "is_active": "on"}).status_code == 302
    made = ConsistencyRule.objects.get()
    assert (made.left, made.right, made.tolerance) == ([["ho-so-so", "1"]], [["ho-so", "2"]], Decimal("0.5"))
    changing = reverse("indicators:change_consistency_rule", kwargs={"code": "q"})
    assert "2 × ho-so" in steering.get(changing).content.decode()
    assert "ho-so-so ≤ 2 × ho-so" in steering.get(reverse("indicators:consistency_rules")).content.decode()
    assert steering.get(reverse("indicators:consistency_rule", kwargs={"code": "q"})).status_code == 200


def test_coming_back_from_a_wild_value_is_not_strange_among_peers(world: World) -> None:
    provinces = [world.state.province, world.state.elsewhere, *more_provinces(8)]
    chance = random.Random(0)  # noqa: S311 - no secret
    for place, unit in enumerate(provinces):
        amounts: list[int | None] = [300 + 4 * n + chance.randint(-9, 9) for n in range(12)]
        if place == 0:
            amounts[9] = 900
        world.months("2026-10", amounts, unit=unit)
    mine = far_values([world.whole], TODAY, within=world.state.province)
    assert [row.span.key for row in mine] == ["2026-08"]
    assert mine[0].peers is not None
    assert mine[0].history is not None


def test_amounts_kept_are_shown_as_they_are_written(world: World) -> None:
    made = set_consistency_rule(by=SYSTEM, spec=rule(tolerance=Decimal("1234.5"), left=[("ho-so", Decimal("0.5"))]))
    made.refresh_from_db()
    form = ConsistencyRuleForm(initial={"tolerance": made.tolerance, "left": made.left})
    assert (form["tolerance"].value(), form["left"].value()) == ("1.234,5", "0,5 × ho-so")
