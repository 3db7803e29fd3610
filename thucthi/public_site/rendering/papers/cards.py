"""A card for each document, in at most 120 plain words: promised, how far, late, stuck, who answers, when next.

Sentences are made by rules from the data; a figure that is not there is said, never left out in silence. What may be
long (titles, names) is cut after some words, so that no card grows past its measure; the page of the document has the
whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.indicators import Reading, read
from thucthi.public_site.rendering.pages import Reader, day
from thucthi.public_site.rendering.papers.report import days_late
from thucthi.publication.shapes import DocumentData, ObstacleData, TaskData

MOST_WORDS = 120
NAME_WORDS, MEASURE_WORDS, POST_WORDS, CHECKPOINT_WORDS = 8, 8, 4, 7
# The kind of a document and its issuer take no more words than these.
SUBJECT_WITHIN = 8


@dataclass(frozen=True)
class Line:
    """A question of a citizen and its answer; `is_vietnamese`: only names, the same in every language."""

    question: str
    answer: str
    is_vietnamese: bool = False


@dataclass(frozen=True)
class Card:
    """`title` is what the document is about, shortened to what the lines leave of the measure."""

    title: str
    lines: Sequence[Line]

    @property
    def words(self) -> int:
        return len(self.title.split()) + words_of(self.lines)


def words_of(lines: Sequence[Line]) -> int:
    return sum(len(f"{each.question} {each.answer}".split()) for each in lines)


def shortened(text: str, most: int) -> str:
    """The first `most` words, with a mark when there are more."""
    words = text.split()
    return " ".join(words) if len(words) <= most else f"{' '.join(words[:most])}…"


def subject_of(title: str) -> str:
    """What a title is about: "Nghị quyết của Bộ Chính trị về đột phá…" → "Về đột phá…"; the kind stands above it."""
    kind, about, subject = title.partition(" về ")
    return f"Về {subject}" if about and len(kind.split()) <= SUBJECT_WITHIN else title


def card_of(book: Book, reader: Reader, document: DocumentData) -> Card:
    """In the language now active, which is the reader's."""
    tasks = book.tasks_of_document[document.slug]
    readings = [read(each, book.data.header.as_of.year) for each in book.indicators_of_document[document.slug]]
    opened = book.open_obstacles_of_document[document.slug]
    answers, are_names = _who(book, reader, document)
    lines = (
        Line(_("Hứa gì?"), _promised(reader, document, readings)),
        Line(_("Đến đâu?"), _how_far(book, reader, document, readings)),
        Line(_("Chậm gì?"), _late(book, reader, document, tasks)),
        Line(_("Vướng gì?"), _stuck(reader, list({each.code: each for each in opened}.values()))),
        Line(_("Ai trả lời?"), answers, are_names),
        Line(_("Khi nào nữa?"), _next(book, reader, document)),
    )
    return Card(shortened(subject_of(document.title), MOST_WORDS - words_of(lines)), lines)


def _promised(reader: Reader, document: DocumentData, readings: list[Reading]) -> str:
    total = document.tally.total
    if not total:
        return _("Chưa có nhiệm vụ nào được công bố.")
    tasks = ngettext("giao %(n)s nhiệm vụ", "giao %(n)s nhiệm vụ", total) % {"n": reader.number(total)}
    if not readings:
        return _("Văn bản %(tasks)s, không đặt chỉ tiêu.") % {"tasks": tasks}
    targets = ngettext("đặt %(n)s chỉ tiêu", "đặt %(n)s chỉ tiêu", len(readings)) % {"n": reader.number(len(readings))}
    return _("Văn bản %(tasks)s, %(targets)s.") % {"tasks": tasks, "targets": targets}


def _how_far(book: Book, reader: Reader, document: DocumentData, readings: list[Reading]) -> str:
    tally = document.tally
    said = [
        _("Đến %(day)s, xong %(done)s/%(total)s nhiệm vụ.")
        % {
            "day": day(book.data.header.as_of),
            "done": reader.number(tally.done),
            "total": reader.number(tally.total),
        }
    ]
    if not tally.total:
        said = []
    if readings:
        said += _measured(reader, document, readings)
    return " ".join(said) or _("Chưa có gì để đo.")


