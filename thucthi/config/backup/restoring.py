"""`thucthi restore`: a backup and the log after it, up to a moment, into an empty place; then proof of it."""

import os
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from thucthi.config.backup.copying import bring_back
from thucthi.config.backup.programs import run
from thucthi.config.backup.proving import Proof, prove, prove_pages
from thucthi.config.backup.sheet import BASE, KEY, Sheet, newest_before, read_sheet
from thucthi.config.supervisor.account import Account, account_for_postgres
from thucthi.config.supervisor.archive import hand_out
from thucthi.config.supervisor.binaries import find_binaries, requested_source, runnable_by
from thucthi.config.supervisor.places import cluster_home
from thucthi.config.supervisor.postgres import DATABASE, LocalPostgres
from thucthi.config.supervisor.progress import Say
from thucthi.config.supervisor.trouble import Trouble

_TOO_LATE = "recovery ended before configured recovery target was reached"
_CONF, _MARK, _LOG = "postgresql.auto.conf", "# thucthi restore", "log-to-replay"


@dataclass(frozen=True)
class Wanted:
    """`to`: None for as far as the log reaches. `shown`: what to hold the ledger against, as options."""

    backup: Path
    into: Path
    to: datetime | None = None
    archive: Path | None = None
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Restored:
    """Where it lies, from which backup it was made, and what was found when it was examined."""

    state: Path
    backup: Path
    proof: Proof


def restore(wanted: Wanted, say: Say) -> Restored:
    """Raises Trouble; then `into` is as it was: not there, or empty."""
    _require_empty(wanted.into)
    _require_archive(wanted)
    backup = newest_before(wanted.backup, wanted.to)
    sheet = read_sheet(backup)
    if sheet.database != DATABASE:
        raise Trouble(
            f"Bản sao lưu là của cơ sở dữ liệu {sheet.database} trên máy chủ riêng; hãy khôi phục thư mục base bằng "
            "PostgreSQL của máy chủ đó (docs/operations.md).",
            f"This is a copy of the database {sheet.database} of a server of its own; restore its directory base with "
            "that server's PostgreSQL (docs/operations.md).",
        )
    was_there = wanted.into.is_dir()
    home: Path | None = None
    try:
        account = account_for_postgres()
        home = cluster_home(wanted.into, account)
        _require_no_cluster(home)
        return _restore(wanted, backup, sheet=sheet, home=home, account=account, say=say)
    except BaseException:
        _take_back(wanted.into, home, was_there)
        raise


def _restore(wanted: Wanted, backup: Path, *, sheet: Sheet, home: Path, account: Account | None, say: Say) -> Restored:
    major = int((backup / BASE / "PG_VERSION").read_text().strip())
    binaries = runnable_by(find_binaries(requested_source("auto"), [major]), account, home)
    say("Đang kiểm tra bản sao lưu", "Verifying the backup")
    run(binaries, "pg_verifybackup", [backup / BASE])
    data = home / f"postgres-{major}"
    say("Đang đặt lại cơ sở dữ liệu", "Putting the database in place")
    shutil.copytree(backup / BASE, data, symlinks=True)
    _prepare_recovery(wanted, data, home, account)
    wrong_files = bring_back(backup, wanted.into)
    if sheet.holds_key:
        shutil.copyfile(backup / KEY, wanted.into / "ledger-key")
        (wanted.into / "ledger-key").chmod(0o600)
    say("Đang phục hồi theo nhật ký WAL", "Replaying the log")
    proof = _recover_and_prove(wanted, sheet, wrong_files, say)
    _forget_recovery(data, home)
    say("Đang kiểm tra mọi trang dữ liệu", "Checking every page")
    return Restored(wanted.into, backup, replace(proof, bad_pages=prove_pages(binaries, data, account)))


def _recover_and_prove(wanted: Wanted, sheet: Sheet, wrong_files: list[str], say: Say) -> Proof:
    try:
        with LocalPostgres(wanted.into, say=say, recovering=True) as postgres:
            say("Đang kiểm tra những gì khôi phục được", "Examining what was restored")
            return prove(postgres, wanted.into, sheet, wanted.shown, wrong_files)
    except Trouble as trouble:
        if _TOO_LATE not in trouble.english:
            raise
        raise Trouble(
            "Nhật ký WAL kết thúc trước thời điểm yêu cầu. Hãy chọn thời điểm sớm hơn, hoặc bỏ --to để lấy mới nhất.",
            "The log ends before the moment that was asked for. Choose an earlier one, or leave out --to for the last.",
        ) from None


def _prepare_recovery(wanted: Wanted, data: Path, home: Path, account: Account | None) -> None:
    lines = []
    if wanted.archive:
        command = hand_out(wanted.archive, home / _LOG, account).replace("'", "''")
        # Nobody may look in before the end: the roles are made anew then, and nothing is to be read half-way.
        lines = [f"restore_command = '{command}'", "hot_standby = 'off'", "recovery_target_action = 'promote'"]
        lines += [f"recovery_target_time = '{wanted.to.astimezone(UTC).isoformat(sep=' ')}'"] if wanted.to else []
        (data / "recovery.signal").touch()
    with (data / _CONF).open("a", encoding="utf-8") as file:
        file.write("\n".join(["", _MARK, *lines, ""]))
    if not (data / "postgresql.conf").exists():
        (data / "postgresql.conf").touch()
    data.chmod(0o700)
    if account:
        for path in (data, *data.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _forget_recovery(data: Path, home: Path) -> None:
    """What led here would lead a later start astray."""
    path = data / _CONF
    before, _, _ = path.read_text(encoding="utf-8").partition(f"\n{_MARK}")
    path.write_text(before, encoding="utf-8")
    shutil.rmtree(home / _LOG, ignore_errors=True)


def _require_empty(into: Path) -> None:
    if not into.exists() or (into.is_dir() and not any(into.iterdir())):
        return
    raise Trouble(
        f"{into} không trống nên chưa làm gì. Hãy chọn một thư mục trống; dữ liệu đang có không bị động đến.",
        f"{into} is not empty, so nothing was done. Choose an empty directory; what is there was not touched.",
    )


def _require_no_cluster(home: Path) -> None:
    if any(home.glob("postgres-*")):
        raise Trouble(
            f"{home} đã có một cơ sở dữ liệu nên chưa làm gì. Hãy chọn thư mục khác.",
            f"{home} holds a database already, so nothing was done. Choose another directory.",
        )


def _require_archive(wanted: Wanted) -> None:
    if wanted.to and wanted.archive is None:
        raise Trouble(
            "Khôi phục đến một thời điểm cần nhật ký WAL: hãy thêm --archive THƯ-MỤC hoặc đặt THUCTHI_WAL_ARCHIVE.",
            "A moment can only be restored with the log (WAL): add --archive DIRECTORY or set THUCTHI_WAL_ARCHIVE.",
        )


def _take_back(into: Path, home: Path | None, was_there: bool) -> None:
    """What a failed restore had begun; `into` was empty or not there."""
    if home is not None and home != into and home.is_dir():
        shutil.rmtree(home, ignore_errors=True)
    for path in into.iterdir() if into.is_dir() else ():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    if not was_there:
        shutil.rmtree(into, ignore_errors=True)
