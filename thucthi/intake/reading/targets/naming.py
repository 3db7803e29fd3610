"""What a figure measures: the words left of it, right of it, or both."""

import re
from dataclasses import dataclass, replace

from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import TargetRead
from thucthi.intake.reading.targets.masks import enumerator_end
from thucthi.intake.reading.targets.matching import any_of, searchable
from thucthi.intake.reading.targets.pieces import Piece, is_only_opening
from thucthi.intake.reading.targets.years import year_mentions

_WORDS = rules("target_words")
_AIM = re.compile(any_of([*_WORDS["contexts"]["aspiration"], "trong đó"]))
_INDICATOR_WORD = re.compile(any_of(_WORDS["contexts"]["indicator_words"]))
_RAISING = re.compile(any_of(_WORDS["verbs"]["raising"]) + r"(?!\s+trưởng)\s+")
_CONNECTING = r"(?:và|trong đó|cũng như|đồng thời|tiếp tục|có|hằng năm|hàng năm|mỗi năm|riêng|góp phần)(?!\w)"
_LEADING = re.compile(rf"[\s,:;.\-–+*•]*(?:{_CONNECTING}[\s,]*)*")
_TRAILING = re.compile(
    r"[\s,.;:\-–(]*(?:\s(?:và|thêm|từ|vào|trong|cả nước|toàn quốc|hằng năm|hàng năm|mỗi năm)(?=[\s,.;:]*$)[\s,.;:]*)*$"
)
_LABEL = re.compile(r"^\s*(?:chỉ tiêu|mục tiêu)\s+\d+\s*:\s*")
_PLACING = re.compile(r"\s*" + any_of(_WORDS["verbs"]["placing"]) + r"\s+")
_PREDICATE = re.compile(any_of(_WORDS["verbs"]["predicates"]))
_PLACE_LABEL = re.compile(r"^\W*((?:tại|ở|đối với|về)\s[^:;]{3,60}):")
_AVERAGED = r"(?: (?:bình quân|trung bình|hằng năm|hàng năm))*"
_HAVING = re.compile(r"[^,;]{2,40}?\s(?:có|với)\s+(?=" + any_of(_WORDS["contexts"]["indicator_words"]) + ")")
_BASED = re.compile(r"\s+từ (?:mức )?\d")
_MOST_WORDS_OF_A_PART = 5
_PART = re.compile(any_of(_WORDS["verbs"]["parts"]))
_OF_A_TOTAL = re.compile(r"(?:(?:trong|của|trên) )?tổng\b")
_LONG_LEFT = 60


@dataclass(frozen=True, slots=True)
class Name:
    """`start` to `end` holds the words and the figure; `text` is "" when the sentence does not say."""

    text: str
    start: int
    end: int
    scope: str | None = None


def name_of(text: str, small: str, piece: Piece) -> Name:
    left = left_words(small, piece)
    right = right_words(small, piece)
    whole = (min(left[0], piece.lead.start), max(right[1], piece.after))
    if left[0] == left[1]:
        chosen = _right_name(text, piece, right)
        return Name(chosen, _verb_start(small, piece), whole[1], place_label(text, small, piece))
    if not _needs_right(small, piece, left, right):
        return Name(text[slice(*left)], left[0], piece.after, _place(text, small, right, piece))
    if piece.quantity.kind == "counted" and not small[slice(*left)].endswith(" cho") and piece.lead.said != "cho":
        return Name(text[slice(*right)], left[0], whole[1])
    return Name(f"{text[slice(*left)]} {text[slice(*right)]}".strip(), left[0], whole[1])


def left_words(small: str, piece: Piece) -> tuple[int, int]:
    """Place of the name on the left; empty when there are only verbs of making, aims, years and places."""
    start, end = _own_left(small, piece)
    if end - start > _LONG_LEFT:
        start = _last_indicator(small, start, end)
    if is_only_opening(small, start, end):
        return end, end
    if (had := _HAVING.match(small, start, end)) and not _INDICATOR_WORD.match(small, start, end):
        start = had.end()
    if based := _BASED.search(small, start, end):
        end = based.start()
    if not piece.lead.is_rate and (raised := _RAISING.match(small, start, end)):
        start = raised.end()
    return start, max(start, _trimmed_end(small, start, end))


def _own_left(small: str, piece: Piece) -> tuple[int, int]:
    """The left without numbering, labels, aims, years and connecting words."""
    start, end = piece.start, _rate_end(small, piece) if piece.lead.is_rate else piece.lead.start
    start += enumerator_end(small[start:end]) if start == 0 else 0
    for pattern in (_LABEL, _PLACE_LABEL):
        if found := pattern.match(small[start:end]):
            start += found.end()
    start, end = _without_aims(small, *_without_years(small, start, end))
    return _LEADING.match(small, start, end).end(), end  # type: ignore[union-attr]  # matches nothing at least


