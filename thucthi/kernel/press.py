"""Prints pages, in the process that kernel/printing.py starts: nothing else imports this module.

Nothing is fetched: a page names no picture, and the only files read are the four fonts beside this module.
"""

import os
from collections.abc import Sequence
from hashlib import sha256

from thucthi.kernel.printing import FACES, FONTS

try:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher
except OSError:
    # WeasyPrint asks the operating system for Pango when it is imported; everything but PDF works without it.
    weasyprint = None
    URLFetcher = object


def is_ready() -> bool:
    return weasyprint is not None


def printed(pages: Sequence[str], css: str) -> list[bytes]:
    # On a machine without HarfBuzz's subsetter, what cuts the fonts instead would write the time of day into them.
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    return [page_printed(page, css) for page in pages]


def page_printed(page: str, css: str) -> bytes:
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
