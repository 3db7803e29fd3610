"""What is grouped and cut by the database is what the plain rules make of every line, in worlds made by chance."""

from datetime import datetime, time, timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.reporting.owed_rules import lines_of, owed_by_the_rules
from tests.reporting.world import World, today
from tests.thorough import in_full
from thucthi.directory.access import Grant, Viewer, sight_of
from thucthi.directory.models import EventKind, OrganisationEvent, Role, Succession
from thucthi.kernel.sight import looking_as
from thucthi.programmes.models import TaskEvent, TaskEventKind
from thucthi.reporting.models import Acceptance, Obligation, OpenDuty, Pause, Report
from thucthi.reporting.selectors.obligations import tasks_that_report
from thucthi.reporting.selectors.owed import OwedNow, owed_now, unanswered

DAYS = 16
STEPS = (TaskEventKind.SUSPENDED, TaskEventKind.RESUMED, TaskEventKind.CANCELLED, TaskEventKind.SUPERSEDED)


def make_duties(world: World, dice: Random) -> None:
    """Of each task up to five periods in two rhythms, some answered, returned, completed; tasks that stop and go on."""
    state = world.state
    for number in range(6):
        lead = dice.choice([state.science, state.province, state.commune, state.elsewhere])
        programme = dice.choice([world.programme, world.programme, world.hidden])
        world.task(f"nv-{dice.randint(10, 99)}-{number}", lead, programme)
    for code, task in world.tasks.items():
        for number in range(dice.randint(0, 5)):
            _duty(world, dice, code, number)
        for _ in range(dice.choice([0, 0, 1, 2])):
            on = today() + timedelta(days=dice.randint(-DAYS, 3))
            kind = dice.choice(STEPS)
            TaskEvent.objects.create(task=task, kind=kind, happened_on=on, decision="1/QĐ", reason="mẫu")
    if dice.random() < 0.5:
        _merge(world)


def _duty(world: World, dice: Random, code: str, number: int) -> None:
    due_on = today() + timedelta(days=dice.choice([dice.randint(-DAYS, DAYS), -7, 0, 7, 8]))
    task = world.tasks[code]
    obligation = Obligation.objects.create(
        task=task,
        organisation=task.lead,
        period_kind=dice.choice(["weekly", "weekly", "monthly"]),
        period_key=f"2026-{number}",
        period_start=due_on - timedelta(days=4),
        period_end=due_on + timedelta(days=2),
        due_on=due_on,
        grace_until=dice.choice([None, None, due_on + timedelta(days=dice.randint(0, 9))]),
    )
    if dice.random() < 0.4:
        _answer(world, dice, obligation)


def _answer(world: World, dice: Random, obligation: Obligation) -> None:
    sent = timezone.make_aware(datetime.combine(today() - timedelta(days=dice.randint(0, 5)), time(9)))
    author = world.reporter(obligation.organisation).account_id
    claims = dice.random() < 0.5
    for version in range(1, dice.choice([2, 2, 3])):
        verdict = dice.choice(["accepted", "returned", "returned", ""])
        report = Report.objects.create(
            obligation=obligation,
            task=obligation.task,
            version=version,
            author_id=author,
            claim="on_plan",
            progress_declared=40,
            claims_completion=claims,
            submitted_at=sent + timedelta(hours=version),
            idempotency_key=uuid4(),
            content_hash="0" * 64,
            is_simulated=True,
        )
        if not verdict:
            return
        Acceptance.objects.create(
            report=report,
            verdict=verdict,
            progress_accepted=40 if verdict == "accepted" else None,
            note="Thiếu.",
            author_id=author,
            reviewer_id=world.approver().account_id,
            content_hash="0" * 64,
            decided_at=sent + timedelta(days=dice.choice([0, 0, 2]), hours=version + 1),
            is_simulated=True,
        )


def _merge(world: World) -> None:
    """The province ends and another one stands in its place."""
    event = OrganisationEvent.objects.create(code="hop", kind=EventKind.MERGE, effective_on=today(), legal_basis="1/NQ")
    Succession.objects.create(event=event, predecessor=world.state.province, successor=world.state.elsewhere)
    world.state.province.valid_to = today() - timedelta(days=1)
    world.state.province.save(update_fields=["valid_to"])


