"""What changed between two versions of a list of tasks, told by their words."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from thucthi.kernel.vietnamese_text import fold

# Share of the same words, in percent, from which two tasks are one task reworded.
ALIKE = 72.0


@dataclass(frozen=True, slots=True)
class Worded:
    """A task as compared: `fields` holds everything a change of which must be seen, `text` what it is known by."""

    number: int
    text: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pairing:
    """Numbers of the old and the new list: the same, reworded (old, new), only in the new one, only in the old one."""

    same: tuple[tuple[int, int], ...]
    changed: tuple[tuple[int, int], ...]
    added: tuple[int, ...]
    removed: tuple[int, ...]


def pair(old: Sequence[Worded], new: Sequence[Worded]) -> Pairing:
    """Each old task with at most one new one: first equal words in order, then the likeliest rest."""
    pairs = _equal(old, new)
    left_old = [each for each in old if each.number not in {a for a, _ in pairs}]
    left_new = [each for each in new if each.number not in {b for _, b in pairs}]
    pairs += _alike(left_old, left_new)
    by_old, by_new = {each.number: each for each in old}, {each.number: each for each in new}
    taken_old, taken_new = {a for a, _ in pairs}, {b for _, b in pairs}
    order = {each.number: place for place, each in enumerate(new)}
    pairs.sort(key=lambda found: order[found[1]])
    return Pairing(
        same=tuple((a, b) for a, b in pairs if _content(by_old[a]) == _content(by_new[b])),
        changed=tuple((a, b) for a, b in pairs if _content(by_old[a]) != _content(by_new[b])),
        added=tuple(each.number for each in new if each.number not in taken_new),
        removed=tuple(each.number for each in old if each.number not in taken_old),
    )


def _content(worded: Worded) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in (worded.text, *worded.fields))


def _equal(old: Sequence[Worded], new: Sequence[Worded]) -> list[tuple[int, int]]:
    waiting: dict[str, list[int]] = {}
    for each in old:
        waiting.setdefault(fold(each.text), []).append(each.number)
    pairs = []
    for each in new:
        if numbers := waiting.get(fold(each.text)):
            pairs.append((numbers.pop(0), each.number))
    return pairs


def _alike(old: Sequence[Worded], new: Sequence[Worded]) -> list[tuple[int, int]]:
    if not old or not new:
        return []
    scores = process.cdist(
        [fold(each.text) for each in old],
        [fold(each.text) for each in new],
        scorer=fuzz.token_sort_ratio,
        score_cutoff=ALIKE,
    )
    likely = sorted(
        (-float(scores[i][j]), i, j) for i in range(len(old)) for j in range(len(new)) if scores[i][j] >= ALIKE
    )
    pairs: list[tuple[int, int]] = []
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for _score, i, j in likely:
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            pairs.append((old[i].number, new[j].number))
    return pairs
