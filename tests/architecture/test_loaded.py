"""What the processes that stay carry: no library that only printing, signing, workbooks or an issue need (ADR 0046)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import house
from tests.architecture.test_house import copied_house

__all__ = ["copied_house"]
# Each takes megabytes in every process that loads it, for as long as that process lives.
HEAVY = (
    "PIL", "aiohttp", "docx", "duckdb", "fontTools", "lxml", "pandas", "pdfminer", "pdfplumber", "pyhanko",
    "pyhanko_certvalidator", "python_calamine", "rdflib", "scipy", "sdmx", "statsmodels", "weasyprint", "xlsxwriter",
)  # fmt: skip
TELL = f"print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
WEB = f"""
import sys
import thucthi.config.wsgi
import thucthi.config.urls
import thucthi.config.errors
{TELL}
"""
WORKER = f"""
import sys
import django
import thucthi.config.working
django.setup()
thucthi.config.working.app.perform_import_paths()
{TELL}
"""


def loaded(program: str, root: Path) -> list[str]:
    """Which of the heavy ones a fresh interpreter holds after `program`, with the house at `root`."""
    environment = {**os.environ, "PYTHONPATH": str(root), "DJANGO_SETTINGS_MODULE": "thucthi.config.settings"}
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("program", [WEB, WORKER], ids=["web", "worker"])
def test_a_process_that_stays_carries_no_heavy_library(program: str) -> None:
    assert loaded(program, house.PACKAGE.parent) == []


PLANTED = [
    (WEB, "thucthi/monitoring/views/figures.py", "import duckdb\n", ["duckdb"]),
    (
        WEB,
        "thucthi/publication/signing.py",
        "from thucthi.kernel import press\n",
        ["PIL", "fontTools", "lxml", "weasyprint"],
    ),
    (WORKER, "thucthi/reporting/tasks.py", "import xlsxwriter\n", ["xlsxwriter"]),
]


@pytest.mark.parametrize(("program", "file", "text", "found"), PLANTED, ids=["view", "below a view", "task"])
def test_a_planted_import_is_found(copied_house: Path, program: str, file: str, text: str, found: list[str]) -> None:
    with (copied_house / file).open("a", encoding="utf-8") as handle:
        handle.write(text)
    assert loaded(program, copied_house) == found
