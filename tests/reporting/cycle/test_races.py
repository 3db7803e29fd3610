"""Sixteen clients at once over the same two hundred reports: nothing double, nothing lost, losers are told."""

import threading
from collections.abc import Callable
from uuid import uuid4

from django.db import connections
from django.test import Client

from tests.reporting.world import ISSUED_ON, World, make_world, now, on_plan, send, today
from thucthi.directory.access import Viewer
from thucthi.directory.models import Account, Membership, Role
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.errors import Stale, ThucThiError
from thucthi.ledger.models import Entry
from thucthi.programmes.models import Task, TaskEvent
from thucthi.reporting.actions import (
    BulkOutcome,
    Shown,
    accept_report,
    accept_reports,
    correct_report,
    return_report,
    submit_report,
)
from thucthi.reporting.models import Acceptance, Obligation, OpenDuty, Report

CLIENTS, REPORTS = 16, 200


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Each in a thread with a connection of its own, all let go together; results or refusals, in order."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n: int) -> None:
        try:
            connections["default"].ensure_connection()
            gate.wait(timeout=60)
            answers[n] = acts[n]()
        except ThucThiError as refusal:
            answers[n] = refusal
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def many(world: World, role: Role, count: int) -> list[Viewer]:
    place = world.state.science if role is Role.REPORTER else world.state.government
    accounts = Account.objects.bulk_create(Account(username=f"{role.value}-{n}") for n in range(count))
    Membership.objects.bulk_create(
        Membership(account=account, organisation=place, role=role, valid_from=ISSUED_ON) for account in accounts
    )
    return [viewer_of(account) for account in accounts]


def two_hundred(world: World) -> list[Obligation]:
    first = world.this_week
    tasks = Task.objects.bulk_create(
        Task(
            programme=world.programme, code=f"nv-{n:03}", lead=world.state.science, text="Việc mẫu", is_issued=True,
            search_text="",
        )
        for n in range(REPORTS)
    )  # fmt: skip
    TaskEvent.objects.bulk_create(TaskEvent(task=task, kind="issued", happened_on=ISSUED_ON) for task in tasks)
    return Obligation.objects.bulk_create(
        Obligation(
            task=task, organisation=world.state.science, period_kind="weekly", period_key=first.period_key,
            period_start=first.period_start, period_end=first.period_end, due_on=first.due_on,
        )
        for task in tasks
    )  # fmt: skip


def test_sixteen_clients_submit_the_same_two_hundred_reports(fresh_database: str) -> None:
    world = make_world()
    obligations, reporters = two_hundred(world), many(world, Role.REPORTER, CLIENTS)

    def submit_all(by: Viewer) -> list[bool]:
        won = []
        for obligation in obligations:
            try:
                submit_report(obligation, by=by, content=on_plan(), idempotency_key=uuid4(), version=0, at=now())
                won.append(True)
            except Stale:
                won.append(False)
        return won

    answers = at_once([lambda by=by: submit_all(by) for by in reporters])
    assert all(isinstance(answer, list) for answer in answers), answers
    assert sum(map(sum, answers)) == Report.objects.count() == REPORTS
    assert Report.objects.values("obligation").distinct().count() == REPORTS
    assert Entry.objects.filter(event="report.submitted").count() == REPORTS
    assert OpenDuty.objects.filter(state="waiting").count() == REPORTS


def test_sixteen_clients_accept_the_same_two_hundred_reports(fresh_database: str) -> None:
    """Half of them in bulk, half one by one and from the other end; who came too late is told so for each report."""
    world = make_world()
    reports = [send(world, obligation) for obligation in two_hundred(world)]
    reviewers = many(world, Role.APPROVER, CLIENTS)
    shown = [Shown(row.pk, row.content_hash) for row in reports]

    def in_bulk(by: Viewer) -> tuple[int, int]:
        outcome: BulkOutcome = accept_reports(shown, by=by, note="", at=now())
        return len(outcome.accepted), len(outcome.not_taken)

    def one_by_one(by: Viewer) -> tuple[int, int]:
        won = lost = 0
        for row in reversed(reports):
            try:
                accept_report(row, by=by, content_hash=row.content_hash, progress_accepted=None, note="", at=now())
                won += 1
            except Stale:
                lost += 1
        return won, lost

    acts = [lambda by=by, act=(in_bulk if n % 2 else one_by_one): act(by) for n, by in enumerate(reviewers)]
    answers = at_once(acts)
    assert all(isinstance(answer, tuple) for answer in answers), answers
    assert [won + lost for won, lost in answers] == [REPORTS] * CLIENTS
    assert sum(won for won, _lost in answers) == Acceptance.objects.count() == REPORTS
    said = Entry.objects.filter(event="reports.accepted").values_list("content", flat=True)
    singly = Entry.objects.filter(event="report.accepted").count()
    assert singly + sum(content["count"] for content in said) == REPORTS
    assert OpenDuty.objects.count() == 1  # the one obligation that nobody answered


def test_accepting_meets_a_return_and_a_correction(fresh_database: str) -> None:
    """One accepts while another sends back; the author corrects what was accepted: one order, whoever is first."""
    world = make_world()
    report = send(world, world.this_week)
    first, second = many(world, Role.APPROVER, 2)
    author = world.reporter()

    def accept() -> object:
        return accept_report(
            report, by=first, content_hash=report.content_hash, progress_accepted=None, note="", at=now()
        )

    def give_back() -> object:
        return return_report(report, by=second, content_hash=report.content_hash, note="Thiếu.", at=now())

    def correct() -> object:
        return correct_report(
            report, by=author, content=on_plan("41"), reason="Cộng nhầm.", idempotency_key=uuid4(), at=now()
        )

    answers = at_once([accept, give_back, correct])
    assert Acceptance.objects.count() == 1
    assert sum(isinstance(answer, Stale) for answer in answers[:2]) == 1
    verdict = Acceptance.objects.get().verdict
    assert Report.objects.count() == (2 if isinstance(answers[2], Report) else 1)
    assert not (verdict == "returned" and isinstance(answers[2], Report))
    assert OpenDuty.objects.count() == (0 if verdict == "accepted" and Report.objects.count() == 1 else 1)


def test_the_loser_gets_a_page_that_says_what_happened(world: World, client: Client) -> None:
    report = send(world, world.this_week)
    accept_report(
        report,
        by=world.head(world.state.government),
        content_hash=report.content_hash,
        progress_accepted=None,
        note="",
        at=now(),
    )
    client.force_login(world.state.person(Role.APPROVER, world.state.government))
    answer = client.post("/lam-viec/cho-duyet/chap-nhan/", {"chon": f"{report.pk}:{report.content_hash}:"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "head-chinh-phu đã xử lý báo cáo này trước: Chấp nhận" in page
    assert (Acceptance.objects.count(), today() >= ISSUED_ON) == (1, True)
