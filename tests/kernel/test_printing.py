"""PDF in one typeface: only Tinos inside, every Vietnamese letter, the same bytes again, nothing fetched."""

import re
import time
from io import BytesIO
from itertools import product
from unicodedata import normalize

import pytest
from fontTools.ttLib import TTFont
from pdfminer.high_level import extract_text
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1

from thucthi.kernel import printing
from thucthi.kernel.errors import ThucThiError
from thucthi.kernel.printing import FACES, FONTS, NOT_IN_TINOS, can_print, pdf_of

needs_pango = pytest.mark.skipif(not can_print(), reason="this machine lacks Pango: NOTHING CAN BE PRINTED")
STYLE = "html { font: 14pt Tinos }"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = "".join(
    sorted({normalize("NFC", letter + tone) for letter, tone in product("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", TONES)} | set("đĐ"))
)


def page(body: str, day: str = "2026-10-31") -> str:
    return (
        f'<html lang="vi"><head><title>Thử</title><meta name="dcterms.created" content="{day}">'
        f'<meta name="dcterms.modified" content="{day}"></head><body>{body}</body></html>'
    )


def fonts_in(content: bytes) -> set[tuple[str, bool]]:
    """Name and whether it is embedded, of each font that a page asks for."""
    found = set()
    for sheet in PDFPage.get_pages(BytesIO(content)):
        for font in resolve1(sheet.resources.get("Font", {})).values():
            (inner,) = resolve1(resolve1(font)["DescendantFonts"])
            told = resolve1(resolve1(inner)["FontDescriptor"])
            found.add((told["FontName"].name.partition("+")[2], "FontFile2" in told))
    return found


def test_there_are_146_letters() -> None:
    assert len(LETTERS) == 146


@pytest.mark.parametrize("name", [name for name, _style, _weight in FACES])
def test_each_font_file_holds_what_the_module_says(name: str) -> None:
    letters = {chr(code) for code in TTFont(FONTS / f"tinos-{name}.ttf").getBestCmap()}
    assert set(LETTERS) <= letters
    assert {chr(code) for code in range(0x20, 0x3000) if not NOT_IN_TINOS.match(chr(code))} == letters - {"\ufffd"}


@needs_pango
def test_only_tinos_is_embedded_and_every_letter_can_be_read_back() -> None:
    content = pdf_of(page(f"<p>{LETTERS}</p><p><b>{LETTERS}</b> <i>{LETTERS}</i> <b><i>{LETTERS}</i></b></p>"), STYLE)
    assert fonts_in(content) == {
        ("Tinos", True), ("Tinos-Bold", True), ("Tinos-Italic", True), ("Tinos-Bold-Italic", True),
    }  # fmt: skip
    text = normalize("NFC", re.sub(r"\s", "", extract_text(BytesIO(content))))
    assert text == LETTERS * 4


@needs_pango
def test_a_letter_of_another_script_does_not_bring_another_font() -> None:
    content = pdf_of(page("<p>tổng ✓ 中 \u202e 🙂 ấ</p>"), STYLE)
    assert fonts_in(content) == {("Tinos", True)}
    assert extract_text(BytesIO(content)).strip() == "tổng □ □ □ □ ấ"


@needs_pango
def test_the_same_page_gives_the_same_bytes_and_another_one_does_not() -> None:
    first = pdf_of(page("<p>một</p>"), STYLE)
    time.sleep(1.1)  # dates of fonts count in seconds
    assert pdf_of(page("<p>một</p>"), STYLE) == first
    assert pdf_of(page("<p>một</p>"), STYLE) != pdf_of(page("<p>một</p>", day="2026-11-30"), STYLE)


@needs_pango
def test_nothing_is_fetched_for_a_paper(tmp_path) -> None:
    secret = tmp_path / "bi-mat.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>BIMAT</text></svg>')
    body = f'<p>thường</p><img src="{secret.as_uri()}" alt=""><img src="http://127.0.0.1:9/x.png" alt="">'
    content = pdf_of(page(body), STYLE + f'@import url("{secret.as_uri()}");')
    assert extract_text(BytesIO(content)).strip() == "thường"
    assert content == pdf_of(page(body), STYLE + f'@import url("{secret.as_uri()}");')


def test_without_pango_there_is_a_sentence(monkeypatch) -> None:
    monkeypatch.setattr(printing, "has_pango", lambda: False)
    assert not can_print()
    with pytest.raises(ThucThiError, match="thiếu thư viện Pango"):
        pdf_of(page(""), STYLE)
