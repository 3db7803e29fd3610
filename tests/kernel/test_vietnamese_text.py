"""Letters in one form, search without accents, dictionary order, likeness."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.vietnamese_text import fold, nfc, similarity, slugify, sort_key

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]

# A syllable as (letters, place of the marked vowel, tone): the order is known before it is spelt out.
consonants = st.text(alphabet="bcdđghklmnpqrstvx", max_size=3)
syllables = st.tuples(consonants, st.sampled_from(VOWELS), consonants, st.integers(0, 5))
phrases = st.lists(syllables, min_size=1, max_size=4)


def spell(phrase: list[tuple[str, str, str, int]]) -> str:
    return nfc(" ".join(onset + vowel + TONES[tone] + coda for onset, vowel, coda, tone in phrase))


def rank(phrase: list[tuple[str, str, str, int]]) -> list[tuple[list[int], int]]:
    return [([LETTERS.index(char) for char in onset + vowel + coda], tone) for onset, vowel, coda, tone in phrase]


class TestForms:
    def test_nfc_joins_two_ways_of_typing(self) -> None:
        assert nfc("e\u0302\u0301") == "\u1ebf"

    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("  Đắk   Lắk\u00a0\n", "dak lak"),
            ("ỦY BAN NHÂN DÂN", "uy ban nhan dan"),
            ("Nghị quyết số 57-NQ/TW", "nghi quyet so 57-nq/tw"),
            ("", ""),
        ],
    )
    def test_fold(self, text: str, folded: str) -> None:
        assert fold(text) == folded
        assert fold(unicodedata.normalize("NFD", text)) == folded

    @pytest.mark.parametrize(
        ("text", "slug"),
        [("Bộ Khoa học & Công nghệ", "bo-khoa-hoc-cong-nghe"), ("57-NQ/TW", "57-nq-tw"), ("— …", "")],
    )
    def test_slugify(self, text: str, slug: str) -> None:
        assert slugify(text) == slug

    @given(st.text())
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)


class TestSortKey:
    @pytest.mark.parametrize(
        "ordered",
        [
            ["An", "Ăn", "Ân", "Ba"],
            ["ba", "bà", "bả", "bã", "bá", "bạ", "bác"],
            ["Cà Mau", "Cao Bằng"],
            ["Da", "Đà Nẵng"],
            ["ba lô", "bà con"],
            ["An Giang", "Anh"],
            ["Hà Nội", "Hà Tĩnh", "Hải Phòng", "Huế", "Hưng Yên"],
            ["Quảng Ngãi", "Quảng Ninh", "Quảng Trị"],
            ["Thái Nguyên", "Thanh Hóa", "Thành phố Hồ Chí Minh"],
            ["", "1", "a", "z", "ж"],
        ],
    )
    def test_dictionary_order(self, ordered: list[str]) -> None:
        keys = [sort_key(text).encode() for text in ordered]
        assert all(before < after for before, after in itertools.pairwise(keys))

    def test_all_letters_in_order(self) -> None:
        keys = [sort_key(letter).encode() for letter in LETTERS]
        assert all(before < after for before, after in itertools.pairwise(keys))

    @pytest.mark.parametrize(("text", "same"), [("ĐÀ NẴNG", "đà nẵng"), ("TP. Huế", "tp huế"), ("hòa", "hoà")])
    def test_case_punctuation_and_place_of_the_tone_do_not_count(self, text: str, same: str) -> None:
        assert sort_key(text) == sort_key(same)

    def test_is_short_enough_to_be_stored(self) -> None:
        assert len(sort_key("á " * 150)) <= 600

    @given(phrases, phrases)
    def test_byte_order_is_the_order_of_letters_then_tones(
        self, first: list[tuple[str, str, str, int]], second: list[tuple[str, str, str, int]]
    ) -> None:
        keys = sort_key(spell(first)).encode(), sort_key(spell(second)).encode()
        assert (keys[0] < keys[1]) == (rank(first) < rank(second))
        assert (keys[0] == keys[1]) == (rank(first) == rank(second))


class TestSimilarity:
    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            ("Hoàn thành 3 km đường", "HOÀN THÀNH 3 KM ĐƯỜNG.", 1.0),
            ("một hai ba bốn", "một hai ba năm", 1 / 3),
            ("một hai ba", "ba hai một", 0.0),
            ("một hai", "một hai", 1.0),
            ("một hai", "một hai ba", 0.0),
            ("", "", 0.0),
            ("một", "", 0.0),
        ],
    )
    def test_share_of_common_runs(self, first: str, second: str, expected: float) -> None:
        assert similarity(first, second) == expected

    @given(st.text(), st.text())
    def test_symmetric_and_between_0_and_1(self, first: str, second: str) -> None:
        assert similarity(first, second) == similarity(second, first)
        assert 0.0 <= similarity(first, second) <= 1.0
