"""The table that is printed, a line as soon as it is known."""

from tests.ha.stage import Told

_WIDTHS = (42, 6, 5, 9, 8, 13, 12, 11, 14)
_NAMES = ("event", "acked", "lost", "in doubt", "doubled", "unavailable", "longest", "whole again", "public errors")


def heading() -> list[str]:
    return [_row(_NAMES), _row(tuple("-" * width for width in _WIDTHS))]


def line(told: Told) -> str:
    cost = told.cost
    mark = "" if told.stands else " ✗"
    probed = "".join(f"; {name} {seconds:.1f} s" for name, seconds in told.probed.items())
    cells = (
        told.event.name,
        str(cost.acknowledged),
        str(len(cost.lost)),
        str(cost.doubtful),
        str(len(cost.doubled)),
        f"{told.unavailable:.1f} ≤ {told.event.bar:.0f} s",
        f"{cost.longest:.1f} s",
        f"{told.back:.0f} s",
        f"{told.public_errors} of {told.public}",
    )
    return f"{_row(cells)}{probed}{mark}"


def _row(cells: tuple[str, ...]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()
