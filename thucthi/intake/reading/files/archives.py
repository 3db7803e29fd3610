"""Zip files that came from outside: measured before anything is inflated, and again while it is."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from lxml import etree

from thucthi.intake.reading.files.faults import (
    BOMB,
    DAMAGED,
    OVERLAPPING,
    WITH_ENTITIES,
    WITH_MACROS,
    WITH_PASSWORD,
    Unreadable,
)

MOST_PARTS = 10_000
MOST_INFLATED = 256 * 1024 * 1024
LARGEST_PART = 96 * 1024 * 1024
# Deflate reaches 1,032:1; the wordiest tables of Word stay below 120:1. Small parts may be as repetitive as they like.
MOST_RATIO = 200
_RATIO_COUNTS_FROM = 16 * 1024 * 1024
_CHUNK = 256 * 1024
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_MACROS = re.compile(r"(^|/)(vbaProject\.bin|Basic/[^/]+/[^/]+\.xml|xl/macrosheets/)", re.IGNORECASE)
_PROLOGUE = 4096


class Archive:
    """An opened zip whose parts are safe to ask for. Raises Unreadable wherever it is not what it says."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
            raise Unreadable(DAMAGED) from error
        try:
            _check(self._zip, path.stat().st_size)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._zip.namelist())

    def read(self, name: str) -> bytes | None:
        """A part's content; None when there is no such part."""
        return b"".join(self.inflate(name)) if name in self._zip.NameToInfo else None

    def read_xml(self, name: str) -> etree._Element | None:
        """A part's root element; None when there is no such part."""
        content = self.read(name)
        return None if content is None else parse(content)

    def verify(self) -> None:
        """Inflate every part once and keep nothing, for those who then read the file by themselves."""
        for name in self.names:
            for _ in self.inflate(name):
                pass

    def inflate(self, name: str) -> Iterator[bytes]:
        """A part in pieces, stopped as soon as it grows beyond what it declared or beyond the limit."""
        declared = min(self._zip.NameToInfo[name].file_size, LARGEST_PART)
        inflated = 0
        try:
            with self._zip.open(name) as part:
                while piece := part.read(_CHUNK):
                    inflated += len(piece)
                    if inflated > declared:
                        raise Unreadable(BOMB)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
            raise Unreadable(DAMAGED) from error


def parse(xml: bytes) -> etree._Element:
    """The root element; nothing that the file declares is expanded or fetched. Raises Unreadable."""
    refuse_declarations(xml)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise broken(error) from error


def broken(error: etree.XMLSyntaxError) -> Exception:
    """What to raise: the parser calls running out of memory a fault of the syntax too."""
    return MemoryError() if error.code == etree.ErrorTypes.ERR_NO_MEMORY else Unreadable(DAMAGED)


def refuse_declarations(xml: bytes) -> None:
    """Office files declare no document type; what does may blow up or fetch (entities)."""
    head = xml[:_PROLOGUE]
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode()
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise Unreadable(WITH_ENTITIES)


def _check(archive: zipfile.ZipFile, size: int) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unreadable(WITH_PASSWORD)
    if any(part.compress_type not in _METHODS for part in parts):
        raise Unreadable(DAMAGED)
    inflated = sum(part.file_size for part in parts)
    is_steep = inflated > _RATIO_COUNTS_FROM and inflated > MOST_RATIO * size
    if is_steep or inflated > MOST_INFLATED or len(parts) > MOST_PARTS:
        raise Unreadable(BOMB)
    if any(part.file_size > LARGEST_PART for part in parts) or any(_is_steep(part) for part in parts):
        raise Unreadable(BOMB)
    if len({part.filename for part in parts}) < len(parts) or _overlap(archive, parts):
        raise Unreadable(OVERLAPPING)
    if any(_MACROS.search(part.filename) for part in parts):
        raise Unreadable(WITH_MACROS)


def _is_steep(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _RATIO_COUNTS_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1)


def _overlap(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bool:
    """Whether two entries share bytes, or one reaches into the directory: a bomb made of one kernel quoted often."""
    file = archive.fp
    assert file is not None  # noqa: S101 - open while the archive is
    free_from = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < free_from:
            return True
        file.seek(part.header_offset)
        header = file.read(_LOCAL_HEADER)
        if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
            raise Unreadable(DAMAGED)
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        free_from = part.header_offset + _LOCAL_HEADER + names + part.compress_size
    return free_from > archive.start_dir
