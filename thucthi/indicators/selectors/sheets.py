"""The sheet of an indicator for pages and for other programs."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from thucthi.indicators.calculations.sheet import CATALOGUE, Field, Held, filled
from thucthi.indicators.models import Dimension, Indicator
from thucthi.kernel.periods import Frequency
from thucthi.kernel.values import Direction

# In the order in which a form offers them; each is said in the language of the reader.
DIRECTIONS = (Direction.RISE, Direction.FALL, Direction.HOLD)


def direction_word(direction: str) -> str:
    """Which way is good, in a word."""
    return {"rise": _("Càng tăng càng tốt"), "fall": _("Càng giảm càng tốt"), "hold": _("Giữ trong khoảng")}[direction]


def frequency_word(frequency: str) -> str:
    """How often a value comes, in a word."""
    return {
        Frequency.WEEKLY: _("Hằng tuần"),
        Frequency.MONTHLY: _("Hằng tháng"),
        Frequency.QUARTERLY: _("Hằng quý"),
        Frequency.HALF_YEARLY: _("Sáu tháng"),
        Frequency.YEARLY: _("Hằng năm"),
    }[Frequency(frequency)]


def metadata_of(indicator: Indicator, *, language: str = "vi") -> dict[str, str]:
    """The filled fields of the sheet by Open SDG key, in the order of the catalogue.

    Names, units, words of lists and parts of breakdowns come in `language` where the sheet has them in both; the free
    texts as they were written.
    """
    with override(language):
        columns = {field.column: column_words(indicator, field.column, language) for field in _columns()}
        return filled(columns, _derived(indicator, language), indicator.metadata)


def column_words(indicator: Indicator, column: str, language: str = "vi") -> str:
    """What a column of the sheet says, in words."""
    value = getattr(indicator, column)
    if language == "en" and column in {"name", "unit"}:
        return str(getattr(indicator, f"{column}_en") or value)
    if column == "frequency":
        return frequency_word(value)
    if column == "delay_days":
        return _("%(days)s ngày sau khi kết thúc kỳ") % {"days": value}
    if column in {"owner", "source_owner"}:
        return str(value.official_name) if value else ""
    return str(value)


def _columns() -> tuple[Field, ...]:
    return tuple(field for field in CATALOGUE if field.held is Held.COLUMN)


def _derived(indicator: Indicator, language: str) -> dict[str, str]:
    newest = indicator.versions.order_by("-number").first()
    parts = "; ".join(parts_in_words(dimension, language) for dimension in indicator.dimensions.order_by("code"))
    return {
        "indicator_number": indicator.code,
        "META_LAST_UPDATE": newest.since.isoformat() if newest else "",
        "COVERAGE": parts,
    }


def parts_in_words(dimension: Dimension, language: str = "vi") -> str:
    """A breakdown and its parts: Giới tính: Nam, Nữ."""
    english = language == "en"
    words = [(pair[1] if english else "") or pair[0] for _code, pair in sorted(dimension.categories.items())]
    return f"{(dimension.name_en if english else '') or dimension.name}: {', '.join(words)}"
