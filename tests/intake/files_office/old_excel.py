"""A .xls by hand: records of BIFF8 in the one stream of a compound file."""

import struct
from pathlib import Path

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SMALLEST_STREAM = 4096


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


_END_OF_PART = _record(0x000A, b"")


def label(line: int, column: int, text: str) -> bytes:
    return _record(0x0204, struct.pack("<HHHHB", line, column, 15, len(text), 1) + text.encode("utf-16-le"))


def figure(line: int, column: int, value: float) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", line, column, 15, value))


def merged(top: int, bottom: int, left: int, right: int) -> bytes:
    return _record(0x00E5, struct.pack("<HHHHH", 1, top, bottom, left, right))


def workbook(*cells: bytes, is_locked: bool = False) -> bytes:
    """The stream of a workbook with one sheet named "Biểu"."""
    name = "Biểu".encode("utf-16-le")
    lock = _record(0x002F, struct.pack("<HHH", 0, 0x1234, 0x5678)) if is_locked else b""
    bound = struct.pack("<BBBB", 0, 0, 4, 1) + name
    place = len(_begin(5)) + len(lock) + 4 + 4 + len(bound) + len(_END_OF_PART)
    globals_ = _begin(5) + lock + _record(0x0085, struct.pack("<I", place) + bound) + _END_OF_PART
    return globals_ + _begin(16) + b"".join(cells) + _END_OF_PART


def compound(path: Path, **streams: bytes) -> Path:
    """An OLE file with those streams at its root."""
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    sectors: list[bytes] = []
    chain: list[int] = []
    for place, (name, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(_SMALLEST_STREAM, b"\0")
        padded += b"\0" * (-len(padded) % _SECTOR)
        first, count = len(sectors), len(padded) // _SECTOR
        sectors += [padded[at : at + _SECTOR] for at in range(0, len(padded), _SECTOR)]
        chain += [*range(first + 1, first + count), _END]
        following = place + 1 if place < len(streams) else _FREE
        entries.append(_entry(name.replace("_0", " "), 2, first, len(padded), right=following))
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    assert len(directory) == _SECTOR
    at_directory, at_fat = len(sectors), len(sectors) + 1
    fat = [*chain, _END, _FAT]
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(_SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, at_directory, 0, _SMALLEST_STREAM, _END, 0, _END, 0)
    header += struct.pack("<I", at_fat).ljust(436, b"\xff")
    path.write_bytes(header + b"".join(sectors) + directory + table)
    return path


def _entry(name: str, kind: int, first: int, size: int, *, child: int = _FREE, right: int = _FREE) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<BBIII", kind, 1, _FREE, right, child)
    return wide.ljust(64, b"\0") + struct.pack("<H", len(wide)) + links + bytes(36) + struct.pack("<IQ", first, size)
