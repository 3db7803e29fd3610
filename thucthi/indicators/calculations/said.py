"""Sentences about what was typed, which are filled in and translated by whoever shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


def N_(sentence: str) -> str:
    """Marks a sentence for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


@dataclass(frozen=True, slots=True)
class Said:
    """`sentence` has named places (%(text)s) that `values` fill; as text it is the Vietnamese sentence."""

    sentence: str
    values: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def __str__(self) -> str:
        return self.sentence % self.values


MOST_SHOWN = 40


def shown(typed: object) -> str:
    """What was typed, fit to be quoted: one line, not long, nothing that cannot be printed."""
    words = " ".join(str(typed).split())
    words = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in words)
    return words if len(words) <= MOST_SHOWN else f"{words[:MOST_SHOWN]}…"
