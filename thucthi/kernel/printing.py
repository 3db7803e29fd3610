"""HTML onto paper: PDF in Tinos, tagged for screen readers (PDF/UA-1), the same bytes for the same page.

A letter that Tinos does not have would be taken silently from whatever font the machine has; it is printed as □
instead, so that a paper looks the same everywhere. What prints is kernel/press.py, in a process of its own.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from unicodedata import normalize

from django.utils.translation import gettext as _

from thucthi.kernel.apart import apart
from thucthi.kernel.errors import ThucThiError

FONTS = Path(__file__).with_name("tinos")
# What the four files hold (frontend/fonts_of_paper.sh); a test compares. Line ends are no letters.
NOT_IN_TINOS = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u00ff\u0102-\u0103\u0110-\u0111\u0128-\u0129\u0168-\u0169\u01a0-\u01a1\u01af-\u01b0"
    "\u0300-\u0303\u0306\u0309\u031b\u0323\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026"
    "\u202f-\u2030\u2032-\u2033\u2039-\u203a\u2070\u2074\u2080-\u2089\u20ab\u2116\u2122\u2190-\u2193\u2212\u2248"
    "\u2260\u2264-\u2265\u25a1\ufffd]"
)
FACES = (("400", "normal", 400), ("400-italic", "italic", 400), ("700", "normal", 700), ("700-italic", "italic", 700))


SECONDS_TO_START, SECONDS_EACH = 60, 60


@cache
def has_pango() -> bool:
    """Asked once: a machine does not get its libraries while it runs."""
    return bool(apart("thucthi.kernel.press:is_ready"))


def can_print() -> bool:
    """Whether this machine has the library Pango, and this installation its fonts: others would be taken in silence."""
    return has_pango() and all((FONTS / f"tinos-{name}.ttf").is_file() for name, _style, _weight in FACES)


def pdf_of(html: str, css: str) -> bytes:
    """The page as PDF. Its dates are those of its `dcterms.created` and `dcterms.modified`. Raises ThucThiError."""
    return pdfs_of([html], css)[0]


def pdfs_of(pages: Sequence[str], css: str) -> list[bytes]:
    """Each page as a PDF, all printed by one process. Raises ThucThiError."""
    require_press()
    printable = [in_tinos(html) for html in pages]
    seconds = SECONDS_TO_START + SECONDS_EACH * len(pages)
    printed: list[bytes] = apart("thucthi.kernel.press:printed", printable, css, wall_seconds=seconds)
    return printed


def require_press() -> None:
    if not can_print():
        raise ThucThiError(
            _("Máy chủ thiếu thư viện Pango hoặc phông chữ Tinos nên không in được PDF; đề nghị người vận hành cài đủ.")
        )


def in_tinos(html: str) -> str:
    """The page with no letter that our fonts lack."""
    return NOT_IN_TINOS.sub("□", normalize("NFC", html))
