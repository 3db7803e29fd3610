"""The open data of an issue: one table in three forms, described so that programs check it, always the same bytes."""

import csv
import io
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet
import pytest
import rdflib
from frictionless import Package
from rdflib import DCAT, DCTERMS, FOAF, RDF

from tests.public_site.issue import Files
from tests.public_site.nasty import FORMULAS, poisoned
from thucthi.public_site.rendering import opendata
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.opendata import TABLES, open_data_files
from thucthi.public_site.rendering.opendata.shapes import Kind, Table
from thucthi.publication.shapes import IssueData, ValueData

DAY = date(2026, 11, 20)
STATES = [
    ("number", Decimal("12.5")), ("confirmed_zero", Decimal(0)), ("not_reported", None), ("not_applicable", None),
    ("confidential", None), ("provisional", Decimal(3)),
]  # fmt: skip
TYPES = {
    Kind.TEXT: "string",
    Kind.NUMBER: "decimal128(28, 6)",
    Kind.COUNT: "int64",
    Kind.DAY: "date32[day]",
    Kind.FLAG: "bool",
}


@pytest.fixture
def with_states(data: IssueData) -> IssueData:
    """The small issue with one value of each state."""
    values = tuple(
        ValueData(f"2026-{month:02}", None, "actual", "", state, amount, None, None, DAY, False)
        for month, (state, amount) in enumerate(STATES, start=1)
    )
    return replace(data, values={data.indicators[0].code: values})


def made_of(data: IssueData) -> Files:
    files = open_data_files(Book(data))
    return {name: content if isinstance(content, bytes) else b"".join(content) for name, content in files}


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def validate(made: Files, folder: Path) -> list[str]:
    for name, content in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    report = Package(str(folder / "datapackage.json")).validate()
    return [error.note for task in report.tasks for error in task.errors] + [error.note for error in report.errors]


def described(site: Files) -> Files:
    return {name: content for name, content in site.items() if name.startswith("data/") or name == "datapackage.json"}


def test_the_package_of_an_issue_is_valid(site: Files, tmp_path: Path) -> None:
    assert validate(described(site), tmp_path) == []
    package = json.loads(site["datapackage.json"])
    assert package["name"] == "thuc-thi-2026-w47"
    assert len(package["resources"]) == len(TABLES)
    assert package["licenses"] == [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}]
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            assert field["title"]
            assert field["description"]


def test_the_package_stays_valid_with_texts_that_look_like_formulas(with_states: IssueData, tmp_path: Path) -> None:
    assert validate(made_of(poisoned(with_states, FORMULAS)), tmp_path) == []


def _a_figure(made: Files) -> Files:
    return made | {"data/tasks.csv": made["data/tasks.csv"].replace(b"50.00", b"51.00")}


def _a_word_for_a_number(made: Files) -> Files:
    return made | {"data/tasks.csv": made["data/tasks.csv"].replace(b",50.00,", b",nam muoi,")}


def _a_task_nobody_knows(made: Files) -> Files:
    return made | {"data/reports.csv": made["data/reports.csv"].replace(b"nv-dung-han,", b"nv-khong-co,")}


def _a_file_less(made: Files) -> Files:
    return {name: content for name, content in made.items() if name != "data/tasks.csv"}


@pytest.mark.parametrize("fault", [_a_figure, _a_word_for_a_number, _a_task_nobody_knows, _a_file_less])
def test_a_planted_fault_is_found(site: Files, tmp_path: Path, fault: Callable[[Files], Files]) -> None:
    changed = fault(described(site))
    assert changed != described(site)
    assert validate(changed, tmp_path) != []


@pytest.mark.parametrize("table", TABLES, ids=lambda each: each.name)
def test_the_three_forms_of_a_table_say_the_same(table: Table, with_states: IssueData) -> None:
    made = made_of(with_states)
    rows = rows_of(made[f"data/{table.name}.csv"])
    read = pyarrow.parquet.read_table(io.BytesIO(made[f"data/{table.name}.parquet"]))
    columns = (*table.columns, *opendata.CLOSING)
    assert [str(field.type) for field in read.schema] == [TYPES[column.kind] for column in columns]
    assert read.column_names == [column.name for column in columns]
    assert read.num_rows == len(rows)
    for line, row in zip(read.to_pylist(), rows, strict=True):
        for column in columns:
            assert equal(line[column.name], row[column.name]), (column.name, line, row)


def equal(value: object, text: str) -> bool:
    if value is None or value == "":
        return text == ""
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, int | Decimal):
        return Decimal(text) == value
    return text.removeprefix("'") == str(value)


