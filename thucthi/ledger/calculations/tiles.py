"""The tree cut into tiles of 256 hashes: which subtrees are kept, and any root from few of them.

A tile (`level`, `number`) holds the hashes of up to 256 neighbours: leaves on level 0, kept subtrees of 256^level
leaves above. Full subtrees never change, so that a proof in a tree of a million leaves reads half a dozen tiles.
"""

from collections.abc import Callable, Iterator, Sequence

from thucthi.ledger.calculations.merkle import EMPTY_ROOT, node_hash, root_of, split

TILE = 256
# The hashes of one tile, as many as there are; the caller keeps them.
ReadTile = Callable[[int, int], Sequence[bytes]]


def completed(old: int, new: int) -> Iterator[tuple[int, int, int]]:
    """(level, first, past the last) of the subtrees that became full when the tree grew from `old` to `new` leaves."""
    level, width = 1, TILE
    while width <= new:
        if old // width < new // width:
            yield level, old // width, new // width
        level, width = level + 1, width * TILE


def tiles_above(leaf: int, size: int) -> Iterator[tuple[int, int]]:
    """(level, number) of the tiles above a leaf in a tree of `size` leaves; a proof reads these and the last leaf's."""
    level, step = 0, 1
    while step <= size:
        yield level, leaf // step // TILE
        level, step = level + 1, step * TILE


class TreeOfTiles:
    """Roots over runs of leaves; what was computed once is kept, so that many proofs share their upper parts."""

    def __init__(self, tile: ReadTile) -> None:
        self._tile = tile
        self._known: dict[tuple[int, int], bytes] = {}

    def root(self, start: int, end: int) -> bytes:
        """The root over the leaves [start, end), a run as it occurs in the division of RFC 9162.

        Raises LookupError when a leaf or a kept subtree is missing.
        """
        if start == end:
            return EMPTY_ROOT
        if (start, end) not in self._known:
            self._known[start, end] = self._made(start, end)
        return self._known[start, end]

    def _made(self, start: int, end: int) -> bytes:
        width = end - start
        if width & (width - 1):
            middle = start + split(width)
            return node_hash(self.root(start, middle), self.root(middle, end))
        level, step = 0, 1
        while step * TILE <= width:
            level, step = level + 1, step * TILE
        first = start // step
        tile = self._tile(level, first // TILE)
        hashes = tile[first % TILE : first % TILE + width // step]
        if len(hashes) != width // step:
            raise LookupError(f"the tree misses hashes of level {level} from {first} on")
        return root_of(hashes)


def tile_path(level: int, number: int, width: int) -> str:
    """The path of a tile of `width` hashes by C2SP tlog-tiles: 1234067 is x001/x234/067, a partial one ends in .p/W."""
    digits = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        digits.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(digits)}{'' if width == TILE else f'.p/{width}'}"


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """(level, number, width) of every tile of a tree of `size` leaves, level by level."""
    level, count = 0, size
    while count:
        yield from ((level, number, min(TILE, count - number * TILE)) for number in range(-(-count // TILE)))
        level, count = level + 1, count // TILE
