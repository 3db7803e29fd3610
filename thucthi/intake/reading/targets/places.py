"""Figures given place by place: "Số trạm sạc đến năm 2030: Hà Nội 200, TP. Hồ Chí Minh 500"."""

import re

from thucthi.intake.reading.targets.masks import enumerator_end
from thucthi.intake.reading.targets.pieces import Piece
from thucthi.intake.reading.targets.years import year_mentions

_CAPITAL = r"[A-ZĐÀ-ỸƯƠ][^\W\d_]*"
_PLACE = re.compile(
    rf"(?:^|[,:;]|\bvà)\s*(?P<place>(?:(?:thành phố|tỉnh|TP\.?|Tp\.?|Thành phố|Tỉnh|huyện|xã|phường|đặc khu)\s*)?"
    rf"{_CAPITAL}(?:\s+(?:-\s+)?{_CAPITAL}){{1,4}})\s*:?\s*$"
)
_OPENS_A_LIST = re.compile(r":\s*$")


def place_of(text: str, piece: Piece) -> str | None:
    """The place right before a figure that no verb and no share ties to anything else."""
    if piece.lead.verb or piece.quantity.is_share:
        return None
    begin = piece.start if piece.start else enumerator_end(text)
    if piece.start == 0 and ":" not in text[: piece.lead.start]:
        return None
    found = _PLACE.search(text[begin : piece.lead.start])
    return found["place"] if found else None


def head_before(text: str, small: str, start: int, end: int) -> str | None:
    """What is counted, when the words before the place name it and end with a colon."""
    words = text[start:end]
    if not _OPENS_A_LIST.search(words):
        return None
    for mention in reversed(year_mentions(small[start:end])):
        words = words[: mention.start] + words[mention.end :]
    return words.strip(" :,-–+") or None
