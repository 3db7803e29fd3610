"""Makes the wording of a deadline uniform, and hides what looks like a date and is none."""

import re
import unicodedata

# Stands where something was hidden; no pattern matches it.
HIDDEN = "¤"

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_DATE = r"ngày \d{1,2}(?:[/.-]\d{1,2}[/.-]\d{4}| tháng \d{1,2} năm \d{4})"
# 57-NQ/TW, 61/2018/NĐ-CP, 02-KH/BCĐTW; in capitals, so that "2025-quý II" stays.
_DOCUMENT_NUMBER = re.compile(
    rf"(?:số )?\b\d+(?:/\d{{4}})?[-/](?!QU[ÝÍ]|TH|NĂM)[A-ZĐ]{{2,}}[\w/-]*(?:,? {_DATE})?", re.UNICODE
)
_SAME_WORD = (
    (re.compile(r"\bqu(?:í|ý|ỳ)|\bqúy"), "quý"),
    (re.compile(r"\bhàng(?= (?:ngày|tuần|tháng|quý|năm))"), "hằng"),
)
_TIME_UNIT = r"(?:giờ|ngày(?: làm việc)?|tuần|tháng|năm)"
_NO_DEADLINE = re.compile(
    r"(?:và )?(?:tầm nhìn|định hướng)(?: đến)?(?: năm)? \d{4}"
    r"|(?:chi|kinh phí|dự toán|ngân sách) (?:thường xuyên|hằng năm)"
    r"|có hiệu lực[^;.]*|(?<!ngày )(?<!trước )\b24/7\b(?![/.-]\d)"
)
# In running text: years of money and of other plans, what holds from a day on, what was counted until one.
_NO_DEADLINE_IN_PROSE = re.compile(
    r"(?:kinh phí|dự toán|ngân sách|chi|vốn|kế hoạch|bình quân|tốc độ tăng|tăng trưởng|tăng thêm|thi đua|khen thưởng"
    r"|xếp loại|sức khỏe|thu nhập|công việc|sinh hoạt)(?: [^\s,;.]+){0,3}"
    r" (?:hằng|từng) (?:năm|ngày)|\btính đến[^,;.]*|(?:ngân sách|dự toán|kinh phí)(?: [^\s,;.]+){0,3} năm \d{4}"
    r"|“[^”]*”|\"[^\"]*\""
)
_DATE_OF_CITED = re.compile(rf"¤(?: của [^,;.]{{1,80}}?| về [^,;.]{{1,80}}?)?,? {_DATE}")
# "10 ngày kể từ …", "05 ngày sau khi …", "sau 01 năm …": counted from something that has no date yet.
_COUNTED_FROM = re.compile(
    rf"(?:sau )?\b\d+ (?:\([^)]*\) )?{_TIME_UNIT}(?: đầu)?,? (?:kể từ|tính từ|từ ngày|sau (?:khi|ngày|thời))[^;.]*"
    rf"|\bsau \d+ {_TIME_UNIT}(?! \d)[^;.]*|trước khi [^;.]*\d+ {_TIME_UNIT}[^;.]*"
)


def clean(raw: str) -> str:
    """Composed letters, plain hyphens and single spaces; what a person may be shown again."""
    return " ".join(unicodedata.normalize("NFC", raw).translate(_DASHES).split())


def uniform(cleaned: str) -> str:
    """Lower case and one spelling per word ("quí", "hàng năm"); document numbers and visions are hidden."""
    text = _DOCUMENT_NUMBER.sub(HIDDEN, cleaned).lower()
    for spelling, word in _SAME_WORD:
        text = spelling.sub(word, text)
    return _NO_DEADLINE.sub(HIDDEN, text)


def hide_in_place(sentence: str) -> str:
    """As `uniform`, letter for letter of the same length; what is no deadline in running text is hidden too."""
    text = _DOCUMENT_NUMBER.sub(_as_long, sentence)
    text = "".join(low if len(low := char.lower()) == 1 else char for char in text.translate(_DASHES))
    for spelling, word in _SAME_WORD:
        text = spelling.sub(word, text)
    for pattern in (_NO_DEADLINE, _NO_DEADLINE_IN_PROSE, _DATE_OF_CITED):
        text = pattern.sub(_as_long, text)
    return text


def _as_long(found: re.Match[str]) -> str:
    return HIDDEN * len(found[0])


def hide_counted_from(text: str) -> tuple[str, bool]:
    """Hide lengths of time counted from an event; the flag tells whether there was one."""
    hidden, found = _COUNTED_FROM.subn(HIDDEN, text)
    return hidden, found > 0
