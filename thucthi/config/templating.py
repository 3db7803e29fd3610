"""The Jinja2 environment of all our pages: strict about undefined names, escaped, translated."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from django.conf import settings
from django.contrib.messages import get_messages
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from thucthi.kernel.values import format_en, format_vi

# Stand in for a code and a number while the form of an address is found; nobody's code, and no part of any address.
_A_CODE, _A_NUMBER = "zz0qx9zz", 987_654_321_012
_PLAIN = re.compile(r"[-a-zA-Z0-9_]+", re.ASCII)


def url(name: str, **kwargs: object) -> str:
    """As `reverse`, which takes twenty times as long: a list of fifty rows has a hundred addresses of two forms."""
    if not all(map(_is_plain, kwargs.values())):
        return reverse(name, kwargs=kwargs)
    numbers = tuple(type(value) is int for value in kwargs.values())
    form = _form(name, tuple(kwargs), numbers, get_script_prefix())
    return form % kwargs if form else reverse(name, kwargs=kwargs)


def _is_plain(value: object) -> bool:
    """Written as it is: no sign to be escaped, no type of its own way of being written."""
    return (type(value) is str and _PLAIN.fullmatch(value) is not None) or (type(value) is int and value >= 0)


@cache
def _form(name: str, keys: tuple[str, ...], numbers: tuple[bool, ...], prefix: str) -> str:
    """The address with gaps; "" where the value itself decides how it is written, or whether there is one."""
    told = {
        key: _A_NUMBER + place if number else f"{_A_CODE}{place}"
        for place, (key, number) in enumerate(zip(keys, numbers, strict=True))
    }
    try:
        address = reverse(name, kwargs=told).replace("%", "%%")
    except NoReverseMatch:
        return ""
    for key, value in told.items():
        address = address.replace(str(value), f"%({key})s")
    return address


def asset(path: str) -> str:
    """The address of a static file; a page without its style is better than an error about the error page."""
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


def day(value: date | None) -> str:
    """dd/mm/yyyy, or a dash for an unknown day; of a moment the day that it was where the site is."""
    known = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{known:%d/%m/%Y}" if known else "–"


def moment(value: datetime) -> str:
    """Hour and day where the site is."""
    return f"{timezone.localtime(value):%H:%M %d/%m/%Y}"


# Whole numbers below have no sign between thousands, nor any other that depends on the language.
_WRITTEN_ALIKE = 1_000


def number(value: Decimal | int) -> str:
    """A figure in the way of the reader's language: decimal comma in Vietnamese, point in English."""
    if type(value) is int and 0 <= value < _WRITTEN_ALIKE:
        return str(value)
    amount = Decimal(value)
    return format_en(amount) if get_language() == "en" else format_vi(amount)


@lru_cache(maxsize=20_000)
def _told(text: str, language: str | None) -> Markup:
    """The sentence in that language. A page says a few hundred of them, an issue the same ones millions of times."""
    return Markup(gettext(text))  # noqa: S704 - our own sentences; what is put into them is escaped


def said(text: str, /, **gaps: object) -> Markup:
    """Our `_()` in templates. A sentence is always a format, as with the extension's own: %% is a per cent sign."""
    told = _told(text, get_language())
    return told % gaps if "%" in told else told


def environment(**options: object) -> Environment:
    """Called once by Django's template backend with its own options."""
    options["undefined"] = StrictUndefined
    options["extensions"] = ["jinja2.ext.i18n", "jinja2.ext.do"]
    options["trim_blocks"] = True
    options["lstrip_blocks"] = True
    built = Environment(**options)  # type: ignore[arg-type]  # noqa: S701 - autoescape is on in Django's options
    built.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    built.globals.update(
        _=said,
        gettext=said,
        static=asset,
        url=url,
        get_messages=get_messages,
        csrf_token_for=get_token,
        get_language=get_language,
    )
    built.filters.update(day=day, moment=moment, number=number)
    return built
