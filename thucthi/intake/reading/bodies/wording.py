"""Text made even for comparing names, letter for letter: a place found in it is the same place in the text."""

import re
from dataclasses import dataclass

from thucthi.kernel.vietnamese_text import nfc

CAPITAL = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_JOINERS = {",", "-", "–", "—", "&", ".", "và"}
JOINT = "+"
_TONED = {
    "o": {"à": "òa", "á": "óa", "ả": "ỏa", "ã": "õa", "ạ": "ọa", "è": "òe", "é": "óe", "ẻ": "ỏe", "ẽ": "õe", "ẹ": "ọe"},
    "u": {"ỳ": "ùy", "ý": "úy", "ỷ": "ủy", "ỹ": "ũy", "ỵ": "ụy"},
}
_PAIRS = {first + second: told for first, pairs in _TONED.items() for second, told in pairs.items()}
_LATE_TONE = re.compile(rf"(?<![qQ])(?:{'|'.join(_PAIRS)})(?![^\W\d_])", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")


def even(text: str) -> str:
    """Tones on the first vowel ("uỷ" as "ủy", "hoá" as "hóa"), composed letters; case stays."""
    return _LATE_TONE.sub(_move_tone, nfc(text))


def _move_tone(found: re.Match[str]) -> str:
    written = found[0]
    told = _PAIRS[written.lower()]
    return "".join(new.upper() if old.isupper() else new for new, old in zip(told, written, strict=True))


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or one sign; `word` in lower case."""

    word: str
    start: int
    end: int

    @property
    def is_joiner(self) -> bool:
        return self.word in _JOINERS


def tokens(evened: str) -> list[Token]:
    return [Token(found[0].lower(), found.start(), found.end()) for found in _TOKEN.finditer(evened)]


def key(name: str) -> tuple[str, ...]:
    """A name's words; JOINT wherever a comma, dash, "&" or "và" may stand, or be left out."""
    words: list[str] = []
    for token in tokens(even(name)):
        if not token.is_joiner:
            words.append(token.word)
        elif words and words[-1] != JOINT:
            words.append(JOINT)
    return tuple(words[:-1] if words and words[-1] == JOINT else words)


def any_of(words: list[str]) -> str:
    """A pattern for one of the words, the longest first, white space of any kind between their parts."""
    longest_first = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first) + ")"
