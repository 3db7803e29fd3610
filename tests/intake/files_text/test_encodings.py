"""Encodings: Unicode in its forms is read, Windows-1258 converted, TCVN3, VNI and mixtures named and refused."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from thucthi.intake.reading.files import encodings
from thucthi.intake.reading.files.encodings import decoded, refuse_legacy
from thucthi.intake.reading.files.encodings.legacy import Legacy, legacy_of
from thucthi.intake.reading.files.encodings.syllables import is_syllable
from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.files.faults import Unreadable
from thucthi.intake.reading.rules import rules

TEXT = (
    "Sở Nông nghiệp và Môi trường xây dựng kế hoạch quản lý đất đai.\n"
    "Ủy ban nhân dân các xã báo cáo kết quả trước ngày 25 hằng tháng.\n"
)
TONES = "\u0300\u0301\u0303\u0309\u0323"


def _tcvn3(text: str) -> str:
    table = rules("legacy_encodings")["tcvn3"]
    return text.lower().translate({ord(ours): theirs for theirs, ours in zip(table["from"], table["to"], strict=True)})


def _vni(text: str) -> str:
    pairs = (pair.split() for pair in rules("legacy_encodings")["vni"]["pairs"].replace("\n", "").split("|"))
    table = {ours: theirs for theirs, ours in pairs}
    return "".join(table.get(letter, table.get(letter.lower(), letter).upper()) for letter in text)


def _cp1258(text: str) -> bytes:
    parts = (unicodedata.normalize("NFD", letter) for letter in text)
    split = (
        unicodedata.normalize("NFC", "".join(sign for sign in part if sign not in TONES))
        + "".join(sign for sign in part if sign in TONES)
        for part in parts
    )
    return "".join(split).encode("cp1258")


def _refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as fault:
        decoded(content)
    return str(fault.value)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
    ],
    ids=["UTF-8", "with a mark", "UTF-16 LE", "UTF-16 BE", "UTF-32"],
)
def test_unicode_is_read_without_a_word(content: bytes) -> None:
    assert decoded(content) == encodings.Decoded(TEXT)


def test_windows_1258_is_converted_and_said() -> None:
    assert decoded(_cp1258(TEXT)) == encodings.Decoded(TEXT, (encodings.ONCE_1258,))


def test_text_saved_twice_in_utf_8_is_restored() -> None:
    twice = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in TEXT.encode()).encode()
    assert twice != TEXT.encode()
    assert decoded(twice) == encodings.Decoded(TEXT, (encodings.WRITTEN_TWICE,))


@pytest.mark.parametrize(("make", "name"), [(_tcvn3, "TCVN3"), (_vni, "VNI")])
@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_old_encodings_are_named(make: Callable[[str], str], name: str, encoding: str) -> None:
    assert _refusal(make(TEXT).encode(encoding)).startswith(f"Tệp dùng bảng mã cũ {name} ")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (TEXT.encode() + _tcvn3(TEXT).encode("latin-1"), "Unicode, TCVN3"),
        ((TEXT + _tcvn3(TEXT)).encode(), "Unicode, TCVN3"),
        ((TEXT + _vni(TEXT)).encode(), "Unicode, VNI"),
        ((_tcvn3(TEXT) + _vni(TEXT)).encode(), "TCVN3 (ABC, phông .VnTime), VNI"),
        (TEXT.encode() + _cp1258(TEXT), "Unicode, Windows-1258"),
    ],
)
def test_mixtures_are_named(content: bytes, named: str) -> None:
    assert _refusal(content).startswith(f"Tệp lẫn nhiều bảng mã: {named}")


def test_a_small_passage_in_an_old_font_is_a_warning() -> None:
    text = TEXT * 20 + _tcvn3("Số hiệu văn bản đã ký")
    assert decoded(text.encode()).warnings == (encodings.partly_legacy(Legacy.TCVN3),)


def test_a_few_broken_letters_are_a_warning() -> None:
    found = decoded(TEXT.encode() * 20 + b"K\xea\xa1 ho\n" + TEXT.encode())
    assert "�" in found.text
    assert found.warnings == (encodings.BROKEN_LETTERS,)


def test_a_letter_cut_at_the_end_is_a_warning() -> None:
    assert decoded("Kế hoạch của tỉnh đã".encode()[:-1]) == encodings.Decoded(
        "Kế hoạch của tỉnh đ", (encodings.CUT_SHORT,)
    )


def test_what_is_no_text_is_refused() -> None:
    assert _refusal(bytes(range(128, 255)) * 20) == encodings.UNKNOWN
    assert _refusal(b"a\0b") == encodings.UNKNOWN


def test_the_file_reader_passes_the_refusal_on(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(_tcvn3(TEXT).encode("latin-1"))
    with pytest.raises(Unreadable, match="TCVN3"):
        extract(path)


@pytest.mark.parametrize(
    "text",
    [
        "Résumé of the naïve café: élève, garçon, où, été",
        "Nghị quyết số 57-NQ/TW về khoa học, công nghệ",
        "100 m², 25 °C, ± 5 %, § 4, µm",
        "",
    ],
)
def test_other_text_is_no_old_encoding(text: str) -> None:
    assert legacy_of(text) is None
    assert refuse_legacy(text) == ()


@pytest.mark.parametrize("word", ["quyết", "nghiêng", "giếng", "Đường", "khuỷu", "gì", "yêu", "UYÊN", "ngoằn", "quỳnh"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["ng", "q", "uyếtt", "word", "đxa", "nghi-a", "", "kế2"])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


@given(st.binary(max_size=200))
@example(b"\xe0\t\x00")
def test_any_bytes_are_text_or_refused_with_a_sentence(content: bytes) -> None:
    try:
        said = decoded(content).text
    except Unreadable as fault:
        said = str(fault)
    assert "\0" not in said
