"""HTML onto paper: PDF in Tinos, tagged for screen readers (PDF/UA-1), the same bytes for the same page.

Nothing is fetched: the page names no picture, and the only files read are the four fonts beside this module. A letter
that Tinos does not have would be taken silently from whatever font the machine has; it is printed as □ instead, so that
a paper looks the same everywhere.
"""

import re
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from django.utils.translation import gettext as _

from thucthi.kernel.errors import ThucThiError

try:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher
except OSError:
    # WeasyPrint asks the operating system for Pango when it is imported; everything but PDF works without it.
    weasyprint = None
    URLFetcher = object

FONTS = Path(__file__).with_name("tinos")
# What the four files hold (frontend/fonts_of_paper.sh); a test compares. Line ends are no letters.
NOT_IN_TINOS = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u00ff\u0102-\u0103\u0110-\u0111\u0128-\u0129\u0168-\u0169\u01a0-\u01a1\u01af-\u01b0"
    "\u0300-\u0303\u0306\u0309\u031b\u0323\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026"
    "\u202f-\u2030\u2032-\u2033\u2039-\u203a\u2070\u2074\u2080-\u2089\u20ab\u2116\u2122\u2190-\u2193\u2212\u2248"
    "\u2260\u2264-\u2265\u25a1\ufffd]"
)
FACES = (("400", "normal", 400), ("400-italic", "italic", 400), ("700", "normal", 700), ("700-italic", "italic", 700))


def can_print() -> bool:
    """Whether this machine has the library Pango, and this installation its fonts: others would be taken in silence."""
    return weasyprint is not None and all((FONTS / f"tinos-{name}.ttf").is_file() for name, _style, _weight in FACES)


def pdf_of(html: str, css: str) -> bytes:
    """The page as PDF. Its dates are those of its `dcterms.created` and `dcterms.modified`. Raises ThucThiError."""
    if not can_print():
        raise ThucThiError(
            _("Máy chủ thiếu thư viện Pango hoặc phông chữ Tinos nên không in được PDF; đề nghị người vận hành cài đủ.")
        )
    page = NOT_IN_TINOS.sub("□", normalize("NFC", html))
    fonts, fetcher, base = FontConfiguration(), _OurFontsOnly(), FONTS.as_uri() + "/"
    style = weasyprint.CSS(string=_faces() + css, font_config=fonts, base_url=base, url_fetcher=fetcher)
    document = weasyprint.HTML(string=page, base_url=base, url_fetcher=fetcher)
    printed = document.write_pdf(
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=sha256(page.encode()).hexdigest()[:32].encode(),
    )
    return bytes(printed)


def _faces() -> str:
    return "".join(
        f"@font-face {{ font-family: Tinos; src: url(tinos-{name}.ttf); font-style: {style}; font-weight: {weight} }}\n"
        for name, style, weight in FACES
    )


class _OurFontsOnly(URLFetcher):  # type: ignore[misc]
    """No address in a text that is printed makes this machine read a file or ask another one."""

    def fetch(self, url: str, headers: object = None) -> object:
        if url not in {(FONTS / f"tinos-{name}.ttf").as_uri() for name, _style, _weight in FACES}:
            raise ValueError(f"nothing is fetched for a paper: {url}")
        return super().fetch(url, headers)
