"""What a page is: where it lies, what it shows, and the same thing as data."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import Any, Protocol, TypeVar, runtime_checkable

from django.utils.translation import gettext as _
from markupsafe import Markup

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.spoken import number, spoken
from thucthi.publication.files import Content
from thucthi.publication.frozen import glances_at
from thucthi.publication.shapes import Header, InstrumentData, TallyData, TaskData, Word

LANGUAGES = ("vi", "en")
# All tasks by schedule, in the order in which the parts of one bar are drawn.
SCHEDULE_ORDER = ("done_early", "done_on_time", "done_late", "on_time", "due_soon", "overdue", "no_deadline")
# Of a long table in an issue that has too many tasks for a page each.
ROWS_OF_A_PAGE = 100
# Pieces of pages that are kept drawn, for tasks of which the same is said; some 300 bytes each.
MOST_DRAWN = 20_000
Thing = TypeVar("Thing")
Cell = str | int | Decimal | date | bool | None


class Rows(Protocol):
    """How many there are is known; they themselves may be made while they are read, each time anew."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Sequence[Cell]]: ...


@runtime_checkable
class Lined(Protocol):
    """Rows that know how they are written."""

    def lines(self, header: Header) -> Iterator[bytes]:
        """As lines of a CSV, the closing cells with them (twins.py)."""


@runtime_checkable
class Texted(Protocol):
    """Rows that know how each is written as an object of canonical JSON."""

    def texts(self) -> Iterator[str]: ...


@dataclass(frozen=True)
class Twin:
    """A page as data: `about` becomes its JSON, `columns` and `rows` its CSV.

    `text`: the canonical JSON of `about`, where that comes cheaper than from `about` itself.
    """

    about: object
    columns: Sequence[str]
    rows: Rows
    tells_rows: bool = False
    text: Callable[[], str] | None = None

    @classmethod
    def of_rows(cls, about: Mapping[str, object], columns: Sequence[str], rows: Rows) -> "Twin":
        """Where each row has a page of its own, the JSON repeats the cells and not everything behind them."""
        return cls(about, columns, rows, tells_rows=True)


@dataclass(frozen=True)
class Beside:
    """A file beside a page, written once for both languages. One without a label is for programs alone."""

    label: str
    name: str
    media_type: str
    write: Callable[[], Content]


@dataclass(frozen=True)
class Page:
    """`folder` is where index.html lies below the root of a language: "" or "don-vi/bkhcn".

    `data_folder`: where its data (`data_kinds`) lies when that is beside another page (the second page of a list).
    `beside` and `embed` (the folder of its small page for other sites) are added by furnishing.py. `head_title`: for
    the tab, where `title` alone would not tell the page from others.
    """

    folder: str
    template: str
    title: str
    values: Mapping[str, object] = field(default_factory=dict)
    twin: Twin | None = None
    section: str | None = None
    data_folder: str | None = None
    data_kinds: tuple[str, ...] = ("CSV", "JSON")
    beside: tuple[Beside, ...] = ()
    embed: str = ""
    head_title: str = ""


def _to(root: str, language: str, folder: str) -> str:
    """The address of a page in that language, from a page with that way to the root."""
    return f"{root}{'' if language == 'vi' else f'{language}/'}{f'{folder}/' if folder else ''}index.html"


@dataclass(frozen=True)
class Place:
    """Where a page stands; every link is relative, so that the site works in any folder."""

    folder: str
    language: str

    @cached_property
    def root(self) -> str:
        depth = len([part for part in self.folder.split("/") if part]) + (1 if self.language != "vi" else 0)
        return "../" * depth

    def to(self, folder: str = "", anchor: str = "") -> str:
        """The address of another page in the same language."""
        return f"{_to(self.root, self.language, folder)}{f'#{anchor}' if anchor else ''}"

    def data(self, folder: str, name: str) -> str:
        """The address of data, which lies once, beside the Vietnamese page."""
        return f"{self.root}{f'{folder}/' if folder else ''}{name}"

    @property
    def other_language(self) -> str:
        other = "en/" if self.language == "vi" else ""
        return f"{self.root}{other}{f'{self.folder}/' if self.folder else ''}index.html"


@dataclass(frozen=True)
class Site:
    """What the frame of every page shows (templates/public_base.html)."""

    root: str
    as_of: str
    next_update: str
    simulated: bool
    kind_label: str
    issue_label: str
    twin_links: Sequence[tuple[str, str]]
    other_language_href: str
    page_title: str
    nav: Markup
    footer: Markup
    page_address: str
    method_href: str


def titled(kind: str, title: str) -> str:
    return title if title.casefold().startswith(kind.casefold()) else f"{kind}: {title}"


def day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else "–"


