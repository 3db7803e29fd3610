"""The log (WAL) that leads from a backup to any later moment: kept while the cluster runs, handed out at a restore.

Each finished segment is compressed under a name that says it is unfinished, forced to the disk, then renamed: a crash
leaves the segment whole or leaves it with the server, which tries again. A name is never written over.
"""

import os
import shutil
import stat
from pathlib import Path

from thucthi.config.supervisor.account import Account, can_enter
from thucthi.config.supervisor.places import private_directory
from thucthi.config.supervisor.trouble import Trouble

ARCHIVE_VARIABLE = "THUCTHI_WAL_ARCHIVE"
# A quiet system hands over its log at least this often: what is lost at most with the disk.
AT_LEAST_EVERY = "300s"
_SEGMENT_NAME = 24


def archive_directory() -> Path | None:
    told = os.environ.get(ARCHIVE_VARIABLE)
    return Path(told).absolute() if told else None


def archive_settings(directory: Path | None, account: Account | None) -> dict[str, str]:
    """Settings of the server that keep its log in `directory`. Raises Trouble when its account cannot write there."""
    if directory is None:
        return {"archive_mode": "off"}
    if "'" in str(directory) or "%" in str(directory):
        raise Trouble(
            f"{ARCHIVE_VARIABLE} không được chứa dấu nháy hay dấu phần trăm.",
            f"{ARCHIVE_VARIABLE} must contain neither quotes nor percent signs.",
        )
    directory.parent.mkdir(parents=True, exist_ok=True)
    private_directory(directory, account)
    if account and not can_enter(directory, account):
        raise Trouble(
            f"Tài khoản {account.name} không ghi được vào {directory}. Hãy đặt {ARCHIVE_VARIABLE} ở nơi khác.",
            f"The account {account.name} cannot reach {directory}. Put {ARCHIVE_VARIABLE} elsewhere.",
        )
    there, begun = f"'{directory}/%f.gz'", f"'{directory}/.%f.unfinished'"
    command = (
        f"if test -f {there}; then gzip -dc {there} | cmp -s - '%p'; "
        f"else gzip -1 -c '%p' > {begun} && sync {begun} && mv {begun} {there} && sync '{directory}'; fi"
    )
    return {"archive_mode": "on", "archive_command": command, "archive_timeout": AT_LEAST_EVERY}


def hand_out(archive: Path, into: Path, account: Account | None) -> str:
    """Copy what was kept where the server can read it; the command by which it takes a segment."""
    private_directory(into, account)
    for path in sorted(archive.iterdir()):
        name = path.name.removesuffix(".gz").removesuffix(".partial")
        is_log = len(name.partition(".")[0]) == _SEGMENT_NAME or name.endswith(".history")
        target = into / path.name.removesuffix(".partial")
        if not is_log or path.name.startswith(".") or not stat.S_ISREG(path.stat().st_mode):
            continue
        # The last one of a follower is padded to its full size and usable, unless the whole one came after.
        if path.name.endswith(".partial") and (archive / target.name).exists():
            continue
        shutil.copyfile(path, target)
        if account:
            os.chown(target, account.uid, account.gid)
    return f"if test -f '{into}/%f.gz'; then gzip -dc '{into}/%f.gz' > '%p'; else cp '{into}/%f' '%p'; fi"
