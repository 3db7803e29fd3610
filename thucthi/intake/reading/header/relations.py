"""What a document does to the ones that it cites: each number once, with the strongest of what is said of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from thucthi.intake.reading.header.citations import Citation, find_citations
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.sentences import sentences
from thucthi.intake.reading.shapes import HeaderRead, RelationKind, RelationRead
from thucthi.intake.reading.source import Source
from thucthi.kernel.vietnamese_text import fold

_RULES = rules("citations")
_STRENGTH = (
    RelationKind.REPLACES,
    RelationKind.AMENDS,
    RelationKind.IMPLEMENTS,
    RelationKind.BASED_ON,
    RelationKind.REFERS,
)


def _any(words: list[str]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True))


_GOVERNED = _any(_RULES["phrases"]["governed"])
_PARTS = _any(_RULES["phrases"]["parts"])


def _verb(*kinds: str) -> re.Pattern[str]:
    """One of the verbs right before a citation, with no more between than what such a verb governs."""
    verbs = [verb for kind in kinds for verb in _RULES["verbs"][kind]]
    return re.compile(rf"(?<!\w)(?:{_any(verbs)})(?:[\s,]+(?:{_GOVERNED}))*[\s,]*$")


_REPLACES, _AMENDS, _IMPLEMENTS = _verb("replaces"), _verb("amends"), _verb("implements")
_PART = re.compile(
    rf"(?<!\w)(?:{_any(_RULES['verbs']['replaces'] + _RULES['verbs']['amends'])})"
    rf"(?=[^;.]*(?<!\w)(?:{_PARTS})\b)[^;.]{{0,120}}$"
)
_ENDED = re.compile(rf"(?<!\w)(?:{_any(_RULES['phrases']['ended'])})\b")
_BASIS = re.compile(r"^[^\w]*(?:can cu|theo de nghi|xet|tren co so)\b")
_CAPTION = re.compile(r"^\(\s*(?:ban hanh |dinh )?kem theo\b")
_OPENING = re.compile(
    r"^[^\w]*(?:(?:nham |de )?(?:thuc hien|trien khai|thi hanh|cu the hoa)|tiep tuc thuc hien)\b"
    r"(?!.*\b(?:thay the|sua doi)\b)"
)
_LONGEST_OPENING = 60
# "Quyết định này …", or a clause of an act that begins with the verb, speaks of what the document itself does.
_OWN_ACT = re.compile(
    r"\bnay\b|^[^\w]*(?:dieu \d+\s*[.:]|\d+\s*[.)]|[a-z]\))?\s*(?:sua doi|thay the|bai bo|bo sung|huy bo)"
)
_PASSIVE = re.compile(r"\b(?:duoc|da|bi)\s+(?:\w+\s+){0,3}$")
_ACTS = frozenset(map(fold, _RULES["acts"]))
_AND = re.compile(r"^[\s,;]*(?:va)?\s*$")
_BESIDE = re.compile(r"(?:[,;]|\bva)\s*$")
_ITEM = re.compile(r"^(?:[-+*]|[a-z]\)|\d+[.)])\s*")
_ITEM_ALONE = re.compile(r"^(?:[-+*]|[a-z]\)|\d+[.)])?\s*$")
_WHOLE = re.compile(r"/(?:\d{4}/)?(?:[A-ZĐ]+QH|QH)\d*$|[A-ZĐ][A-ZĐa-zđ&\d]+[-/][A-ZĐ]")


@dataclass(frozen=True, slots=True)
class _Words:
    """A sentence of the text."""

    text: str
    start: int
    end: int
    is_title: bool

    @property
    def folded(self) -> str:
        return fold(self.text[self.start : self.end])


def find_relations(source: Source, header: HeaderRead) -> tuple[RelationRead, ...]:
    """Relations in the order of the strongest mention. The document's own number and bare numbers are none."""
    strongest: dict[str, RelationRead] = {}
    for relation in _mentions(source.text, header):
        before = strongest.get(relation.number)
        if before is None or _STRENGTH.index(relation.kind) < _STRENGTH.index(before.kind):
            strongest[relation.number] = relation
    return tuple(sorted(strongest.values(), key=lambda each: (each.start, each.number)))


