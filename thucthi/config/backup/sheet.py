"""The sheet beside every backup: what it holds, in one JSON file that people read as well."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from thucthi.config.supervisor.trouble import Trouble

FORMAT = "thucthi-backup/1"
SHEET, BASE, FILES, KEY = "sheet.json", "base", "files.json", "ledger-key"


@dataclass(frozen=True)
class Ledger:
    """The tree when the backup was begun; the key by the SHA-256 of its verifier line, never itself."""

    origin: str
    size: int
    root: str
    key_fingerprint: str


@dataclass(frozen=True)
class Facts:
    """What the database says of itself. `rows`: of the tables whose rows are only added; more may follow, none may go.

    `schema`: the migrations that are applied, as "app.name".
    """

    at: datetime
    version: str
    ledger: Ledger
    schema: list[str]
    rows: dict[str, int]


@dataclass(frozen=True)
class Sheet:
    """`consistent_from`: the earliest moment that can be restored from this backup. `database`, `superuser`: names."""

    begun_at: datetime
    consistent_from: datetime
    server: str
    database: str
    superuser: str
    facts: Facts
    file_count: int
    file_bytes: int
    holds_key: bool


def write_sheet(directory: Path, sheet: Sheet) -> None:
    text = json.dumps({"format": FORMAT, **asdict(sheet)}, indent=1, ensure_ascii=False, default=_moment)
    (directory / SHEET).write_text(text + "\n", encoding="utf-8")


def _moment(value: Any) -> str:
    return str(value.isoformat())


def read_sheet(directory: Path) -> Sheet:
    """Raises Trouble when the directory holds no backup of ours."""
    try:
        read = json.loads((directory / SHEET).read_text(encoding="utf-8"))
        if read.pop("format") != FORMAT:
            raise ValueError("another format")
        return Sheet(
            **read
            | {name: datetime.fromisoformat(read[name]) for name in ("begun_at", "consistent_from")}
            | {"facts": read_facts(read["facts"])}
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Trouble(
            f"Không đọc được bản sao lưu trong {directory} (thiếu hoặc hỏng {SHEET}).",
            f"{directory} holds no readable backup ({SHEET} is missing or damaged).",
        ) from None


def read_facts(read: dict[str, Any]) -> Facts:
    return Facts(**read | {"at": datetime.fromisoformat(read["at"]), "ledger": Ledger(**read["ledger"])})


def newest_before(directory: Path, moment: datetime | None) -> Path:
    """The directory itself if it is a backup, else the newest one in it that `moment` can be restored from.

    Raises Trouble when there is none.
    """
    if (directory / SHEET).is_file():
        found = [directory]
    else:
        found = [path.parent for path in directory.glob(f"*/{SHEET}") if not path.parent.name.startswith(".")]
    fitting = [path for path in found if moment is None or read_sheet(path).consistent_from <= moment]
    if fitting:
        return max(fitting, key=lambda path: read_sheet(path).consistent_from)
    if not found:
        raise Trouble(f"Trong {directory} không có bản sao lưu nào.", f"There is no backup in {directory}.")
    first = min(read_sheet(path).consistent_from for path in found)
    raise Trouble(
        f"Không có bản sao lưu nào đủ cũ: sớm nhất khôi phục được là {first.isoformat()}. Hãy chọn thời điểm từ đó.",
        f"No backup reaches back that far: the earliest moment is {first.isoformat()}. Choose one from then on.",
    )
