"""Names of issuing bodies: from the capitals of a head to the way they are written in running text."""

import re
from functools import cache

from thucthi.intake.reading.letters import LOWER
from thucthi.intake.reading.rules import rules
from thucthi.kernel.vietnamese_text import nfc

_RULES = rules("issuers")
_SYLLABLE_END = rf"(?![{LOWER}])"
# Both places of the tone mark are in use; "ủy", "hóa" is the one of State documents.
_OLD = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_OLD_TONE = re.compile(rf"(?<![qQ])(?:{'|'.join(_OLD)}){_SYLLABLE_END}", re.I)
_COMMITTEE = re.compile(r"(?:Tỉnh ủy|Thành ủy|Huyện ủy|Đảng ủy|Ban Chấp hành Đảng bộ)", re.I)
# After the noun the name proper begins: "Cục Thuế", "Trung tâm Bảo tồn di sản".
_NOUN = re.compile(r"^((?:chi |tổng )?cục |sở |vụ |viện |ban |bộ |phòng |trung tâm |trường |học viện |hội )(\w)", re.I)
_TIER = re.compile(
    r"(?:Ủy ban nhân dân|Hội đồng nhân dân)\s+((?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|đặc khu)\b.+)",
    re.I,
)


def modern(text: str) -> str:
    """The tone mark where State documents put it: "Uỷ ban" → "Ủy ban", "khoá" → "khóa"."""
    return _OLD_TONE.sub(_moved, nfc(text))


def issuer_named(printed: str) -> str:
    """A body's name as printed, in capitals or not, as running text has it: "UBND TỈNH" → "Ủy ban nhân dân tỉnh"."""
    name = _spelt_out(modern(" ".join(printed.split())).strip(" *.,;:-–"))
    if name.upper() == name or sum(letter.isupper() for letter in name) > len(name.replace(" ", "")) / 2:
        name = _in_running_case(name)
    return name[:1].upper() + name[1:]


def issuer_of(bodies: list[str]) -> str | None:
    """The issuer when a head names a body and those above it, the highest first: a department with its place."""
    named = [issuer_named(body) for body in bodies if body.strip()]
    names = [name for place, name in enumerate(named) if name not in named[:place]]
    if not names:
        return None
    own = names[-1]
    if len(names) == 1 or names[-2].casefold() in own.casefold():
        return own
    above = names[-2]
    if tier := _TIER.match(above):
        return own if tier[1].casefold() in own.casefold() else f"{own} {tier[1]}"
    return f"{own} {above}" if _COMMITTEE.match(above) and not _COMMITTEE.match(own) else own


def issuer_by_letters(letters: str) -> str | None:
    """The issuer that the letters at the end of a number name without doubt: "TTg", "UBTVQH15"."""
    known: dict[str, str] = _RULES["letters"]
    bare = letters.rstrip("0123456789")
    return known.get(bare) or next((name for key, name in known.items() if key.casefold() == bare.casefold()), None)


@cache
def body_start() -> re.Pattern[str]:
    """Matches the beginning of a line that names a body of its own."""
    nouns = sorted(_RULES["body_nouns"], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, nouns))})(?![^\W\d_])", re.I)


def _moved(found: re.Match[str]) -> str:
    letters = found[0]
    made = _OLD[letters.lower()]
    return "".join(new.upper() if old.isupper() else new for old, new in zip(letters, made, strict=True))


def _spelt_out(name: str) -> str:
    for short, full in _RULES["short"].items():
        end = "" if short.endswith(".") else r"(?![^\W\d_])"
        made = full.upper() if name.upper() == name else full
        name = re.sub(rf"(?<![^\W\d_]){re.escape(short)}{end}\s*", made + " ", name, flags=re.I).strip()
    return name


def _in_running_case(name: str) -> str:
    words = name.lower()
    words = _NOUN.sub(lambda found: found[1] + found[2].upper(), words)
    for found in _places().finditer(words):
        words = words[: found.start(1)] + found[1].title() + words[found.end(1) :]
    for known in _known_names():
        words = re.sub(rf"(?<![^\W\d_]){re.escape(known)}(?![^\W\d_])", known, words, flags=re.I)
    return re.sub(r"\b[ivx]+$", lambda found: found[0].upper(), words)


@cache
def _known_names() -> tuple[str, ...]:
    """Shorter ones first, so that a longer one has the last word."""
    return tuple(sorted(_RULES["names"], key=len))


@cache
def _places() -> re.Pattern[str]:
    before = "|".join(map(re.escape, sorted(_RULES["places_after"], key=len, reverse=True)))
    return re.compile(rf"(?<![^\W\d_])(?:{before})\s+((?!ủy|về\b|trực)[^,()\n]+)")
