"""A file of 50,000 values from sending to recorded: `python -m benchmarks.import_values [ROWS]`.

The newest run is kept in benchmarks/values/import.md.
Starts its own database, invents bodies and indicators, and lets the code of the background worker check and record the
file, once as XLSX and once as CSV. Asked for: 60 s, 400 MB, and progress on the way.
"""

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter

HEADINGS = ("Mã chỉ tiêu", "Mã đơn vị", "Kỳ", "Giá trị", "Nguồn", "Ghi chú, lý do")
INDICATORS = 20


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def rows(count: int, period: str) -> list[tuple[str, ...]]:
    return [
        (
            f"ct-{at % INDICATORS:02d}", f"dv-{at // INDICATORS:05d}", period,
            f"{at % 97},{at % 89:02d}", "Báo cáo định kỳ", "",
        )
        for at in range(count)
    ]  # fmt: skip


def workbook(table: list[tuple[str, ...]]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Số liệu")
        for at, row in enumerate([HEADINGS, *table]):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def csv_file(table: list[tuple[str, ...]]) -> bytes:
    return "\n".join(";".join(row) for row in [HEADINGS, *table]).encode("utf-8-sig")


def prepare(count: int) -> None:
    """Bodies and indicators, and somebody who may write for all of them."""
    from thucthi.directory.access import SYSTEM
    from thucthi.directory.models import Account, Membership, Organisation, Person, Role
    from thucthi.indicators.actions.definitions import NewIndicator, define_indicators

    common = {"tree": "state", "valid_from": "2025-01-01", "search_text": "", "sort_key": ""}
    top = Organisation.objects.create(
        code="tw", level="central", kind="government", official_name="Trung ương", short_name="TW", **common
    )
    top.path = [top.pk]
    top.save()
    made = Organisation.objects.bulk_create(
        Organisation(
            code=f"dv-{at:05d}", level="commune", kind="commune", official_name=f"Đơn vị {at}",
            short_name=f"Đơn vị {at}", parent=top, **common,
        )
        for at in range(count // INDICATORS + 1)
    )  # fmt: skip
    for body in made:
        body.path = [top.pk, body.pk]
    Organisation.objects.bulk_update(made, ["path"], batch_size=2000)
    define_indicators(
        by=SYSTEM,
        specs=[
            NewIndicator(f"ct-{at:02d}", f"Chỉ tiêu {at}", "rise", unit="%", frequency="monthly")
            for at in range(INDICATORS)
        ],
    )
    person = Person.objects.create(display_name="Người mẫu", is_invented=True)
    account = Account.objects.create(username="mau", person=person)
    Membership.objects.create(account=account, organisation=top, role=Role.STEERING_OFFICE, valid_from="2025-01-01")


def run_one(kind: str, count: int) -> None:
    """One file in one process, so that its memory is its own."""
    import django

    django.setup()
    from thucthi.directory.models import Account, Organisation
    from thucthi.directory.selectors import viewer_of
    from thucthi.indicators import tasks
    from thucthi.indicators.actions.uploads import confirm_upload, take_upload

    if not Organisation.objects.exists():
        prepare(count)
    table = rows(count, "1/2026" if kind == "xlsx" else "2/2026")
    content = workbook(table) if kind == "xlsx" else csv_file(table)
    size = len(content) / 1024 / 1024
    del table
    viewer, top = viewer_of(Account.objects.get(username="mau")), Organisation.objects.get(code="tw")
    upload = take_upload(by=viewer, organisation=top, file_name=f"so-lieu.{kind}", content=content)
    del content
    own = resource.getrusage(resource.RUSAGE_SELF)
    began = own.ru_utime + own.ru_stime
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.perf_counter()
    tasks.check_upload(upload.pk)
    checked = time.perf_counter() - started
    upload.refresh_from_db()
    confirm_upload(upload, by=viewer, only_good=False)
    started = time.perf_counter()
    tasks.write_upload(upload.pk, False)
    written = time.perf_counter() - started
    upload.refresh_from_db()
    took = resource.getrusage(resource.RUSAGE_SELF)
    processor = took.ru_utime + took.ru_stime - began
    worker = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reader = peak_of_reader(bytes(upload.content))
    figures = (
        f"{kind.upper()}, {size:.1f} MB", f"{upload.good:,}", upload.state, f"{checked:.1f}", f"{written:.1f}",
        f"{checked + written:.1f}", f"{processor:.1f}", f"{before:.0f}", f"{worker:.0f}", f"{reader:.0f}",
        f"{worker + reader:.0f}",
    )  # fmt: skip
    say(f"| {' | '.join(figures)} |")


def peak_of_reader(content: bytes) -> float:
    """MB of the process that opens the file. A small process starts it: what a large one starts counts as large."""
    program = (
        "import resource, subprocess, sys;"
        "subprocess.run([sys.executable, '-m', 'thucthi.indicators.worksheets.worker', sys.argv[1], '120'],"
        "stdout=subprocess.DEVNULL, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        command = [sys.executable, "-c", program, file.name]
        return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)  # noqa: S603


def main(count: int) -> None:
    from thucthi.config.supervisor import LocalPostgres

    say("# Importing a file of values\n")
    say(f"`python -m benchmarks.import_values {count}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, ")
    say(f"{os.cpu_count()} cores, Python {platform.python_version()}, load average {os.getloadavg()[0]:.1f}.")
    say("Asked for: 50,000 rows in 60 s and 400 MB. Progress is told every 1,000 rows, in checking and in recording.\n")
    heads = (
        "file", "rows", "state", "check s", "record s", "both s", "processor s of the worker", "MB before it",
        "MB worker, peak", "MB reader, peak", "MB together",
    )  # fmt: skip
    say(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    with tempfile.TemporaryDirectory() as folder, LocalPostgres(None, durable=True) as postgres:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "thucthi.config.settings",
            "DATABASE_URL": postgres.url("app"),
            "THUCTHI_STATE": str(Path(folder) / "var"),
        }
        owner = {**environment, "DATABASE_OWNER_URL": postgres.url("owner"), "THUCTHI_DATABASE_ROLE": "owner"}
        command = [sys.executable, "-m", "thucthi.config.supervisor.steps", "migrate"]
        subprocess.run(command, env=owner, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        for kind in ("xlsx", "csv"):
            one = [sys.executable, "-m", "benchmarks.import_values", kind, str(count)]
            subprocess.run(one, env=environment, check=True)  # noqa: S603


if __name__ == "__main__":
    if sys.argv[1:2] in (["xlsx"], ["csv"]):
        run_one(sys.argv[1], int(sys.argv[2]))
    else:
        main(int((sys.argv[1:] or ["50000"])[0]))
