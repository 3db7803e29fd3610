"""`python -m thucthi.publication.analysis DIRECTORY`: what `thucthi analyse` starts as a process of its own."""

import gettext
import os
import sys
from importlib.metadata import version
from pathlib import Path

import click

import thucthi
from thucthi.publication.analysis.engines import ANSWERS, Engine, all_rows, connection
from thucthi.publication.analysis.shapes import TABLES
from thucthi.publication.analysis.summary import Basis, Said, summary_of
from thucthi.publication.analysis.writing import replace, write_answers
from thucthi.publication.verifier.verify import HASH, Folder, Verification, told

WRONG, NOT_HERE = 1, 2
SUMMARY = "summary.md"


@click.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--engine", type=click.Choice([each.value for each in Engine]), default=Engine.DUCKDB.value)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--master", default="local[*]", help="Spark.")
@click.option("--en", "english", is_flag=True)
def analyse(directory: Path, engine: str, out: Path, master: str, english: bool) -> None:
    checked = _verified(directory, english)
    tables = directory / "data"
    missing = [name for name in TABLES if not (tables / f"{name}.parquet").is_file()]
    if missing:
        click.echo(
            f"✗ Kỳ này không có dữ liệu Parquet: {', '.join(missing)}. Hãy chọn kỳ mới hơn.\n"
            f"✗ This issue has no Parquet of: {', '.join(missing)}. Please take a newer one.",
            err=True,
        )
        sys.exit(NOT_HERE)
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", f"--master {master} --conf spark.ui.enabled=false pyspark-shell")
    rows = all_rows(connection(Engine(engine)), tables)
    files = write_answers(ANSWERS, rows, out)
    basis = Basis(
        checked.facts["issue"],
        checked.facts["as_of"],
        checked.facts["hash"],
        checked.facts["simulated"],
        _named(engine),
    )
    replace(out / SUMMARY, summary_of(basis, ANSWERS, rows, files, _language(english)).encode())
    click.echo(str(out / SUMMARY))


def _verified(directory: Path, english: bool) -> Verification:
    """The issue, when nothing is wrong with it; else every sentence of `thucthi verify`, and the end."""
    name = directory.resolve().name
    checked = Verification(Folder(str(directory)), wanted={"hash": name} if HASH.match(name) else {}).run()
    if checked.wrong:
        for line in told(checked, english):
            click.echo(line, err=True)
        click.echo(
            "✗ Không phân tích kỳ này, vì nội dung không đúng như đã công bố. Hãy tải lại từ trang công bố.\n"
            "✗ Not analysed: this is not what was published. Please fetch the issue again.",
            err=True,
        )
        sys.exit(WRONG)
    return checked


def _named(engine: str) -> str:
    package = "duckdb" if engine == Engine.DUCKDB else "pyspark"
    return f"{engine} {version(package)} (ibis {version('ibis-framework')}, thucthi {version('thucthi')})"


def _language(english: bool) -> Said:
    folder = Path(thucthi.__file__).parent / "locale"
    return gettext.translation("django", folder, ["en"], fallback=True).gettext if english else str
