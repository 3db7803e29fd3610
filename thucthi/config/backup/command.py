"""The commands: `thucthi backup DIRECTORY`, `thucthi restore BACKUP --into STATE [--to TIME]`, `thucthi follow-log`."""

import os
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from thucthi.config.backup.proving import NOT_HERE, Proof
from thucthi.config.backup.restoring import Wanted, restore
from thucthi.config.backup.sheet import read_sheet
from thucthi.config.backup.taking import replication_address, server_of, take
from thucthi.config.supervisor.addresses import database
from thucthi.config.supervisor.archive import ARCHIVE_VARIABLE, archive_directory
from thucthi.config.supervisor.binaries import find_binaries
from thucthi.config.supervisor.environment import foreground, state_directory
from thucthi.config.supervisor.trouble import Trouble

DIRECTORY = click.Path(path_type=Path, file_okay=False)
NOT_WHOLE, OLDER_THAN_PUBLISHED = 2, 3


def _say(vietnamese: str, english: str) -> None:
    click.echo(f"→ {vietnamese} · {english}", err=True)


def _key_file() -> Path:
    return Path(os.environ.get("THUCTHI_LEDGER_KEY_FILE", str(state_directory() / "ledger-key")))


@click.command(help="Sao lưu cơ sở dữ liệu, minh chứng và kỳ công bố · Back up database, evidence and issues.")
@click.argument("directory", type=DIRECTORY)
@click.option("--with-ledger-key", is_flag=True, help="Cả khóa riêng của sổ cái · The ledger's private key too.")
def backup(directory: Path, with_ledger_key: bool) -> None:
    key = _key_file() if with_ledger_key else None
    if key and not key.is_file():
        raise Trouble(f"Không thấy khóa riêng {key}.", f"The private key {key} is not there.")
    made = take(directory.absolute(), state_directory(), key=key, say=_say)
    sheet = read_sheet(made)
    ledger = sheet.facts.ledger
    _say(f"Đã sao lưu vào {made}", f"Backed up: {ledger.size} leaves, {sheet.file_count} files")
    if with_ledger_key:
        _say("Có cả khóa riêng của sổ cái: hãy cất như cất khóa", "It holds the ledger's private key: keep it like one")
    else:
        _say(
            f"Không chứa khóa riêng của sổ cái (dấu vân tay {ledger.key_fingerprint[:16] or 'chưa có'}); cất riêng",
            "The ledger's private key is not in it, only its fingerprint; keep a copy of the key elsewhere",
        )
    click.echo(str(made))


@click.command(help="Khôi phục vào một nơi trống, đến một thời điểm · Restore into an empty place, up to a moment.")
@click.argument("backup_directory", metavar="BẢN-SAO-LƯU", type=DIRECTORY)
@click.option("--into", required=True, type=DIRECTORY, metavar="THƯ-MỤC", help="Thư mục trống · An empty directory.")
@click.option("--to", metavar="THỜI-ĐIỂM", help="2026-12-01T08:30:00 (giờ của trang · the site's time zone) or +07:00.")
@click.option("--archive", type=DIRECTORY, metavar="THƯ-MỤC", help="Nhật ký WAL · The kept log (WAL).")
@click.option("--checkpoint", type=click.Path(path_type=Path), metavar="TỆP", help="Điểm chốt mới nhất đã công bố.")
@click.option("--published", type=DIRECTORY, metavar="THƯ-MỤC", help="Thư mục kỳ công bố · Published issues.")
def restore_command(
    *,
    backup_directory: Path,
    into: Path,
    to: str | None,
    archive: Path | None,
    checkpoint: Path | None,
    published: Path | None,
) -> None:
    standing = published or state_directory() / "published"
    shown = ("--checkpoint", str(checkpoint.absolute())) if checkpoint else ("--published", str(standing.absolute()))
    wanted = Wanted(
        backup=backup_directory.absolute(),
        into=into.absolute(),
        to=_moment(to) if to else None,
        archive=archive.absolute() if archive else archive_directory(),
        shown=shown,
    )
    restored = restore(wanted, _say)
    for line in _told(restored.proof):
        click.echo(line)
    if not restored.proof.is_whole:
        sys.exit(NOT_WHOLE)
    if restored.proof.shown_fault:
        sys.exit(OLDER_THAN_PUBLISHED)
    _say(f"Đã khôi phục vào {restored.state}", f"Start it with THUCTHI_STATE={restored.state} thucthi run")


def _moment(text: str) -> datetime:
    """With an offset, or in the time zone of the site. Raises Trouble."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble(
            f"Không hiểu thời điểm “{text}”. Hãy viết như 2026-12-01T08:30:00 hoặc 2026-12-01T08:30:00+07:00.",
            f"The moment {text!r} cannot be read. Write it like 2026-12-01T08:30:00 or 2026-12-01T08:30:00+07:00.",
        ) from None
    zone = ZoneInfo(os.environ.get("THUCTHI_TIME_ZONE", "Asia/Ho_Chi_Minh"))
    return read if read.tzinfo else read.replace(tzinfo=zone)


def _told(proof: Proof) -> list[str]:
    """One line for each thing that was examined."""
    short = ", ".join(f"{name} {found} < {least}" for name, (found, least) in sorted(proof.rows.items()))
    pages = NOT_HERE if proof.bad_pages is None else str(proof.bad_pages)
    shown = "none" if proof.shown_size is None else f"{proof.shown_size} leaves"
    return [
        f"rows fewer than promised: {short or 'none'}",
        f"files missing or changed: {len(proof.files)} {', '.join(proof.files[:3])}".rstrip(),
        f"amcheck: {proof.amcheck}",
        f"bad pages: {pages}",
        f"ledger: {proof.size} leaves, {proof.wrong_leaves} wrong, {proof.wrong_subtrees} subtrees wrong",
        f"root: {proof.root}",
        f"published checkpoint: {shown}; {proof.shown_fault or 'contained in this ledger'}",
    ]


@click.command(help="Theo nhật ký WAL của máy chủ riêng, đến khi dừng · Follow the log of a server of its own.")
def follow_log() -> None:
    archive = archive_directory()
    if archive is None:
        raise Trouble(f"Hãy đặt {ARCHIVE_VARIABLE}.", f"Set {ARCHIVE_VARIABLE} to the directory that keeps the log.")
    archive.mkdir(parents=True, exist_ok=True, mode=0o700)
    with database(state_directory(), _say) as addresses:
        program = find_binaries("auto", [server_of(addresses.application).major]).program("pg_receivewal")
        source = ["-d", replication_address(addresses), "-D", str(archive), "--slot=thucthi_log"]
        made = foreground([str(program), *source, "--create-slot", "--if-not-exists"], dict(os.environ))
        status = made or foreground([str(program), *source, "--synchronous", "--no-password"], dict(os.environ))
    sys.exit(status if status >= 0 else 128 - status)
