"""Questions found in real rows: who sees them, what they rest on, and answering them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.kept_states import Kept
from tests.monitoring.honesty.counting import count_now
from tests.monitoring.world import AS_OF, World, make_world
from thucthi.directory.models import Role
from thucthi.indicators.models import Indicator, Observation, RollupRule, Target, TargetChange
from thucthi.kernel.errors import Forbidden, NotVisible, Refused, Stale
from thucthi.kernel.periods import span_of
from thucthi.ledger.models import Entry
from thucthi.monitoring.actions.verdicts import SignalAnswer, judge_signal
from thucthi.monitoring.models import SignalVerdict
from thucthi.monitoring.selectors.question_board import board
from thucthi.monitoring.selectors.questions import asked_of, confirmed_shares, organisation_seen, verdicts
from thucthi.reporting.models import Evidence, ReportEvidence

ANSWER = SignalAnswer("done_without_evidence", "2026-W41", "nv-xong-muon", 2026, "explained", "Đã xem biên bản giấy.")


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def value(world: World, amount: str, **other: Any) -> Observation:
    indicator = other.pop("indicator", None) or Indicator.objects.get(code="ct-mau")
    period = other.pop("period", "2026-Q1")
    said = {
        "indicator": indicator, "organisation": world.state.province, "period": period,
        "period_end": span_of(period).end, "kind": "declared", "state": "number", "amount": Decimal(amount),
        "source": "Báo cáo", "available_on": date(2026, 4, 10), "is_simulated": True,
    }  # fmt: skip
    return Observation.objects.create(**(said | other))


def asked(world: World, code: str) -> list[tuple[str, str, str]]:
    viewer = world.state.viewer(Role.AUDITOR, world.state.government)
    found = asked_of(viewer, organisation_seen(viewer, code), 2026, AS_OF)
    return [(row.question.check, row.question.period, row.question.subject) for row in found.asked]


def test_a_completion_without_a_file_is_asked_about_although_it_was_accepted(world: World) -> None:
    assert asked(world, "ubnd-hoa") == [("done_without_evidence", "2026-W41", "nv-xong-muon")]
    report = world.tasks["nv-xong-muon"].reports.get()
    file = Evidence.objects.create(
        sha256="a" * 64, size=1, media_type="text/plain", file_name="a.txt", obligation=report.obligation,
        uploaded_by=report.author, is_simulated=True,
    )  # fmt: skip
    ReportEvidence.objects.create(report=report, evidence=file)
    assert asked(world, "ubnd-hoa") == []


def test_a_task_done_while_its_indicator_has_not_moved(world: World) -> None:
    task = world.tasks["nv-dung-han"]
    world.report(world.owe(task, date(2026, 11, 27)), date(2026, 11, 27), "100")
    assert ("done_but_unmoved", "2026-W48", "nv-dung-han") not in asked(world, "bo-khoa-hoc")
    Observation.objects.create(
        indicator=Indicator.objects.get(code="ct-mau"), period="2026-Q2", period_end=date(2026, 12, 31), kind="actual",
        state="number", amount=Decimal(9), source="Số liệu mẫu", is_simulated=True, available_on=date(2026, 11, 1),
    )  # fmt: skip
    assert ("done_but_unmoved", "2026-W48", "nv-dung-han") in asked(world, "bo-khoa-hoc")


def test_a_correction_after_the_deadline_and_a_ratio_that_does_not_add_up(world: World) -> None:
    first = value(world, "40")
    value(world, "55", corrects=first, available_on=date(2026, 8, 1), numerator=Decimal(1), denominator=Decimal(2))
    Indicator.objects.filter(code="ct-mau").update(scale=100)
    found = asked(world, "ubnd-an-binh")
    assert ("edited_after_deadline", "2026-Q1", "ct-mau") in found
    assert ("parts_do_not_give_amount", "2026-Q1", "ct-mau") in found


def test_what_was_typed_in_late_is_asked_only_of_what_people_typed(world: World) -> None:
    value(world, "40", available_on=date(2026, 1, 10))
    assert ("back_dated", "2026-Q1", "ct-mau") not in asked(world, "ubnd-an-binh")
    value(world, "40", period="2026-Q2", available_on=date(2026, 1, 10), is_simulated=False)
    assert ("back_dated", "2026-Q2", "ct-mau") in asked(world, "ubnd-an-binh")


def test_a_correction_of_what_was_already_published(world: World) -> None:
    first = value(world, "40")
    value(world, "30", corrects=first, available_on=date(2027, 1, 5))
    for event, content in (("snapshot.prepared", {"as_of": "2026-05-01"}), ("snapshot.published", {})):
        Entry.objects.create(
            event=event, actor_label="", subject_type="snapshot", subject_id=3, subject_label="", content=content,
            content_hash=event,
        )  # fmt: skip
    published = Entry.objects.get(event="snapshot.published").recorded_at.date()
    viewer = world.state.viewer(Role.AUDITOR, world.state.government)
    found = asked_of(viewer, world.state.province, 2027, date(2027, 12, 31))
    checks = [row.question.check for row in found.asked]
    assert (checks == ["corrected_after_publication"]) is (published < date(2027, 1, 5))


def test_a_target_lowered_in_its_year_and_a_parent_unlike_its_parts(world: World) -> None:
    indicator = Indicator.objects.get(code="ct-mau")
    target = Target.objects.create(
        code="ct-mau-tinh", indicator=indicator, document=world.resolution, organisation=world.state.province,
        operator=">=", low=Decimal(40), period="năm", year=2026,
    )  # fmt: skip
    promise = {"operator": ">=", "low": "50", "high": None, "year": 2026}
    TargetChange.objects.create(
        target=target,
        old=promise,
        new={**promise, "low": "40"},
        decision="1/QĐ",
        decided_on=date(2026, 9, 1),
        reason="Khó",
    )
    RollupRule.objects.create(indicator=indicator, unit="province", origin="source", operator="sum")
    value(world, "50", kind="actual")
    value(world, "42", kind="actual", organisation=world.state.commune)
    found = asked(world, "ubnd-an-binh")
    assert ("target_lowered", "2026", "ct-mau-tinh") in found
    assert ("parent_differs_from_parts", "2026-Q1", "ct-mau") in found


def test_who_sees_questions_about_whom(world: World) -> None:
    state = world.state
    count_now("commune", 2026, AS_OF)
    seen = {
        (role, where.code): [
            row.organisation.code for row in board(state.viewer(role, where), "commune", 2026, AS_OF).rows
        ]
        for role, where in (
            (Role.STEERING_OFFICE, state.government), (Role.HEAD, state.commune), (Role.VERIFIER, state.province),
            (Role.HEAD, state.elsewhere), (Role.AUDITOR, state.finance),
        )
    }  # fmt: skip
    assert list(seen.values()) == [["ubnd-hoa"], ["ubnd-hoa"], ["ubnd-hoa"], [], []]
    with pytest.raises(NotVisible):
        organisation_seen(state.viewer(Role.HEAD, state.elsewhere), "ubnd-hoa")


def test_an_answer_is_recorded_once_with_one_entry(world: World) -> None:
    by, commune = world.state.viewer(Role.VERIFIER, world.state.province), world.state.commune
    verdict = judge_signal(commune, by=by, answer=ANSWER, on=AS_OF)
    assert (verdict.finding, verdict.text, verdict.subject) == ("explained", "Đã xem biên bản giấy.", "nv-xong-muon")
    assert Entry.objects.filter(event="signal.judged").count() == 1
    assert confirmed_shares(verdicts())["done_without_evidence"].answered == 1
    with pytest.raises(Stale, match="Đã xem biên bản giấy"):
        judge_signal(commune, by=by, answer=replace(ANSWER, finding="confirmed"), on=AS_OF)
    found = asked_of(by, commune, 2026, AS_OF)
    assert [row.verdict for row in found.asked] == [verdict]


def test_nobody_answers_for_himself_and_nothing_is_answered_that_is_not_asked(world: World) -> None:
    state = world.state
    with pytest.raises(Forbidden):
        judge_signal(state.commune, by=state.viewer(Role.VERIFIER, state.commune), answer=ANSWER, on=AS_OF)
    with pytest.raises(Forbidden):
        judge_signal(state.commune, by=state.viewer(Role.HEAD, state.province), answer=ANSWER, on=AS_OF)
    above = state.viewer(Role.VERIFIER, state.province)
    with pytest.raises(Refused) as refusal:
        judge_signal(state.commune, by=above, answer=replace(ANSWER, finding="", text=" "), on=AS_OF)
    assert [fault.field for fault in refusal.value.faults] == ["finding", "text"]
    with pytest.raises(Refused, match="không còn được đặt ra"):
        judge_signal(state.commune, by=above, answer=replace(ANSWER, subject="viec-khac"), on=AS_OF)
    assert not SignalVerdict.objects.exists()
    assert not Entry.objects.filter(event="signal.judged").exists()


def test_a_check_that_people_find_nothing_behind_asks_no_more(world: World) -> None:
    for number in range(10):
        SignalVerdict.objects.create(
            check_code="done_without_evidence", organisation=world.state.commune, period="2025-W01",
            subject=f"viec-{number}", finding="explained", text="Có hồ sơ giấy", decided_on=AS_OF,
        )  # fmt: skip
    assert asked(world, "ubnd-hoa") == []
    count_now("commune", 2026, AS_OF)
    found = board(world.state.viewer(Role.AUDITOR, world.state.government), "commune", 2026, AS_OF)
    assert [words.code for words in found.silent] == ["done_without_evidence"]
    assert found.rows == ()


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.state.person(Role.VERIFIER, world.state.province))
    return client


def test_the_pages_lead_from_the_list_to_the_rows_and_to_an_answer(client: Client, world: World) -> None:
    listed = client.get(reverse("monitoring:signals"), {"loai": "commune", "nam": "2026"})
    assert "Đây là câu hỏi, không phải kết luận." in listed.content.decode()
    one = client.get(reverse("monitoring:signals_of", kwargs={"code": "ubnd-hoa"}), {"nam": "2026"}).content.decode()
    address = reverse("monitoring:signal", args=["ubnd-hoa", "done_without_evidence", "2026-W41", "nv-xong-muon"])
    assert address in one
    report = world.tasks["nv-xong-muon"].reports.get()
    page = client.get(address, {"nam": "2026"}).content.decode()
    assert "Vì sao báo hoàn thành 100 % khi chưa có minh chứng được chấp nhận?" in page
    assert reverse("reporting:review_report", kwargs={"pk": report.pk}) in page
    faulty = client.post(f"{address}?nam=2026", {"finding": "confirmed", "text": ""})
    assert faulty.status_code == 422
    assert not SignalVerdict.objects.exists()
    done = client.post(f"{address}?nam=2026", {"finding": "confirmed", "text": "Không có biên bản."})
    assert done.status_code == 302
    assert SignalVerdict.objects.get().finding == "confirmed"
    assert client.post(f"{address}?nam=2026", {"finding": "explained", "text": "Khác"}).status_code == 409
    assert "Không có biên bản." in client.get(f"{address}?nam=2026").content.decode()


def test_an_address_of_a_question_that_is_not_asked_shows_nothing(client: Client) -> None:
    for check, period in (("falling_progress", "2026-W41"), ("khong-co", "2026-W41"), ("done_without_evidence", "x")):
        address = reverse("monitoring:signal", args=["ubnd-hoa", check, period, "nv-xong-muon"])
        assert client.get(address).status_code == 404


def test_the_page_of_methods_says_how_often_honest_people_are_asked(client: Client) -> None:
    page = client.get(reverse("monitoring:signal_methods"), {"loai": "commune", "nam": "nonsense"}).content.decode()
    assert "dự tính khoảng" in page
    assert page.count("Chưa có kết quả") == 22
    assert client.get(reverse("monitoring:signals"), {"nam": "1066", "loai": "?"}).status_code == 200


def test_the_day_after_tomorrow_is_not_known_yet(world: World) -> None:
    early = world.state.viewer(Role.AUDITOR, world.state.government)
    count_now("commune", 2025, AS_OF - timedelta(days=400))
    assert board(early, "commune", 2025, AS_OF - timedelta(days=400)).rows == ()
