"""Text written for the fonts of TCVN3 (ABC) or VNI, known by what its letters become."""

import re
from collections import Counter
from enum import Enum
from functools import cache

from thucthi.intake.reading.files.encodings.syllables import is_syllable
from thucthi.intake.reading.rules import rules

_WORD = re.compile(r"[^\s!-@\[-`{-~–—“”‘’…]+")
_FEWEST_WORDS = 3
_SURE = 0.8
_PLAIN = 0.5
"""In such a font's text some words are spelled by chance like Vietnamese in Unicode ("Céng"), never most."""


class Legacy(Enum):
    TCVN3 = "TCVN3 (ABC, phông .VnTime)"
    VNI = "VNI (phông VNI-Times)"


@cache
def _tcvn3() -> dict[int, str]:
    table = rules("legacy_encodings")["tcvn3"]
    return dict(zip(map(ord, table["from"]), table["to"], strict=True))


@cache
def _vni() -> tuple[re.Pattern[str], dict[str, str]]:
    pairs = dict(pair.split() for pair in rules("legacy_encodings")["vni"]["pairs"].replace("\n", "").split("|"))
    return re.compile("|".join(sorted(pairs, key=len, reverse=True))), pairs


def _from_tcvn3(word: str) -> str:
    return word.translate(_tcvn3())


def _from_vni(word: str) -> str:
    pattern, pairs = _vni()
    return pattern.sub(lambda found: pairs[found[0]], word.lower())


def legacy_of(text: str) -> Legacy | None:
    """The old encoding in which most of the words with accents make sense, where they make none in Unicode.

    `text` has one Unicode letter for each byte of the old font, as text copied out of Word has.
    """
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    if len(words) < _FEWEST_WORDS or sum(map(is_syllable, words)) > _PLAIN * len(words):
        return None
    made = Counter(
        {
            Legacy.TCVN3: sum(is_syllable(_from_tcvn3(word)) for word in words),
            Legacy.VNI: sum(is_syllable(_from_vni(word)) for word in words),
        }
    )
    [(best, count)] = made.most_common(1)
    return best if count >= _SURE * len(words) else None


def is_vietnamese(text: str) -> bool:
    """Whether most words with accents are Vietnamese as they stand."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return bool(words) and sum(map(is_syllable, words)) >= _SURE * len(words)
