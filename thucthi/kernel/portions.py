"""Things that are read some at a time because all of them together would not fit into memory."""

from collections.abc import Iterable, Iterator
from sys import maxsize
from typing import TypeVar

Item = TypeVar("Item")


def portions(weighed: Iterable[tuple[Item, int]], most: int, longest: int = maxsize) -> Iterator[list[Item]]:
    """The items of (item, weight), in order, in lists that weigh `most` together and have `longest` items, at most.

    An item that alone weighs more stands alone.
    """
    portion: list[Item] = []
    total = 0
    for item, weight in weighed:
        if portion and (total + weight > most or len(portion) == longest):
            yield portion
            portion, total = [], 0
        portion.append(item)
        total += weight
    if portion:
        yield portion
