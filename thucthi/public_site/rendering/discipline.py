"""How a body and everyone below it reported in the last periods, put together by hand: a country has 20,000 bodies."""

from collections.abc import Sequence
from functools import cache, lru_cache

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from thucthi.public_site.rendering.pages import Reader
from thucthi.public_site.rendering.spoken import spoken
from thucthi.publication.shapes import DisciplineData

PUNCTUALITY = "punctuality"


def worst_of(each: DisciplineData) -> str:
    """The worst that happened in the period."""
    return "missing" if each.missing else "late" if each.late else "on_time"


def squares(r: Reader, rows: Sequence[DisciplineData]) -> Markup:
    """One for each period: its worst state in words, and how many reports came in time of those owed."""
    return Markup("").join(_square(r, each) for each in rows)


def _square(r: Reader, each: DisciplineData) -> Markup:
    worst = worst_of(each)
    owed = each.on_time + each.late + each.missing
    return Markup(  # noqa: S704 - what is put in is a word of the vocabulary, escaped, or a number
        f'<li class="tt-square tt-tone-{escape(r.tone(PUNCTUALITY, worst))}"><span class="tt-square-period">'
        f"{escape(r.short_period(each.period))}</span>{_shape(r.lang, r.tone(PUNCTUALITY, worst))}"
        f'<span class="tt-square-word">{escape(r.word(PUNCTUALITY, worst))}</span>'
        f'<span class="tt-square-count">{r.number(each.on_time)}/{r.number(owed)}</span></li>'
    )


@lru_cache(maxsize=100)
def _shape(language: str, tone: str) -> str:
    return str(spoken(language).get_template("components/status.html").module.shape(tone))  # type: ignore[attr-defined]


def cells(r: Reader, each: DisciplineData) -> Markup:
    """The row of the period in the table of the same."""
    period, state, *heads = _heads(r.lang)
    counts = (each.on_time, each.late, each.missing, each.on_time + each.late + each.missing)
    numbers = [
        f'<td data-label="{head}" class="tt-number">{r.number(count)}</td>'
        for head, count in zip(heads, counts, strict=True)
    ]
    return Markup(  # noqa: S704 - our own sentences, a period that is escaped, and numbers
        f'<th scope="row" data-label="{period}">{_period(r, each.period)}</th>'
        f'<td data-label="{state}">{r.mark(PUNCTUALITY, worst_of(each))}</td>{"".join(numbers)}'
    )


@cache
def _heads(_language: str) -> tuple[str, ...]:
    """Said once in each language, which is the one in force."""
    return (_("Kỳ"), _("Tình trạng"), _("Đúng hạn"), _("Muộn"), _("Thiếu"), _("Phải gửi"))


def _period(r: Reader, key: str) -> str:
    """The body's periods are those of all others."""
    kept, known = r.book.drawn, (r.lang, "period of discipline", key)
    if known not in kept:
        kept[known] = escape(r.period(key))
    return kept[known]