def _measured(reader: Reader, document: DocumentData, readings: list[Reading]) -> list[str]:
    met = sum(any(each.met for each in one.indicator.targets if each.document == document.slug) for one in readings)
    secret = sum(_is_secret(each) for each in readings)
    numbers = {"met": reader.number(met), "of": reader.number(len(readings)), "secret": reader.number(secret)}
    if secret:
        said = [_("Đạt %(met)s/%(of)s chỉ tiêu; %(secret)s không công bố.") % numbers]
    else:
        said = [_("Đạt %(met)s/%(of)s chỉ tiêu.") % numbers]
    known = [each.indicator for each in readings if each.indicator.achievement is not None]
    if not known:
        return said if secret == len(readings) else [*said, _("Chưa đo được quãng đường.")]
    slowest = min(known, key=lambda each: (each.achievement, each.code))
    name = shortened(reader.indicator_name(slowest.code), MEASURE_WORDS)
    said.append(
        _("Chậm nhất: %(name)s, đi được %(way)s quãng đường.")
        % {"name": name, "way": reader.percent(slowest.achievement).replace(" ", "\u00a0")}
        if len(known) > 1
        else _("%(name)s: đi được %(way)s quãng đường.")
        % {"name": name, "way": reader.percent(slowest.achievement).replace(" ", "\u00a0")}
    )
    return said


def _is_secret(reading: Reading) -> bool:
    figures = reading.indicator.figures
    return bool(figures) and figures[-1].state == "confidential"


def _late(book: Book, reader: Reader, document: DocumentData, tasks: Sequence[TaskData]) -> str:
    tally, as_of = document.tally, book.data.header.as_of
    late = book.longest_late_of(tasks)
    if late:
        most = days_late(late[0], as_of)
        said = [
            ngettext(
                "%(late)s/%(total)s nhiệm vụ quá hạn, lâu nhất %(days)s ngày.",
                "%(late)s/%(total)s nhiệm vụ quá hạn, lâu nhất %(days)s ngày.",
                most,
            )
            % {"late": reader.number(len(late)), "total": reader.number(tally.total), "days": reader.number(most)}
        ]
    else:
        said = [_("Không có nhiệm vụ nào quá hạn.")]
    if tally.owed and not tally.reported:
        said.append(_("Chưa ai báo cáo (0/%(owed)s).") % {"owed": reader.number(tally.owed)})
    elif tally.not_reported:
        numbers = {"missing": reader.number(tally.not_reported), "owed": reader.number(tally.owed)}
        said.append(_("Thiếu %(missing)s/%(owed)s báo cáo.") % numbers)
    return " ".join(said)


def _stuck(reader: Reader, opened: list[ObstacleData]) -> str:
    if not opened:
        return _("Không có điểm nghẽn nào đang mở.")
    longest = min(opened, key=lambda each: (-each.working_days, each.code))
    return ngettext(
        "%(n)s điểm nghẽn; lâu nhất %(days)s ngày làm việc, chờ %(holder)s.",
        "%(n)s điểm nghẽn; lâu nhất %(days)s ngày làm việc, chờ %(holder)s.",
        len(opened),
    ) % {
        "n": reader.number(len(opened)),
        "days": reader.number(longest.working_days),
        "holder": shortened(reader.name(longest.asked_of), NAME_WORDS),
    }


def _who(book: Book, reader: Reader, document: DocumentData) -> tuple[str, bool]:
    """Body and post by the control frame, else of the first programme; whether these are nothing but names."""
    if document.frame and document.frame.responsibilities:
        first = document.frame.responsibilities[0]
        body, post = first.committee, first.head_post
    elif document.programmes:
        programme = book.programmes[document.programmes[0]]
        body, post = programme.organisation, programme.head_post
    else:
        return _("Chưa nêu cơ quan nào."), False
    name = shortened(reader.name(body), NAME_WORDS)
    return (f"{name}; {shortened(post, POST_WORDS)}." if post else f"{name}."), True


def _next(book: Book, reader: Reader, document: DocumentData) -> str:
    header = book.data.header
    ahead = [each for each in document.frame.checkpoints if each.due_on > header.as_of] if document.frame else []
    coming = _("Số liệu mới: %(day)s.") % {"day": day(header.next_update)}
    if not ahead:
        return _("Chưa có mốc kiểm tra.") + " " + coming
    first = min(ahead, key=lambda each: (each.due_on, each.code))
    what = "" if reader.lang == "en" else f" ({shortened(first.text, CHECKPOINT_WORDS)})"
    return _("Mốc kiểm tra: %(day)s%(what)s.") % {"day": day(first.due_on), "what": what} + " " + coming
