"""Walks through running text and gathers the pieces of work that it gives."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.outline import Outline
from thucthi.intake.reading.sentences import sentences
from thucthi.intake.reading.shapes import ClauseRead, HeaderRead, TaskRead
from thucthi.intake.reading.source import Source
from thucthi.intake.reading.tasks.prose.assignments import (
    Assignment,
    Names,
    Strength,
    assignment_in,
    begins_with_body,
    item_in,
    names_in,
)
from thucthi.intake.reading.tasks.prose.drafting import Draft, finish
from thucthi.intake.reading.tasks.prose.labelled import Labelled, labelled, only_opens, several
from thucthi.intake.reading.tasks.prose.passages import Passage, Scope, passages
from thucthi.intake.reading.tasks.prose.wording import ends_label

_SEMICOLON = re.compile(r";\s+")
_PREAMBLE = re.compile(
    r"\W*(?:(?:căn cứ|kính gửi)\s.*[;,]|(?:xét|theo) (?:đề nghị|tờ trình)\s.*[;,.]"
    r"|trên cơ sở kết quả biểu quyết.*)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_ITEM = re.compile(r"\((?:\d{1,2}|[ivx]{1,4}|[a-zđ])\)\s")
_FIRST_ITEM = re.compile(r":\s+(?=\((?:1|i|a)\)\s)")
_LATER_ITEM = re.compile(r"[;.,]\s+(?:và\s+)?(?=\((?:\d{1,2}|[ivx]{1,4}|[a-zđ])\)\s)")
_FEWEST_WORDS = 4
_LONGEST_GROUP = 40


def read_prose_tasks(
    source: Source, outline: Outline, gazetteer: Gazetteer, header: HeaderRead
) -> tuple[TaskRead, ...]:
    """Tasks of running text, tables left out, in the order of the text.

    A sentence gives work by naming who ("Bộ A chủ trì, phối hợp với B xây dựng …", "Giao A …"); an item without a
    name takes the body of the clause above it. In a part headed as tasks and solutions an item that begins with a
    verb is a task without lead. Parts headed as views, situation, aims or grounds give none.
    """
    reader = _Reader(source, outline, gazetteer)
    for passage in passages(source, outline):
        reader.take(passage)
    drafts = (finish(draft, source.text, header.issued_on) for draft in reader.drafts)
    return tuple(task for task in drafts if task is not None)


class _Reader:
    def __init__(self, source: Source, outline: Outline, gazetteer: Gazetteer) -> None:
        self.drafts: list[Draft] = []
        self._text = source.text
        self._outline = outline
        self._gazetteer = gazetteer
        self._scope = Scope(outline)
        self._current: Draft | None = None
        self._last: Passage | None = None
        self._is_given = False
        self._named_here: Assignment | None = None
        self._leads: dict[int | None, Assignment] = {}

    def take(self, passage: Passage) -> None:
        self._scope.hears(passage)
        gives = self._scope.gives(passage)
        if gives is False or _is_title(passage.text) or _is_preamble(passage.text):
            self._current = self._last = None
            return
        labels = several(self._text, passage.start, passage.end)
        if labels:
            self._take_labels(labels, passage)
        elif not only_opens(passage.text):
            self._last, self._current = passage, None
            self._is_given = gives is True
            self._named_here = None
            self._take_sentences(passage)

    def _take_sentences(self, passage: Passage) -> None:
        for place, (start, end) in enumerate(self._sentences(passage)):
            label = labelled(self._text, start, end)
            if label and self._current is not None:
                self._put(label, self._text[label.start : label.end].strip().rstrip(" .;"))
                continue
            found = assignment_in(self._text[start:end], self._gazetteer)
            if found is None and place == 0 and self._is_under_name(passage):
                found = item_in(self._text[start:end])
            if found and found.lead.names:
                self._take_named(found, passage, start, end)
            elif found and self._stands_alone(found, passage, start, is_first=place == 0):
                self._take_imperative(found, passage, start, end)
            elif self._current is not None:
                self._current.extend(end)

    def _is_under_name(self, passage: Passage) -> bool:
        """Whether the clause right above, or a line before in the same one, only names who."""
        above = self._above(passage)
        return above is not None and above.action is None and passage.clause is not None and not passage.is_heading

    def _stands_alone(self, found: Assignment, passage: Passage, start: int, *, is_first: bool) -> bool:
        """Whether a sentence without a name is a work of its own, not more words about the one before."""
        if is_first:
            is_item = passage.clause is not None or self._is_given or None in self._leads
            return is_item or bool(found.coordinators.names)
        if self._named_here and _ITEM.match(self._text, start):
            return True
        return self._current is None and self._is_given and found.action is not None

    def _sentences(self, passage: Passage) -> Iterator[tuple[int, int]]:
        """Sentences, and the parts of one: items "(1) …; (2) …" of one body, or works of several bodies."""
        for start, end in sentences(self._text, passage.start, passage.end):
            begin = start
            for item in self._items(start, end):
                yield begin, item
                begin = item
            for mark in _SEMICOLON.finditer(self._text, start, end):
                before = assignment_in(self._text[begin : mark.start()], self._gazetteer)
                is_whole = before is None or before.action is not None
                if is_whole and begins_with_body(self._text[mark.end() : end], self._gazetteer):
                    yield begin, mark.start() + 1
                    begin = mark.end()
            yield begin, end

    def _items(self, start: int, end: int) -> Iterator[int]:
        """Where the second and later items begin, when the first follows right after who has to do them."""
        first = _FIRST_ITEM.search(self._text, start, end)
        above = assignment_in(self._text[start : first.start() + 1], self._gazetteer) if first else None
        if first and above and above.lead.names and above.action is None:
            yield from (mark.end() for mark in _LATER_ITEM.finditer(self._text, first.end(), end))

    def _take_named(self, found: Assignment, passage: Passage, start: int, end: int) -> None:
        self._named_here = found
        for key in self._keys(passage):
            self._leads[key] = found
        if passage.clause is None and not self._text[:end].rstrip().endswith(":"):
            self._leads.pop(None, None)
        if found.action is None:
            self._current = None
            return
        self._add(Draft(
            start + ends_label(self._text[start:end]), end, start + found.action, end, found.strength, passage.clause,
            found.lead, found.coordinators,
        ))  # fmt: skip

    def _take_imperative(self, found: Assignment, passage: Passage, start: int, end: int) -> None:
        above = self._named_here or self._above(passage)
        is_intro = passage.has_children and self._text[:end].rstrip().endswith(":")
        if found.action is None or passage.is_heading or is_intro:
            return
        if len(self._text[start + found.action : end].split()) < _FEWEST_WORDS:
            return
        self._add(Draft(
            start + ends_label(self._text[start:end]), end, start + found.action, end,
            above.strength if above else Strength.IMPERATIVE, passage.clause,
            above.lead if above else Names(),
            found.coordinators if found.coordinators.names or not above else _announced(above),
            is_inherited=above is not None,
        ))  # fmt: skip

    def _add(self, draft: Draft) -> None:
        draft.words_end = draft.end
        draft.is_given = self._is_given
        draft.group = self._group(draft.clause)
        self.drafts.append(draft)
        self._current = draft

    def _group(self, clause: ClauseRead | None) -> str | None:
        """The words of the nearest heading above."""
        for each in self._outline.above(clause) if clause else ():
            heading = each.text.split("\n", 1)[0]
            words = heading[ends_label(heading) :].strip(" .:*#")
            if words and len(words.split()) <= _LONGEST_GROUP:
                return words
        return None

    def _keys(self, passage: Passage) -> tuple[int | None, ...]:
        """Where those who come later look for the lead: the clause, and the one above it for a line of its own."""
        if passage.clause is None:
            return (None,)
        if passage.is_first:
            return (passage.clause.start,)
        above = self._outline.above(passage.clause)
        return (passage.clause.start, *(each.start for each in above[:1]))

    def _above(self, passage: Passage) -> Assignment | None:
        if passage.clause is None:
            return self._leads.get(None)
        own = () if passage.is_first else (passage.clause,)
        for clause in (*own, *self._outline.above(passage.clause)):
            if clause.start in self._leads:
                return self._leads[clause.start]
        return None

    def _take_labels(self, labels: Sequence[Labelled], passage: Passage) -> None:
        for label in labels:
            words = self._text[label.start : label.end].strip().rstrip(" .;")
            if label.kind == "work":
                self._last = replace(passage, start=label.start)
                self._current = None
                self._add(self._draft_of(self._last))
            elif words:
                self._put(label, words)

    def _put(self, label: Labelled, words: str) -> None:
        if self._current is None:
            if self._last is None or label.kind == "resources":
                return
            self._add(self._draft_of(self._last))
        draft = self._current
        if draft is None:
            return
        draft.end = label.end
        if label.kind == "lead":
            draft.lead = names_in(words, self._gazetteer)
            draft.is_inherited = False
        elif label.kind == "coordinators":
            draft.coordinators = names_in(words, self._gazetteer)
        draft.labels[label.kind] = words

    def _draft_of(self, passage: Passage) -> Draft:
        start = passage.start + ends_label(self._text[passage.start : passage.end])
        return Draft(start, passage.end, start, passage.end, Strength.IMPERATIVE, passage.clause, words_end=passage.end)


def _announced(above: Assignment) -> Names:
    """Coordinators of "X chủ trì, phối hợp với Y:" are those of each item below; of a whole sentence they are not."""
    return above.coordinators if above.action is None else Names()


def _is_title(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and all(char.isupper() for char in letters)


def _is_preamble(text: str) -> bool:
    return _PREAMBLE.match(text) is not None and "chủ trì" not in text
