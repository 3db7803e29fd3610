"""Finding a thing by its name: a ready-made index for the small script, and an A–Z for whoever has no script."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from thucthi.kernel.vietnamese_text import nfc, sort_key
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.lists import sheet_title
from thucthi.public_site.rendering.pages import Page, titled

FOLDER = "tim-kiem"
INDEX_FILE = f"{FOLDER}/chi-muc.js"
SCRIPT_FILE = "assets/public-search.js"
A_TO_Z = "a-z"
# The index stays below 300 KB also where a country's tasks do not fit; the page says how many are left out.
LARGEST = 290_000
LONGEST_NAME = 160
ROWS_OF_A_SHEET = 300
KINDS = ("document", "programme", "indicator", "instrument", "organisation", "task")
# The letters with a shape of their own, as they are typed.
LETTERS = {"ă": "aw", "â": "aa", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}
_TONES = str.maketrans(
    "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ",
    "aaaaaăăăăăâââââeeeeeêêêêêiiiiioooooôôôôôơơơơơuuuuuưưưưưyyyyy",
)


@dataclass(frozen=True)
class Entry:
    """One thing that has a page: its kind (a place in KINDS), folder, name, and anchor when it is part of a page."""

    kind: int
    folder: str
    name: str
    anchor: str = ""


def named(book: Book) -> list[Entry]:
    """Everything but tasks, in the order in which it should go into an index that may be too small for all."""
    data = book.data
    words = data.vocabulary
    found = [
        Entry(0, f"nghi-quyet/{each.slug}", f"{words['document_type'][each.type].vi} {each.code}: {each.title}")
        for each in data.documents
    ]
    found += [Entry(1, f"chuong-trinh/{each.code}", each.title) for each in data.programmes]
    found += [
        Entry(2, f"chi-tieu/{each.code}", f"{each.name} / {each.name_en}" if each.name_en else each.name)
        for each in data.indicators
    ]
    found += [
        Entry(3, "van-ban-phai-ban-hanh", titled(words["instrument_type"][each.type].vi, each.title), each.code)
        for each in data.instruments
    ]
    found += [
        Entry(4, f"don-vi/{each.code}", _name(each.official_name, each.short_name)) for each in data.organisations
    ]
    return found


def tasks(book: Book) -> Iterator[Entry]:
    """One after the other: a country has a million."""
    return (
        Entry(5, book.task_folder(each.code), f"{each.text} ({each.code})", book.task_anchor(each.code))
        for each in book.data.tasks
    )


def _name(official: str, short: str) -> str:
    return official if short == official else f"{official} ({short})"


def search_files(book: Book) -> Iterator[tuple[str, bytes]]:
    """The index as a script of its own: a page opened from a disk may load a script, but read no file."""
    rows, total = _in_order(book)
    yield INDEX_FILE, index(rows, total)
    folder = Path(__file__).resolve().parents[2] / "static" / "thucthi"
    yield SCRIPT_FILE, (folder / "public-search.js").read_bytes()


def _in_order(book: Book) -> tuple[Iterable[Entry], int]:
    """Everything that can be searched for, and how many that is."""
    rows = named(book)
    return chain(rows, tasks(book)), len(rows) + len(book.data.tasks)


def index(rows: Iterable[Entry], total: int) -> bytes:
    """[kind, folder, name, anchor] of as many of the `total` rows as fit, in their order."""
    lines = list(_fitting(rows))
    # What ends a line for a script but not for JSON.
    body = ",\n".join(lines).replace("\u2028", " ").replace("\u2029", " ")
    return f'"use strict";\nglobalThis.thucThiIndex={{left:{total - len(lines)},rows:[\n{body}\n]}};\n'.encode()


def _fitting(rows: Iterable[Entry]) -> Iterator[str]:
    size = 200
    for each in rows:
        line = json.dumps([each.kind, each.folder, _short(each.name), each.anchor], ensure_ascii=False)
        size += len(line.encode()) + 2
        if size > LARGEST:
            return
        yield line


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def search_pages(book: Book) -> Iterator[Page]:
    rows, total = _in_order(book)
    fitting = sum(1 for _line in _fitting(rows))
    values = {"count": fitting, "total": total, "kinds": kind_words()}
    yield Page(FOLDER, "search.html", _("Tìm kiếm"), values, section=FOLDER)
    yield from _a_to_z(named(book))


def kind_words() -> list[str]:
    return [_("Văn bản"), _("Chương trình"), _("Chỉ tiêu"), _("Văn bản phải ban hành"), _("Đơn vị"), _("Nhiệm vụ")]


def letter_of(name: str) -> str:
    """The letter of the Vietnamese alphabet it stands under, "#" for a figure or a sign."""
    first = nfc(name).lower().translate(_TONES)[:1]
    return first if first in LETTERS or (first.isascii() and first.isalpha()) else "#"


def letter_folder(letter: str) -> str:
    return f"{A_TO_Z}/{'so' if letter == '#' else LETTERS.get(letter, letter)}"


def _a_to_z(rows: Sequence[Entry]) -> Iterator[Page]:
    """Tasks are reached by their lists: they are sentences, and most begin with the same few words."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for each in sorted(rows, key=lambda row: sort_key(row.name)):
        found[letter_of(each.name)].append(each)
    letters = sorted(found, key=lambda letter: (letter == "#", sort_key(letter)))
    counted = [(letter, letter_folder(letter), len(found[letter])) for letter in letters]
    yield Page(A_TO_Z, "a_to_z.html", _("Danh mục A–Z"), {"letters": counted, "letter": ""}, section=FOLDER)
    for letter, folder, _count in counted:
        yield from _letter(letter, folder, found[letter], counted)


def _letter(letter: str, folder: str, rows: list[Entry], letters: list[tuple[str, str, int]]) -> Iterator[Page]:
    last = -(-len(rows) // ROWS_OF_A_SHEET)
    title = _("Danh mục A–Z: %(letter)s") % {"letter": letter.upper()}
    for sheet in range(1, last + 1):
        yield Page(
            folder=folder if sheet == 1 else f"{folder}/trang/{sheet}",
            template="a_to_z.html",
            title=title if sheet == 1 else sheet_title(title, sheet),
            section=FOLDER,
            values={
                "letters": letters,
                "letter": letter,
                "folder": folder,
                "sheet": sheet,
                "last_sheet": last,
                "entries": rows[(sheet - 1) * ROWS_OF_A_SHEET : sheet * ROWS_OF_A_SHEET],
                "count": len(rows),
                "kinds": kind_words(),
            },
        )
