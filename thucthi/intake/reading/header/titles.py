"""Puts the title (trích yếu) of a document together again over its lines."""

import re

from thucthi.intake.reading.header.heads import (
    Head,
    Place,
    is_annex_heading,
    is_caption,
    is_ornament,
    is_preamble,
    type_in,
)
from thucthi.intake.reading.header.issuers import issuer_named
from thucthi.intake.reading.letters import LOWER, UPPER
from thucthi.intake.reading.outline.labels import BULLETS, label_at
from thucthi.kernel.vietnamese_text import fold

_LONGEST_TITLE = 900
_MOST_LINES = 14
# A title that ends with one of these goes on in the next line.
_UNFINISHED = re.compile(
    r"(?:[,\-–/(]|(?<![^\W\d_])(?:và|của|về|cho|các|những|tỉnh|thành phố|ngày|số|năm|giai đoạn|theo|trong|trên|với|"
    r"đến|từ|tại|là|để|nghị|quyết|kế|quy|thực|hội|công))$",
    re.I,
)
_NEW_SENTENCE = re.compile(r"(?:Thực hiện|Thi hành|Nhằm|Để|Sau|Trong|Ngày|Kính gửi|Trích yếu|Xét)\b")
_OF_ISSUER = re.compile(rf"\s*(?:CỦA|của)\s+(?P<issuer>[{UPPER}][^{LOWER},;.(]+?)(?=\s+[{LOWER}]|\s*$)")
_DASHES = re.compile(r"\s*[-–_*=]{3,}.*$")
_AFTER_TITLE = re.compile(r"\s*(?:[-–_*=]{3,}|\((?:ban hành |đính )?kèm theo\b).*$", re.I)
_ABOUT = re.compile(r"(?:V/v|Về việc)\s*:?\s*", re.I)


def title_of(head: Head) -> tuple[str | None, str | None]:
    """The title, None for a head without one, and the issuer that the line of the type names ("… CỦA BỘ CHÍNH TRỊ")."""
    if head.typed is None:
        return None, None
    line = head.lines[head.typed]
    typed = type_in(line)
    rest = _DASHES.sub("", typed["rest"]) if typed else ""
    of = _OF_ISSUER.match(rest)
    issuer = of["issuer"] if of else None
    own = rest[of.end() :].strip() if of else rest.strip(" .*_-–")
    first = Place(own, line.start, line.is_strong) if own else None
    words = _joined(head.lines[head.typed + 1 :], first, _known_bodies(head, issuer))
    if issuer and not words:
        return f"của {issuer_named(issuer)}", issuer
    return words or None, issuer


def annex_title(lines: tuple[Place, ...], place: int) -> str | None:
    """The title under "PHỤ LỤC II" in the line of that place."""
    line = lines[place]
    label = label_at(line.text, 0, len(line.text))
    own = line.text[label.end :].strip(" .:-–") if label else ""
    return _joined(lines[place + 1 :], Place(own, line.start) if own else None, frozenset()) or None


def about(head: Head) -> str | None:
    """The subject of a letter, which stands under its number: "V/v …"."""
    for place, line in enumerate(head.lines[:20]):
        if found := _ABOUT.match(line.text):
            return _joined(
                head.lines[place + 1 :], Place(line.text[found.end() :], line.start), frozenset(), is_subject=True
            )
    return None


def _known_bodies(head: Head, issuer: str | None) -> frozenset[str]:
    names = [*head.bodies, " ".join(head.bodies), *([issuer] if issuer else [])]
    return frozenset(fold(issuer_named(name)) for name in names)


def _joined(lines: tuple[Place, ...], first: Place | None, bodies: frozenset[str], *, is_subject: bool = False) -> str:
    parts = [first] if first else []
    for line in lines[:_MOST_LINES]:
        if is_ornament(line):
            if parts:
                break
            continue
        if _ends_title(line, bodies) or (parts and not _goes_on(parts, line, is_subject=is_subject)):
            break
        parts.append(line)
    text = " ".join(" ".join(part.text.strip(" *_\\").split()) for part in parts)
    return _AFTER_TITLE.sub("", text).strip(" *_") if len(text) <= _LONGEST_TITLE else ""


def _ends_title(line: Place, bodies: frozenset[str]) -> bool:
    if is_preamble(line) or is_caption(line) or is_annex_heading(line):
        return True
    if line.is_capitals and (fold(issuer_named(line.text)) in bodies or _ENACTING.match(line.text)):
        return True
    label = label_at(line.text, 0, len(line.text))
    return bool(label) and not (label and label.kind in BULLETS and line.text[:1].islower())


_ENACTING = re.compile(
    r"(?:QUYẾT ĐỊNH|QUYẾT NGHỊ|NGHỊ QUYẾT|NGHỊ ĐỊNH)\s*:|(?:BỘ TRƯỞNG|THỦ TƯỚNG|CHỦ TỊCH|THỐNG ĐỐC|TỔNG THANH TRA"
    r"|CHÍNH PHỦ|QUỐC HỘI|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|HỘI ĐỒNG NHÂN DÂN|ỦY BAN THƯỜNG VỤ|GIÁM ĐỐC"
    r"|BAN CHẤP HÀNH TRUNG ƯƠNG$)(?![^\W\d_])(?!.*(?:BAN HÀNH|THỰC HIỆN|\d))"
)


def _goes_on(parts: list[Place], line: Place, *, is_subject: bool) -> bool:
    """Whether a line continues a title: capitals after capitals, small letters, or a title that cannot end there."""
    before, words = parts[-1], line.text
    if _UNFINISHED.search(before.text.strip(" *_")) or (
        words[:1].islower() and not before.text.rstrip().endswith((".", ";"))
    ):
        return True
    if before.is_capitals and line.is_capitals:
        return True
    if is_subject or before.text.rstrip().endswith((".", ":", ";")) or _NEW_SENTENCE.match(words):
        return False
    is_heading = (
        len(parts) == 1
        and before.is_capitals
        and len(before.text) < 90
        and len(words) < 300
        and not words.endswith(".")
    )
    return is_heading or bool(before.is_strong and line.is_strong)
