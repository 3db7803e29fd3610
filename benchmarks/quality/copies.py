"""Which labelled pairs are found to be copies: given ones, and those the tests carry."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.quality.scores import Score, is_held_out
from tests.intake.copying.invented import PLACES, all_pairs
from thucthi.intake.copying.comparison import REVIEW, likeness, sorted_words
from thucthi.intake.copying.masking import Mask
from thucthi.intake.copying.signatures import bands_of


def score(gold: Path) -> list[Score]:
    """Precision and recall at the threshold of review, over pairs that also meet in a band of their signatures."""
    given = json.loads((gold / "copy_pairs.json").read_text("utf-8"))
    rows = [(bool(pair["copy"]), pair["kind"], pair["a"], pair["b"]) for pair in given]
    own = [(pair.is_copy, pair.kind, pair.first, pair.second) for pair in all_pairs()]
    return [*_scores("copies, given pairs", rows), *_scores("copies, own pairs", own)]


def _scores(element: str, pairs: list[tuple[bool, str, str, str]]) -> Iterator[Score]:
    found = list(_found(pairs))
    for held in (False, True):
        chosen = [(pair, is_found) for pair, is_found in found if is_held_out(pair[2] + pair[3]) is held]
        right = sum(is_found and pair[0] for pair, is_found in chosen)
        yield Score(element, "precision", right, sum(is_found for _, is_found in chosen), held)
        yield Score(element, "recall", right, sum(pair[0] for pair, _ in chosen), held)
        for kind in sorted({pair[1] for pair, _ in chosen if pair[0]}):
            of_kind = [is_found for pair, is_found in chosen if pair[0] and pair[1] == kind]
            yield Score(element, f"recall, {kind}", sum(of_kind), len(of_kind), held)


def _found(pairs: list[tuple[bool, str, str, str]]) -> Iterable[tuple[tuple[bool, str, str, str], bool]]:
    mask = Mask(PLACES)
    first = [mask.masked(pair[2]) for pair in pairs]
    second = [mask.masked(pair[3]) for pair in pairs]
    meet = (bands_of(first) == bands_of(second)).any(axis=1)
    for pair, ours, theirs, is_candidate in zip(pairs, first, second, meet, strict=True):
        yield pair, bool(is_candidate) and likeness(sorted_words(ours), sorted_words(theirs)) >= REVIEW
