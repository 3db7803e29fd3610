"""The Jinja2 environment of all our pages: strict about undefined names, escaped, translated."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.conf import settings
from django.contrib.messages import get_messages
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from thucthi.kernel.values import format_en, format_vi


def url(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs=kwargs)


def asset(path: str) -> str:
    """The address of a static file; a page without its style is better than an error about the error page."""
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


def day(value: date | None) -> str:
    """dd/mm/yyyy, or a dash for an unknown day."""
    return f"{value:%d/%m/%Y}" if value else "–"


def moment(value: datetime) -> str:
    """Hour and day where the site is."""
    return f"{timezone.localtime(value):%H:%M %d/%m/%Y}"


def number(value: Decimal | int) -> str:
    """A figure in the way of the reader's language: decimal comma in Vietnamese, point in English."""
    amount = Decimal(value)
    return format_en(amount) if get_language() == "en" else format_vi(amount)


@lru_cache(maxsize=20_000)
def _told(text: str, language: str | None) -> Markup:
    """The sentence in that language. A page says a few hundred of them, an issue the same ones millions of times."""
    return Markup(gettext(text))  # noqa: S704 - our own sentences; what is put into them is escaped


def said(text: str, **gaps: object) -> Markup:
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
