"""`thucthi read`: what a document says, without a database."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from thucthi.intake.reading.files.faults import Unreadable
from thucthi.intake.reading.output import to_shape
from thucthi.intake.reading.sandbox import read_in_sandbox
from thucthi.intake.reading.summary import summary

UNREADABLE = 2


@click.command(
    name="read",
    help=(
        "Đọc một văn bản thành tiêu đề, chỉ tiêu, nhiệm vụ; không cần cơ sở dữ liệu · "
        "Read a document into header, targets and tasks; .docx .xlsx .xls .ods .pdf .txt .md .html."
    ),
    short_help="Đọc một văn bản thành chỉ tiêu và nhiệm vụ · Read a document into targets and tasks.",
)
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Mọi điều đọc được, dạng JSON · Everything read, as JSON.")
@click.option("--text", "as_text", is_flag=True, help="Chữ trích ra, các vị trí tính theo đây · The extracted text.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="NĂM-THÁNG-NGÀY",
    help="Cơ quan kế thừa tính đến ngày; bỏ trống: mới nhất · Successors as of this day, else the newest known.",
)
def read(file: Path, as_json: bool, as_text: bool, as_of: datetime | None) -> None:
    try:
        reading = read_in_sandbox(file, as_of=as_of.date() if as_of else None)
    except Unreadable as fault:
        click.echo(f"✗ {fault}", err=True)
        sys.exit(UNREADABLE)
    if as_text:
        click.echo(reading.text)
    elif as_json:
        click.echo(json.dumps(to_shape(reading), ensure_ascii=False, indent=1))
    else:
        click.echo(summary(reading))
