"""What a report finds around its obligation is read in one statement; it says what the ordinary queries say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.reporting.world import CSV, World, behind, now, on_plan, send, today
from thucthi.documents.models import Document
from thucthi.programmes.models import ProgrammeBasis, TaskEvent, TaskEventKind
from thucthi.reporting.actions import accept_report, save_draft, store_evidence
from thucthi.reporting.calculations.statements import TypedReport
from thucthi.reporting.models import AcceptanceRoute, Obligation, Report, Rung
from thucthi.reporting.selectors.obligations import completions, tasks_that_run
from thucthi.reporting.selectors.standing import Standing, standing_of

NOTHING = Standing(
    has_key=False,
    has_versions=False,
    has_draft=False,
    has_files=False,
    has_routes=False,
    task_runs=True,
    task_is_complete=False,
)


def asked(obligation: Obligation, *, day: int = 0, key: Any = None) -> Standing:
    return standing_of(obligation, obligation.task.programme_id, key or uuid4(), today() + timedelta(days=day))


def test_at_first_there_is_nothing(world: World) -> None:
    assert asked(world.this_week) == NOTHING


def test_each_thing_is_found_by_itself(world: World) -> None:
    week = world.this_week
    save_draft(week, by=world.reporter(), typed=TypedReport(note="Đang viết"), version=0, page="p", at=now())
    assert asked(week) == _with(has_draft=True)
    store_evidence(week, by=world.reporter(), file_name="so-lieu.csv", content=CSV, kind="data")
    assert asked(week) == _with(has_draft=True, has_files=True)
    assert asked(world.last_week) == NOTHING
    report = send(world, world.last_week, on_plan("40"))
    assert asked(world.last_week) == _with(has_versions=True)
    assert asked(week, key=report.idempotency_key) == _with(has_draft=True, has_files=True, has_key=True)


def test_a_route_of_any_document_of_the_programme_is_found(world: World) -> None:
    document = Document.objects.get(programmes=world.programme)
    AcceptanceRoute.objects.create(document=document, rungs=[Rung.OWNER], basis="Quy chế", valid_from=today())
    assert asked(world.this_week) == _with(has_routes=True)
    ProgrammeBasis.objects.filter(programme=world.programme).update(
        document=Document.objects.exclude(pk=document.pk).get()
    )
    assert asked(world.this_week) == NOTHING


Events = list[tuple[str, int]]


@pytest.mark.parametrize(
    "events",
    [
        [],
        [(TaskEventKind.SUSPENDED, -3)],
        [(TaskEventKind.SUSPENDED, -3), (TaskEventKind.RESUMED, -1)],
        [(TaskEventKind.SUSPENDED, -1), (TaskEventKind.RESUMED, -1)],
        [(TaskEventKind.CANCELLED, 0)],
        [(TaskEventKind.SUPERSEDED, 2)],
    ],
)
def test_whether_the_task_runs_is_what_the_rule_says(world: World, events: Events) -> None:
    task = world.tasks["nv-khoa"]
    for kind, day in events:
        on = today() + timedelta(days=day)
        TaskEvent.objects.create(task=task, kind=kind, happened_on=on, decision="01/QĐ", reason="Theo quyết định.")
    for day in range(-4, 4):
        on = today() + timedelta(days=day)
        assert asked(world.this_week, day=day).task_runs == tasks_that_run(on).filter(pk=task.pk).exists()


def test_whether_it_is_complete_is_what_the_rule_says(world: World) -> None:
    task = world.tasks["nv-khoa"]
    before = [asked(world.this_week, day=day).task_is_complete for day in (-1, 0, 1)]
    report = _complete(world, store_evidence)
    accept_report(
        report, by=world.approver(), content_hash=report.content_hash, progress_accepted=None, note="", at=now()
    )
    after = [asked(world.this_week, day=day).task_is_complete for day in (-1, 0, 1)]
    said = [completions(today() + timedelta(days=day)).filter(task=task).exists() for day in (-1, 0, 1)]
    assert (before, after, said) == ([False, False, False], [False, True, True], [False, True, True])


def _complete(world: World, store: Callable[..., Any]) -> Report:
    store(world.this_week, by=world.reporter(), file_name="so-lieu.csv", content=CSV, kind="data")
    return send(world, world.this_week, on_plan("100", claims_completion=True))


def _with(**found: bool) -> Standing:
    return Standing(**(vars(NOTHING) | found))


def test_a_report_behind_plan_still_finds_its_obstacle(world: World) -> None:
    """The quick way must not be taken past what only a slower report needs."""
    assert send(world, world.this_week, behind(world)).obstacle is not None
