"""Signatures of masked texts: two texts that share most pairs of neighbouring words agree in many places (MinHash)."""

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 128
BANDS, ROWS = 32, 4
"""Texts that share about 40 % of their pairs of words meet in one band of four more often than not."""
# Texts signed at once; bounds memory, and keeps the working arrays within the processor's cache.
_CHUNK = 2_000
_SEED = 20_241_222

Signatures = NDArray[np.uint64]


def _multipliers() -> tuple[Signatures, Signatures]:
    source = np.random.default_rng(_SEED)
    most = np.iinfo(np.uint64).max
    odd = source.integers(1, most, PERMUTATIONS, dtype=np.uint64) | np.uint64(1)
    return odd, source.integers(0, most, PERMUTATIONS, dtype=np.uint64)


_MULTIPLIERS, _OFFSETS = _multipliers()


@cache
def _number_of(word: str) -> int:
    # Not Python's own hash: it differs from one process to the next.
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")


def bands_of(texts: Sequence[str]) -> Signatures:
    """One row of BANDS keys per masked text, all zero for an empty one. Texts with a common key are candidates."""
    if not texts:
        return np.zeros((0, BANDS), dtype=np.uint64)
    return np.concatenate([_bands_of(texts[at : at + _CHUNK]) for at in range(0, len(texts), _CHUNK)])


def _bands_of(texts: Sequence[str]) -> Signatures:
    pairs = [_pairs(text) for text in texts]
    lengths = np.array([len(row) for row in pairs])
    filled = np.flatnonzero(lengths)
    keys = np.zeros((len(texts), BANDS), dtype=np.uint64)
    if not filled.size:
        return keys
    shingles = _mixed(np.array([number for row in pairs for number in row], dtype=np.uint64))
    starts = np.concatenate(([0], np.cumsum(lengths[filled])[:-1]))
    least = np.empty((filled.size, PERMUTATIONS), dtype=np.uint64)
    for place in range(PERMUTATIONS):
        least[:, place] = np.minimum.reduceat(shingles * _MULTIPLIERS[place] + _OFFSETS[place], starts)
    keys[filled] = _folded(least)
    return keys


def _pairs(text: str) -> list[int]:
    numbers = [_number_of(word) for word in text.split()]
    if len(numbers) == 1:
        return numbers
    return [(first * 0x9E3779B97F4A7C15 + second) & 0xFFFFFFFFFFFFFFFF for first, second in pairwise(numbers)]


def _mixed(numbers: Signatures) -> Signatures:
    """Spread every bit over all others."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        numbers = (numbers ^ (numbers >> np.uint64(shift))) * np.uint64(factor)
    return numbers ^ (numbers >> np.uint64(31))


def _folded(least: Signatures) -> Signatures:
    """One key from each band of rows; the band's number goes in, so that equal rows of two bands do not meet."""
    rows = least.reshape(-1, BANDS, ROWS)
    keys = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), rows.shape[:2]).copy()
    for place in range(ROWS):
        keys = _mixed(keys * np.uint64(0x9E3779B97F4A7C15) + rows[:, :, place])
    return keys
