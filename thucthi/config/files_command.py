"""The commands about files that need no database: `thucthi move-evidence`, `thucthi fetch-issues`."""

import os
import secrets
import sys
from pathlib import Path

import click

from thucthi.config.supervisor.environment import DJANGO, SETTINGS, foreground, state_directory


def without_database() -> dict[str, str]:
    """The environment of a child that opens no connection and signs nothing."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "THUCTHI_STATE": str(state_directory()),
        "THUCTHI_SECRET_KEY": os.environ.get("THUCTHI_SECRET_KEY") or secrets.token_urlsafe(48),
    }


def _run(*arguments: str) -> None:
    status = foreground([*DJANGO, *arguments], without_database())
    sys.exit(status if status >= 0 else 128 - status)


@click.command(help="Đưa tệp minh chứng vào kho S3, làm lại được · Put evidence into the bucket; safe to repeat.")
@click.argument("directory", metavar="THƯ-MỤC", required=False, type=click.Path(path_type=Path, file_okay=False))
def move_evidence(directory: Path | None) -> None:
    _run("move_evidence", *([str(directory.absolute())] if directory else []))


@click.command(help="Lấy kỳ công bố từ kho S3 về máy này · Bring issues from the bucket to this machine.")
@click.option("--every", type=click.IntRange(1), metavar="GIÂY", help="Lặp lại, đến khi dừng · Repeat until stopped.")
def fetch_issues(every: int | None) -> None:
    _run("fetch_issues", *(["--every", str(every)] if every else []))
