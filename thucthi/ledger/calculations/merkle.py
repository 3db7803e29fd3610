"""The hash tree of RFC 9162 (sections 2.1.1–2.1.4) over leaves in a fixed order: roots and the two kinds of proof.

Hashes are 32 bytes. A tree of no leaves has the root SHA-256(""). Nothing here stores anything.
"""

import hashlib
from collections.abc import Callable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
# The root of the leaves [start, end); kept subtrees make it cheap where there are many.
RangeRoot = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than `size`, where a tree of `size` > 1 leaves divides."""
    return 1 << ((size - 1).bit_length() - 1)


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, level by level: an odd one out rises unchanged, as the recursive definition has it."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def inclusion_proof(index: int, size: int, root: RangeRoot) -> list[bytes]:
    """The way from leaf `index` to the root of the first `size` leaves. Raises ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    way, start, end = [], 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            way.append(root(middle, end))
            end = middle
        else:
            way.append(root(start, middle))
            start = middle
    return way[::-1]


def consistency_proof(old: int, new: int, root: RangeRoot) -> list[bytes]:
    """That the first `old` leaves still begin the tree of `new`. Raises ValueError unless 0 < old ≤ new."""
    if not 0 < old <= new:
        raise ValueError(f"no proof from a tree of {old} to one of {new}")
    way: list[bytes] = []
    start, end, whole = 0, new, True
    while old < end:
        middle = start + split(end - start)
        if old <= middle:
            way.append(root(middle, end))
            end = middle
        else:
            way.append(root(start, middle))
            start, whole = middle, False
    return ([] if whole else [root(start, end)]) + way[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that `proof` leads to; None when the proof has not the length or shape of such a tree."""
    if not 0 <= index < size or any(len(each) != HASH_BYTES for each in proof):
        return None
    place, last, here = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            here = node_hash(sibling, here)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            here = node_hash(here, sibling)
        place, last = place >> 1, last >> 1
    return here if last == 0 else None


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `new` leaves begins with the tree of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new or any(len(each) != HASH_BYTES for each in proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    way = list(proof) if old & (old - 1) else [old_root, *proof]
    return bool(way) and _both_roots(old, new, way) == (old_root, new_root)


def _both_roots(old: int, new: int, way: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = way[0]
    for sibling in way[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        place, last = place >> 1, last >> 1
    return (before, after) if last == 0 else None
