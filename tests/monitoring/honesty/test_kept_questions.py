"""The list of questions is read from what a job kept: the same as each page asks, and never more than one may see."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.kept_states import Kept
from tests.monitoring.honesty.counting import count_now
from tests.monitoring.honesty.test_counted import any_reports, any_values
from tests.monitoring.world import AS_OF, World, make_world
from tests.people import _organisation
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Level, Organisation, Role
from thucthi.kernel.errors import Forbidden
from thucthi.ledger.models import Entry
from thucthi.monitoring.actions.question_counts import keep_questions
from thucthi.monitoring.calculations.honesty import peer_findings
from thucthi.monitoring.models import KeptQuestion, PeerFinding, QuestionCount, SignalVerdict
from thucthi.monitoring.selectors import stated_facts
from thucthi.monitoring.selectors.oddities import kept_oddities, panels_of
from thucthi.monitoring.selectors.peer_kinds import kinds_of_peers
from thucthi.monitoring.selectors.question_board import board
from thucthi.monitoring.selectors.question_counts import counted_questions, due_counts
from thucthi.monitoring.selectors.questions import asked_of
from thucthi.monitoring.selectors.scopes import scope_for
from thucthi.monitoring.selectors.stated_facts import pieces_by_reports
from thucthi.monitoring.tasks import count_questions, keep_due_questions
from thucthi.programmes.models import Programme, ProgrammeBasis
from thucthi.reporting.models import Evidence, Obligation, Report, ReportEvidence

TEXT = "Trong kỳ đơn vị tiếp tục thực hiện theo đúng kế hoạch đã đề ra."
KINDS = ("commune", "ministry")


@pytest.fixture
def world(kept: Kept[World]) -> World:
    """With a second commune: one alone has no peers, is not offered, and is not counted."""
    made = kept(make_world)
    _organisation("ubnd-mai", "UBND xã Mai", made.state.province, level=Level.COMMUNE, kind="commune")
    return made


def hidden_task(world: World, code: str = "nv-kin") -> Any:
    return world.add(code, world.state.commune, date(2026, 12, 1), programme=world.hidden, group=None)


def told(world: World, task: Any, friday: date, *, note: str = "", file: str = "", progress: str = "40") -> Report:
    report = world.report(world.owe(task, friday), friday, progress, note=note)
    if file:
        evidence, _ = Evidence.objects.get_or_create(
            sha256=file * 64, obligation=report.obligation,
            defaults={"size": 1, "media_type": "text/plain", "file_name": "a.txt", "uploaded_by": report.author,
                      "is_simulated": True},
        )  # fmt: skip
        ReportEvidence.objects.create(report=report, evidence=evidence)
    return report


def viewers(world: World) -> list[Viewer]:
    state = world.state
    seen = (
        (Role.AUDITOR, state.government), (Role.VERIFIER, state.government), (Role.HEAD, state.government),
        (Role.STEERING_OFFICE, state.province), (Role.HEAD, state.commune), (Role.AUDITOR, state.science),
    )  # fmt: skip
    return [SYSTEM, *(state.viewer(role, body) for role, body in seen)]


def live(viewer: Viewer, kind: str) -> dict[str, tuple[dict[str, int], int, int]]:
    """What the pages of the organisations ask, one by one."""
    scope = scope_for(viewer, kind, 2026, AS_OF)
    found = {scope.peers[pk].code: asked_of(viewer, scope.peers[pk], 2026, AS_OF) for pk in scope.seen}
    return {
        code: (dict(Counter(row.question.check for row in one.asked)), one.answered, one.lone)
        for code, one in found.items()
        if one.asked
    }


def listed(viewer: Viewer, kind: str) -> dict[str, tuple[dict[str, int], int, int]]:
    found = board(viewer, kind, 2026, AS_OF)
    return {
        row.organisation.code: ({each.words.code: each.count for each in row.checks}, row.answered, row.lone)
        for row in found.rows
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_list_asks_whom_each_page_asks_whoever_looks(world: World, seed: int) -> None:
    """Random reports about open and closed programmes, with files and texts used again, and some answers."""
    chance = random.Random(seed)  # noqa: S311 - reproducible worlds, not secrets
    any_values(world, seed)
    any_reports(world, seed)
    tasks = [*(row for row in world.tasks.values() if row.lead and row.is_issued), hidden_task(world)]
    tasks.append(world.add("nv-kin-2", world.state.science, None, programme=world.hidden, group=None))
    for task in tasks:
        for week in range(2):
            told(world, task, date(2026, 7, 3) + timedelta(weeks=week), note=chance.choice(["", TEXT, TEXT * 2]),
                 file=chance.choice(["", "a", "b"]), progress=chance.choice(["40", "60", "100"]))  # fmt: skip
    keep_due_questions([2026], AS_OF)
    for row in chance.sample(list(KeptQuestion.objects.filter(count__year=2026).order_by("pk")), 8):
        SignalVerdict.objects.get_or_create(
            check_code=row.check_code, organisation_id=row.organisation_id, period=row.period, subject=row.subject,
            defaults={"finding": "confirmed", "text": "Có", "decided_on": AS_OF},
        )  # fmt: skip
    compared = 0
    for viewer in viewers(world):
        for kind in KINDS:
            assert listed(viewer, kind) == live(viewer, kind)
            compared += len(listed(viewer, kind))
    assert compared > 8


def test_comparisons_are_kept_as_they_are_found(world: World) -> None:
    any_values(world, 3)
    count_now("commune", 2026, AS_OF)
    scope = scope_for(SYSTEM, "commune", 2026, AS_OF)
    panels = panels_of(scope, sorted(scope.peers))
    found = {panel.matter: {check: units for check, units in peer_findings(panel).items() if units}
             for panel in panels}  # fmt: skip
    kept = kept_oddities("commune", 2026)
    assert dict(kept.by_matter) == {matter: checks for matter, checks in found.items() if checks}
    assert kept.counted_at == QuestionCount.objects.get(kind="commune").counted_at


def test_who_may_not_see_a_programme_is_not_told_of_its_questions(world: World) -> None:
    """The auditor of the government hears of a restricted task, the verifier of the province never does."""
    told(world, hidden_task(world), date(2026, 6, 5), progress="100")
    count_now("commune", 2026, AS_OF)
    auditor = world.state.viewer(Role.AUDITOR, world.state.government)
    verifier = world.state.viewer(Role.VERIFIER, world.state.province)
    assert listed(auditor, "commune") == {"ubnd-hoa": ({"done_without_evidence": 2}, 0, 0)}
    assert listed(verifier, "commune") == {"ubnd-hoa": ({"done_without_evidence": 1}, 0, 0)}


def test_a_text_used_for_an_open_and_a_closed_task_is_asked_of_who_sees_both(world: World) -> None:
    told(world, world.tasks["nv-thuong-xuyen"], date(2026, 6, 5), note=TEXT)
    told(world, hidden_task(world), date(2026, 6, 12), note=TEXT)
    count_now("commune", 2026, AS_OF)
    auditor = world.state.viewer(Role.AUDITOR, world.state.government)
    verifier = world.state.viewer(Role.VERIFIER, world.state.province)
    assert listed(auditor, "commune")["ubnd-hoa"][0] == {"done_without_evidence": 1, "reused_text": 1}
    assert listed(verifier, "commune")["ubnd-hoa"][0] == {"done_without_evidence": 1}
    told(world, world.tasks["nv-thuong-xuyen"], date(2026, 6, 19), note=TEXT)
    count_now("commune", 2026, AS_OF)
    assert listed(verifier, "commune")["ubnd-hoa"][0] == {"done_without_evidence": 1, "reused_text": 1}
    assert listed(auditor, "commune") == live(auditor, "commune")


def test_what_was_closed_after_the_count_is_told_no_more(world: World) -> None:
    count_now("commune", 2026, AS_OF)
    verifier = world.state.viewer(Role.VERIFIER, world.state.province)
    assert listed(verifier, "commune") == {"ubnd-hoa": ({"done_without_evidence": 1}, 0, 0)}
    ProgrammeBasis.objects.filter(programme=world.programme).update(document=world.secret)
    assert not Programme.objects.get(pk=world.programme.pk).is_open
    assert listed(verifier, "commune") == {} == live(verifier, "commune")
    assert KeptQuestion.objects.filter(count__kind="commune").count() == 1


def test_before_the_first_count_the_page_says_so_and_names_no_number(world: World) -> None:
    found = board(SYSTEM, "commune", 2026, AS_OF)
    assert (found.counted_at, found.rows, found.quiet) == (None, (), 0)
    client = Client()
    client.force_login(world.state.person(Role.AUDITOR, world.state.government))
    page = BeautifulSoup(
        client.get("/lam-viec/dau-hieu/", {"loai": "commune", "nam": "2026"}).content, "html.parser"
    ).main.get_text(" ", strip=True)
    assert "Chưa đếm câu hỏi cho các cơ quan" in page
    assert "chưa đếm không có nghĩa là không có câu hỏi" in page
    assert "Không có câu hỏi nào" not in page
    assert " câu hỏi cho " not in page.replace("Chưa đếm câu hỏi cho", "")
    one = client.get("/lam-viec/dau-hieu/ubnd-hoa/", {"nam": "2026"}).content.decode()
    assert "Chưa so với cơ quan cùng loại về năm này" in one
    count_now("commune", 2026, AS_OF)
    page = client.get("/lam-viec/dau-hieu/", {"loai": "commune", "nam": "2026"}).content.decode()
    assert "1 câu hỏi cho 1 trong 2 cơ quan" in page
    at = timezone.localtime(QuestionCount.objects.get(kind="commune").counted_at)
    assert f"Đếm lúc {at:%H:%M %d/%m/%Y}, mỗi ngày một lần" in page
    assert "Chưa so với" not in client.get("/lam-viec/dau-hieu/ubnd-hoa/", {"nam": "2026"}).content.decode()


def state_of_tables() -> list[Any]:
    columns = ("check_code", "organisation_id", "period", "subject", "programmes", "shared", "told_on", "report_id")
    return [
        sorted(QuestionCount.objects.values_list("kind", "year")),
        sorted(map(str, KeptQuestion.objects.values_list("count__kind", "count__year", *columns))),
        sorted(map(str, PeerFinding.objects.values_list("count__kind", "matter", "organisation_id", "p"))),
    ]


def test_the_job_counts_once_a_day_and_a_second_run_changes_nothing(world: World) -> None:
    any_values(world, 2)
    any_reports(world, 2)
    entries, kinds = Entry.objects.count(), kinds_of_peers()
    today = timezone.localdate()
    assert count_questions(timestamp=0) == 5 * len(kinds)
    before = state_of_tables()
    assert before[0] == sorted((kind, year) for kind, _ in kinds for year in range(today.year - 4, today.year + 1))
    assert count_questions(timestamp=600) == 0
    assert due_counts([2026], today + timedelta(days=1)) == [(kind, 2026) for kind, _ in kinds]
    for kind, year in before[0]:
        count_now(kind, year, today)
    assert state_of_tables() == before
    assert Entry.objects.count() == entries


def test_an_older_count_does_not_replace_a_newer_one_and_nobody_keeps_by_hand(world: World) -> None:
    first = counted_questions("commune", 2026, AS_OF)
    kept = count_now("commune", 2026, AS_OF)
    before = state_of_tables()
    again = keep_questions(replace(first, questions=[]), by=SYSTEM)
    assert (again.counted_at, state_of_tables()) == (kept.counted_at, before)
    with pytest.raises(Forbidden):
        keep_questions(replace(first, counted_at=datetime.max.replace(tzinfo=timezone.get_default_timezone())),
                       by=world.state.viewer(Role.AUDITOR, world.state.government))  # fmt: skip
    assert state_of_tables() == before


def test_an_answer_shows_on_the_list_without_a_new_count(world: World) -> None:
    count_now("commune", 2026, AS_OF)
    SignalVerdict.objects.create(
        check_code="done_without_evidence", organisation=world.state.commune, period="2026-W41",
        subject="nv-xong-muon", finding="explained", text="Có hồ sơ giấy", decided_on=AS_OF,
    )  # fmt: skip
    assert listed(SYSTEM, "commune") == {"ubnd-hoa": ({"done_without_evidence": 1}, 1, 0)}


def test_the_list_asks_the_same_number_of_statements_however_many_organisations(world: World) -> None:
    count_now("commune", 2026, AS_OF)
    viewer = world.state.viewer(Role.AUDITOR, world.state.government)
    with CaptureQueriesContext(connection) as few:
        board(viewer, "commune", 2026, AS_OF)
    for number in range(30):
        _organisation(f"xa-{number}", f"Xã {number}", world.state.province, level=Level.COMMUNE, kind="commune")
    count_now("commune", 2026, AS_OF)
    with CaptureQueriesContext(connection) as many:
        board(viewer, "commune", 2026, AS_OF)
    assert len(many) == len(few) <= 8


def test_a_run_whose_time_is_over_leaves_the_rest_to_the_next(world: World) -> None:
    kinds = [kind for kind, _ in kinds_of_peers()]
    assert len(kinds) > 1
    assert keep_due_questions([2026], AS_OF, seconds=-1) == 0
    clock = iter([0.0, 1.0, 99.0])
    with patch("thucthi.monitoring.tasks.monotonic", lambda: next(clock)):
        assert keep_due_questions([2026], AS_OF, seconds=10) == 1
    assert due_counts([2026], timezone.localdate()) == [(kind, 2026) for kind in kinds[1:]]


def test_organisations_are_read_by_what_they_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is left out, nobody comes twice, and whoever told more than is read at once comes alone."""
    any_reports(world, 1)
    bodies = sorted(Organisation.objects.values_list("pk", flat=True))
    assert list(pieces_by_reports(bodies, 2026)) == [bodies]
    each = list(pieces_by_reports(bodies, 2026, most=0))
    assert [pk for piece in each for pk in piece] == bodies
    owing = set(Obligation.objects.values_list("organisation", flat=True))
    assert all(len(owing & set(piece)) <= 1 for piece in each)
    assert len(owing) > 2
    monkeypatch.setattr(stated_facts, "BODIES_AT_ONCE", 2)
    pairs = list(pieces_by_reports(bodies, 2025))
    assert [len(piece) for piece in pairs] == [2] * (len(bodies) // 2) + [1] * (len(bodies) % 2)
    assert [pk for piece in pairs for pk in piece] == bodies


@pytest.mark.parametrize("seed", range(2))
def test_read_one_by_one_the_same_questions_are_kept(world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    any_values(world, seed)
    any_reports(world, seed)
    keep_due_questions([2026], AS_OF)
    at_once = state_of_tables()
    assert at_once[1]
    monkeypatch.setattr(stated_facts, "BODIES_AT_ONCE", 1)
    for kind, _ in kinds_of_peers():
        count_now(kind, 2026, AS_OF)
    assert state_of_tables() == at_once
