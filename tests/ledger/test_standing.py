"""The tree against itself and against what was published; an older or another one signs nothing."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.ledger.people import SOMEBODY, thing
from thucthi.kernel.errors import Refused
from thucthi.ledger.actions import record, sequence
from thucthi.ledger.actions.tree import sign_checkpoint
from thucthi.ledger.calculations import notes
from thucthi.ledger.models import Leaf, SignedCheckpoint
from thucthi.ledger.selectors import origin, root_at
from thucthi.ledger.selectors.standing import (
    SHOWN,
    audit,
    fault_against,
    fault_against_what_was_published,
    newest_shown,
    signed_by_a_known_key,
)
from thucthi.ledger.tasks import sequence_entries
from thucthi.publication import files

ROOT = b"r" * 32


def grow(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            record("thing.seen", by=SOMEBODY, subject=thing(number))
    while sequence():
        pass


def shown(size: int, root: bytes = ROOT, name: str = "") -> notes.Checkpoint:
    return notes.Checkpoint(name or origin(), size, root)


def put_out(root: Path, issue: str, text: str) -> None:
    path = root / "issues" / issue / "checkpoint"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("fresh_database")
def test_a_tree_that_grew_by_itself_is_clean_also_above_a_full_tile() -> None:
    assert audit().size == 0
    grow(300)
    found = audit()
    assert (found.size, found.wrong_leaves, found.wrong_subtrees, found.is_clean) == (300, 0, 0, True)
    assert found.root == root_at(300).hex()


@pytest.mark.parametrize(
    ("planted", "leaves", "subtrees"),
    [
        ("UPDATE ledger_leaf SET hash = sha256('x') WHERE index = 7", 1, 1),
        ("UPDATE ledger_entry SET commitment = repeat('0', 64) WHERE id = (SELECT max(id) FROM ledger_entry)", 1, 0),
        ("DELETE FROM ledger_leaf WHERE index = 280", 1, 0),
        ("UPDATE ledger_subtree SET hash = sha256('x')", 0, 1),
        ("DELETE FROM ledger_subtree", 0, 1),
    ],
)
def test_planted_changes_of_a_tree_are_counted(
    postgres: Any, fresh_database: str, planted: str, leaves: int, subtrees: int
) -> None:
    grow(300)
    connection.close()
    with psycopg.connect(postgres.url("superuser", "fresh")) as server:
        for table in ("ledger_entry", "ledger_leaf", "ledger_subtree"):
            server.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")  # type: ignore[call-overload]
        server.execute(planted)
    found = audit()
    assert (found.wrong_leaves, found.wrong_subtrees) == (leaves, subtrees)
    assert (found.root, found.is_clean) == ("", False)


@pytest.mark.usefixtures("fresh_database")
def test_a_smaller_tree_or_another_one_may_not_go_on() -> None:
    grow(4)
    assert fault_against(None) == ""
    assert fault_against(shown(0)) == ""
    assert fault_against(shown(4, root_at(4))) == ""
    assert fault_against(shown(3, root_at(3))) == ""
    assert "có 4 mục, ít hơn 5 mục đã công bố" in fault_against(shown(5))
    assert "khác với 4 mục đã công bố: lịch sử đã rẽ nhánh" in fault_against(shown(4))
    assert fault_against(shown(5, name="mot-so-khac.vn/thuc-thi")) == ""


@pytest.mark.usefixtures("fresh_database")
def test_the_newest_of_what_was_published_counts_and_what_cannot_be_read_does_not(settings: Any) -> None:
    root = settings.PUBLISHED_ROOT
    assert newest_shown() is None
    grow(3)
    put_out(root, "a", sign_checkpoint(size=2).note)
    put_out(root, "b", sign_checkpoint(size=3).note)
    put_out(root, "c", "no checkpoint")
    put_out(root, "d", f"{shown(90, name='mot-so-khac.vn').text()}\n— x AAAAAAAA\n")
    found = newest_shown()
    assert found is not None
    assert (found.size, found.root) == (3, root_at(3))
    assert fault_against_what_was_published() == ""


@pytest.mark.usefixtures("fresh_database")
def test_an_older_database_signs_and_sequences_nothing(settings: Any) -> None:
    grow(3)
    note = sign_checkpoint(size=3).note
    assert signed_by_a_known_key(note)
    put_out(settings.PUBLISHED_ROOT, "a", note.replace("\n3\n", "\n8\n"))  # as of a newer state
    assert not signed_by_a_known_key(note.replace("\n3\n", "\n8\n"))
    with transaction.atomic():
        record("thing.seen", by=SOMEBODY, subject=thing())
    with pytest.raises(Refused, match="ít hơn 8 mục đã công bố"):
        sign_checkpoint(size=3)
    assert sequence_entries(0) == 0
    for command in ("sequence_ledger", "agree_with_published"):
        with pytest.raises(CommandError, match="ít hơn 8 mục đã công bố"):
            call_command(command)
    assert (Leaf.objects.count(), SignedCheckpoint.objects.count()) == (3, 1)


def test_the_ledger_looks_where_publication_writes(settings: Any) -> None:
    path = files.issue_directory("0" * 64) / files.CHECKPOINT
    assert path.relative_to(settings.PUBLISHED_ROOT).match(SHOWN)
