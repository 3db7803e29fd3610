"""The tree against the reference tree of Certificate Transparency, against pymerkle, and by its own laws."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from tests.trust.bars import bar
from thucthi.ledger.calculations.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    node_hash,
    root_from_inclusion,
    root_of,
)
from thucthi.ledger.calculations.tiles import TILE, TreeOfTiles, completed, tiles_above

LARGEST = 4_096
# The eight leaves and roots that every implementation of RFC 6962 and RFC 9162 is tried on.
REFERENCE = [
    ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
    ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
    ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
]
LEAVES = [leaf_hash(n.to_bytes(4, "big")) for n in range(LARGEST)]


def kept(leaves: list[bytes]) -> TreeOfTiles:
    """A tree of tiles over leaves in memory, its subtrees kept as the sequencer keeps them."""
    levels = {0: leaves}
    for level, first, last in completed(0, len(leaves)):
        below = levels[level - 1]
        levels[level] = [root_of(below[n * TILE : (n + 1) * TILE]) for n in range(first, last)]
    return TreeOfTiles(lambda level, n: levels.get(level, [])[n * TILE : (n + 1) * TILE])


TREE = kept(LEAVES)


def plain(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, word by word."""
    if len(leaves) == 0:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(plain(leaves[:half]), plain(leaves[half:]))


@bar("B8")
def test_the_reference_tree() -> None:
    leaves = [leaf_hash(bytes.fromhex(data)) for data, _ in REFERENCE]
    assert [root_of(leaves[: n + 1]).hex() for n in range(8)] == [root for _, root in REFERENCE]
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@bar("B8")
def test_every_root_up_to_4096_is_that_of_pymerkle_and_of_the_definition() -> None:
    theirs = InmemoryTree(algorithm="sha256")
    assert theirs.get_root(0) == TREE.root(0, 0)
    for n in range(LARGEST):
        theirs.append_entry(n.to_bytes(4, "big"))
        assert theirs.get_root(n + 1) == TREE.root(0, n + 1), n + 1
    for n in (0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 1_000, 4_095, 4_096):
        assert root_of(LEAVES[:n]) == plain(LEAVES[:n]) == TREE.root(0, n)


@bar("B8")
def test_proofs_are_those_of_pymerkle() -> None:
    theirs = InmemoryTree(algorithm="sha256")
    for n in range(LARGEST):
        theirs.append_entry(n.to_bytes(4, "big"))
    draw = random.Random(9162)  # noqa: S311 - a repeatable choice, no secret
    for _ in range(400):
        size = draw.randint(1, LARGEST)
        index, old = draw.randrange(size), draw.randint(1, size)
        path = [bytes.fromhex(each) for each in theirs.prove_inclusion(index + 1, size).serialize()["path"]]
        assert inclusion_proof(index, size, TREE.root) == path[1:]
        # Its consistency proofs have another shape than those of RFC 9162; ours must lead to its roots.
        proof = consistency_proof(old, size, TREE.root)
        assert is_consistent(old, size, theirs.get_root(old), theirs.get_root(size), proof)


def test_all_small_trees_prove_every_leaf_and_every_growth() -> None:
    for size in range(1, 40):
        root = TREE.root(0, size)
        for index in range(size):
            proof = inclusion_proof(index, size, TREE.root)
            assert root_from_inclusion(LEAVES[index], index, size, proof) == root
        for old in range(1, size + 1):
            proof = consistency_proof(old, size, TREE.root)
            assert is_consistent(old, size, TREE.root(0, old), root, proof)


def test_three_levels_of_tiles_are_read_sparingly() -> None:
    """70,000 leaves: a proof asks for the tiles above its leaf and above the edge, and for no other."""
    many = [n.to_bytes(32, "big") for n in range(70_000)]
    asked: set[tuple[int, int]] = set()
    tree = kept(many)
    read = tree._tile
    tree._tile = lambda level, n: (asked.add((level, n)), read(level, n))[1]  # type: ignore[func-returns-value]
    assert tree.root(0, 70_000) == root_of(many)
    for index in (0, 255, 256, 40_000, 65_535, 65_536, 69_999):
        tree._known.clear()
        asked.clear()
        proof = inclusion_proof(index, 70_000, tree.root)
        assert root_from_inclusion(many[index], index, 70_000, proof) == root_of(many)
        assert asked <= {*tiles_above(index, 70_000), *tiles_above(69_999, 70_000)}
    assert list(tiles_above(69_999, 70_000)) == [(0, 273), (1, 1), (2, 0)]


