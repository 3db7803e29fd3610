"""The templates as one language speaks them: no page asks for each of its sentences which language is in force."""

from decimal import Decimal
from functools import cache, lru_cache, partial

from django.template import engines
from django.utils.translation import gettext
from jinja2 import Environment, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

from thucthi.kernel.values import format_en, format_vi

# Whole numbers below have no sign between thousands, nor any other that depends on the language.
WRITTEN_ALIKE = 1_000
OURS = ("components/", "public_site/", "public_base.html")


@cache
def read_templates(languages: tuple[str, ...]) -> None:
    """Compiles what pages are drawn with, once for the process that asks for pieces: each child would do it again."""
    whole: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    names = [name for name in whole.list_templates(["html", "xml"]) if name.startswith(OURS)]
    for environment in (whole, *map(spoken, languages)):
        for name in names:
            environment.get_template(name)


class _Page(Template):
    """Our templates have no globals but those of their environment, so what they import is the same for all of them.

    Asking which globals a template has of its own took a twentieth of the time of a page.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


@cache
def spoken(language: str) -> Environment:
    """Our environment for pages in `language`, which is to be in force while one of them is drawn."""
    whole: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    own = whole.overlay()
    own.template_class = _Page
    told: dict[str, Markup] = {}

    def said(text: str, /, **gaps: object) -> Markup:
        """As the `_` of all our templates."""
        if text not in told:
            told[text] = Markup(gettext(text))  # noqa: S704 - our own sentences; what is put into them is escaped
        return told[text] % gaps if "%" in told[text] else told[text]

    own.globals = {**whole.globals, "_": said, "gettext": said}
    own.filters = {**whole.filters, "number": partial(number, language)}
    return own


def number(language: str, amount: Decimal | int) -> str:
    """A figure as that language writes it."""
    return str(amount) if type(amount) is int and 0 <= amount < WRITTEN_ALIKE else _number(language, amount)


@lru_cache(maxsize=20_000)
def _number(language: str, amount: Decimal | int) -> str:
    return format_en(Decimal(amount)) if language == "en" else format_vi(Decimal(amount))
