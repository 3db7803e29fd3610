"""The values of an issue on the disk where they are too many for memory: a country has millions of them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import overload

from thucthi.publication.frozen import Kept, Shelf, Spool
from thucthi.publication.records import Blocks
from thucthi.publication.shapes import ValueData

BLOCKS = Blocks(ValueData)
VALUES_OF_A_BLOCK = 500


class FrozenValues(Sequence[ValueData]):
    """As a tuple of the values, made anew each time somebody goes through them."""

    def __init__(self, shelf: Shelf, count: int) -> None:
        self._shelf, self._count = shelf, count

    @classmethod
    def of(cls, spool: Spool, values: Iterable[ValueData]) -> "FrozenValues":
        """Raises OSError when the disk cannot take them."""
        waiting, kept, count = iter(values), list[Kept](), 0
        while block := list(islice(waiting, VALUES_OF_A_BLOCK)):
            kept.append(spool.put([BLOCKS.written(block)]))
            count += len(block)
        return cls(Shelf(spool, kept), count)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> ValueData: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[ValueData]: ...
    def __getitem__(self, place: int | slice) -> ValueData | Sequence[ValueData]:
        if isinstance(place, slice):
            return list(self)[place]
        block, rest = divmod(range(self._count)[place], VALUES_OF_A_BLOCK)
        return BLOCKS.read(self._shelf[block])[rest]

    def __iter__(self) -> Iterator[ValueData]:
        return chain.from_iterable(BLOCKS.read(self._shelf[place]) for place in range(len(self._shelf)))
