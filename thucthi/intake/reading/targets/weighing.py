"""How sure it is that a figure is one to reach.

The heading, words of aim and words of measure speak for it, norms and reports against.
"""

import re

from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.targets.matching import any_of

SURE_ENOUGH = 0.6
_CONTEXTS = rules("target_words")["contexts"]
_ASPIRATION = re.compile(any_of(_CONTEXTS["aspiration"]) + "|" + "|".join(_CONTEXTS["aspiration_patterns"]))
_INDICATOR = re.compile(any_of(_CONTEXTS["indicator_words"]))
_NORM = re.compile(any_of(_CONTEXTS["norms"]))
_PAST = re.compile(any_of(_CONTEXTS["past"]))
_COMPARING = re.compile("|".join(_CONTEXTS["comparing_patterns"]))
_BRACKETS = re.compile(r"\([^()]*\)")


def is_past(words: str) -> bool:
    """Whether the words report; what stands in brackets or only compares does not count."""
    return bool(_PAST.search(_COMPARING.sub(" ", _BRACKETS.sub(" ", words))))


def weight(small: str, clause: str, *, is_expected: bool, is_past: bool, is_group: bool, is_bound: bool) -> float:
    """0 to 1; `SURE_ENOUGH` is where a figure is taken for a target."""
    aims = 0.2 if _ASPIRATION.search(small) else 0.0
    measures = 0.15 if is_group or _INDICATOR.search(clause) else 0.0
    against = (0.45 if is_past else 0.0) + (0.45 if not is_expected else 0.2) * bool(_NORM.search(clause))
    return round(min(1.0, max(0.0, 0.45 + 0.35 * is_expected + 0.1 * is_bound + aims + measures - against)), 2)