def _mentions(text: str, header: HeaderRead) -> Iterator[RelationRead]:
    citations = [each for each in find_citations(text) if _is_whole(each) and each.number != header.number]
    title = _title_span(text, header.title)
    are_ended = False
    for start, end, inside in _by_sentence(text, citations):
        words = _Words(text, start, end, is_title=title is not None and start < title[1] and title[0] < end)
        kinds = _kinds(words, inside, header, are_ended=are_ended)
        for citation, kind in zip(inside, kinds, strict=True):
            yield RelationRead(kind, citation.number, citation.start, citation.end)
        are_ended = _announces_end(words, header) or (are_ended and bool(_ITEM.match(words.folded)))


def _by_sentence(text: str, citations: list[Citation]) -> Iterator[tuple[int, int, list[Citation]]]:
    cited = iter(citations)
    waiting = next(cited, None)
    for start, end in sentences(text):
        inside: list[Citation] = []
        while waiting and waiting.start < end:
            inside.append(waiting)
            waiting = next(cited, None)
        yield start, end, inside


def _kinds(words: _Words, citations: list[Citation], header: HeaderRead, *, are_ended: bool) -> list[RelationKind]:
    """The first citation has the kind that the sentence gives it; one set beside it by "và" or a comma has the same."""
    kinds: list[RelationKind] = []
    for place, citation in enumerate(citations):
        if not place:
            before = fold(words.text[words.start : citation.start])
            is_ended = are_ended and bool(_ITEM_ALONE.match(before))
            kinds.append(RelationKind.REPLACES if is_ended else _first_kind(before, words, citation, header))
            continue
        between = fold(words.text[citations[place - 1].end : citation.start])
        is_beside = bool(_BESIDE.search(between)) and citation.type == citations[0].type
        kinds.append(kinds[-1] if _AND.match(between) else kinds[0] if is_beside else RelationKind.REFERS)
    return kinds


def _first_kind(before: str, words: _Words, citation: Citation, header: HeaderRead) -> RelationKind:
    if _BASIS.match(before) or _CAPTION.match(before):
        return RelationKind.BASED_ON
    is_act = fold(header.type or "") in _ACTS
    if is_act and _ENDED.search(fold(words.text[citation.end : words.end])):
        return RelationKind.REPLACES
    acted = _act(before) if words.is_title or (is_act and _OWN_ACT.search(before)) else None
    if acted:
        return acted
    is_opening = _OPENING.match(before) and len(before) < _LONGEST_OPENING
    return RelationKind.IMPLEMENTS if is_opening or _IMPLEMENTS.search(before) else RelationKind.REFERS


def _act(before: str) -> RelationKind | None:
    """What an act does to the document that stands right after its verb; replacing a part of it amends it."""
    replaces = _REPLACES.search(before)
    if replaces and not _PASSIVE.search(before[: replaces.start()]):
        return RelationKind.REPLACES
    amends = _PART.search(before) or _AMENDS.search(before)
    return RelationKind.AMENDS if amends and not _PASSIVE.search(before[: amends.start()]) else None


def _announces_end(words: _Words, header: HeaderRead) -> bool:
    """ "Các văn bản sau đây hết hiệu lực:", before a list of them."""
    is_act = fold(header.type or "") in _ACTS
    return is_act and words.folded.endswith(":") and bool(_ENDED.search(words.folded))


def _is_whole(citation: Citation) -> bool:
    """A number with the letters of a type and of an issuer; a bare one could be any year's."""
    return bool(_WHOLE.search(citation.number))


def _title_span(text: str, title: str | None) -> tuple[int, int] | None:
    """Where the title stands, by its first words; its lines may be broken anywhere."""
    if not title:
        return None
    words = [re.escape(word) for word in title.split()]
    found = re.search(r"[\s*]+".join(words), text)
    return found.span() if found else None
