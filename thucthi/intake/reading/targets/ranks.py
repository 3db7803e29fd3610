"""Places in an order: "thuộc nhóm 3 nước dẫn đầu Đông Nam Á", "tốp 10 thế giới"."""

import re
from dataclasses import dataclass

from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.targets.matching import any_of
from thucthi.intake.reading.targets.naming import right_words
from thucthi.intake.reading.targets.pieces import Piece

_WORDS = rules("target_words")["ranks"]
_OPENING = re.compile(any_of(_WORDS["openings"]) + r"(?:\s+(?:các|nhóm|tốp|top|danh sách|số))*\s*$")
_SUBJECT = re.compile(r"(?:thuộc|trong|vào|đứng trong|nằm trong|lọt vào|đứng vào|là)\s*$")
_LEADING = re.compile(any_of(_WORDS["leading"]))
_SCOPE = re.compile(any_of(_WORDS["scopes"]))
_BARE_RANK = re.compile(r"(?:thứ hạng|tốp|top|nhóm)\s*$")
_MOST_LETTERS_TO_LEADING = 40
_FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Rank:
    indicator: str
    unit: str | None
    scope: str | None
    start: int
    end: int


def rank_of(text: str, small: str, piece: Piece) -> Rank | None:
    """The place to be among, when the figure is one; the operator is then "at most"."""
    quantity = piece.quantity
    opening = _OPENING.search(small, piece.start, quantity.start)
    if quantity.kind not in ("counted", "bare") or not opening:
        return None
    near = small[quantity.number_end : min(piece.end, quantity.end + _MOST_LETTERS_TO_LEADING)]
    if not (_LEADING.search(near) or _BARE_RANK.search(small, piece.start, quantity.start)):
        return None
    end = max(piece.after, right_words(small, piece)[1])
    scopes = list(_SCOPE.finditer(small, quantity.number_end, piece.end))
    scope = next((each for each in scopes if each[0] != "khu vực"), scopes[0] if scopes else None)
    end = max(end, scope.end()) if scope else end
    subject = _SUBJECT.search(small, piece.start, opening.start())
    return Rank(
        indicator=_indicator(text, piece, opening.start(), end),
        unit=None if scope and scope.start() < quantity.end else quantity.unit,
        scope=text[scope.start() : scope.end()] if scope else None,
        start=subject.start() if subject else opening.start(),
        end=end,
    )


def _indicator(text: str, piece: Piece, opening: int, end: int) -> str:
    """What is to be among so many; of "Chỉ số A thuộc tốp 10 thế giới" the words before."""
    after = text[piece.quantity.number_end : end].strip()
    before = text[piece.start : opening].strip(" -–+,")
    return before if len(after.split()) <= _FEWEST_WORDS and before else after or before
