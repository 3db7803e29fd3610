"""The sequencer: places without gaps in the order of commits, whatever writes beside it and whenever it is killed."""

from uuid import uuid4

import pytest
from django.db import connection, transaction

from tests.ledger.people import SOMEBODY, thing
from thucthi.ledger.actions import record, sequence
from thucthi.ledger.actions.tree import LEAF_TEXT
from thucthi.ledger.calculations.leaves import commitment, leaf_text
from thucthi.ledger.calculations.merkle import EMPTY_ROOT, is_consistent, leaf_hash, root_from_inclusion, root_of
from thucthi.ledger.models import Entry, Leaf, Subtree
from thucthi.ledger.selectors import consistency, inclusion, root_at, tree_size


def say(count: int) -> list[Entry]:
    with transaction.atomic():
        return [record("thing.said", by=SOMEBODY, subject=thing(), number=n) for n in range(count)]


def hashes() -> list[bytes]:
    return [bytes(each) for each in Leaf.objects.order_by("index").values_list("hash", flat=True)]


def test_an_empty_ledger_has_the_empty_tree(fresh_database: str) -> None:
    assert (sequence(), tree_size(), root_at(0)) == (0, 0, EMPTY_ROOT)


def test_entries_get_their_places_in_the_order_of_commits(fresh_database: str) -> None:
    said = say(3) + say(2)
    assert sequence(most=4) == 4
    assert sequence() == 1
    assert sequence() == 0
    assert list(Leaf.objects.order_by("index").values_list("index", "entry_id")) == list(
        enumerate(entry.pk for entry in said)
    )


def test_the_leaf_made_in_sql_is_the_leaf_of_python(fresh_database: str) -> None:
    say(3)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (uid, event, recorded_at, actor_label, subject_type, subject_label, content_hash,"
            " commitment) VALUES (%s, 'đã.ghi', '2026-01-02 03:04:05+07', '', '', '', '', %s),"
            " (%s, 'x', '2999-12-31 23:59:59.999999+00', '', '', '', '', '')",
            [uuid4(), "a" * 64, uuid4()],
        )
        cursor.execute(f"SELECT entry.id, {LEAF_TEXT} FROM ledger_entry entry")
        made = dict(cursor.fetchall())
    sequence()
    for entry in Entry.objects.select_related("leaf"):
        text = leaf_text(entry.uid, entry.event, entry.recorded_at, entry.commitment)
        assert made[entry.pk].encode() == text.encode()
        assert bytes(entry.leaf.hash) == leaf_hash(text.encode())
    assert len(made) == 5


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
def test_roots_and_proofs_from_tiles_are_those_of_all_leaves(fresh_database: str, size: int) -> None:
    said = say(size)
    sequence(most=300)
    sequence(most=300)
    sequence(most=300)
    leaves = hashes()
    assert len(leaves) == size
    assert list(Subtree.objects.order_by("level", "index").values_list("level", "index", "hash")) == [
        (1, n, root_of(leaves[n * 256 : n * 256 + 256])) for n in range(size // 256)
    ]
    assert root_at(size) == root_of(leaves)
    found = inclusion(said, size)
    assert sorted(each.index for each in found.values()) == list(range(size))
    for entry in said:
        each = found[entry.uid]
        assert root_from_inclusion(leaf_hash(each.leaf.encode()), each.index, size, each.proof) == root_of(leaves)
        assert each.salt is not None
        assert each.payload is not None
        assert commitment(each.salt, each.payload.encode()) == entry.commitment
    for old in {1, size // 2, size - 1} - {0}:
        assert is_consistent(old, size, root_of(leaves[:old]), root_of(leaves), consistency(old, size))
        assert set(inclusion(said, old)) == {said[n].uid for n in range(old)}
