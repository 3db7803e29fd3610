"""Two people at once: one wins, the other is told, nothing is done twice or by half."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from tests.programmes.world import ISSUED_ON, TODAY, World, make_world
from thucthi.kernel.errors import ThucThiError
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import edit_task, issue_programme
from thucthi.programmes.models import Programme, Task, TaskEvent


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Run the steps in threads that start together; returns the names of what each raised, "" for success."""
    gate = threading.Barrier(len(steps))
    outcomes: list[str] = []

    def run(step: Callable[[], object]) -> None:
        gate.wait()
        try:
            step()
            outcomes.append("")
        except ThucThiError as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def world(fresh_database: str) -> World:
    return make_world()


def test_two_heads_issue_once(world: World) -> None:
    programme, head = world.draft(), world.head
    issue = [
        lambda number=number: issue_programme(programme, by=head, issued_on=ISSUED_ON, issued_as=f"{number}/CTr")
        for number in range(4)
    ]
    assert at_once(*issue) == ["", "Refused", "Refused", "Refused"]
    assert TaskEvent.objects.count() == Entry.objects.filter(event="programme.issued").count() == 1


def test_two_editors_of_one_version_do_not_overwrite_each_other(world: World) -> None:
    task, editor = world.draft().tasks.get(), world.editor
    texts = [f"Kết nối {number} cơ sở dữ liệu" for number in range(2, 6)]
    edits = [
        lambda text=text: edit_task(task, by=editor, content=world.clear_task(text=text), version=1, on=TODAY)
        for text in texts
    ]
    assert at_once(*edits) == ["", "Stale", "Stale", "Stale"]
    assert (Task.objects.get().version, Entry.objects.filter(event="task.edited").count()) == (2, 1)


def test_an_edit_and_the_issue_never_cross(world: World) -> None:
    """Whichever comes first: an issued task is clear, and the loser is told."""
    programme, head, editor = world.draft(), world.head, world.editor
    task = programme.tasks.get()
    unclear = world.clear_task(product="", deadline_raw="")
    outcomes = at_once(
        lambda: issue_programme(programme, by=head, issued_on=ISSUED_ON, issued_as="1/CTr"),
        lambda: edit_task(task, by=editor, content=unclear, version=1, on=TODAY),
    )
    assert outcomes == ["", "Refused"]
    after = Task.objects.get()
    assert after.is_issued == (Programme.objects.get().issued_on is not None) == (after.product != "")
