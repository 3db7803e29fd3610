"""From the parts of a head to the header of a document."""

import re
from dataclasses import replace

from thucthi.intake.reading.header.citations import Citation, find_citations
from thucthi.intake.reading.header.heads import Head, is_annex_heading, is_caption, read_head, type_in
from thucthi.intake.reading.header.issuers import issuer_named, issuer_of
from thucthi.intake.reading.header.relations import find_relations
from thucthi.intake.reading.header.titles import about, annex_title, title_of
from thucthi.intake.reading.letters import UPPER
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import HeaderRead
from thucthi.intake.reading.source import Source

_TYPES = "|".join(sorted(map(re.escape, rules("document_types")["types"]), key=len, reverse=True))
# A page that shows a document under a heading of its own: "Nghị quyết số 57-NQ/TW".
_NAMED = re.compile(rf"(?i:{_TYPES})\s+(?i:số\s*:?\s*)?\d")
_ON_BEHALF = re.compile(rf"(?:^|\n|\|\s?)[*_\s]*T\s?/?\s?M\s?\.?\s+(?P<body>[{UPPER}][{UPPER} ,\-]{{5,80}})")
_ENACTS = re.compile(
    rf"(?:^|\n)[*_\s]*(?P<body>[{UPPER}][^\n,;.:]{{3,80}}?)\s+(?:ban\s+hành|quyết\s+định\s+ban\s+hành)\s+(?P<type>(?i:{_TYPES}))(?![^\W\d_])"
)
_REPEATED = re.compile(
    r"(?:THỦ TƯỚNG|CHÍNH PHỦ|ỦY BAN|UỶ BAN|HỘI ĐỒNG|QUỐC HỘI|CHỦ TỊCH|BỘ TRƯỞNG|THỐNG ĐỐC|GIÁM ĐỐC)(?![^\W\d_])"
)
_HEADS_OF = re.compile(r"(?:Bộ trưởng|Giám đốc|Cục trưởng|Tổng Giám đốc)\s+(?=Bộ |Sở |Cục |Ủy ban )")
_CENTRAL = ("Bộ Chính trị", "Ban Bí thư", "Ban Chấp hành Trung ương", "Hội đồng Lý luận Trung ương")
# A congress issues under its own name, which stands where others have their title.
_CONGRESS = re.compile(
    r"(?P<body>ĐẠI HỘI ĐẠI BIỂU TOÀN QUỐC)(?: LẦN THỨ [IVXL]+)?(?:\s+CỦA ĐẢNG(?: CỘNG SẢN VIỆT NAM)?)?\s*", re.I
)
_BEGINNING = 6_000
_FIRST_LINES = 6


def read_header(source: Source) -> HeaderRead:
    """What the head says; None for what it does not say, nothing guessed from annex captions or file names."""
    head = read_head(source)
    if head.is_official or head.number:
        found = _official(source, head)
    elif named := _introduced(source, head):
        found = named
    else:
        found = _without_head(source, head)
    return replace(found, relations=find_relations(source, found))


def _official(source: Source, head: Head) -> HeaderRead:
    typed = type_in(head.lines[head.typed]) if head.typed is not None else None
    title, in_type_line = title_of(head)
    letter_type = head.number.type if head.number else None
    return HeaderRead(
        number=head.number.text if head.number and not head.is_blank else None,
        type=typed["type"].lower() if typed else letter_type,
        issuer=_issuer(source, head, in_type_line),
        issued_on=head.issued_on,
        place=head.place,
        title=title or (about(head) if not typed else None),
    )


def _issuer(source: Source, head: Head, in_type_line: str | None) -> str | None:
    """Who issues: the head's last body; for "/TW" the one that the signature or the type's line names."""
    in_head = issuer_of(list(head.bodies))
    of_type = issuer_named(in_type_line) if in_type_line else None
    if head.number and head.number.tail == "TW":
        signed = [issuer_named(each["body"]) for each in _ON_BEHALF.finditer(source.text)]
        candidates = [*signed, of_type, in_head]
        for candidate in candidates:
            for body in _CENTRAL:
                if candidate and candidate.startswith(body):
                    return body if candidate is not in_head else in_head
    if in_head:
        return in_head
    return of_type or (head.number.issuer if head.number else None) or _enacting(source, head)


def _enacting(source: Source, head: Head) -> str | None:
    """The body that a line in capitals before the "căn cứ" repeats, or that "… ban hành …" names after them."""
    after = head.lines[head.typed + 1 if head.typed is not None else 0 :]
    for line in after[:15]:
        if line.is_capitals and _REPEATED.match(line.text):
            return _HEADS_OF.sub("", issuer_named(line.text))
        if line.text.startswith("Căn cứ"):
            break
    found = _ENACTS.search(source.text[:_BEGINNING])
    if found and _REPEATED.match(found["body"].upper()):
        return _HEADS_OF.sub("", issuer_named(found["body"]))
    signed = _ON_BEHALF.search(source.text)
    return issuer_named(signed["body"]) if signed else None


def _introduced(source: Source, head: Head) -> HeaderRead | None:
    """A document shown under a heading that is its type and number; the day and issuer as the next lines tell them."""
    if not head.lines or not _NAMED.match(head.lines[0].text):
        return None
    first = find_citations(head.lines[0].text)
    if not first or first[0].start or not re.search(r"[/\-]", first[0].number):
        return None
    told = [(line.text, each) for line in head.lines[:_FIRST_LINES] for each in find_citations(line.text)]
    same = [(words, each) for words, each in told if each.number == first[0].number]
    return HeaderRead(
        number=first[0].number,
        type=first[0].type,
        issuer=next((each.issuer for _, each in same if each.issuer), None),
        issued_on=next((each.issued_on for _, each in same if each.issued_on), None),
        title=next((title for words, each in same if (title := _told_title(words, each))), None),
    )


def _told_title(words: str, cited: Citation) -> str | None:
    """The words after "… của Bộ Chính trị về" in a sentence that introduces the document."""
    rest = words[cited.end :]
    found = re.match(r"\)?\s*(?:của [A-ZĐ][^,;.]*?\s)?(?P<title>về\s.+)", rest)
    return found["title"].strip(" .*_") if found else None


def _without_head(source: Source, head: Head) -> HeaderRead:
    """An annex, a document without its first lines, or no document at all."""
    if head.typed is not None:
        return _bare(source, head)
    for place, line in enumerate(head.lines[:_FIRST_LINES]):
        if is_annex_heading(line):
            return HeaderRead(title=annex_title(head.lines, place))
    return HeaderRead()


def _bare(source: Source, head: Head) -> HeaderRead:
    """A text that begins with its type and title: who issues it only where the document itself says so."""
    typed = type_in(head.lines[head.typed]) if head.typed is not None else None
    title, in_type_line = title_of(head)
    is_annexed = any(is_caption(line) for line in head.lines[: (head.typed or 0) + 12])
    if title and (congress := _CONGRESS.match(title)):
        return HeaderRead(
            type="nghị quyết", issuer=issuer_named(congress["body"]), title=title[congress.end() :] or None
        )
    issuer = issuer_named(in_type_line) if in_type_line else None
    return HeaderRead(
        type=typed["type"].lower() if typed else None,
        issuer=issuer or (None if is_annexed else issuer_of(list(head.bodies)) or _enacting(source, head)),
        title=title,
    )