def right_words(small: str, piece: Piece) -> tuple[int, int]:
    """Place of the name on the right: for what is counted it begins with the counted noun itself."""
    start = piece.quantity.number_end if piece.quantity.kind == "counted" else piece.after
    if small.startswith(",", start):
        return start, start
    start += len(small[start : piece.end]) - len(small[start : piece.end].lstrip(" ,"))
    end = piece.end
    for mention in year_mentions(small[start:end]):
        if start + mention.end >= _trimmed_end(small, start, end):
            end = start + mention.start
    return start, max(start, _trimmed_end(small, start, end))


def part_of_whole(name: Name, piece: Piece, last: TargetRead | None) -> Name:
    """Of "Tỷ lệ đi học: tiểu học 99%, trung học 90%" the parts are scopes of one indicator."""
    if not piece.quantity.is_share:
        return name
    head, colon, part = name.text.rpartition(": ")
    if colon and len(part.split()) <= _MOST_WORDS_OF_A_PART:
        return replace(name, text=part) if measures(searchable(part)) else replace(name, text=head, scope=part)
    if last is None or last.unit != piece.quantity.unit or measures(searchable(name.text)):
        return name
    is_next = not piece.lead.is_firm and last.scope is not None
    is_other = piece.is_short_joined and bool(_PART.match(searchable(name.text)))
    if len(name.text.split()) <= _MOST_WORDS_OF_A_PART and (is_next or is_other):
        return replace(name, text=last.indicator, scope=name.text)
    return name


def measures(small: str) -> bool:
    """Whether the words name a measure ("tỷ lệ", "tổng thu")."""
    return bool(_INDICATOR_WORD.search(small))


def has_predicate(words: str) -> bool:
    return bool(_PREDICATE.search(words))


def predicate_start(small: str, start: int, end: int) -> int | None:
    found = _PREDICATE.search(small, start, end)
    return found.start() if found else None


def place_label(text: str, small: str, piece: Piece) -> str | None:
    """ "Tại địa bàn đô thị: …" at the head of the words."""
    found = _PLACE_LABEL.match(small[piece.start : piece.quantity.start])
    return text[piece.start + found.start(1) : piece.start + found.end(1)] if found else None


def is_place(small: str, start: int, end: int) -> bool:
    """Whether the words there name a place or group for which the figure holds."""
    return bool(_PLACING.match(small, start, end))


def _place(text: str, small: str, right: tuple[int, int], piece: Piece) -> str | None:
    if is_place(small, *right) and right[1] - right[0] <= _LONG_LEFT:
        return text[slice(*right)]
    return place_label(text, small, piece)


def _needs_right(small: str, piece: Piece, left: tuple[int, int], right: tuple[int, int]) -> bool:
    if right[0] == right[1] or _OF_A_TOTAL.match(small, *right):
        return False
    if piece.lead.said in ("đáp ứng", "đáp ứng được", "đóng góp") and piece.quantity.is_share:
        return True
    if piece.lead.is_firm or piece.quantity.kind in ("measure", "time", "bare"):
        return False
    return not (piece.quantity.is_share and _INDICATOR_WORD.match(small, *left))


def _right_name(text: str, piece: Piece, right: tuple[int, int]) -> str:
    if right[0] < right[1]:
        found = _PLACING.match(text, *right) if piece.quantity.is_share else None
        return text[found.end() if found else right[0] : right[1]]
    return piece.lead.said


def _verb_start(small: str, piece: Piece) -> int:
    start = piece.start + (enumerator_end(small[piece.start : piece.lead.start]) if piece.start == 0 else 0)
    found = _LEADING.match(small, start, piece.lead.start)
    return found.end() if found else start


def _rate_end(small: str, piece: Piece) -> int:
    found = re.compile(re.escape(piece.lead.said) + _AVERAGED).search(small, piece.lead.start)
    return found.end() if found else piece.lead.start


def _without_aims(small: str, start: int, end: int) -> tuple[int, int]:
    """What follows the last word of aim, or what stands before it when only a year follows."""
    for aim in reversed(list(_AIM.finditer(small, start, end))):
        after = _without_years(small, aim.end(), end)
        if is_only_opening(small, *after) and not is_only_opening(small, start, aim.start()):
            end = aim.start()
            continue
        return after
    return start, end


def _without_years(small: str, start: int, end: int) -> tuple[int, int]:
    for mention in year_mentions(small[start:end]):
        if (
            not small[start : start + mention.start].strip(" ,-–+")
            or small[start : start + mention.start].strip() in _TIME_WORDS
        ):
            start += mention.end
            return _without_years(small, start, end)
        if not small[start + mention.end : end].strip(" ,"):
            return start, start + mention.start
    return start, end


_TIME_WORDS = ("từ nay", "trong", "giai đoạn", "từ", "đến", "trong giai đoạn", "cho giai đoạn", "vào", "trước")


def _last_indicator(small: str, start: int, end: int) -> int:
    commas = [match.end() for match in re.finditer(r",\s", small[start:end])]
    for comma in reversed(commas):
        if found := _INDICATOR_WORD.search(small, start + comma, end):
            return found.start()
    return start


def _trimmed_end(small: str, start: int, end: int) -> int:
    found = _TRAILING.search(small, start, end)
    return found.start() if found else end
