"""The figures to reach in one sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import Change, Operator, TargetRead
from thucthi.intake.reading.targets.masks import enumerator_end, kept
from thucthi.intake.reading.targets.matching import searchable
from thucthi.intake.reading.targets.naming import (
    Name,
    has_predicate,
    is_place,
    left_words,
    measures,
    name_of,
    part_of_whole,
    predicate_start,
    right_words,
)
from thucthi.intake.reading.targets.pieces import Piece, pieces
from thucthi.intake.reading.targets.places import head_before, place_of
from thucthi.intake.reading.targets.quantities import quantities
from thucthi.intake.reading.targets.ranks import Rank, rank_of
from thucthi.intake.reading.targets.weighing import SURE_ENOUGH, is_past, weight
from thucthi.intake.reading.targets.years import YearMention, year_mentions

_WORDS = rules("target_words")
_CHANGE_AT_HEAD = {
    Change.INCREASE: re.compile(r"(?:tăng(?! trưởng)|bổ sung thêm|thu hút thêm)\s"),
    Change.DECREASE: re.compile(r"(?:giảm|cắt giảm|rút ngắn|tiết kiệm)\s"),
}
_RATE_NAMED = re.compile(r"\btốc độ (?:tăng|phát triển)|^tăng trưởng\b")
_TO_A_LEVEL = re.compile(r"\b(?:lên|xuống|còn|đạt|dưới|ở mức|chiếm)\b")
_FLOOR = re.compile(r"\bkhông (?:có|để|còn|cho)\s+([^;]{2,60}?)(?:\s+nào)?(?:\s+(?:đạt|có tỷ lệ|có))?\s*$")
_FIELD = re.compile(r"\svề\s")
# "ít nhất", "không quá" oblige; "trên", "dưới" also describe.
_BOUNDS = (Operator.AT_LEAST, Operator.AT_MOST)
# More in one sentence is a spoilt table, and takes long.
_MOST_FIGURES = 60
_COUNTING_VERBS = ("có", "đón", "phục vụ", "thu hút", "cho", "được", "đưa")


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    small: str
    years: tuple[YearMention, ...]
    year: int | None
    is_expected: bool
    reported_before: int | None


def targets_in(
    sentence: str,
    *,
    year: int | None = None,
    is_expected: bool = False,
    reported_before: int | None = None,
    start: int = 0,
) -> tuple[TargetRead, ...]:
    """Figures to reach, in order; a figure already reached is kept, marked so, only where targets are expected.

    `year` is that of the heading in force, for figures whose own words name none. `is_expected` when the heading
    announces targets: figures then need fewer words around them. A figure of a year before `reported_before` is a
    report. `start` is where the sentence stands in the whole text.
    """
    small = searchable(sentence)
    whole = _Sentence(sentence, small, year_mentions(small), year, is_expected, reported_before)
    figures = kept(sentence, small, quantities(sentence))
    if len(figures) > _MOST_FIGURES:
        return ()
    found = pieces(small, figures, enumerator_end(sentence))
    read: list[TargetRead] = []
    last: Piece | None = None
    for place, bare in enumerate(found):
        piece = _inherited(small, bare, last)
        if not _has_cue(whole, piece, last):
            continue
        target = _read(whole, piece, found[place + 1 :], read)
        if target:
            read.append(replace(target, start=target.start + start, end=target.end + start))
            last = piece
    return tuple(read)


def _inherited(small: str, piece: Piece, last: Piece | None) -> Piece:
    """Of "cắt giảm tối thiểu 30% A, 30% B" the second takes the words before the first."""
    if last is None or piece.lead.verb or piece.operator or not _is_headless(small, piece):
        return piece
    is_same = piece.quantity.unit == last.quantity.unit and last.lead.verb in ("increase", "decrease")
    is_whole = piece.quantity.is_share and piece.quantity.low == 100
    if piece.is_joined and not is_whole and (is_same or not has_predicate(small[slice(*right_words(small, last))])):
        lead = replace(piece.lead, operator=last.operator, verb=last.lead.verb)
    elif is_same:
        lead = replace(piece.lead, verb=last.lead.verb)
    else:
        return piece
    return replace(piece, lead=lead)


def _is_headless(small: str, piece: Piece) -> bool:
    left = left_words(small, piece)
    return left[0] == left[1]


def _has_cue(whole: _Sentence, piece: Piece, last: Piece | None) -> bool:
    if rank_of(whole.text, whole.small, piece):
        return True
    if piece.quantity.is_share:
        return bool(whole.is_expected or piece.operator or piece.lead.verb or _is_headless(whole.small, piece))
    if piece.operator or piece.lead.is_aimed or (whole.is_expected and _is_stated(whole, piece)):
        return True
    if piece.quantity.kind == "bare" and not piece.lead.is_firm:
        return False
    if piece.lead.is_firm or piece.lead.said in _COUNTING_VERBS:
        return True
    is_made = piece.lead.start > piece.start + 2 or bool(last and piece.is_joined)
    return is_made and _is_headless(whole.small, piece)


def _is_stated(whole: _Sentence, piece: Piece) -> bool:
    """Without a verb: "Thu ngân sách 500 tỷ đồng", or place by place."""
    if piece.quantity.kind == "measure":
        return measures(whole.small[slice(*left_words(whole.small, piece))])
    return place_of(whole.text, piece) is not None


def _read(whole: _Sentence, piece: Piece, later: Sequence[Piece], before: Sequence[TargetRead]) -> TargetRead | None:
    rank = rank_of(whole.text, whole.small, piece)
    name = _named(whole, piece, later, before, rank)
    year = _year(whole, piece, later)
    clause = whole.small[_clause_start(whole.small, piece.start) : piece.end]
    past = is_past(clause if whole.is_expected else whole.small) or _is_before(whole, year)
    sureness = weight(
        whole.small,
        clause,
        is_expected=whole.is_expected,
        is_past=past,
        is_group=_is_group(whole, piece),
        is_bound=piece.quantity.is_share and (piece.operator in _BOUNDS or piece.is_joined),
    )
    if not name.text or (past and not whole.is_expected) or (not past and sureness < SURE_ENOUGH):
        return None
    low, high = piece.quantity.low, piece.quantity.high
    start, end = _trimmed(whole.text, name)
    return TargetRead(
        text=whole.text[start:end],
        start=start,
        end=end,
        indicator=" ".join(name.text.split()),
        operator=_operator(piece, rank),
        low=low,
        high=high,
        unit=rank.unit if rank else piece.quantity.unit,
        year=year,
        change=_change(whole.small, piece),
        is_fact=past,
        scope=(rank.scope if rank else None) or name.scope,
        confidence=sureness,
    )


def _trimmed(text: str, name: Name) -> tuple[int, int]:
    words = text[name.start : name.end]
    return name.start + len(words) - len(words.lstrip(" ,;:")), name.start + len(words.rstrip(" ,;:."))


def _operator(piece: Piece, rank: Rank | None) -> Operator:
    if rank:
        return Operator.AT_MOST
    if piece.quantity.high is not None:
        return Operator.RANGE
    return piece.operator or Operator.EQUAL


def _named(
    whole: _Sentence, piece: Piece, later: Sequence[Piece], before: Sequence[TargetRead], rank: Rank | None
) -> Name:
    small, text = whole.small, whole.text
    if rank:
        return _shared_field(whole, Name(rank.indicator, rank.start, rank.end), later)
    if piece.lead.is_never and (floor := _FLOOR.search(small, piece.start, piece.lead.start)):
        return _floor(text, piece, floor, before)
    if whole.is_expected and (place := place_of(text, piece)):
        return _of_place(whole, piece, place, before)
    name = name_of(text, small, piece)
    if _is_headless(small, piece):
        return _completed(whole, piece, name, later, before)
    return part_of_whole(name, piece, before[-1] if before else None)


def _floor(text: str, piece: Piece, floor: re.Match[str], before: Sequence[TargetRead]) -> Name:
    """ "không có tỉnh nào đạt dưới 60%" holds for each; what is measured stands before or after "có"."""
    group, _, measured = text[floor.start(1) : floor.end(1)].partition(" có ")
    scope = f"mỗi {group}"
    return Name(measured or (before[-1].indicator if before else scope), floor.start(), piece.after, scope)


def _completed(
    whole: _Sentence, piece: Piece, name: Name, later: Sequence[Piece], before: Sequence[TargetRead]
) -> Name:
    """A figure without words of its own on the left may share those of its neighbours."""
    if piece.lead.said == "đóng góp" and piece.quantity.unit != "%":
        return replace(name, text=piece.lead.said.capitalize())
    if name.text == piece.lead.said or name.text.startswith("so với "):
        return _borrowed(whole, name, later, before)
    right = right_words(whole.small, piece)
    if before and piece.is_joined and is_place(whole.small, *right):
        return replace(name, text=before[-1].indicator, scope=whole.text[slice(*right)])
    if piece.quantity.is_share and not has_predicate(whole.small[slice(*right)]):
        return _with_shared_predicate(whole, name, later)
    return name


def _borrowed(whole: _Sentence, name: Name, later: Sequence[Piece], before: Sequence[TargetRead]) -> Name:
    """ "…, tăng 10% so với năm trước", "đến năm 2030 đạt 80%, đến năm 2045 đạt 100% số xã": named beside."""
    if before:
        return replace(name, text=before[-1].indicator)
    if later and (right := right_words(whole.small, later[0])) and right[0] < right[1]:
        return replace(name, text=whole.text[slice(*right)])
    return name


def _of_place(whole: _Sentence, piece: Piece, place: str, before: Sequence[TargetRead]) -> Name:
    """ "Số trạm sạc: Hà Nội 200, Đà Nẵng 100": what is counted stands before the first place."""
    begin = whole.text.rindex(place, piece.start, piece.quantity.start)
    head = head_before(whole.text, whole.small, piece.start, begin)
    indicator = head or (before[-1].indicator if before else place)
    return Name(indicator, piece.start if head else begin, piece.after, place)


def _shared_field(whole: _Sentence, name: Name, later: Sequence[Piece]) -> Name:
    """ "nhóm 3 nước dẫn đầu A, nhóm 50 nước dẫn đầu B về C": both are about C."""
    if not later or _FIELD.search(name.text) or ";" in whole.small[name.end : later[0].quantity.start]:
        return name
    following = rank_of(whole.text, whole.small, later[0])
    field = _FIELD.search(following.indicator) if following else None
    if following is None or field is None:
        return name
    return replace(name, text=f"{name.text}{following.indicator[field.start() :]}", end=following.end)


def _with_shared_predicate(whole: _Sentence, name: Name, later: Sequence[Piece]) -> Name:
    """ "100% A và ít nhất 80% B đạt chuẩn": A is to meet the standard too."""
    for piece in later:
        if not (piece.is_joined and piece.quantity.is_share and _is_headless(whole.small, piece)):
            return name
        right = right_words(whole.small, piece)
        begin = predicate_start(whole.small, *right)
        if begin is not None:
            return replace(name, text=f"{name.text} {whole.text[begin : right[1]]}", end=right[1])
    return name


def _year(whole: _Sentence, piece: Piece, later: Sequence[Piece]) -> int | None:
    """The year after the figure in its own words, else the nearest before, else one that ends a joined list."""
    own = [mention for mention in whole.years if piece.after <= mention.start < piece.end]
    before = [mention for mention in whole.years if mention.end <= piece.quantity.start]
    if own and not _begins_next(whole.small, own[0], piece):
        return own[0].year
    if before:
        return before[-1].year
    for follower in later:
        if not follower.is_joined:
            break
        if mentions := [each for each in whole.years if follower.after <= each.start < follower.end]:
            return mentions[0].year
    return whole.year


def _begins_next(small: str, mention: YearMention, piece: Piece) -> bool:
    """ "…, đến năm 2045 đạt …" speaks of what follows."""
    before = small[piece.after : mention.start].rstrip()
    return (
        before.endswith((",", ";"))
        and mention.end < piece.end - 3
        and small[mention.end : mention.end + 1] not in (".", ";")
    )


def _change(small: str, piece: Piece) -> Change:
    unit = piece.quantity.unit or ""
    if piece.lead.verb in ("increase", "decrease"):
        if unit.endswith("/năm") and piece.lead.verb == "increase":
            return Change.GROWTH
        return Change.INCREASE if piece.lead.verb == "increase" else Change.DECREASE
    head = small[piece.start : piece.lead.start].lstrip(" -–+,")
    if piece.lead.is_rate or _RATE_NAMED.search(head):
        return Change.GROWTH
    for change, pattern in _CHANGE_AT_HEAD.items():
        if pattern.match(head) and not _TO_A_LEVEL.search(small, piece.lead.start, piece.quantity.start):
            is_yearly = change is Change.INCREASE and unit.endswith("/năm")
            return Change.GROWTH if is_yearly else change
    return Change.LEVEL


def _is_group(whole: _Sentence, piece: Piece) -> bool:
    """ "100% xã có …": a share that opens its words and of whom something is said."""
    if not (piece.quantity.is_share and _is_headless(whole.small, piece)):
        return False
    return has_predicate(whole.small[slice(*right_words(whole.small, piece))])


def _is_before(whole: _Sentence, year: int | None) -> bool:
    return bool(year and whole.reported_before and year < whole.reported_before)


def _clause_start(small: str, at: int) -> int:
    return max(small.rfind(";", 0, at) + 1, 0)
