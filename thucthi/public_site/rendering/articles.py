"""The tasks on a page that many share, put together by hand: a country has a million of them, in two languages.

What is said alike of many tasks is a macro of drawn.html; what is here joins it with the words of one task.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from thucthi.public_site.rendering.pages import Reader, day
from thucthi.publication.shapes import TaskData

OVERDUE = "overdue"


@dataclass(frozen=True)
class _Words:
    """What every one of them says. `said` marks words of a source, which stay Vietnamese on English pages."""

    said: str
    lead: str
    answering: str
    coordinators: str
    due: str
    product: str
    criterion: str
    programme: str
    figures: str
    reports: str
    replied: str
    silent: str


@cache
def _words(language: str) -> _Words:
    """Said once in each language, which is the one in force."""
    return _Words(
        said="" if language == "vi" else ' lang="vi"',
        lead=_("Chủ trì"),
        answering=_("Nay chịu trách nhiệm"),
        coordinators=_("Phối hợp"),
        due=_("Thời hạn"),
        product=_("Sản phẩm"),
        criterion=_("Tiêu chí nghiệm thu"),
        programme=_("Chương trình"),
        figures=_("Tự báo cáo / nghiệm thu / chỉ tiêu đo"),
        reports=_("Báo cáo từng kỳ"),
        replied=_("giải trình của đơn vị"),
        silent=_("chưa có giải trình"),
    )


def articles(reader: Reader, tasks: Sequence[TaskData]) -> Markup:
    """One after the other, each with its code as its anchor."""
    words = _words(reader.lang)
    drawn = [piece for task in tasks for piece in _article(reader, words, task)]
    return Markup("".join(drawn))  # noqa: S704 - macros, our own sentences, and words that are escaped below


def _article(r: Reader, words: _Words, task: TaskData) -> Iterator[str]:
    code, now, said = escape(task.code), task.standing, words.said
    yield (
        f'<article id="{code}">\n<h2 class="h4"><span class="tt-muted">{escape(r.word("task_kind", task.kind))} {code}'
        f"</span> <span{said}>{escape(task.text)}</span></h2>\n"
        f"<p>{r.drawn('marks', now.schedule, now.stage, now.reported)}"
    )
    if now.schedule == OVERDUE:
        yield from (_reply(r, words, body) for body in task.answering)
    yield '</p>\n<dl class="tt-summary">\n'
    yield from _summary(r, words, task)
    yield (
        f"<div><dt>{words.programme}</dt><dd>{r.drawn('programme', task.programme)}</dd></div>\n"
        f"<div><dt>{words.figures}</dt><dd>{r.drawn('figures', now.declared, now.accepted, now.measured)}</dd></div>\n"
        "</dl>\n"
    )
    yield from _what_happened(r, words, task)
    yield "</article>\n"


def _reply(r: Reader, words: _Words, body: str) -> str:
    """Where the own words of a body are that is named as late, or that there are none."""
    if body in r.book.replied:
        return f' · <a href="{escape(r.to(f"don-vi/{body}", "giai-trinh"))}">{words.replied}</a>'
    return f' · <span class="tt-muted">{words.silent}</span>'


def _summary(r: Reader, words: _Words, task: TaskData) -> Iterator[str]:
    said = words.said
    post = f", <span{said}>{escape(task.lead_post)}</span>" if task.lead_post else ""
    yield f"<div><dt>{words.lead}</dt><dd>{r.drawn('organisation', task.lead)}{post}</dd></div>\n"
    if task.answering != (task.lead,):
        yield f"<div><dt>{words.answering}</dt><dd>{r.drawn('organisations', task.answering)}</dd></div>"
    if task.coordinators:
        yield f"<div><dt>{words.coordinators}</dt><dd>{r.drawn('organisations', task.coordinators)}</dd></div>"
    plain = task.due_on and not task.changes
    due = day(task.due_on) if plain else r.drawn("deadline", task.changes, task.due_on, task.deadline_text)
    yield f"<div><dt>{words.due}</dt><dd>{due}</dd></div>\n"
    if task.product:
        yield f"<div><dt>{words.product}</dt><dd{said}>{escape(task.product)}</dd></div>"
    if task.acceptance_criterion:
        yield f"<div><dt>{words.criterion}</dt><dd{said}>{escape(task.acceptance_criterion)}</dd></div>"


def _what_happened(r: Reader, words: _Words, task: TaskData) -> Iterator[str]:
    if task.history:
        periods = (
            r.drawn("period", each.period, each.punctuality, each.declared, each.accepted) for each in task.history
        )
        yield f'<p class="tt-muted">{words.reports}: {"; ".join(periods)}</p>'
    if task.changes or task.steps:
        yield r.drawn("happened", task.changes, task.steps)
    if task.obstacles:
        items = (f"<li>{r.drawn('obstacle', code)}</li>" for code in task.obstacles)
        yield f"<ul>{''.join(items)}</ul>"
