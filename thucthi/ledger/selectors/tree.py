"""The tree as it is kept: sizes, roots and proofs; each reads a few tiles of 256 hashes, whatever the size."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import connection

from thucthi.ledger.calculations.leaves import leaf_text, payload_of
from thucthi.ledger.calculations.merkle import HASH_BYTES, consistency_proof, inclusion_proof
from thucthi.ledger.calculations.tiles import TILE, TreeOfTiles, tile_path, tiles_above, tiles_of
from thucthi.ledger.models import Entry, Leaf

# Each wanted tile as one row, its hashes one after the other.
_HASHES = f"""
SELECT wanted.level, wanted.number, coalesce(leaves.hashes, subtrees.hashes)
  FROM unnest(%s::smallint[], %s::bigint[]) wanted(level, number),
       LATERAL (SELECT string_agg(hash, ''::bytea ORDER BY index) AS hashes FROM ledger_leaf
                 WHERE wanted.level = 0 AND index >= wanted.number * {TILE}
                   AND index < (wanted.number + 1) * {TILE}) leaves,
       LATERAL (SELECT string_agg(hash, ''::bytea ORDER BY index) AS hashes FROM ledger_subtree
                 WHERE level = wanted.level AND index >= wanted.number * {TILE}
                   AND index < (wanted.number + 1) * {TILE}) subtrees
"""  # noqa: S608 - numbers of ours


@dataclass(frozen=True)
class Inclusion:
    """That an entry is leaf `index`: its text, the way to the root, and what opens its commitment (None: erased)."""

    index: int
    leaf: str
    proof: list[bytes]
    salt: bytes | None
    payload: str | None


def tree_size() -> int:
    """How many leaves there are."""
    last = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def root_at(size: int) -> bytes:
    """The root over the first `size` leaves. Raises LookupError when there are not so many."""
    return TreeOfTiles(_Tiles([size - 1], size).read).root(0, size)


def consistency(old: int, new: int) -> list[bytes]:
    """That the tree of `new` leaves begins with the tree of `old`; nothing need be shown from an empty one.

    Raises ValueError unless old ≤ new, LookupError when there are not so many leaves.
    """
    if old == 0 <= new:
        return []
    return consistency_proof(old, new, TreeOfTiles(_Tiles([old - 1, new - 1], new).read).root)


def inclusion(entries: Iterable[Entry], size: int) -> dict[UUID, Inclusion]:
    """By uid, the proofs in the tree of `size` leaves; entries that are not in it are left out."""
    known = {entry.pk: entry for entry in entries}
    places = Leaf.objects.filter(entry_id__in=list(known), index__lt=size).values_list("index", "entry_id")
    found = sorted(places)
    tree = TreeOfTiles(_Tiles([*(index for index, _ in found), size - 1], size).read)
    return {known[pk].uid: _proved(known[pk], index, inclusion_proof(index, size, tree.root)) for index, pk in found}


def placed(entries: Iterable[Entry], size: int) -> dict[UUID, Inclusion]:
    """As `inclusion`, without the ways: for whoever has the tiles of the tree beside them."""
    known = {entry.pk: entry for entry in entries}
    places = Leaf.objects.filter(entry_id__in=list(known), index__lt=size).values_list("index", "entry_id")
    return {known[pk].uid: _proved(known[pk], index, []) for index, pk in sorted(places)}


def tiles(size: int) -> Iterator[tuple[str, bytes]]:
    """(path, hashes one after the other) of every tile of the tree of `size` leaves.

    Raises LookupError when there are not so many.
    """
    wanted = tiles_of(size)
    while some := list(islice(wanted, TILE)):
        kept = _asked([(level, number) for level, number, _width in some])
        for level, number, width in some:
            hashes = kept[level, number][: width * HASH_BYTES]
            if len(hashes) != width * HASH_BYTES:
                raise LookupError(f"the tree misses hashes of level {level} in tile {number}")
            yield tile_path(level, number, width), hashes


def _proved(entry: Entry, index: int, proof: list[bytes]) -> Inclusion:
    salt = None if entry.salt is None else bytes(entry.salt)
    return Inclusion(index, leaf_of(entry), proof, salt, None if salt is None else payload_text(entry))


def leaf_of(entry: Entry) -> str:
    return leaf_text(entry.uid, entry.event, entry.recorded_at, entry.commitment)


def payload_text(entry: Entry) -> str:
    """What the commitment is about, as it was hashed; meaningless once the entry is erased."""
    return payload_of(
        actor_id=entry.actor_id,
        actor_label=entry.actor_label,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        subject_label=entry.subject_label,
        content=entry.content,
    ).decode()


class _Tiles:
    """Tiles read so far in one question; leaves and subtrees never change, so none is read twice."""

    def __init__(self, leaves: Iterable[int], size: int) -> None:
        """Fetches what proofs about these leaves in a tree of `size` need, in one question."""
        self._kept: dict[tuple[int, int], Sequence[bytes]] = {}
        self._fetch({pair for leaf in leaves for pair in tiles_above(leaf, size)})

    def read(self, level: int, number: int) -> Sequence[bytes]:
        if (level, number) not in self._kept:
            self._fetch({(level, number)})
        return self._kept[level, number]

    def _fetch(self, wanted: set[tuple[int, int]]) -> None:
        pairs = sorted(wanted)
        for start in range(0, len(pairs), TILE):
            self._ask(pairs[start : start + TILE])

    def _ask(self, pairs: list[tuple[int, int]]) -> None:
        for pair, whole in _asked(pairs).items():
            self._kept[pair] = [whole[i : i + HASH_BYTES] for i in range(0, len(whole), HASH_BYTES)]


def _asked(pairs: list[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """By level and number, the hashes of some tiles one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(_HASHES, [[level for level, _ in pairs], [number for _, number in pairs]])
        return {(level, number): bytes(run or b"") for level, number, run in cursor.fetchall()}
