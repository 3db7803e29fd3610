"""A small language for places in JSON: `data.rows[*]`, `value.number`, `[0].name`, `$key`.

* `a.b` goes into the member `b` of the member `a`; `a[0]` into the first item of a list;
* `a[*]` stands for every item of a list, or every member of an object;
* `$key`, alone, is the name under which an item of `[*]` stood in its object, or its place in the list from 0.

An empty path is the whole document. A member whose name holds a point or a bracket cannot be named.
"""

import re
from collections.abc import Iterator

KEY = "$key"
MOST_STEPS = 20
_STEP = re.compile(r"(?:^|\.)([^.\[\]]+)|\[(\*|[0-9]{1,6})\]")

Step = str | int | None


class PathWrong(ValueError):
    """What was written is no path."""


def steps_of(path: str) -> tuple[Step, ...]:
    """The steps of a path: a name, an index, or None for every item."""
    steps: list[Step] = []
    at, path = 0, path.strip()
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None or len(steps) == MOST_STEPS:
            raise PathWrong(path)
        name, index = found.groups()
        steps.append(name if name is not None else None if index == "*" else int(index))
        at = found.end()
    return tuple(steps)


def items_at(tree: object, steps: tuple[Step, ...], key: object = None) -> Iterator[tuple[object, object]]:
    """(key, item) of everything the path leads to; nothing where the document has no such place."""
    if not steps:
        yield key, tree
        return
    step, rest = steps[0], steps[1:]
    if step is None:
        members = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
        for name, item in members:
            yield from items_at(item, rest, name)
    elif isinstance(step, int):
        if isinstance(tree, list) and step < len(tree):
            yield from items_at(tree[step], rest, key)
    elif isinstance(tree, dict) and step in tree:
        yield from items_at(tree[step], rest, key)


def value_at(item: object, steps: tuple[Step, ...], key: object = None) -> object:
    """The one value a path leads to inside a record; None when there is none, or only a list or object."""
    if steps == (KEY,):
        return key
    found = next((value for _, value in items_at(item, steps)), None)
    return None if isinstance(found, dict | list) else found
