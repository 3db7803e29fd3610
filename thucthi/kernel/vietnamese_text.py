"""Vietnamese text: one form of the same letters, search without accents, dictionary order, likeness of two texts."""

import re
import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# ngang, huyền, hỏi, ngã, sắc, nặng
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# trăng, mũ, râu
_SHAPES = {"\u0306": {"a": "ă"}, "\u0302": {"a": "â", "e": "ê", "o": "ô"}, "\u031b": {"o": "ơ", "u": "ư"}}
# In bytes: space < tone signs < digits < letters < any foreign letter; so a shorter syllable comes first.
_TONE_SIGNS = '!"#$%&'
_LETTER_SIGNS = {letter: chr(ord("A") + place) for place, letter in enumerate(ALPHABET)}
_SHINGLE_WORDS = 3


def nfc(text: str) -> str:
    """The composed form (Unicode NFC), in which all text is stored: "ế" typed in two ways becomes one letter."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case, without accents, đ as d, white space collapsed: what is compared when somebody searches."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(nfc(bare).replace("đ", "d").split())


def slugify(text: str) -> str:
    """ASCII letters, digits and single hyphens, fit for a URL; "" when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def sort_key(text: str) -> str:
    """A string whose byte order ("C" collation) is the order of a Vietnamese dictionary.

    Syllable by syllable: first the letters (a ă â b c d đ e ê …), then the tone (ngang, huyền, hỏi, ngã, sắc,
    nặng), so that all of "ba …" comes before "bà …", and that before "bác". Case and punctuation do not count.
    At most twice as long as `text`.
    """
    words = re.findall(r"[^\W_]+", nfc(text).lower())
    return " ".join(_syllable_key(word) for word in words)


def _syllable_key(syllable: str) -> str:
    letters: list[str] = []
    tone = 0
    for char in unicodedata.normalize("NFD", syllable):
        if char in _TONES:
            tone = tone or _TONES[char]
        elif char in _SHAPES and letters:
            letters[-1] = _SHAPES[char].get(letters[-1], letters[-1])
        elif not unicodedata.combining(char):
            letters.append(char)
    return "".join(_LETTER_SIGNS.get(letter, letter) for letter in letters) + _TONE_SIGNS[tone]


def similarity(first: str, second: str) -> float:
    """How much of two texts is the same wording, 0 (nothing) to 1 (the same words in the same order).

    Jaccard index of their runs of three folded words; a shorter text counts as one run. An empty text is like
    nothing, not even another empty one. Used to notice copied programmes and reports (demand D7).
    """
    ours, theirs = _shingles(first), _shingles(second)
    everything = ours | theirs
    return len(ours & theirs) / len(everything) if everything else 0.0


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", fold(text))
    if not words:
        return frozenset()
    last = max(len(words) - _SHINGLE_WORDS, 0)
    return frozenset(tuple(words[at : at + _SHINGLE_WORDS]) for at in range(last + 1))
