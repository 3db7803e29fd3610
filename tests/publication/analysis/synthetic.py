"""Invented issues: the very columns of the open data, filled at random from a seed, with every edge there is."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from thucthi.kernel.parquet_writer import parquet_writer
from thucthi.public_site.rendering.opendata import CLOSING
from thucthi.public_site.rendering.opendata import TABLES as PUBLISHED
from thucthi.public_site.rendering.opendata.lines import line_of
from thucthi.public_site.rendering.opendata.parquet import types_of
from thucthi.public_site.rendering.pages import Cell
from thucthi.publication.analysis.shapes import TABLES

AS_OF = date(2026, 11, 22)
Rows = dict[str, list[dict[str, Cell]]]
PLACES = ("Lào Cai", "Sơn La", "Đắk Lắk", "Cà Mau", "Huế", "Phú Thọ")
STAGES = ("in_progress", "done", "awaiting_acceptance", "cancelled", "draft")
SAID = (
    "Rà soát, cắt giảm thủ tục hành chính và công khai kết quả trên cổng dịch vụ công của tỉnh {place} trước ngày 30/6",
    "Xây dựng cơ sở dữ liệu đất đai dùng chung tại {place} bảo đảm đúng, đủ, sạch, sống và kết nối với trung ương",
    "Uỷ ban nhân dân tỉnh {place} TỔ CHỨC đào tạo kỹ năng số cho cán bộ, công chức, viên chức cấp xã trong năm 2026",
    "Bố trí ít nhất 3% ngân sách hằng năm cho khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số ở {place}",
)
DEADLINES = ((-300, 100), (-80, 5))
EXTRA = ("theo lộ trình", "hằng quý", "cùng các sở, ngành", "ΣΑΣ", "İstanbul", "“thí điểm”", "e\u0301t")


def issue(seed: int, *, organisations: int = 30, tasks: int = 120, reports: int = 12) -> Rows:
    """A country in small; `reports` at most per task."""
    chance = random.Random(seed)  # noqa: S311 - the same again, not a secret
    bodies = [_organisation(number, chance) for number in range(organisations)]
    rows: Rows = {"organisations": bodies, "tasks": [], "reports": [], "task_changes": []}
    for number in range(tasks):
        task = _task(number, [str(body["code"]) for body in bodies], chance)
        rows["tasks"].append(task)
        rows["reports"] += _reports(task, chance.randint(0, reports), chance)
        rows["task_changes"] += _changes(task, chance)
    return rows


def village() -> Rows:
    """One commune, four tasks: nearly every denominator is 0."""
    return issue(7, organisations=1, tasks=4, reports=3)


def written(rows: Rows, directory: Path) -> Path:
    """The directory with one Parquet file per table, as an issue has it."""
    directory.mkdir(parents=True, exist_ok=True)
    known = {table.name: (*table.columns, *CLOSING) for table in PUBLISHED}
    closing: dict[str, Cell] = {"issue": "2026-W47", "as_of": AS_OF, "simulated": True}
    with parquet_writer() as writer:
        for name in TABLES:
            columns = known[name]
            unknown = {key for row in rows[name] for key in row} - {column.name for column in columns}
            assert not unknown, unknown
            cells = [[(closing | row).get(column.name) for column in columns] for row in rows[name]]
            with writer.source() as source:
                source.writelines(line_of(row)[1] for row in cells)
            (directory / f"{name}.parquet").write_bytes(writer.parquet_of_source(types_of(columns)))
    return directory


def _organisation(number: int, chance: random.Random) -> dict[str, Cell]:
    place = PLACES[number % len(PLACES)]
    return {
        "code": f"ubnd-{number:03}",
        "official_name": chance.choice((f"Ủy ban nhân dân tỉnh {place}", f"UBND xã {place}", "Bộ Y tế", "")),
        "short_name": chance.choice((f"UBND {place}", "BYT", "")),
        "tree": "state",
        "level": "commune" if number % 9 else "province",
    }


def _task(number: int, codes: Sequence[str], chance: random.Random) -> dict[str, Cell]:
    lead = chance.choice(codes)
    end = chance.choice((None, *(AS_OF + timedelta(days=chance.randint(*days)) for days in DEADLINES * 3)))
    start = end - timedelta(days=chance.randint(10, 700)) if end and chance.random() < 0.9 else None
    stage = chance.choice(STAGES)
    completed = (end or AS_OF) + timedelta(days=chance.randint(-60, 60)) if stage == "done" else None
    return {
        "code": f"ct-{number:04}",
        "kind": chance.choice(("de_an", "nhiem_vu", "nhiem_vu", "van_ban")),
        "text": _said(chance),
        "lead": lead if chance.random() < 0.97 else "khong-con",
        "answering": chance.choice((lead, lead, lead, f"{lead}; {chance.choice(codes)}", "")),
        "start_on": start,
        "due_on": end,
        "stage": stage,
        "completed_on": min(completed, AS_OF) if completed else None,
    }


def _said(chance: random.Random) -> str:
    words = chance.choice(SAID).format(place=chance.choice(PLACES)).split(" ")
    for _ in range(chance.choice((0, 0, 0, 1, 2, 4))):
        words[chance.randrange(len(words))] = chance.choice(EXTRA)
    return " ".join(words if chance.random() < 0.95 else words[:5])


def _reports(task: dict[str, Cell], most: int, chance: random.Random) -> list[dict[str, Cell]]:
    declared, rows = 0, []
    for number in range(most):
        due = AS_OF - timedelta(days=7 * (most - number))
        punctuality = chance.choice(("on_time", "on_time", "late", "missing"))
        row: dict[str, Cell] = {
            "task": task["code"],
            "period": f"2026-W{47 - most + number:02}",
            "due_on": due,
            "punctuality": punctuality,
            "evidence": "",
        }
        if punctuality != "missing":
            declared = max(0, min(105, declared + chance.choice((0, 0, 3, 5, 17, 100, -4))))
            row["first_reported_on"] = due + timedelta(days=chance.choice((0, 0, -1, 2)))
            row["verdict"] = chance.choice(("accepted", "returned", None))
            row["declared"] = declared
            row["accepted"] = max(0, declared - chance.choice((0, 0, 4))) if row["verdict"] == "accepted" else None
            row["evidence"] = "; ".join(f"{chance.randint(0, 40):064x}" for _ in range(chance.choice((0, 1, 2))))
        rows.append(row)
    return rows


def _changes(task: dict[str, Cell], chance: random.Random) -> list[dict[str, Cell]]:
    end = task["due_on"]
    if not isinstance(end, date) or chance.random() < 0.8:
        return []
    moves: list[dict[str, Cell]] = [{"task": task["code"], "decided_on": AS_OF, "field": "text", "old_value": "cũ"}]
    for number in range(chance.choice((1, 1, 2))):
        earlier = end - timedelta(days=30 * (2 - number))
        moved = {"task": task["code"], "decided_on": earlier, "field": "deadline", "old_end": earlier, "new_end": end}
        moves.append(moved)
    return moves
