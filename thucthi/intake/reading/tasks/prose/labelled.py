"""Lines under a piece of work that say who, with whom, when and with what result: "Cơ quan chủ trì: …"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from thucthi.intake.reading.bodies.wording import even
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.tasks.prose.wording import ends_label, lowered

_KINDS = ("work", "lead", "coordinators", "time", "product", "resources")


@dataclass(frozen=True, slots=True)
class Labelled:
    """What stands after the label: text[start:end]."""

    kind: str
    start: int
    end: int


@cache
def _labels() -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = rules("prose_time")
    return tuple((kind, re.compile(rf"(?:{'|'.join(words[kind])})\s*:\s*")) for kind in _KINDS)


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(rules('prose_time')['opening'])})\s*:?\s*$")


def labelled(text: str, start: int, end: int) -> Labelled | None:
    """What the line text[start:end] says under a label; None when it has none."""
    line = text[start:end]
    lower = lowered(even(line))
    place = ends_label(line)
    for kind, label in _labels():
        found = label.match(lower, place)
        if found:
            return Labelled(kind, start + found.end(), end)
    return None


def only_opens(text: str) -> bool:
    """A line such as "b) Cơ quan thực hiện:" that says nothing by itself."""
    return _opening().match(lowered(even(text)), ends_label(text)) is not None


def several(text: str, start: int, end: int) -> Sequence[Labelled]:
    """As `labelled`, for a line that holds several of them ("Chủ trì: …; thời gian: …")."""
    found: list[Labelled] = []
    place = start + ends_label(text[start:end])
    for part in re.split(r"(?<=[;.])\s+", text[place:end]):
        at = text.index(part, place)
        place = at + len(part)
        one = labelled(text, at, place)
        if one:
            found.append(one)
        elif found:
            found[-1] = Labelled(found[-1].kind, found[-1].start, place)
        else:
            return ()
    return found
