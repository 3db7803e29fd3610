"""Several processes read one issue: of one moment, the same bytes however many, with the eyes of their parent."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import pytest
from django.db import connection, transaction

from tests.monitoring.world import AS_OF, World, make_world
from tests.publication.test_torn_reads import committed
from thucthi.kernel.canonical import canonical_json
from thucthi.kernel.sight import EVERYTHING, NOBODY, looking_as, seeing_everything
from thucthi.programmes.models import ChangedField, Task, TaskChange, TaskEvent
from thucthi.publication import moments
from thucthi.publication.moments import ALONE, Readers, readers
from thucthi.publication.selectors import batches, public_issue


@contextmanager
def one_moment() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def hash_of_issue(by: Readers) -> str:
    with seeing_everything():
        return sha256(canonical_json(public_issue("weekly", AS_OF, readers=by))).hexdigest()


def something_changes(world: World, turn: int) -> None:
    """What every part of an issue would show: a word, a step, a report, a new task."""
    task = Task.objects.get(code="nv-dung-han")
    TaskChange.objects.create(
        task=task, field=ChangedField.TEXT, old_value=task.text, new_value=f"Lời mới {turn}", decision="2/QĐ",
        decided_on=AS_OF, reason="mẫu",
    )  # fmt: skip
    Task.objects.filter(pk=task.pk).update(text=f"Lời mới {turn}")
    TaskEvent.objects.create(task=task, kind="received", happened_on=AS_OF, decision="1/QĐ", reason="mẫu")
    obligation = world.tasks["nv-sap-den"].obligations.get(due_on=AS_OF)
    world.report(obligation, AS_OF, str(turn))
    world.add(f"nv-them-{turn}", world.state.finance, AS_OF)


def test_the_bytes_do_not_depend_on_the_processes_while_somebody_writes(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "TASKS_AT_ONCE", 2)
    world = make_world()
    with one_moment():
        several = readers(2)
        assert (several.processes, bool(several.moment)) == (2, True)
        found = {hash_of_issue(ALONE)}
        for turn in range(3):
            committed(lambda turn=turn: something_changes(world, turn))
            found |= {hash_of_issue(several), hash_of_issue(Readers(3, several.moment))}
    assert len(found) == 1
    assert hash_of_issue(ALONE) not in found


def test_planted_a_reader_with_a_moment_of_its_own_is_found_out(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "TASKS_AT_ONCE", 2)
    world = make_world()
    with one_moment():
        several, alone = readers(2), hash_of_issue(ALONE)
        committed(lambda: something_changes(world, 1))
        assert hash_of_issue(several) == alone
        monkeypatch.setattr(moments, "_SNAPSHOT", "SELECT %s")
        assert hash_of_issue(several) != alone


def asked() -> tuple[int, int, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), current_setting('transaction_read_only'), current_setting('thucthi.viewer')"
            " FROM documents_document"
        )
        return (os.getpid(), *cursor.fetchone())


def test_readers_see_what_their_parent_sees_and_may_write_nothing(fresh_database: str) -> None:
    make_world()
    for eyes in (EVERYTHING, NOBODY):
        with one_moment():
            several = readers(2)
            with looking_as(eyes):
                _here, expected, _may_write, viewer = asked()
                answers = list(several.each([asked, asked, asked]))
            assert {answer[1:] for answer in answers} == {(expected, "on", viewer)}
            assert os.getpid() not in {answer[0] for answer in answers}
            assert asked()[0] == os.getpid()


def writing() -> None:
    Task.objects.update(text="ghi đè")


def test_a_reader_that_writes_fails_the_whole_in_its_own_words(fresh_database: str) -> None:
    make_world()
    with one_moment():
        several = readers(2)
        with seeing_everything(), pytest.raises(Exception, match="read-only transaction"):
            list(several.each([writing, writing]))
    assert not Task.objects.filter(text="ghi đè").exists()


def test_alone_where_others_could_not_see_the_same(fresh_database: str) -> None:
    world = make_world()
    assert readers(2) == ALONE
    with transaction.atomic():
        assert readers(2) == ALONE
    with one_moment():
        assert readers(1) == ALONE
        with transaction.atomic():
            assert readers(2) == ALONE
        TaskEvent.objects.create(task=world.tasks["nv-huy"], kind="received", happened_on=AS_OF)
        assert readers(2) == ALONE
