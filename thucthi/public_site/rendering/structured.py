"""What the head of a page tells machines: its other forms as links, and schema.org in JSON-LD."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from markupsafe import Markup

from thucthi.public_site.rendering.addresses import address
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Page, Place
from thucthi.publication.shapes import Header

# What could end the element or open a comment in it; JSON reads the escapes as the same letters.
ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_told = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True)
class Head:
    """`links`: type, title, href."""

    links: Sequence[tuple[str, str, str]]
    json_ld: Markup


def head_of(book: Book, page: Page, place: Place) -> Head:
    links = [(each.media_type, each.label, place.data(page.folder, each.name)) for each in page.beside]
    return Head(links, _embedded(_described(book.data.header, page, place)) if page.twin else Markup())


def _embedded(content: object) -> Markup:
    text = _told(content)
    for sign, escaped in ESCAPES.items():
        text = text.replace(sign, escaped)
    return Markup(text)  # noqa: S704 - nothing is left in it that HTML reads as markup


def _described(header: Header, page: Page, place: Place) -> dict[str, object]:
    publisher = {"@type": "Organization", "name": settings.OPEN_DATA_PUBLISHER, "url": address()}
    label = header.label_en if place.language == "en" else header.label_vi
    catalogue = {"@type": "DataCatalog", "name": "Thực Thi", "url": address("du-lieu")}
    shown = page.folder if place.language == "vi" else f"{place.language}/{page.folder}".rstrip("/")
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{page.title} – {label}",
        "description": f"{page.title}. {label}, {header.as_of.isoformat()}. Thực Thi.",
        "url": address(shown),
        "inLanguage": place.language,
        "isAccessibleForFree": True,
        "license": settings.OPEN_DATA_LICENCE,
        "creator": publisher,
        "publisher": publisher,
        "temporalCoverage": f"{header.since.isoformat()}/{header.as_of.isoformat()}",
        "dateModified": header.as_of.isoformat(),
        "version": header.issue,
        "includedInDataCatalog": catalogue,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": each.media_type,
                "contentUrl": address(page.folder, each.name),
            }
            for each in page.beside
            if each.label
        ],
    }