@dataclass(frozen=True)
class Reader:
    """What templates ask: words, names, addresses, in the language and from the place of one page."""

    book: Book
    place: Place

    @property
    def lang(self) -> str:
        return self.place.language

    def _word(self, group: str, code: str) -> Word:
        return self.book.data.vocabulary[group][code]

    def word(self, group: str, code: str) -> str:
        word = self._word(group, code)
        return word.en if self.lang == "en" else word.vi

    def mark(self, group: str, code: str) -> Markup:
        """The word with its shape and tone, as the component draws it; drawn once in each language."""
        key = (self.lang, group, code)
        if key not in self.book.marks:
            drawn = spoken(self.lang).get_template("components/status.html").module
            self.book.marks[key] = drawn.status(self.word(group, code), self.tone(group, code))  # type: ignore[attr-defined]
        return self.book.marks[key]

    def drawn(self, piece: str, *of: Hashable) -> Markup:
        """A macro of drawn.html: drawn once for the same things in the same language and at the same depth."""
        kept, key = self.book.drawn, (self.place.language, self.place.root, piece, of)
        if key not in kept:
            if len(kept) >= MOST_DRAWN:
                kept.clear()
            macros = spoken(self.lang).get_template("public_site/drawn.html").module
            kept[key] = getattr(macros, piece)(self, *of)
        return kept[key]

    def tone(self, group: str, code: str) -> str:
        return self._word(group, code).tone

    def to(self, folder: str = "", anchor: str = "") -> str:
        return self.place.to(folder, anchor)

    def number(self, amount: Decimal | int) -> str:
        return number(self.place.language, amount)

    def percent(self, amount: Decimal | None) -> str:
        """A stated percentage with its sign; a dash when there is none."""
        if amount is None:
            return "–"
        shown = amount.quantize(Decimal("0.1"), rounding="ROUND_HALF_UP")
        return f"{self.number(shown)}{'%' if self.lang == 'en' else ' %'}"

    def task(self, code: str) -> str:
        """The address of a task: of its page, or of its place among others in an issue that has too many for pages."""
        return self.place.to(self.book.task_folder(code), self.book.task_anchor(code))

    def shown(self, rows: Sequence[Thing]) -> Sequence[Thing]:
        """As many as a page shows: all, but in an issue of a whole country; the CSV always has all of them."""
        return rows[:ROWS_OF_A_PAGE] if self.book.is_large else rows

    def glanced(self, tasks: Sequence[TaskData]) -> Sequence[TaskData]:
        """The same of tasks, for a table that shows a few fields of each."""
        return glances_at(self.shown(tasks))

    def name(self, code: str | None) -> str:
        return self.book.organisations[code].official_name if code in self.book.organisations else (code or "–")

    def short(self, code: str | None) -> str:
        return self.book.organisations[code].short_name if code in self.book.organisations else (code or "–")

    def organisation_href(self, code: str | None) -> str | None:
        return self.to(f"don-vi/{code}") if code in self.book.organisations else None

    def document_name(self, slug: str) -> str:
        document = self.book.documents[slug]
        return f"{self.word('document_type', document.type)} {document.code}"

    def period(self, key: str) -> str:
        """ "2026-W47" as "Tuần 47/2026", "2026-11" as "Tháng 11/2026"; anything else as it stands."""
        year, _dash, rest = key.partition("-")
        if rest.startswith("W") and rest[1:].isdigit():
            return _("Tuần %(n)s/%(year)s") % {"n": int(rest[1:]), "year": year}
        if rest.startswith("Q") and rest[1:].isdigit():
            return _("Quý %(n)s/%(year)s") % {"n": rest[1:], "year": year}
        if rest.isdigit():
            return _("Tháng %(n)s/%(year)s") % {"n": int(rest), "year": year}
        return key

    def short_period(self, key: str) -> str:
        """For an axis, where neighbours tell the year: "T47"; "Q3/26", "11/26"."""
        year, _dash, rest = key.partition("-")
        if rest.startswith("W"):
            return _("T%(n)s") % {"n": int(rest[1:])}
        return f"{rest}/{year[-2:]}" if rest else key

    def instrument_name(self, instrument: InstrumentData) -> str:
        """In Vietnamese, with its type unless its title says it already."""
        return titled(self.book.data.vocabulary["instrument_type"][instrument.type].vi, instrument.title)

    def indicator_name(self, code: str) -> str:
        indicator = self.book.indicators[code]
        return (indicator.name_en or indicator.name) if self.lang == "en" else indicator.name

    def unit(self, code: str) -> str:
        indicator = self.book.indicators[code]
        return (indicator.unit_en or indicator.unit) if self.lang == "en" else indicator.unit

    def sentence(self, tally: TallyData) -> str:
        """What is promised, how far, what is late: the counts in one sentence, each with what it is a part of."""
        if not tally.total:
            return _("Chưa có nhiệm vụ nào được công bố.")
        parts = _(
            "%(total)s nhiệm vụ: %(done)s hoàn thành, %(on_time)s trong hạn, %(due_soon)s sắp đến hạn, "
            "%(overdue)s quá hạn"
        ) % {
            "total": self.number(tally.total),
            "done": self.number(tally.done),
            "on_time": self.number(tally.schedules["on_time"]),
            "due_soon": self.number(tally.schedules["due_soon"]),
            "overdue": self.number(tally.schedules["overdue"]),
        }
        if not tally.owed:
            return f"{parts}."
        reports = _("%(missing)s/%(owed)s báo cáo của kỳ gần nhất chưa gửi") % {
            "missing": self.number(tally.not_reported),
            "owed": self.number(tally.owed),
        }
        return f"{parts}; {reports}."

    def partition(self, tally: TallyData) -> list[tuple[int, str, str]]:
        """All tasks by schedule, as the parts of one bar; parts without tasks are left out."""
        return [
            (tally.schedules[code], self.word("schedule", code), self.tone("schedule", code))
            for code in SCHEDULE_ORDER
            if tally.schedules[code]
        ]

    def standing(self, tally: TallyData) -> tuple[str, str]:
        """One word and tone for a whole body, by the first rule that applies; the counts stand beside it."""
        if not tally.total:
            return _("Chưa có nhiệm vụ"), "neutral"
        if tally.schedules["overdue"]:
            return _("Có việc quá hạn"), "bad"
        if tally.not_reported:
            return _("Có việc chưa báo cáo"), "silent"
        if tally.schedules["due_soon"]:
            return _("Có việc sắp đến hạn"), "warn"
        return _("Không có việc quá hạn"), "good"


