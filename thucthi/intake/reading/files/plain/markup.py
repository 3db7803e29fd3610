"""Markdown taken off a text: what marks it as bold or a heading is kept as knowledge, not as letters."""

import re

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(?P<body>(?:[^\n]*\n){1,60}?)---[ \t]*(?:\n|\Z)")
_FRONT_LINE = re.compile(r"\s*(?:[\w-]+:(?:\s.*)?|- .*|#.*|)\s*$")
_PAGE_MARK = re.compile(r"\s*(?:page|trang)\b")
_BREAK = re.compile(r"<br\s*/?>", re.I)
_TAG = re.compile(r"</?(?:b|i|u|em|strong|sup|sub|span|p|div|center|font|small)\b[^<>\n]{0,200}>", re.I)
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\((?:https?:|/|#|mailto:|\.)[^)\s]{0,500}\)")
_IS_MARKED = re.compile(r"\*\*|^#{1,6} |^\|? ?:?-{3,}:? ?\|", re.M)
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(?P<text>.*?)\s*#*\s*$")
# A ">" before a figure is "more than", not a quotation.
_QUOTE = re.compile(r"^\s{0,3}(?:>\s?)+(?![\s\d=])")
_BULLET = re.compile(r"(?P<indent>\s*)[*●▪◦]\s+(?=\S)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|&~<>=\"'])")
_STARS = re.compile(r"\\?\*+")
_NOTE = re.compile(r"\((?:\\?\*){1,4}\)")
_RULE = re.compile(r"[\s\\]*(?:[-–_=*~]\s*|\\-){1,}\s*$")
_DASHES = re.compile(r"(?:\\?-){4,}|_{4,}|={4,}")
_GLUED = re.compile(r"(?<=VIỆT NAM)(?=Độc lập\b)|(?<=[A-ZĐÀ-Ỹ]) +(?=CỘNG H[OÒÀ]+A? XÃ HỘI CHỦ NGHĨA VIỆT NAM\b)")
_SPAN = re.compile(r"(?<![*\\])(\*{1,3})(?![*\s])((?:[^*\n]+\n){1,12}[^*\n]*?)(?<!\s)(\s?)\1(?!\*)")
_SOFT_BREAK = re.compile(r"(?<![.;:])\n(?!\s*(?:Căn cứ\b|[-+•]\s|\d+[.)]|[a-zđ]\)))")
_BOLD = re.compile(r"\s*(?:\d+\\?\.\s*)?\*\*(?P<text>[^*]+(?:\*\*\s*\*\*[^*]*)*)\*\*[\s:.*]*$")
_NOTE_SIGN = "\ue000"


def without_front_matter(text: str) -> str:
    """Without the list of properties that some programs write before a document."""
    found = _FRONT_MATTER.match(text)
    if found and all(_FRONT_LINE.match(line) for line in found["body"].splitlines()):
        return text[found.end() :]
    return text


def is_marked(text: str) -> bool:
    return _IS_MARKED.search(text) is not None


def tidied(text: str) -> str:
    """Marks that reach over lines: comments gone, line breaks inside one bold or slanted passage made spaces."""
    text = _LINK.sub(r"\1", _TAG.sub("", _without_comments(text)))
    text = _GLUED.sub("\n", text)
    return _SPAN.sub(lambda found: found[1] + _SOFT_BREAK.sub(" ", found[2]) + found[3] + found[1], text)


def _without_comments(text: str) -> str:
    """Comments that tell pages stay."""
    first, *others = text.split("<!--")
    return first + "".join(_after_comment(other) for other in others)


def _after_comment(text: str) -> str:
    _, end, after = text.partition("-->")
    return after if end and not _PAGE_MARK.match(text) else f"<!--{text}"


def is_rule(line: str) -> bool:
    """A line that only draws a line."""
    return bool(line.strip()) and _RULE.fullmatch(line) is not None


def is_strong(line: str) -> bool:
    return _HEADING.match(line) is not None or _BOLD.match(line) is not None


def unmarked(line: str) -> str:
    """A line's words. `<br>` and a drawn line inside it become line breaks; list marks become "- "."""
    heading = _HEADING.match(line)
    words = _QUOTE.sub("", heading["text"] if heading else line, count=1)
    words = _BULLET.sub(r"\g<indent>- ", words, count=1) if _BULLET.match(words) else words
    words = _NOTE.sub(lambda found: f"({_NOTE_SIGN * found[0].count('*')})", words)
    words = _STARS.sub("", words).replace(_NOTE_SIGN, "*")
    return _DASHES.sub("\n", _BREAK.sub("\n", _ESCAPED.sub(r"\1", words)))
