"""Small pages that other sites may show in a frame, and what oEmbed says of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext as _

from thucthi.kernel.canonical import canonical_json
from thucthi.public_site.rendering.addresses import address
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.indicators import headline, read
from thucthi.public_site.rendering.pages import Page, Place, Reader, day
from thucthi.publication.shapes import DocumentData, IndicatorData, OrganisationData, TallyData, TaskData

FOLDER = "nhung"
WIDTH, HEIGHT, NARROWEST, LOWEST = 600, 360, 240, 200


@dataclass(frozen=True)
class Embed:
    """What the small page shows. `marks`: word and tone; `parts`: count, word, tone of a whole; `facts`: term, value.

    `is_source` marks a title in the words of a source, which stays Vietnamese on English pages.
    """

    above: str
    title: str
    is_source: bool
    sentence: str
    marks: Sequence[tuple[str, str]]
    parts: Sequence[tuple[int, str, str]]
    facts: Sequence[tuple[str, str]]
    folder: str


def embed_folder(folder: str) -> str:
    return f"{FOLDER}/{folder}"


def thing_of(book: Book, folder: str) -> Any:
    """The object whose own page lies at `folder`, or None."""
    kind, _slash, code = folder.partition("/")
    books = {
        "nghi-quyet": book.documents,
        "don-vi": book.organisations,
        "nhiem-vu": book.tasks,
        "chi-tieu": book.indicators,
    }
    return books[kind].get(code) if kind in books else None  # type: ignore[attr-defined]


def is_embedded(thing: Any) -> bool:
    """A body without a task has nothing to show."""
    return thing is not None and not (isinstance(thing, OrganisationData) and not thing.subtree.total)


def embedded(book: Book) -> list[tuple[str, Sequence[Any]]]:
    """What may have a small page, by the folder of its own page."""
    data = book.data
    return [
        ("nghi-quyet", data.documents),
        ("nhiem-vu", () if book.is_large else data.tasks),
        ("don-vi", data.organisations),
        ("chi-tieu", data.indicators),
    ]


def embed_pages(folder: str, things: Iterable[Any], book: Book, reader: Reader) -> Iterator[Page]:
    for thing in things:
        if is_embedded(thing):
            embed = embed_of(book, reader, thing)
            code = thing.slug if isinstance(thing, DocumentData) else thing.code
            yield Page(embed_folder(f"{folder}/{code}"), "embed.html", embed.title, {"embed": embed})


def embed_of(book: Book, reader: Reader, thing: Any) -> Embed:
    if isinstance(thing, DocumentData):
        name = reader.document_name(thing.slug)
        return _of_tally(reader, name, thing.title, thing.tally, f"nghi-quyet/{thing.slug}")
    if isinstance(thing, OrganisationData):
        return _of_tally(reader, _("Đơn vị"), thing.official_name, thing.subtree, f"don-vi/{thing.code}")
    return _of_task(reader, thing) if isinstance(thing, TaskData) else _of_indicator(book, reader, thing)


def _of_tally(reader: Reader, above: str, title: str, tally: TallyData, folder: str) -> Embed:
    return Embed(above, title, True, reader.sentence(tally), [], reader.partition(tally), [], folder)


def _of_task(reader: Reader, task: TaskData) -> Embed:
    now = task.standing
    absent = _("chưa có")
    shown = [
        (_("Chủ trì"), reader.name(task.lead)),
        (_("Thời hạn"), day(task.due_on) if task.due_on else task.deadline_text or _("chưa ghi")),
        (_("Tự báo cáo"), reader.percent(now.declared) if now.declared is not None else absent),
        (_("Nghiệm thu"), reader.percent(now.accepted) if now.accepted is not None else absent),
        (_("Chỉ tiêu đo"), reader.percent(now.measured) if now.measured is not None else absent),
    ]
    marks = [(reader.word(group, code), reader.tone(group, code)) for group, code in _standing(task)]
    above = f"{reader.word('task_kind', task.kind)} {task.code}"
    return Embed(above, task.text, True, "", marks, [], shown, f"nhiem-vu/{task.code}")


def _standing(task: TaskData) -> list[tuple[str, str]]:
    return [("schedule", task.standing.schedule), ("stage", task.standing.stage)]


def _of_indicator(book: Book, reader: Reader, indicator: IndicatorData) -> Embed:
    reading = read(indicator, book.data.header.as_of.year)
    marks = []
    if reading.latest is not None:
        state = reading.latest.state
        marks = [(reader.word("value_state", state), reader.tone("value_state", state))]
    facts = [(_("Nguồn"), reading.source or _("chưa ghi"))]
    above = _("Chỉ tiêu %(code)s") % {"code": indicator.code}
    name = reader.indicator_name(indicator.code)
    is_source = not (reader.lang == "en" and indicator.name_en)
    return Embed(above, name, is_source, headline(reader, reading), marks, [], facts, f"chi-tieu/{indicator.code}")


def frame_of(source: str, title: str, width: int, height: int) -> str:
    """The element that a page of somebody else pastes."""
    return (
        f'<iframe src="{escape(source)}" width="{width}" height="{height}" title="{escape(title)}" loading="lazy" '
        'frameborder="0" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )


def oembed_of(book: Book, folder: str, thing: Any) -> bytes:
    """oEmbed 1.0, type rich, as a static file beside the page."""
    title = embed_of(book, Reader(book, Place(folder, "vi")), thing).title
    source = address(embed_folder(folder))
    return canonical_json(
        {
            "version": "1.0",
            "type": "rich",
            "provider_name": "Thực Thi",
            "provider_url": address(),
            "title": title,
            "cache_age": "3600",
            "width": WIDTH,
            "height": HEIGHT,
            "html": frame_of(source, title, WIDTH, HEIGHT),
            "author_name": settings.OPEN_DATA_PUBLISHER,
            "author_url": address(folder),
        }
    )


def fitted(said: Mapping[str, Any], language: str, most_width: int | None, most_height: int | None) -> dict[str, Any]:
    """What the file says, for the page in that language and within the room that the other site has.

    A frame narrower than a phone or lower than its text is not offered.
    """
    width = max(NARROWEST, min(WIDTH, most_width or WIDTH))
    height = max(LOWEST, min(HEIGHT, most_height or HEIGHT))
    folder = said["author_url"].removeprefix(address()).strip("/")
    source = address(f"en/{embed_folder(folder)}" if language == "en" else embed_folder(folder))
    return {**said, "width": width, "height": height, "html": frame_of(source, said["title"], width, height)}
