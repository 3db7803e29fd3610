"""From an address to a published file. Reads the file system only."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings

from thucthi.publication import files

EMBEDS = "nhung"
OEMBED = "oembed.json"


@dataclass(frozen=True)
class Found:
    """`may_be_framed`: a small page made for the frames of other sites."""

    path: Path
    content_type: str
    etag: str
    language: str
    may_be_framed: bool = False


@dataclass(frozen=True)
class Moved:
    """A folder was asked for without its closing slash, on which its relative links rest."""

    path: str


@dataclass(frozen=True)
class NothingPublished:
    """The front page before the first issue."""


def find(path: str) -> Found | Moved | NothingPublished | None:
    """None for what is not there and for what nobody may ask for: one answer for both."""
    parts = [part for part in path.split("/") if part]
    if not _may_be_asked_for(path, parts):
        return None
    start = files.root() if parts[:1] == [files.BY_NAME] else files.root() / files.LATEST
    if not parts and not start.is_dir():
        return NothingPublished()
    target = start.joinpath(*parts)
    if target.is_dir():
        if path and not path.endswith("/"):
            return Moved(quote(f"{path}/"))
        target = target / "index.html"
    return _found(target, parts)


def _may_be_asked_for(path: str, parts: list[str]) -> bool:
    if any(part.startswith(".") for part in parts) or "\\" in path or "\0" in path:
        return False
    return "//" not in path and not path.startswith("/")


def _found(target: Path, parts: list[str]) -> Found | None:
    real = target.resolve()
    root = files.root().resolve()
    beside = real.name == files.CORRECTIONS or real.name.endswith(files.SIGNED_REPORT)
    inside = real.is_relative_to(root / files.ISSUES) or (beside and real.parent == root / files.BY_NAME)
    if not inside or not real.is_file():
        return None
    language = "en" if "en" in parts[:3] else "vi"
    return Found(real, files.content_type(real.name), _etag(real, root), language, _may_be_framed(real, root))


def _may_be_framed(real: Path, root: Path) -> bool:
    """By where the file really lies in its issue, not by the address it was asked for with."""
    if not real.is_relative_to(root / files.ISSUES):
        return False
    inside = real.relative_to(root / files.ISSUES).parts[1:]
    return inside[:1] == (EMBEDS,) or inside[:2] == ("en", EMBEDS)


def _etag(real: Path, root: Path) -> str:
    """The SHA-256 that the manifest gives the file; its time and size for what no manifest lists."""
    if real.is_relative_to(root / files.ISSUES):
        issue = real.relative_to(root / files.ISSUES).parts[0]
        directory = root / files.ISSUES / issue
        listed = files.file_hashes(directory).get(real.relative_to(directory).as_posix())
        return f'"{listed or issue}"'
    state = real.stat()
    return f'"{state.st_mtime_ns:x}-{state.st_size:x}"'


def find_oembed(page: str) -> tuple[Path, str] | None:
    """From the address of a page of ours to what oEmbed says of it, and the page's language; None when we have none."""
    try:
        asked, ours = urlsplit(page), urlsplit(settings.SITE_URL)
    except ValueError:
        return None
    if (asked.scheme, asked.netloc) != (ours.scheme, ours.netloc):
        return None
    folder = unquote(asked.path).removeprefix(f"{ours.path}/").removesuffix("index.html").rstrip("/")
    language, _slash, rest = folder.partition("/")
    if language != "en":
        language, rest = "vi", folder
    found = find(f"{rest}/{OEMBED}" if rest else OEMBED)
    return (found.path, language) if isinstance(found, Found) else None
