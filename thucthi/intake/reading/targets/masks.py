"""What in a sentence is no quantity although it has figures: document numbers, dates, years, ages, lengths of time."""

import re
from collections.abc import Iterable

from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.targets.quantities import Quantity

_PATTERNS = tuple(re.compile(pattern) for pattern in rules("target_words")["masks"]["patterns"])
# Told by its capital letters: "57-NQ/TW", "03/2025/QH15".
_DOCUMENT = re.compile(r"(?<![\w.,])\d+(?:[./]\d+)*[-/][A-ZĐ][\wĐ&]*(?:[-/][\wĐ&]+)*")
_ENUMERATOR = re.compile(
    r"^[\s\-–+*•]*(?:\(?\d+(?:\.\d+)*[.)]|\(\d+\)|\d+(?:\.\d+)+\.?|\d+-(?=\s)|[a-zđ]\d?\))(?=\s|[^\W\d])"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CARRIES_A_TARGET = re.compile(r"trong đó|tối thiểu|ít nhất|phấn đấu")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20|21)\d\d(?![\d.,]\d|\d)")
_BEFORE_A_COUNT = re.compile(r"\s+(?:doanh nghiệp|người|lao động|hộ|căn|km|ha|tấn|tổ chức|sản phẩm|mô hình|usd|đồng)")
_AFTER_YEAR_WORD = re.compile(r"(?:năm|giai đoạn|thời kỳ|đến|từ|[-–/])\s*$")
_TEXT_OF_TIME = re.compile(r"(?:tuổi thọ|sống khỏe|dự trữ|thời gian|số năm|số ngày|đạt|tuổi nghề)")


def enumerator_end(text: str) -> int:
    """Where the words begin after "a)", "(1)", "2.3." or a dash at the head."""
    found = _ENUMERATOR.match(text)
    return found.end() if found else len(text) - len(text.lstrip(" -–+*•\t"))


def kept(text: str, small: str, found: Iterable[Quantity]) -> list[Quantity]:
    """The quantities that no mask covers."""
    spans = [(match.start(), match.end()) for pattern in _PATTERNS for match in pattern.finditer(small)]
    spans += [(match.start(), match.end()) for match in _DOCUMENT.finditer(text)]
    spans += [
        (match.start(), match.end()) for match in _BRACKETS.finditer(small) if not _CARRIES_A_TARGET.search(match[0])
    ]
    spans += [(match.start(), match.end()) for match in _YEAR.finditer(small) if not _is_count(small, match)]
    spans.append((0, enumerator_end(text)))
    return [quantity for quantity in found if not _is_covered(quantity, spans) and _is_fit(small, quantity)]


def _is_covered(quantity: Quantity, spans: list[tuple[int, int]]) -> bool:
    return any(start < quantity.number_end and quantity.start < end for start, end in spans)


def _is_count(small: str, year: re.Match[str]) -> bool:
    return bool(_BEFORE_A_COUNT.match(small, year.end())) and not _AFTER_YEAR_WORD.search(small, 0, year.start())


def _is_fit(small: str, quantity: Quantity) -> bool:
    """A length of time counts only as the value of something that lasts."""
    if quantity.kind == "time" or (quantity.unit or "").startswith("tuổi"):
        return bool(_TEXT_OF_TIME.search(small, max(0, quantity.start - 60), quantity.start))
    return True