def site_of(page: Page, place: Place, header: Header) -> Site:
    """The frame of one page."""
    vietnamese = place.language == "vi"
    return Site(
        root=place.root,
        as_of=day(header.as_of),
        next_update=day(header.next_update),
        simulated=header.simulated,
        kind_label=_("Kỳ công bố"),
        issue_label=header.label_vi if vietnamese else header.label_en,
        twin_links=twin_links(page, place),
        other_language_href=place.other_language,
        page_title=page.head_title or page.title,
        nav=_nav(place.language, place.root, page.section),
        footer=_footer(place.language, place.root),
        method_href=place.to("phuong-phap"),
        page_address=f"ky-cong-bo/{header.name}/{f'{page.folder}/' if page.folder else ''}",
    )


# Pages of one depth and section share them; there are some tens of depths and sections.
@lru_cache(maxsize=1_000)
def _nav(language: str, root: str, section: str | None) -> Markup:
    rows = [(label, _to(root, language, folder), section == folder) for label, folder in sections(language)]
    return _of_the_frame(language).nav(rows)  # type: ignore[no-any-return]


@lru_cache(maxsize=1_000)
def _footer(language: str, root: str) -> Markup:
    rows = [(label, _to(root, language, folder)) for label, folder in standing_pages(language)]
    return _of_the_frame(language).links(rows)  # type: ignore[no-any-return]


def _of_the_frame(language: str) -> Any:
    return spoken(language).get_template("components/frame.html").module


def twin_links(page: Page, place: Place) -> list[tuple[str, str]]:
    """The line of links below every page: label and address of each of its other forms."""
    if page.data_folder is not None and not page.beside:
        return [(kind, place.data(page.data_folder, f"index.{kind.lower()}")) for kind in page.data_kinds]
    links = [(each.label, place.data(page.folder, each.name)) for each in page.beside if each.label]
    return [*links, (_("Nhúng"), place.to(page.embed))] if page.embed else links


@cache
def sections(_language: str) -> list[tuple[str, str]]:
    """Said once in each language, which is the one in force: the frame of a million pages repeats it."""
    return [
        (_("Tổng quan"), ""),
        (_("Nghị quyết"), "nghi-quyet"),
        (_("Nhiệm vụ"), "nhiem-vu"),
        (_("Đơn vị"), "don-vi"),
        (_("Chỉ tiêu"), "chi-tieu"),
        (_("Điểm nghẽn"), "diem-nghen"),
        (_("Tìm kiếm"), "tim-kiem"),
    ]


@cache
def standing_pages(_language: str) -> list[tuple[str, str]]:
    return [
        (_("Thay đổi trong kỳ"), "thay-doi"),
        (_("So sánh các kỳ"), "so-sanh"),
        (_("Trách nhiệm theo loại chủ thể"), "trach-nhiem"),
        (_("Văn bản phải ban hành"), "van-ban-phai-ban-hanh"),
        (_("Danh mục A–Z"), "a-z"),
        (_("Đọc bảng này thế nào"), "cach-doc"),
        (_("Phương pháp và giới hạn"), "phuong-phap"),
        (_("Đính chính"), "dinh-chinh"),
        (_("Các kỳ công bố"), "cac-ky"),
        (_("Kiểm tra kỳ này"), "kiem-tra"),
        (_("Dữ liệu mở"), "du-lieu"),
        (_("Khả năng tiếp cận"), "tiep-can"),
    ]


def in_order(pages: Iterable[Page]) -> list[Page]:
    return sorted(pages, key=lambda page: page.folder)