@st.composite
def places(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, LARGEST))
    return draw(st.integers(0, size - 1)), size


CHANGES = st.tuples(st.sampled_from(["flip", "drop", "add", "swap", "short"]), st.integers(0, 10_000))


def changed(proof: list[bytes], how: tuple[str, int]) -> list[bytes]:
    kind, at = how
    made = list(proof)
    place = at % len(made) if made else 0
    if kind == "add" or not made:
        made.insert(place, LEAVES[at % LARGEST])
    elif kind == "flip":
        each = bytearray(made[place])
        each[at % 32] ^= 1 << (at % 8)
        made[place] = bytes(each)
    elif kind == "drop":
        del made[place]
    elif kind == "swap":
        made = made[1:] + made[:1]
    else:
        made[place] = made[place][:-1]
    return made


@settings(max_examples=300)
@given(places(), CHANGES)
def test_a_tampered_inclusion_proof_never_verifies(place: tuple[int, int], how: tuple[str, int]) -> None:
    index, size = place
    proof, root = inclusion_proof(index, size, TREE.root), TREE.root(0, size)
    other = changed(proof, how)
    assert root_from_inclusion(LEAVES[index], index, size, proof) == root
    assert other == proof or root_from_inclusion(LEAVES[index], index, size, other) != root


@settings(max_examples=300)
@given(places(), st.integers(0, LARGEST - 1))
def test_a_proof_is_of_its_own_leaf_and_place(place: tuple[int, int], other: int) -> None:
    index, size = place
    proof, root = inclusion_proof(index, size, TREE.root), TREE.root(0, size)
    if other != index:
        assert root_from_inclusion(LEAVES[other], index, size, proof) != root
        assert root_from_inclusion(LEAVES[index], other, size, proof) != root


@settings(max_examples=300)
@given(places(), CHANGES)
def test_a_tampered_consistency_proof_never_verifies(place: tuple[int, int], how: tuple[str, int]) -> None:
    old, size = place[0] + 1, place[1]
    proof, before, after = consistency_proof(old, size, TREE.root), TREE.root(0, old), TREE.root(0, size)
    other = changed(proof, how)
    assert is_consistent(old, size, before, after, proof)
    assert other == proof or not is_consistent(old, size, before, after, other)
    assert not is_consistent(old, size, LEAVES[0] if old > 1 else LEAVES[1], after, proof)
    assert not is_consistent(old, size, before, node_hash(after, after), proof)


def test_what_lies_outside_the_tree_has_no_proof() -> None:
    for index, size in ((0, 0), (5, 5), (-1, 5)):
        with pytest.raises(ValueError, match="is not in a tree"):
            inclusion_proof(index, size, TREE.root)
    for old, new in ((0, 5), (6, 5)):
        with pytest.raises(ValueError, match="no proof"):
            consistency_proof(old, new, TREE.root)
    assert root_from_inclusion(LEAVES[0], 0, 0, []) is None
    assert not is_consistent(0, 5, EMPTY_ROOT, TREE.root(0, 5), [])
    with pytest.raises(LookupError):
        kept(LEAVES[:300]).root(0, 301)
    with pytest.raises(LookupError):
        TreeOfTiles(lambda level, n: LEAVES[n * TILE : (n + 1) * TILE] if level == 0 else []).root(0, 256 * 2)


@given(st.integers(0, 200_000), st.integers(0, 200_000))
def test_growing_in_two_steps_completes_the_same_subtrees(first: int, second: int) -> None:
    def runs(old: int, new: int) -> set[tuple[int, int]]:
        return {(level, n) for level, start, end in completed(old, new) for n in range(start, end)}

    at_once, before = runs(0, first + second), runs(0, first)
    assert runs(first, first + second) == at_once - before
    assert before <= at_once
