"""The English catalogue says everything the product says, and no Vietnamese text of a template escapes translation."""

import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "thucthi"
LOCALES = PACKAGE / "locale"
GETTEXT_NAMES = {"_", "gettext", "ngettext"}
NAMED = re.compile(r"%\((\w+)\)")
VIETNAMESE = re.compile(r"[À-ÖØ-öø-ỹ]")
# What stands in a template as it is: the brand, the name of the language, and the notice said in both languages.
UNTRANSLATED = ("Thực Thi", "Tiếng Việt", "Số liệu mô phỏng / ")
# The map of tiles holds the names of the provinces, which are the same in every language.
NAMES_OF_PLACES = "templates/components/tiles.html"
# A paper of the administration: decree 30/2020/NĐ-CP gives its words, and it exists in Vietnamese alone.
OFFICIAL_PAPER = "public_site/templates/public_site/papers/report.html"


def extracted() -> Catalog:
    """What `make messages` finds: the same mapping and the same keywords, read from where it reads them."""
    with (ROOT / "scripts" / "babel.cfg").open(encoding="utf-8") as configuration:
        methods, options = parse_mapping_cfg(configuration)  # type: ignore[no-untyped-call]
    words = re.search(r"^KEYWORDS := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert words
    keywords = DEFAULT_KEYWORDS | parse_keywords(word for word in shlex.split(words[1]) if word != "-k")
    catalog = Catalog()
    for _file, _line, told, _comments, context in extract_from_dir(PACKAGE, methods, options, keywords):
        catalog.add(told, context=context)
    return catalog


def read(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def keys(catalog: Catalog) -> set[tuple[str, str]]:
    return {(message.context or "", _sides(message.id)[0]) for message in catalog if message.id}


def faults_of(english: Catalog) -> list[str]:
    return [f"{_sides(message.id)[0]}: {fault}" for message in english if message.id for fault in _faults(message)]


def _faults(message: Message) -> Iterator[str]:
    said = _sides(message.string or "")
    if not all(side.strip() for side in said):
        yield "no English"
        return
    if message.fuzzy:
        yield "fuzzy"
    asked = {name for side in _sides(message.id) for name in NAMED.findall(side)}
    if any(set(NAMED.findall(side)) != asked for side in said):
        yield "other placeholders"
    if any("%%" in side for side in _sides(message.id)) != any("%%" in side for side in said):
        yield "another per cent sign"
    if VIETNAMESE.search(re.sub(r"Thực Thi|Hoàng Sa|Trường Sa|Đà Nẵng|Khánh Hòa|Quý IV/2026|năm 2030", "", said[0])):
        yield "Vietnamese in the English"


def _sides(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """One text, or singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def spoken_outside_gettext(source: str) -> list[str]:
    """Vietnamese of one Jinja2 template that reaches the page without passing through gettext."""
    template = Environment(extensions=["jinja2.ext.do"], autoescape=True).parse(source)
    return [text.strip() for text in _literals(template) if VIETNAMESE.search(_without_exceptions(text))]


def _literals(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT_NAMES:
        for each in node.kwargs:
            yield from _literals(each)
        return
    if isinstance(node, nodes.TemplateData):
        yield node.data
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _literals(child)


def _without_exceptions(text: str) -> str:
    for each in UNTRANSLATED:
        text = text.replace(each, "")
    return text


def our_templates() -> list[Path]:
    return sorted(path for path in PACKAGE.glob("**/templates/**/*.html"))


def test_catalogue_holds_what_the_product_says_and_nothing_else() -> None:
    said, translated = keys(extracted()), keys(read("en"))
    assert said - translated == set(), "new texts: run `make messages` and translate them"
    assert translated - said == set(), "texts that are gone: run `make messages`"


def test_every_text_has_its_english_with_the_same_placeholders() -> None:
    assert faults_of(read("en")) == []


@pytest.mark.parametrize("language", ["en", "vi"])
def test_compiled_catalogue_is_the_written_one(language: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, read(language))
    assert (LOCALES / language / "LC_MESSAGES" / "django.mo").read_bytes() == compiled.getvalue()


def test_a_planted_missing_entry_is_found() -> None:
    said, translated = extracted(), read("en")
    said.add("Một câu chưa ai dịch")
    assert keys(said) - keys(translated) == {("", "Một câu chưa ai dịch")}


def test_a_text_with_two_meanings_is_two_entries() -> None:
    english = read("en")
    plain, of_document = english.get("Kết luận"), english.get("Kết luận", "loại văn bản")
    assert plain
    assert of_document
    assert (plain.string, of_document.string) == ("Decision", "Conclusion")


@pytest.mark.parametrize(
    ("vietnamese", "english", "fault"),
    [
        ("Còn %(n)s ngày", "", "no English"),
        ("Còn %(n)s ngày", "%(days)s days left", "other placeholders"),
        ("Còn %(n)s ngày", "Days left", "other placeholders"),
        ("Tăng %(n)s %%", "Up by %(n)s percent", "another per cent sign"),
        ("Quá hạn", "Quá hạn", "Vietnamese in the English"),
    ],
)
def test_a_planted_faulty_entry_is_found(vietnamese: str, english: str, fault: str) -> None:
    planted = Catalog()
    planted.add(vietnamese, english)
    assert faults_of(planted) == [f"{vietnamese}: {fault}"]


def test_a_planted_fuzzy_entry_is_found() -> None:
    planted = Catalog()
    planted.add("Quá hạn", "Overdue", flags=["fuzzy"])
    assert faults_of(planted) == ["Quá hạn: fuzzy"]


@pytest.mark.parametrize("path", our_templates(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_template_speaks_vietnamese_outside_gettext(path: Path) -> None:
    found = spoken_outside_gettext(path.read_text(encoding="utf-8"))
    if path == PACKAGE / NAMES_OF_PLACES:
        found = [text for text in found if not text.replace(".", "").istitle()]
    assert found == [] or path == PACKAGE / OFFICIAL_PAPER


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Quá hạn</p>", ["<p>Quá hạn</p>"]),
        ('<p title="Mã số">1</p>', ['<p title="Mã số">1</p>']),
        ('{{ "Quá hạn" }}', ["Quá hạn"]),
        ('{{ _("Quá hạn %(day)s", day="hôm qua") }}', ["hôm qua"]),
        ('{% do rows.append("Quá hạn") %}', ["Quá hạn"]),
        ('<p>{{ _("Quá hạn") }}</p>{# Quá hạn #}<a>Thực Thi</a>', []),
    ],
)
def test_planted_vietnamese_is_found(source: str, found: list[str]) -> None:
    assert spoken_outside_gettext(source) == found
