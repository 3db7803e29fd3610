"""What a first view of a page weighs, and what it may weigh (the budgets of the public pages)."""

import gzip
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath

import brotli
from bs4 import BeautifulSoup, SoupStrainer, Tag

KB = 1_000
HTML, STYLES, SCRIPTS, FONTS, FIRST_VIEW, REQUESTS = 35 * KB, 22 * KB, 20 * KB, 62 * KB, 150 * KB, 8
# What the page of searching looks through: data, as a script only so that it opens from disk.
INDEX, INDEX_FILE = 300 * KB, "tim-kiem/chi-muc.js"
FONT_FILES = ("assets/fonts/be-vietnam-pro-400.woff2", "assets/fonts/be-vietnam-pro-700.woff2")


SOURCES = ["script", "img", "iframe", "source", "video", "audio", "embed"]
WHAT_LOADS = SoupStrainer([*SOURCES, "link"])


# Thousands of pages share the same few styles and scripts.
@lru_cache(maxsize=64)
def _brotli(content: bytes) -> int:
    return len(brotli.compress(content))


@lru_cache(maxsize=64)
def _gzip(content: bytes) -> int:
    return len(gzip.compress(content))


def over_budget(files: Mapping[str, bytes], name: str) -> Iterator[str]:
    """One sentence for each budget that the page breaks."""
    page = BeautifulSoup(files[name], "html.parser", parse_only=WHAT_LOADS)
    loaded = {_resolved(name, address) for address in _loaded(page)}
    yield from (f"loads {address} from elsewhere" for address in loaded if address not in files)
    own = loaded & files.keys()
    if any(each.endswith("app.css") for each in own):
        own |= set(FONT_FILES)
    html = len(gzip.compress(files[name]))
    styles = sum(_brotli(files[each]) for each in own if each.endswith(".css"))
    index = len(files[INDEX_FILE]) if INDEX_FILE in own else 0
    scripts = sum(_gzip(files[each]) for each in own - {INDEX_FILE} if each.endswith(".js"))
    fonts = sum(len(files[each]) for each in own if each.endswith(".woff2"))
    rest = sum(len(files[each]) for each in own if not each.endswith((".css", ".js", ".woff2")))
    for what, size, most in (
        ("HTML", html, HTML),
        ("styles", styles, STYLES),
        ("scripts", scripts, SCRIPTS),
        ("fonts", fonts, FONTS),
        ("index", index, INDEX),
        ("first view", html + styles + scripts + fonts + rest, FIRST_VIEW),
        ("requests", 1 + len(loaded | own), REQUESTS),
    ):
        if size > most:
            yield f"{what}: {size} > {most}"


def _loaded(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(SOURCES, src=True):
        yield str(tag["src"])
    for tag in page.find_all("link", href=True):
        if _is_fetched(tag):
            yield str(tag["href"])


def _is_fetched(tag: Tag) -> bool:
    return bool({"stylesheet", "preload", "icon", "modulepreload", "prefetch"} & set(tag.get("rel") or ()))


def _resolved(name: str, address: str) -> str:
    if ":" in address or address.startswith("//"):
        return address
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / address.partition("?")[0]).parts:
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return "/".join(parts)
