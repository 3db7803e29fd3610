"""Where the lines of a chart go: actual values with their gaps, the path, the target, a forecast with its interval.

Time runs evenly by days. A value that is missing is a gap in the line and never a zero; a lone value between two gaps
is a dot. Coordinates are rounded to one decimal, which no eye sees and every page saves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

LEFT, RIGHT, TOP, HEIGHT, BELOW = 56, 20, 26, 170, 34
WIDTHS = (340, 640)


@dataclass(frozen=True, slots=True)
class Mark:
    """A value of a period. `label` names the period; without an amount it is a gap."""

    day: date
    label: str
    amount: Decimal | None
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected of the period that ends on `day`, and within which bounds."""

    day: date
    middle: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that stands in one chart; amounts in one unit."""

    marks: Sequence[Mark]
    path: Sequence[tuple[date, Decimal]] = ()
    target: Decimal | None = None
    forecast: Sequence[Forecast] = ()
    compared: Sequence[Mark] = ()


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid, or a label below it: `at` is y or x, `amount` or `label` what it says."""

    at: float
    amount: Decimal | None = None
    label: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart in the words of SVG; empty texts for lines that are not there."""

    width: int
    height: int
    left: int
    right: int
    grid: tuple[Tick, ...]
    times: tuple[Tick, ...]
    line: str
    dots: tuple[Dot, ...]
    compared: tuple[Dot, ...]
    path: str
    target: float | None
    middle: str
    band: str
    latest: Dot | None
    latest_amount: Decimal | None


def drawings_of(scene: Scene) -> tuple[Drawing, ...]:
    """The same chart for phones and for desks; none when there is nothing to draw."""
    if not any(mark.amount is not None for mark in scene.marks):
        return ()
    return tuple(_drawn(scene, width) for width in WIDTHS)


class _Frame:
    """Turns days and amounts into places."""

    def __init__(self, scene: Scene, width: int) -> None:
        days = [mark.day for mark in scene.marks] + [each.day for each in scene.forecast]
        self.first, self.last = min(days), max(days)
        self.plot = width - LEFT - RIGHT
        self.ticks = ticks_over(_amounts(scene))
        self.low, self.high = self.ticks[0], self.ticks[-1]

    def x(self, day: date) -> float:
        return round(LEFT + self.plot * (day - self.first).days / max((self.last - self.first).days, 1), 1)

    def y(self, amount: Decimal) -> float:
        return round(float(TOP + HEIGHT - (amount - self.low) / (self.high - self.low) * HEIGHT), 1)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def _amounts(scene: Scene) -> list[Decimal]:
    known = [mark.amount for mark in (*scene.marks, *scene.compared) if mark.amount is not None]
    bounds = [bound for each in scene.forecast for bound in (each.low, each.high)]
    aimed = [scene.target] if scene.target is not None else []
    return [*known, *bounds, *aimed, *(amount for _, amount in scene.path)]


def ticks_over(amounts: Iterable[Decimal]) -> list[Decimal]:
    """About four steps of 1, 2 or 5 times a power of ten, from at or below the least to at or above the most."""
    known = list(amounts)
    low, high = min(known), max(known)
    span = (high - low) or abs(high) or Decimal(1)
    power = Decimal(10) ** ((span / 4).adjusted())
    step = next(lead * power for lead in (1, 2, 5, 10) if lead * power >= span / 4)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    if first == last:
        last += 1
    return [step * count for count in range(int(first), int(last) + 1)]


def _drawn(scene: Scene, width: int) -> Drawing:
    frame = _Frame(scene, width)
    dots = tuple(_dots(frame, scene.marks))
    amounts = [mark.amount for mark in scene.marks if mark.amount is not None]
    return Drawing(
        width=width,
        height=TOP + HEIGHT + BELOW,
        left=LEFT,
        right=width - RIGHT,
        grid=tuple(Tick(frame.y(amount), amount=amount) for amount in frame.ticks),
        times=tuple(_times(frame, scene, width)),
        line=stroke([(frame.x(m.day), None if m.amount is None else frame.y(m.amount)) for m in scene.marks]),
        dots=dots,
        compared=tuple(_dots(frame, scene.compared)),
        path=stroke([(frame.x(day), frame.y(amount)) for day, amount in scene.path if frame.holds(day)]),
        target=None if scene.target is None else frame.y(scene.target),
        middle=stroke([(frame.x(each.day), frame.y(each.middle)) for each in scene.forecast]),
        band=_band(frame, scene.forecast),
        latest=dots[-1] if dots else None,
        latest_amount=amounts[-1] if amounts else None,
    )


def _dots(frame: _Frame, marks: Iterable[Mark]) -> Iterable[Dot]:
    for mark in marks:
        if mark.amount is not None and frame.holds(mark.day):
            yield Dot(frame.x(mark.day), frame.y(mark.amount), mark.is_provisional)


def stroke(points: Iterable[tuple[float, float | None]]) -> str:
    """The path of a pen that is lifted where there is no value."""
    words: list[str] = []
    is_down = False
    for x, y in points:
        if y is not None:
            words.append(f"L{x:g} {y:g}" if is_down else f"M{x:g} {y:g}h0")
        is_down = y is not None
    return "".join(words)


def _band(frame: _Frame, forecast: Sequence[Forecast]) -> str:
    if not forecast:
        return ""
    there = [f"{frame.x(each.day):g} {frame.y(each.high):g}" for each in forecast]
    back = [f"{frame.x(each.day):g} {frame.y(each.low):g}" for each in reversed(forecast)]
    return "M" + "L".join([*there, *back]) + "Z"


def _times(frame: _Frame, scene: Scene, width: int) -> Iterable[Tick]:
    """Labels so far apart that none touches the next; the last period and the end of a forecast have one."""
    room = 104 * (frame.last - frame.first).days / max(frame.plot, 1)
    kept: list[Mark] = []
    for mark in reversed(scene.marks):
        if not kept or (kept[-1].day - mark.day).days >= room:
            kept.append(mark)
    for mark in reversed(kept):
        x = frame.x(mark.day)
        yield Tick(x, label=mark.label, anchor="start" if x < LEFT + 30 else "end" if x > width - 50 else "middle")
    if scene.forecast and (frame.last - scene.marks[-1].day).days >= room:
        yield Tick(frame.x(frame.last), label=str(frame.last.year), anchor="end")


def spark_of(amounts: Sequence[Decimal | None], low: Decimal, high: Decimal, width: int, height: int) -> str:
    """A small line on a given scale, so that many of them can be compared; four units of room on each side."""
    span = (high - low) or Decimal(1)
    step = (width - 8) / max(len(amounts) - 1, 1)
    return stroke(
        (
            round(4 + step * place, 1),
            None if amount is None else round(float(4 + (high - amount) / span * (height - 8)), 1),
        )
        for place, amount in enumerate(amounts)
    )
