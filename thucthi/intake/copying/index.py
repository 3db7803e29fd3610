"""Every task of many programmes, ready to be asked which of them say the same."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from thucthi.intake.copying.comparison import REVIEW, likeness, sorted_words
from thucthi.intake.copying.masking import Mask
from thucthi.intake.copying.signatures import Signatures, bands_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One task: `key` names it, `unit` its programme."""

    key: int
    unit: int
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """A task that says what another one says; `score` 75 to 100 after masking, see comparison."""

    key: int
    other: int
    other_unit: int
    score: float


class Index:
    """Groups of like tasks, each around its first text: a chain of likenesses joins nothing.

    Equal masked texts form one group at once; another text joins the likest group whose first text it resembles
    (`likeness` of REVIEW and more), else it begins a group of its own. So the order in which entries come matters at
    the edges; give them in the order of their keys and the same entries give the same groups.
    """

    def __init__(self, mask: Mask, entries: Iterable[Entry] = ()) -> None:
        self._mask = mask
        self._firsts: list[str] = []
        self._members: list[list[Entry]] = []
        self._by_text: dict[str, int] = {}
        self._by_band: dict[int, list[int]] = {}
        self.add(entries)

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in more tasks; one whose text is empty after masking is left out, there is nothing to compare."""
        known = [(entry, self._mask.masked(entry.text)) for entry in entries]
        new = list(dict.fromkeys(masked for _, masked in known if masked and masked not in self._by_text))
        for masked, keys in zip(new, bands_of(new), strict=True):
            self._by_text[masked] = self._group_of(masked, keys)
        for entry, masked in known:
            if masked:
                self._members[self._by_text[masked]].append(entry)

    @property
    def groups(self) -> tuple[tuple[Entry, ...], ...]:
        """Tasks that say the same, of at least two."""
        return tuple(tuple(group) for group in self._members if len(group) > 1)

    def matches(self, entries: Sequence[Entry]) -> Iterator[Match]:
        """For each task, the tasks of other units in the group it belongs to; it need not be in the index."""
        masked = [self._mask.masked(entry.text) for entry in entries]
        for entry, text, keys in zip(entries, masked, bands_of(masked), strict=True):
            for group, score in self._like(text, keys):
                for other in self._members[group]:
                    if other.unit != entry.unit:
                        yield Match(entry.key, other.key, other.unit, score)

    def _group_of(self, masked: str, keys: Signatures) -> int:
        best = max(self._like(masked, keys), key=lambda found: (found[1], -found[0]), default=None)
        if best is not None:
            return best[0]
        group = len(self._firsts)
        self._firsts.append(sorted_words(masked))
        self._members.append([])
        for key in keys.tolist():
            self._by_band.setdefault(key, []).append(group)
        return group

    def _like(self, masked: str, keys: Signatures) -> Iterator[tuple[int, float]]:
        if not masked:
            return
        words = sorted_words(masked)
        own = self._by_text.get(masked)
        candidates = {group for key in keys.tolist() for group in self._by_band.get(key, ())}
        if own is not None:
            candidates.add(own)
        for group in sorted(candidates):
            score = likeness(words, self._firsts[group])
            if score >= REVIEW or group == own:
                yield group, score