def viewers_of(world: World) -> list[Viewer]:
    state = world.state
    both = tuple(Grant(place.pk, Role.REPORTER) for place in (state.science, state.province))
    return [
        *(world.reporter(place) for place in (state.science, state.province, state.commune, state.elsewhere)),
        Viewer(account_id=1, label="hai cơ quan", grants=both),
    ]


@pytest.mark.parametrize("seed", range(in_full(12, 150)))
def test_the_groups_are_those_of_the_plain_rules(world: World, seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - chance, not a secret
    viewers = viewers_of(world)
    make_duties(world, dice)
    for viewer in viewers:
        for day in (today(), today() + timedelta(days=dice.randint(-3, 9))):
            with looking_as(sight_of(viewer)):
                lines = lines_of(viewer, day)
                rows = unanswered(viewer, viewer.organisation_ids(), day).values_list("pk", flat=True)
                assert sorted(rows) == sorted(line.obligation for line in lines)
                for first in (1, 50):
                    assert owed_now(viewer, day, first) == owed_by_the_rules(lines, day, first), (viewer.label, day)


def test_the_worlds_hold_every_kind_of_thing(world: World) -> None:
    """Otherwise the comparison would compare nothing with nothing."""
    viewers, made = viewers_of(world), dict(world.tasks)
    found = dict.fromkeys(("overdue", "due_soon", "returned", "passed over", "later", "cut"), 0)
    for seed in range(12):
        point = transaction.savepoint()
        make_duties(world, Random(seed))  # noqa: S311 - chance, not a secret
        for viewer in viewers:
            count(owed_now(viewer, today(), 2), found)
        transaction.savepoint_rollback(point)
        world.tasks = dict(made)
    assert {name: number > 5 for name, number in found.items()} == dict.fromkeys(found, True)


def count(owed: OwedNow, found: dict[str, int]) -> None:
    found["later"] += owed.next_due_on is not None
    for name in ("overdue", "due_soon", "returned"):
        group = getattr(owed, name)
        found[name] += group.total
        found["cut"] += group.total > len(group.shown)
        found["passed over"] += sum(row.passed_over for row in group.shown)


@pytest.mark.parametrize("seed", range(in_full(6, 60)))
def test_pauses_are_those_of_the_facts_whatever_wrote_them(world: World, seed: int) -> None:
    """Kept, they are what a recount finds, and on each day what the rule says of each task."""
    make_duties(world, Random(seed))  # noqa: S311 - chance, not a secret
    kept = list(Pause.objects.order_by("task", "since", "until").values_list("task", "since", "until"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reporting_all_pauses() ORDER BY 1, 2, 3")
        assert cursor.fetchall() == kept
    for day in (today() + timedelta(days=days) for days in range(-DAYS, 6)):
        paused = {task for task, since, until in kept if since <= day and (until is None or day < until)}
        reporting = set(tasks_that_report(day).values_list("pk", flat=True))
        assert paused == {task.pk for task in world.tasks.values()} - reporting, day


def test_the_application_cannot_write_a_pause(world: World) -> None:
    make_duties(world, Random(1))  # noqa: S311 - chance, not a secret
    before = set(Pause.objects.values_list("task", "since", "until"))
    rows = Pause.objects.all()
    deeds = (
        lambda: rows.update(since=today()),
        lambda: rows._raw_delete("default"),
        lambda: Pause.objects.create(task=world.tasks["nv-khoa"], since=today()),
    )
    for deed in deeds:
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    assert set(Pause.objects.values_list("task", "since", "until")) == before != set()


def test_nobody_who_reports_for_nobody_is_asked(world: World) -> None:
    assert owed_now(world.approver(), today(), 50) == OwedNow()


def test_a_duty_says_whose_it_is_however_it_came_to_stand_there(world: World) -> None:
    make_duties(world, Random(3))  # noqa: S311 - chance, not a secret
    said = OpenDuty.objects.order_by("pk").values_list("pk", "task_code", "period_kind")
    facts = OpenDuty.objects.order_by("pk").values_list("pk", "obligation__task__code", "obligation__period_kind")
    assert list(said) == list(facts)
    assert {row.state for row in OpenDuty.objects.all()} == {"owed", "returned", "waiting"}
