"""Disputes: raised by the body concerned, once, answered once and in the open; accepted ones correct the figure."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.indicators.quality.world import TODAY, World, make_world
from tests.kept_states import Kept
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.indicators.actions.disputes import Corrected, answer_dispute, raise_dispute, withdraw_dispute
from thucthi.indicators.calculations.disputes import DisputeState, answer_due_on, dispute_state
from thucthi.indicators.models import Delivery, Dispute, DisputeAnswer, Indicator, Observation
from thucthi.indicators.selectors import series
from thucthi.indicators.selectors.disputes import dispute_for, disputes_of, list_disputes, standing_of_dispute
from thucthi.kernel.errors import Fault, Forbidden, NotVisible, Refused, Stale
from thucthi.ledger.models import Entry


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def raised(world: World, value: Observation, *, by: Viewer | None = None, **more: Any) -> Dispute:
    said = {
        "organisation": world.state.province,
        "motive": "Thiếu hồ sơ của hai xã.",
        "source": "Báo cáo 12/BC-UBND",
        "proposed_amount": Decimal(52),
        "on": TODAY,
    }
    return raise_dispute(value, by=by or world.reporter, **(said | more))


def answered(world: World, dispute: Dispute, verdict: str = "accepted", **more: Any) -> DisputeAnswer:
    said = {"by": more.get("by") or world.answerer, "text": "Đã đối chiếu.", "on": TODAY + timedelta(days=3)}
    if verdict == "accepted":
        said["corrected"] = Corrected("number", Decimal(52))
    return answer_dispute(dispute, verdict=verdict, **(said | more))


def counts() -> tuple[int, ...]:
    models = (Dispute, DisputeAnswer, Observation, Delivery, Entry)
    return tuple(model.objects.count() for model in models)


def test_a_dispute_is_kept_as_stated_with_its_clock(world: World) -> None:
    dispute = raised(world, world.value(), motive="  Thiếu hồ sơ của hai xã. ")
    dispute.refresh_from_db()
    assert (dispute.motive, dispute.source, dispute.proposed_amount, dispute.raised_on) == (
        "Thiếu hồ sơ của hai xã.", "Báo cáo 12/BC-UBND", Decimal(52), TODAY,
    )  # fmt: skip
    # Ten working days after Friday 20/11/2026; the 24th is the new holiday of culture.
    assert dispute.answer_due_on == date(2026, 12, 7)
    entry = Entry.objects.get(event="dispute.raised")
    assert (entry.content["organisation"], entry.content["motive"]) == ("ubnd-an-binh", "Thiếu hồ sơ của hai xã.")


def test_the_clock_leaves_out_holidays() -> None:
    assert answer_due_on(date(2026, 4, 28)) == date(2026, 5, 14)


@pytest.mark.parametrize(("role", "organisation", "allowed"), [
    (Role.REPORTER, "province", True),
    (Role.HEAD, "province", True),
    (Role.APPROVER, "province", False),
    (Role.STEERING_OFFICE, "government", False),
    (Role.REPORTER, "elsewhere", False),
])  # fmt: skip
def test_only_the_body_itself_speaks_for_itself(world: World, role: Role, organisation: str, allowed: bool) -> None:
    value, viewer = world.value(), world.state.viewer(role, getattr(world.state, organisation))
    before = counts()
    if allowed:
        assert raised(world, value, by=viewer).by_id == viewer.account_id
        return
    with pytest.raises(Forbidden):
        raised(world, value, by=viewer)
    assert counts() == before


def test_a_superior_disputes_figures_of_bodies_below_it_and_nobody_those_of_others(world: World) -> None:
    below, beside = world.value(unit=world.state.commune), world.value(unit=world.state.elsewhere)
    assert raised(world, below).organisation == world.state.province
    before = counts()
    with pytest.raises(Forbidden, match="của chính mình hoặc của đơn vị cấp dưới"):
        raised(world, beside)
    commune = world.state.viewer(Role.REPORTER, world.state.commune)
    with pytest.raises(Forbidden):
        raised(world, world.value("2026-08"), by=commune, organisation=world.state.commune)
    assert counts() == (before[0], before[1], before[2] + 1, before[3], before[4] + 1)


def test_everything_missing_is_said_at_once(world: World) -> None:
    value = world.value()
    before = counts()
    with pytest.raises(Refused) as refused:
        raised(world, value, motive=" ", source="", proposed_amount=Decimal(10) ** 14)
    assert [fault.field for fault in refused.value.faults] == ["motive", "source", "proposed_amount"]
    with pytest.raises(Refused):
        raised(world, value, proposed_amount=Decimal("NaN"))
    assert counts() == before


def test_only_the_value_that_stands_is_disputed_and_only_once(world: World) -> None:
    old = world.value()
    new = world.corrected(old, 45, TODAY - timedelta(days=1))
    before = counts()
    with pytest.raises(Refused, match="không còn là số đang có"):
        raised(world, old)
    assert counts() == before
    raised(world, new)
    before = counts()
    with pytest.raises(Refused) as refused:
        raised(world, new)
    assert refused.value.faults == (Fault("", "Đơn vị đã kiến nghị về số liệu này; mỗi số liệu kiến nghị một lần."),)
    assert counts() == before


def test_a_value_not_known_yet_is_not_disputed(world: World) -> None:
    with pytest.raises(Refused, match="không còn là số đang có"):
        raised(world, world.value(on=TODAY + timedelta(days=1)))


def test_an_accepted_dispute_corrects_the_figure_with_one_entry(world: World) -> None:
    value = world.value()
    dispute = raised(world, value)
    before = counts()
    answer = answered(world, dispute, text="  Đã đối chiếu. ")
    correction = answer.correction
    assert correction is not None
    assert (correction.corrects_id, correction.amount, correction.available_on) == (
        value.pk, Decimal(52), TODAY + timedelta(days=3),
    )  # fmt: skip
    assert (correction.source, correction.remark) == ("Báo cáo tháng", "Đã đối chiếu.")
    assert correction.delivery is not None
    assert (correction.delivery.kind, correction.delivery.corrected) == ("dispute", 1)
    assert counts() == (before[0], before[1] + 1, before[2] + 1, before[3] + 1, before[4] + 1)
    assert Entry.objects.get(event="dispute.accepted").content["amount"] == "52"
    place = {"organisation_id": world.state.province.pk}
    assert series(world.whole, as_of=TODAY + timedelta(days=2), **place) == [value]
    assert series(world.whole, as_of=TODAY + timedelta(days=3), **place) == [correction]


def test_a_refused_dispute_keeps_the_figure(world: World) -> None:
    value = world.value()
    answer = answered(world, raised(world, value), "refused")
    assert (answer.verdict, answer.correction) == ("refused", None)
    assert series(world.whole, organisation_id=world.state.province.pk) == [value]
    assert Entry.objects.filter(event="dispute.refused").count() == 1


@pytest.mark.parametrize(("verdict", "corrected", "field"), [
    ("accepted", None, "amount"),
    ("refused", Corrected("number", Decimal(5)), "amount"),
    ("withdrawn", None, "verdict"),
    ("", None, "verdict"),
    ("accepted", Corrected("number", Decimal(40)), "amount"),
    ("accepted", Corrected("number", Decimal(0)), "amount"),
    ("accepted", Corrected("not_reported", Decimal(7)), "amount"),
    ("accepted", Corrected("number", Decimal("Infinity")), "amount"),
])  # fmt: skip
def test_an_answer_that_does_not_fit_moves_nothing(
    world: World, verdict: str, corrected: Corrected | None, field: str
) -> None:
    dispute = raised(world, world.value())
    before = counts()
    with pytest.raises(Refused) as refused:
        answered(world, dispute, verdict, corrected=corrected, text=" ", on=TODAY - timedelta(days=1))
    assert [fault.field for fault in refused.value.faults if fault.field not in {"", "text"}] == [field]
    assert {"", "text"} <= {fault.field for fault in refused.value.faults}
    assert counts() == before


def test_a_zero_that_is_meant_may_correct(world: World) -> None:
    answer = answered(world, raised(world, world.value()), corrected=Corrected("confirmed_zero", Decimal(0)))
    assert answer.correction is not None
    assert (answer.correction.state, answer.correction.amount) == ("confirmed_zero", Decimal(0))


def test_the_owner_of_the_source_answers(world: World) -> None:
    dispute = raised(world, world.value())
    before = counts()
    for viewer in (world.steering, world.reporter, world.state.viewer(Role.REPORTER, world.state.finance)):
        with pytest.raises(Forbidden):
            answered(world, dispute, by=viewer)
    assert counts() == before
    answered(world, dispute, by=world.state.viewer(Role.VERIFIER, world.state.science))


def test_without_an_owner_of_the_source_the_owner_answers_and_without_either_a_steering_office(world: World) -> None:
    Indicator.objects.filter(pk=world.whole.pk).update(source_owner=None, owner=world.state.finance)
    first = raised(world, world.value("2026-08"))
    answered(world, dispute_for(SYSTEM, first.pk), by=world.state.viewer(Role.HEAD, world.state.finance))
    Indicator.objects.filter(pk=world.whole.pk).update(owner=None)
    second = raised(world, world.value("2026-09"))
    answered(world, dispute_for(SYSTEM, second.pk), by=world.steering)


def test_nobody_answers_his_own_dispute(world: World) -> None:
    Indicator.objects.filter(pk=world.whole.pk).update(source_owner=world.state.province)
    dispute = dispute_for(SYSTEM, raised(world, world.value()).pk)
    with pytest.raises(Forbidden, match="không tự trả lời"):
        answered(world, dispute, by=world.reporter)
    answered(world, dispute, by=world.state.viewer(Role.HEAD, world.state.province))


def test_the_second_answer_comes_too_late(world: World) -> None:
    dispute = raised(world, world.value())
    answered(world, dispute, "refused")
    before = counts()
    with pytest.raises(Stale, match="đã có kết quả ngày 23/11/2026") as stale:
        answered(world, dispute)
    assert stale.value.submitted == "Đã đối chiếu."
    with pytest.raises(Stale):
        withdraw_dispute(dispute, by=world.reporter, text="Thôi.", on=TODAY)
    assert counts() == before


def test_the_database_takes_one_answer_only(world: World) -> None:
    dispute = raised(world, world.value())
    answered(world, dispute, "refused")
    with pytest.raises(IntegrityError), transaction.atomic():
        DisputeAnswer.objects.create(dispute=dispute, verdict="refused", text="Lại.", answered_on=TODAY)


def test_what_was_corrected_meanwhile_is_corrected_from_where_it_stands(world: World) -> None:
    value = world.value()
    dispute = raised(world, value)
    between = world.corrected(value, 45, TODAY + timedelta(days=1))
    answer = answered(world, dispute)
    assert answer.correction is not None
    assert answer.correction.corrects_id == between.pk


def test_what_somebody_has_put_right_meanwhile_is_the_correction(world: World) -> None:
    value = world.value()
    dispute = raised(world, value)
    between = world.corrected(value, 52, TODAY + timedelta(days=1))
    before = counts()
    assert answered(world, dispute).correction == between
    assert counts() == (before[0], before[1] + 1, before[2], before[3], before[4] + 1)


def test_two_bodies_that_dispute_one_value_are_both_answered(world: World) -> None:
    value = world.value(unit=world.state.commune)
    commune = world.state.viewer(Role.REPORTER, world.state.commune)
    one, other = raised(world, value), raised(world, value, by=commune, organisation=world.state.commune)
    first, second = answered(world, one), answered(world, other)
    assert first.correction is not None
    assert second.correction is not None
    assert second.correction.corrects_id == first.correction.pk


def test_the_raiser_takes_it_back_and_nobody_else(world: World) -> None:
    dispute = raised(world, world.value())
    before = counts()
    with pytest.raises(Forbidden):
        withdraw_dispute(dispute, by=world.answerer, text="Thôi.", on=TODAY)
    with pytest.raises(Refused):
        withdraw_dispute(dispute, by=world.reporter, text=" ", on=TODAY)
    assert counts() == before
    answer = withdraw_dispute(dispute, by=world.reporter, text="Đã rõ.", on=TODAY)
    assert (answer.verdict, answer.correction) == ("withdrawn", None)


@pytest.mark.parametrize(("verdict", "day", "state"), [
    (None, date(2026, 12, 4), DisputeState.OPEN),
    (None, date(2026, 12, 5), DisputeState.OVERDUE),
    ("accepted", date(2026, 12, 5), DisputeState.ACCEPTED),
    ("refused", date(2026, 12, 5), DisputeState.REFUSED),
    ("withdrawn", date(2026, 12, 5), DisputeState.WITHDRAWN),
])  # fmt: skip
def test_the_state_of_a_dispute(verdict: str | None, day: date, state: DisputeState) -> None:
    assert dispute_state(date(2026, 12, 4), verdict, day) is state


def test_figures_show_that_they_are_disputed_as_of_the_day(world: World) -> None:
    value, other = world.value(), world.value("2026-08")
    answer = answered(world, raised(world, value))
    assert answer.correction is not None
    ids = [value.pk, other.pk, answer.correction.pk]
    assert disputes_of(ids, TODAY - timedelta(days=1)) == {}
    open_then = disputes_of(ids, TODAY)
    assert {pk: [row.word for row in rows] for pk, rows in open_then.items()} == {value.pk: ["Đang kiến nghị"]}
    now = disputes_of(ids, TODAY + timedelta(days=3))
    assert {pk: [row.word for row in rows] for pk, rows in now.items()} == {
        value.pk: ["Đã chấp nhận"],
        answer.correction.pk: ["Đã chấp nhận"],
    }


def test_mine_to_answer_stand_first_and_the_overdue_are_marked(world: World) -> None:
    Indicator.objects.filter(pk=world.part.pk).update(source_owner=world.state.finance)
    late = raised(world, world.value("2026-07"), on=date(2026, 10, 5))
    done = raised(world, world.value("2026-08"))
    answered(world, done, "refused", on=TODAY)
    theirs = raised(world, world.value("2026-08", indicator=world.part), on=date(2026, 9, 15))
    mine = raised(world, world.value("2026-09"))
    found = list_disputes(world.answerer, TODAY)
    assert [(row.dispute, row.mine_to_answer, row.word) for row in found] == [
        (late, True, "Quá hạn trả lời"),
        (mine, True, "Đang kiến nghị"),
        (theirs, False, "Quá hạn trả lời"),
        (done, False, "Giữ nguyên"),
    ]
    assert (found[0].clock, found[1].clock) == ("quá hạn 24 ngày làm việc", "còn 10 ngày làm việc")
    assert [row.dispute for row in list_disputes(world.answerer, TODAY, wanted="mine")] == [late, mine]
    assert [row.dispute for row in list_disputes(world.answerer, TODAY, wanted="open")] == [late, mine, theirs]
    assert standing_of_dispute(mine, TODAY).mine_to_answer is False


def test_an_unknown_dispute_is_not_visible(world: World) -> None:
    with pytest.raises(NotVisible):
        dispute_for(world.reporter, 404)


def signed_in(world: World, role: Role, organisation: Any) -> Client:
    client = Client()
    client.force_login(world.state.person(role, organisation), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_dispute_from_the_page_to_the_corrected_figure(world: World) -> None:
    value = world.value("2026-09")
    province = signed_in(world, Role.REPORTER, world.state.province)
    address = reverse("indicators:raise_dispute", kwargs={"pk": value.pk})
    assert "Số đang có" in province.get(address).content.decode()
    faulty = province.post(address, {"organisation": "ubnd-an-binh", "proposed_amount": "năm mươi"})
    assert faulty.status_code == 422
    assert "chưa phải là một con số" in faulty.content.decode()
    assert Dispute.objects.count() == 0
    sent = province.post(
        address,
        {"organisation": "ubnd-an-binh", "motive": "Thiếu hai xã", "source": "BC 12", "proposed_amount": "1.052,5"},
    )
    dispute = Dispute.objects.get()
    page = reverse("indicators:dispute", kwargs={"pk": dispute.pk})
    assert (sent.status_code, sent["Location"], dispute.proposed_amount) == (302, page, Decimal("1052.5"))
    assert "Trả lời" not in province.get(page).content.decode().split("Cơ quan trả lời")[1]
    ministry = signed_in(world, Role.REPORTER, world.state.science)
    assert "Ông/bà trả lời" in ministry.get(reverse("indicators:disputes")).content.decode()
    assert province.post(page, {"verdict": "refused", "text": "Không."}).status_code == 403
    done = ministry.post(page, {"verdict": "accepted", "text": "Đúng.", "amount": "52"})
    assert done.status_code == 302
    answer = DisputeAnswer.objects.get()
    assert answer.correction is not None
    assert (answer.correction.amount, answer.answered_on) == (Decimal(52), timezone.localdate())
    again = ministry.post(page, {"verdict": "refused", "text": "Thôi giữ."})
    assert again.status_code == 409
    assert "Thôi giữ." in again.content.decode()
    assert "Đã chấp nhận" in province.get(page).content.decode()


def test_taking_back_from_the_page(world: World) -> None:
    dispute = raised(world, world.value())
    province = signed_in(world, Role.REPORTER, world.state.province)
    address = reverse("indicators:withdraw_dispute", kwargs={"pk": dispute.pk})
    empty = province.post(address, {"text": ""})
    assert (empty.status_code, DisputeAnswer.objects.count()) == (422, 0)
    assert province.post(address, {"text": "Đã rõ."}).status_code == 302
    assert DisputeAnswer.objects.get().verdict == "withdrawn"


def test_of_four_answers_at_once_one_wins(fresh_database: str) -> None:
    world = make_world()
    dispute = raised(world, world.value())
    outcomes: list[str] = []
    ready = threading.Barrier(4)

    def answer(verdict: str) -> None:
        try:
            ready.wait()
            answered(world, Dispute.objects.get(pk=dispute.pk), verdict, by=SYSTEM)
            outcomes.append("won")
        except Stale:
            outcomes.append("stale")
        finally:
            connections["default"].close()

    _together([lambda verdict=verdict: answer(verdict) for verdict in ("accepted", "refused") * 2])
    assert sorted(outcomes) == ["stale", "stale", "stale", "won"]
    assert DisputeAnswer.objects.count() == 1
    assert Entry.objects.filter(event__in=["dispute.accepted", "dispute.refused"]).count() == 1
    assert Observation.objects.count() == (2 if DisputeAnswer.objects.get().verdict == "accepted" else 1)


def test_of_four_who_dispute_at_once_one_is_kept(fresh_database: str) -> None:
    world = make_world()
    value, by = world.value(), world.reporter
    outcomes: list[str] = []

    def send() -> None:
        try:
            raised(world, Observation.objects.get(pk=value.pk), by=by)
            outcomes.append("won")
        except (Stale, Refused):
            outcomes.append("refused")
        finally:
            connections["default"].close()

    _together([send] * 4)
    assert (sorted(outcomes), Dispute.objects.count()) == (["refused", "refused", "refused", "won"], 1)


def _together(acts: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
