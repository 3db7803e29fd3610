"""Writes small PDFs whose every place is known: text in a font that says which letter is which, rulings, pictures."""

from dataclasses import dataclass, field
from pathlib import Path

A4 = (595.0, 842.0)
LETTER_WIDTH = 0.5
"""Of the size, for every letter alike."""


@dataclass
class Sheet:
    """One page; places are in points from the upper left corner, `top` that of the letters."""

    width: float = A4[0]
    height: float = A4[1]
    drawn: list[str] = field(default_factory=list)
    letters: dict[str, int] = field(default_factory=dict)

    def text(self, x: float, top: float, text: str, *, size: float = 12, bold: bool = False) -> None:
        codes = "".join(f"{self.letters.setdefault(letter, len(self.letters) + 1):04x}" for letter in text)
        font = "B" if bold else "R"
        self.drawn.append(f"BT /{font} {size} Tf {x} {self.height - top - size * 0.8} Td <{codes}> Tj ET")

    def column(self, x: float, top: float, width: float, text: str, *, size: float = 12, indent: float = 0) -> float:
        """Text broken where it reaches `width`; returns where the next line would begin."""
        left = x + indent
        line = ""
        for word in text.split(" "):
            if line and (left - x) + (len(line) + 1 + len(word)) * LETTER_WIDTH * size > width:
                self.text(left, top, line, size=size)
                line, left, top = word, x, top + size * 1.3
            else:
                line = f"{line} {word}".strip()
        self.text(left, top, line, size=size)
        return top + size * 1.3

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.drawn.append(f"0.5 w {x0} {self.height - y0} m {x1} {self.height - y1} l S")

    def grid(self, lefts: list[float], tops: list[float], *, open_below: bool = False) -> None:
        for left in lefts:
            self.rule(left, tops[0], left, tops[-1])
        for top in tops[: -1 if open_below else None]:
            self.rule(lefts[0], top, lefts[-1], top)

    def row(self, lefts: list[float], top: float, cells: list[str], *, size: float = 10) -> None:
        for left, right, cell in zip(lefts, lefts[1:], cells, strict=False):
            self.column(left + 3, top + 3, right - left - 6, cell, size=size)

    def picture(self) -> None:
        self.drawn.append(f"q {self.width} 0 0 {self.height} 0 0 cm /Im Do Q")


@dataclass
class Pdf:
    letters: dict[str, int] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)

    def sheet(self, size: tuple[float, float] = A4) -> Sheet:
        self.sheets.append(Sheet(*size, letters=self.letters))
        return self.sheets[-1]

    def save(self, path: Path, *, says_letters: bool = True, encrypted: bool = False) -> Path:
        objects = self._objects(says_letters=says_letters)
        if encrypted:
            objects.append(b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>")
        content, places = b"%PDF-1.7\n", []
        for number, body in enumerate(objects, start=1):
            places.append(len(content))
            content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        lock = b"/Encrypt %d 0 R /ID [<00> <00>]" % len(objects) if encrypted else b""
        content += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
        content += b"trailer << /Size %d /Root 1 0 R %b >>\nstartxref\n" % (len(objects) + 1, lock)
        path.write_bytes(content + b"%d\n%%%%EOF\n" % content.rindex(b"xref\n0 "))
        return path

    def _objects(self, *, says_letters: bool) -> list[bytes]:
        first = 9
        kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(self.sheets)))
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {len(self.sheets)} >>".encode(),
            _font("AAAAAA+Serif", says_letters=says_letters),
            _font("AAAAAA+Serif-Bold", says_letters=says_letters),
            _descendant("AAAAAA+Serif"),
            _descendant("AAAAAA+Serif-Bold"),
            _stream(self._letters().encode()),
            _stream(b"\x80", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
                             "/BitsPerComponent 8"),
        ]  # fmt: skip
        for number, sheet in enumerate(self.sheets):
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {sheet.width} {sheet.height}] "
                f"/Contents {first + 2 * number + 1} 0 R "
                "/Resources << /Font << /R 3 0 R /B 4 0 R >> /XObject << /Im 8 0 R >> >> >>".encode()
            )
            objects.append(_stream("\n".join(sheet.drawn).encode()))
        return objects

    def _letters(self) -> str:
        known = "\n".join(f"<{code:04x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in self.letters.items())
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
            "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
            f"{len(self.letters)} beginbfchar\n{known}\nendbfchar\nendcmap end end"
        )


def _font(name: str, *, says_letters: bool) -> bytes:
    descendant = 5 if name.endswith("Serif") else 6
    letters = "/ToUnicode 7 0 R" if says_letters else ""
    return (
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        f"/DescendantFonts [{descendant} 0 R] {letters} >>"
    ).encode()


def _descendant(name: str) -> bytes:
    return (
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /DW {int(LETTER_WIDTH * 1000)} "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/FontDescriptor << /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [0 -200 500 800] "
        "/ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>"
    ).encode()


def _stream(content: bytes, more: str = "") -> bytes:
    return f"<< {more} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"
