"""How alike two masked texts are, and which of their words are the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from thucthi.intake.copying.masking import Word

NEAR_IDENTICAL, REVIEW = 85.0, 75.0
"""From here on a pair is near-identical, or worth a look; chosen on labelled pairs (benchmarks.quality.copies)."""
# A text cut short: nearly all of its words stand in the longer one, which is at most twice as long.
_WITHIN, _LEAST_WORDS, _SHORTEST_SHARE = 0.92, 6, 0.5
# A shorter run of equal words is chance.
_SHORTEST_RUN = 3


@dataclass(frozen=True, slots=True)
class Passage:
    """The same words in two texts: first[start:end] and second[other_start:other_end]."""

    start: int
    end: int
    other_start: int
    other_end: int


def sorted_words(masked: str) -> str:
    """Word order put aside; what `likeness` compares."""
    return " ".join(sorted(masked.split()))


def likeness(first: str, second: str) -> float:
    """0 to 100 for two texts given as `sorted_words`; symmetric, 100 for the same words, 0 when either is empty."""
    if not first or not second:
        return 0.0
    score = fuzz.ratio(first, second, score_cutoff=REVIEW / 1.5)
    if REVIEW / 1.5 <= score < REVIEW and _is_cut_short(first.split(), second.split()):
        return REVIEW
    return score


def _is_cut_short(first: Sequence[str], second: Sequence[str]) -> bool:
    shorter, longer = sorted((len(first), len(second)))
    if shorter < _LEAST_WORDS or shorter < _SHORTEST_SHARE * longer:
        return False
    common = (Counter(first) & Counter(second)).total()
    return common >= _WITHIN * shorter


def passages(first: Sequence[Word], second: Sequence[Word]) -> tuple[Passage, ...]:
    """Runs of equal words in the order of the first text; for showing two texts side by side."""
    found: list[Passage] = []
    operations = Indel.opcodes([word.bare for word in first], [word.bare for word in second])
    for each in operations:
        if each.tag == "equal" and each.src_end - each.src_start >= _SHORTEST_RUN:
            ours, theirs = first[each.src_start : each.src_end], second[each.dest_start : each.dest_end]
            found.append(Passage(ours[0].start, ours[-1].end, theirs[0].start, theirs[-1].end))
    return tuple(found)