def test_zero_missing_not_applicable_and_confidential_stay_apart_in_every_form(with_states: IssueData) -> None:
    made = made_of(with_states)
    rows = [(row["state"], row["amount"]) for row in rows_of(made["data/values.csv"])]
    assert rows == [("number", "12.5"), ("confirmed_zero", "0"), ("not_reported", ""), ("not_applicable", ""),
                    ("confidential", ""), ("provisional", "3")]  # fmt: skip
    read = pyarrow.parquet.read_table(io.BytesIO(made["data/values.parquet"])).to_pylist()
    assert [(row["state"], row["amount"]) for row in read] == STATES
    tasks = {row["code"]: row for row in rows_of(made["data/tasks.csv"])}
    assert (tasks["nv-sap-den"]["declared"], tasks["nv-sap-den"]["declared_state"]) == ("", "not_reported")
    assert (tasks["nv-dung-han"]["declared"], tasks["nv-dung-han"]["declared_state"]) == ("50.00", "number")


def test_the_tables_have_the_objects_of_the_issue(site: Files) -> None:
    whole = json.loads(site["issue.json"])
    for name, key in (("tasks", "code"), ("organisations", "code"), ("documents", "slug"), ("indicators", "code"),
                      ("programmes", "code"), ("obstacles", "code")):  # fmt: skip
        assert [row[key] for row in rows_of(site[f"data/{name}.csv"])] == [each[key] for each in whole[name]]
    reports = rows_of(site["data/reports.csv"])
    assert len(reports) == sum(len(task["history"]) for task in whole["tasks"])
    for row in reports:
        assert (row["issue"], row["as_of"], row["simulated"]) == ("2026-W47", "2026-11-20", "true")


@pytest.mark.parametrize("table", TABLES, ids=lambda each: each.name)
def test_every_row_has_a_cell_of_its_kind_for_every_column(table: Table, data: IssueData) -> None:
    kinds = {Kind.TEXT: str, Kind.NUMBER: Decimal, Kind.COUNT: int, Kind.DAY: date, Kind.FLAG: bool}
    for row in table.rows(Book(data)):
        for cell, column in zip(row, table.columns, strict=True):
            assert cell is None or isinstance(cell, kinds[column.kind]), (column.name, cell)


def test_a_long_table_has_no_workbook_and_the_package_does_not_promise_one(
    with_states: IssueData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opendata, "MOST_ROWS_OF_A_WORKBOOK", 5)
    made = made_of(with_states)
    assert "data/values.xlsx" not in made
    assert "data/corrections.xlsx" in made
    resources = {each["name"]: each for each in json.loads(made["datapackage.json"])["resources"]}
    assert [each["path"] for each in resources["values"]["alternates"]] == ["data/values.parquet"]
    assert b"data/values.xlsx" not in made["catalog.ttl"]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # of the reader, not ours
def test_the_catalogue_is_dcat_ap_and_both_writings_say_the_same(site: Files) -> None:
    turtle = rdflib.Graph().parse(data=site["catalog.ttl"], format="turtle")
    json_ld = rdflib.Graph().parse(data=site["catalog.jsonld"], format="json-ld")
    assert set(turtle) == set(json_ld)
    (catalogue,) = turtle.subjects(RDF.type, DCAT.Catalog)
    for wanted in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, DCAT.dataset, FOAF.homepage):
        assert (catalogue, wanted, None) in turtle, wanted
    datasets = list(turtle.objects(catalogue, DCAT.dataset))
    assert len(datasets) == len(TABLES)
    for dataset in datasets:
        for wanted in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.temporal, DCTERMS.spatial,
                       DCAT.theme, DCTERMS.accrualPeriodicity, DCAT.distribution):  # fmt: skip
            assert (dataset, wanted, None) in turtle, (dataset, wanted)
        for distribution in turtle.objects(dataset, DCAT.distribution):
            path = str(distribution).partition("/ky-cong-bo/2026-W47/")[2]
            assert int(turtle.value(distribution, DCAT.byteSize)) == len(site[path])
            assert turtle.value(distribution, DCTERMS.license) is not None
            assert turtle.value(distribution, DCAT.accessURL) == distribution


def test_the_same_data_give_the_same_bytes_whatever_the_order_of_hashes(with_states: IssueData, tmp_path: Path) -> None:
    kept = tmp_path / "data.pickle"
    kept.write_bytes(pickle.dumps(with_states))
    program = (
        "import django, hashlib, pickle, sys; django.setup()\n"
        "from thucthi.public_site.rendering.book import Book\n"
        "from thucthi.public_site.rendering.opendata import open_data_files\n"
        "data = pickle.load(open(sys.argv[1], 'rb'))\n"
        "for name, content in open_data_files(Book(data)):\n"
        "    whole = content if isinstance(content, bytes) else b''.join(content)\n"
        "    print(name, hashlib.sha256(whole).hexdigest())\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program, str(kept)],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "thucthi.config.settings", "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert len(said[0].splitlines()) == 3 * len(TABLES) + 3


def test_the_head_of_a_page_describes_its_data(site: Files) -> None:
    text = site["chi-tieu/index.html"].decode()
    described = json.loads(text.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert (described["@type"], described["temporalCoverage"]) == ("Dataset", "2026-11-13/2026-11-20")
    assert [each["encodingFormat"] for each in described["distribution"]] == [
        "text/csv",
        "application/json",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
    for each in described["distribution"]:
        assert each["contentUrl"].removeprefix("http://127.0.0.1:8000/") in site
