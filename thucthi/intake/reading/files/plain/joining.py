"""Whether a printed line goes on with the paragraph above it."""

import re
from dataclasses import dataclass
from functools import cache

from thucthi.intake.reading.rules import rules

_LABEL = re.compile(
    r"""(?:
      (?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC|Tiểu\ mục|Điều|ĐIỀU|Phụ\ lục|PHỤ\ LỤC|Biểu|BIỂU|Bảng|Khoản|Mẫu)
        \s+(?:số\s*)?[\dIVXLA-Z]+\b
      | [IVXLC]{1,6}\s?[.\-–)/](?:\s|$)
      | [A-ZĐ]\s?[.\-–)](?:\s|$)
      | [a-zđ]\d?\s?[.)](?:\s|$)
      | \(?\d{1,3}(?:\.\d{1,3}){0,4}\s?(?:[.)]|\s-|-\s)(?!\d)
      | \d{1,3}(?:\.\d{1,3}){1,4}\s+[A-ZĐÀ-Ỹ]
      | \((?:[ivx]{1,5}|[a-zđ]|\d{1,2})\)
      | [-–—+•●▪*~]\s?(?=\S)
      | (?:\[\d+\]|\(\*+\))\s
      | (?:Số|SỐ)\s?:?\s?\d
      | Nơi\ nhận|NƠI\ NHẬN|Kính\ gửi
      | (?:TM|T/M|KT|K/T|TL|T/L|TUQ|Q)\s?\.\s | T/M\s
      | Độc\ lập\ -|CỘNG\ H|ĐẢNG\ CỘNG\ SẢN
      | Căn\ cứ\b|Xét\ đề\ nghị|Theo\ đề\ nghị
    )""",
    re.X,
)
_ENDS = re.compile(r"[.;:!?…][\"”’)\]]*$")
_SMALL = re.compile(r"[\"“(]?[a-zđàáảãạăắằẳẵặâấầẩẫậèéẻẽẹêếềểễệìíỉĩịòóỏõọôốồổỗộơớờởỡợùúủũụưứừửữựỳýỷỹỵ%,;]")
_DASH_INSIDE = re.compile(r"[-–—]\s*[a-zđàáảãạăắằẳẵặâấầẩẫậèéẻẽẹêếềểễệìíỉĩịòóỏõọôốồổỗộơớờởỡợùúủũụưứừửữựỳýỷỹỵ]")
_HYPHENED = re.compile(r"(?:[A-ZĐ]|\d)-$")
_UNFINISHED = re.compile(
    r"(?:,|\s(?:của|và|các|về|tại|theo|với|cho|là|hoặc|trong|những|một|bởi|từ|do|được|để|như|giữa|ngày|tháng|tỉnh))$"
)
_REFERRED = re.compile(r"(?:Điều|Khoản|Mục|Chương|Phần|Phụ lục|Bảng|Biểu|Số)\s")
_NUMBER_FOLLOWS = re.compile(r"(?:^|\s)(?:[Ss]ố\s?:?|ngày|tháng|năm|[Qq]uý|khoản|Điều|điểm|số)$")
_SPLIT_MOTTO = re.compile(r"CỘNG\s*(?:H[OÒÀ]+A?)?(?:\s*XÃ)?(?:\s*HỘI)?$")
_ONE_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_ABBREVIATION = 4
_LONG_HEADING = 40
_ALMOST = 0.84
_RUNNING = 400
"""A line longer than this is running text of a page: it ends where the page ends, wherever the sentence is."""
_LONGEST = 30_000
"""Letters beyond which no paragraph goes on: a text without any sign of an end is cut."""
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Broken:
    """How a text was broken: its last printed line, whether an empty line follows, how long its lines may get."""

    last: str
    gap: bool = False
    width: int | None = None

    def had_no_room(self, after: str) -> bool:
        """Whether the line is as long as lines get here, so that the next word did not fit."""
        return self.width is not None and len(self.last) + 1 + len(after.split(" ", 1)[0]) > _ALMOST * self.width


def glued(first: str, second: str) -> str:
    is_one_word = _HYPHENED.search(first[-3:]) and (second[:1].isupper() or second[:1].isdigit())
    return f"{first}{'' if is_one_word else ' '}{second}"


def goes_on(before: str, after: str, broken: Broken) -> bool:
    """Whether `after` belongs to the paragraph `before`. Labels, headings and the head of a document never do."""
    if len(before) > _LONGEST:
        return False
    before = before if len(before) < 2 * _LOOKED_AT else f"{before[:_LOOKED_AT]} {before[-_LOOKED_AT:]}"
    return _continues(before, after, broken)


def _continues(before: str, after: str, broken: Broken) -> bool:
    if _SPLIT_MOTTO.match(before) and after.startswith("CHỦ NGHĨA"):
        return True
    if _is_letterhead(before) or before in _type_names() or is_label(after, before):
        return False
    if not broken.gap and _is_unfinished(before, after):
        return True
    if is_capital(before) or is_capital(after):
        return _capitals_go_on(before, after, broken)
    if _ENDS.search(before) and not before.endswith(("...", "…")):
        return False
    is_running = len(broken.last) > _RUNNING < len(after) or broken.had_no_room(after)
    return _SMALL.match(after) is not None or (not broken.gap and is_running)


def _is_unfinished(before: str, after: str) -> bool:
    """Whether a paragraph cannot end where `before` does."""
    if _ONE_WORD.fullmatch(before) or _HYPHENED.search(before) or _UNFINISHED.search(before):
        return True
    return _NUMBER_FOLLOWS.search(before) is not None and after[:1].isdigit()


def _capitals_go_on(before: str, after: str, broken: Broken) -> bool:
    if broken.gap or not after.isupper():
        return False
    if not is_capital(before):
        return broken.had_no_room(after) and not _ENDS.search(before)
    return len(broken.last) >= _LONG_HEADING or " " not in after or after.startswith(("VÀ ", "CỦA "))


def is_capital(text: str) -> bool:
    """A heading in capitals; a number of a document or an abbreviation is none."""
    return text.isupper() and not text[:1].isdigit() and sum(map(str.isalpha, text)) > _LONGEST_ABBREVIATION


def is_label(text: str, before: str = "") -> bool:
    """Whether a new paragraph begins here for certain: an item of a list, a heading, a line of the head or foot."""
    before = before[-_LOOKED_AT:]
    if _DASH_INSIDE.match(text) and before and not _ENDS.search(before):
        return False
    if _REFERRED.match(text) and _UNFINISHED.search(before):
        return False
    return _LABEL.match(text) is not None


@cache
def _type_names() -> frozenset[str]:
    return frozenset(name.upper() for name in rules("document_types")["types"])


def _is_letterhead(text: str) -> bool:
    return text.startswith(("Độc lập", "CỘNG H", "Số:", "Số ")) and len(text) < _LONG_HEADING and text[-1] != ":"
