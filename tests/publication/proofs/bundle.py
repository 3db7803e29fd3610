"""A small invented log and issues over it, made without a database: what the verifiers are tried on."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from thucthi.kernel.canonical import canonical_json
from thucthi.ledger.calculations import merkle, notes
from thucthi.ledger.calculations.leaves import commitment, leaf_text, payload_of
from thucthi.ledger.calculations.tiles import TILE, tile_path
from thucthi.publication.files import Part
from thucthi.publication.proofs import (
    LEDGER,
    TASKS_OF_A_PIECE,
    TILES,
    CountryEntries,
    CountryProofs,
    Opened,
    Previous,
    Proofs,
    TaskEntries,
    TaskProofs,
    opened,
    piece_names,
    proof_files,
    reply_name,
    shared_name,
)
from thucthi.publication.shapes import SHAPE_OF_A_COUNTRY
from thucthi.publication.sheets import TASK_FILES, TASKS_OF_A_SHEET, sheet_files
from thucthi.publication.verifier.verify import Verification, Wrong, compared

ORIGIN = "congbo.vi-du.vn/thuc-thi"
KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"an invented key").digest())
PINNED = notes.verifier_key(ORIGIN, KEY.public_key().public_bytes_raw())
SECRET = "Người báo cáo bịa đặt"
STAGES = ("draft", "in_progress", "done", "cancelled", "superseded")
SCHEDULES = ("done_early", "done_on_time", "done_late", "overdue", "on_time")


def quick_verify(public: bytes, signature: bytes, signed: bytes) -> bool:
    """What openssl does, without starting a process."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


@dataclass
class Log:
    leaves: list[tuple[str, bytes, str]] = field(default_factory=list)

    def add(self, event: str, subject_id: int | None, /, **content: object) -> str:
        place = len(self.leaves)
        salt, uid = hashlib.sha256(f"salt {place}".encode()).digest()[:16], str(UUID(int=place + 1))
        payload = payload_of(
            actor_id=7, actor_label=SECRET, subject_type="reporting.report", subject_id=subject_id,
            subject_label="12 v1", content=json.loads(canonical_json(content)),
        )  # fmt: skip
        moment = datetime(2026, 11, 2, 3, 4, 5, 678, tzinfo=UTC) + timedelta(minutes=place)
        leaf = leaf_text(UUID(uid), event, moment, commitment(salt, payload))
        self.leaves.append((leaf, salt, payload.decode()))
        return uid

    def hashes(self, size: int) -> list[bytes]:
        return [merkle.leaf_hash(leaf.encode()) for leaf, _, _ in self.leaves[:size]]

    def root(self, size: int) -> bytes:
        return merkle.root_of(self.hashes(size))

    def opened(self, uid: str, size: int, *more: str) -> Opened:
        index, hashes = UUID(uid).int - 1, self.hashes(size)
        leaf, salt, payload = self.leaves[index]
        way = merkle.inclusion_proof(index, size, lambda start, end: merkle.root_of(hashes[start:end]))
        return opened(index, leaf, way, sealed=(salt, payload), more=more)

    def previous(self, issue: str, files: Mapping[str, bytes], size: int) -> Previous:
        ledger, hashes = json.loads(files["proofs/ledger.json"]), self.hashes(size)
        way = merkle.consistency_proof(ledger["size"], size, lambda start, end: merkle.root_of(hashes[start:end]))
        digest = hashlib.sha256(files["manifest.json"]).hexdigest()
        return Previous(issue, ledger["size"], ledger["root"], digest, [each.hex() for each in way])

    def previous_of_nothing(self, files: Mapping[str, bytes]) -> Previous:
        return Previous("2026-W47", 0, merkle.EMPTY_ROOT.hex(), hashlib.sha256(files["manifest.json"]).hexdigest(), [])


def tally(tasks: list[Any]) -> dict[str, Any]:
    stages = {key: sum(each["standing"]["stage"] == key for each in tasks) for key in STAGES}
    schedules = {key: sum(each["standing"]["schedule"] == key for each in tasks) for key in SCHEDULES}
    reports = [each["standing"]["reported"] for each in tasks]
    countable = len(tasks) - stages["draft"] - stages["cancelled"] - stages["superseded"]
    kept = schedules["done_early"] + schedules["done_on_time"]
    decided = kept + schedules["done_late"] + schedules["overdue"]
    return {
        "total": len(tasks), "stages": stages, "schedules": schedules,
        "owed": reports.count("reported") + reports.count("not_reported"), "reported": reports.count("reported"),
        "completion": {"numerator": stages["done"], "denominator": countable} if countable else None,
        "on_time": {"numerator": kept, "denominator": decided} if decided else None,
    }  # fmt: skip


def task(code: str, stage: str, schedule: str, history: list[Any], accepted: str | None) -> dict[str, Any]:
    return {
        "code": code, "programme": "ct", "documents": ["nq-1"], "answering": ["BKHCN"],
        "standing": {
            "stage": stage, "schedule": schedule, "reported": "reported" if history else "not_reported",
            "declared": history[0]["declared"] if history else None, "accepted": accepted,
        },
        "history": history,
    }  # fmt: skip


def row(period: str, declared: str, verdict: str | None, accepted: str | None) -> dict[str, Any]:
    return {
        "period": period, "declared": declared, "claim": "on_plan", "cause": None, "verdict": verdict,
        "accepted": accepted, "evidence": [{"sha256": "ab" * 32}],
    }  # fmt: skip


REPLY = {"organisation": "BKHCN", "period": "2026-Q4", "text": "Chậm vì chờ hướng dẫn.", "stated_on": "2026-11-18"}


def reply() -> dict[str, Any]:
    return {name: REPLY[name] for name in ("period", "text", "stated_on")} | {"post": "Bộ trưởng", "entry": uid(7)}


def filled_log() -> Log:
    """Entries 1 to 7: two reports on nv-1, verdicts on both, a report on nv-2 accepted with others, a public reply."""
    log = Log()
    for code, pk, period, progress in (("nv-1", 12, "2026-W46", "40"), ("nv-1", 13, "2026-W47", "45.5")):
        said = {"task": code, "period": period, "progress": progress, "claim": "on_plan", "cause": ""}
        log.add("report.submitted", pk, **said, evidence=["ab" * 32], note=SECRET, author_id=7)
    log.add("report.accepted", 12, progress_declared="40", progress_accepted="38", note=SECRET)
    log.add("report.returned", 13, note=SECRET)
    said = {"task": "nv-2", "period": "2026-W47", "progress": "100", "claim": "on_plan", "cause": ""}
    log.add("report.submitted", 14, **said, evidence=["ab" * 32], note=SECRET, author_id=7)
    log.add("reports.accepted", 14, count=2, note=SECRET, **{"accepted:14": "100", "accepted:99": "1"})
    log.add("statement.made", 3, **REPLY, is_public=True, author=SECRET)
    for place in range(29):
        log.add("draft.saved", place, text=SECRET)
    return log


def uid(place: int) -> str:
    return str(UUID(int=place))


def issue_data(issue: str, as_of: str) -> dict[str, Any]:
    newest = row("2026-W47", "45.5", "returned", None)
    tasks = [
        task("nv-1", "in_progress", "overdue", [newest, row("2026-W46", "40", "accepted", "38")], "38"),
        task("nv-2", "done", "done_on_time", [row("2026-W47", "100", "accepted", "100")], "100"),
        task("nv-3", "in_progress", "on_time", [], None),
    ]
    return {
        "header": {"kind": "weekly", "issue": issue, "as_of": as_of, "simulated": False},
        "tasks": tasks, "tally": tally(tasks),
        "documents": [{"slug": "nq-1", "tally": tally(tasks)}], "programmes": [{"code": "ct", "tally": tally(tasks)}],
        "organisations": [
            {"code": "BKHCN", "own": tally(tasks), "statements": [reply()]}, {"code": "BTC", "own": tally([])},
        ],
    }  # fmt: skip


# The entries of the reports that were accepted last.
BEHIND = {"nv-1": uid(1), "nv-2": uid(5)}
COUNTRY_SIZE = 600
FIGURES = {
    "nv-1": TaskEntries(uid(2), uid(3), 12, {"2026-W47": (uid(2), uid(4)), "2026-W46": (uid(1), uid(3))}),
    "nv-2": TaskEntries(uid(5), uid(6), 14, {"2026-W47": (uid(5), uid(6))}),
}


def proofs_of(log: Log, size: int, previous: Previous | None = None) -> Proofs:
    leaves = {uid(place): log.opened(uid(place), size, "content.accepted:14") for place in range(1, 8)}
    return Proofs(ORIGIN, size, log.root(size).hex(), previous, leaves, FIGURES)


def sealed(contents: Mapping[str, bytes], log: Log, size: int, key: Ed25519PrivateKey = KEY) -> dict[str, bytes]:
    """`contents` with their manifest and the signed checkpoint."""
    kept = {name: data for name, data in contents.items() if name not in {"manifest.json", "checkpoint"}}
    manifest = canonical_json({"files": {name: hashlib.sha256(data).hexdigest() for name, data in kept.items()}})
    line = f"{notes.SNAPSHOT_LINE}{hashlib.sha256(manifest).hexdigest()}"
    text = notes.Checkpoint(ORIGIN, size, log.root(size), (line,)).text()
    return kept | {"manifest.json": manifest, "checkpoint": notes.sign(text, ORIGIN, key).encode()}


def bundle(log: Log, size: int, *, issue: str = "2026-W47", as_of: str = "2026-11-20", **more: Any) -> dict[str, bytes]:
    """The files of an issue; `more`: `previous`, `data` (issue.json), `proofs`, `keys`."""
    data = more.get("data") or issue_data(issue, as_of)
    proofs = more.get("proofs") or proofs_of(log, size, more.get("previous"))
    files = dict(proof_files(proofs, more.get("keys") or f"0 {PINNED}\n"))
    files |= {"issue.json": canonical_json(data), "index.html": b"<p>38</p>", "nhiem-vu/nv-1/index.csv": b"a,38\n"}
    return sealed(files, log, size)


Change = Callable[[dict[str, Any], dict[str, Any]], object]


def nothing(_told: dict[str, Any], _pieces: dict[str, Any]) -> None:
    """Of a country as it is."""


def country(
    change: Change = nothing, *, change_proofs: Change = nothing, change_tiles: Change = nothing
) -> dict[str, bytes]:
    """An issue whose tasks stand in files of their own, and so do the entries behind them and the tree.

    What is changed before sealing: issue.json and the files of tasks, ledger.json and the files of entries, the tiles.
    """
    log, data = long_log(), issue_data("2026-W47", "2026-11-20")
    data["header"]["version"] = SHAPE_OF_A_COUNTRY
    tasks = data.pop("tasks")
    names = sheet_files(2 * TASKS_OF_A_SHEET)
    pieces = {
        name: {"issue": dict(data["header"]), "notice": None, "data": {"tasks": each}}
        for name, each in zip(names, (tasks[:2], tasks[2:]), strict=True)
    }
    pieces = json.loads(canonical_json(pieces))
    data[TASK_FILES] = list(names)
    change(data, pieces)
    ledger, entries = country_entries(log)
    change_proofs(ledger, entries)
    tiles = dict(_tiles())
    change_tiles(ledger, tiles)
    files = {name: canonical_json(each) for name, each in {**pieces, **entries, LEDGER: ledger}.items()} | tiles
    return sealed(bundle(log, COUNTRY_SIZE, data=data) | files, log, COUNTRY_SIZE)


@cache
def long_log() -> Log:
    """The small log and so much after it that its tree has tiles above tiles."""
    log = filled_log()
    while len(log.leaves) < COUNTRY_SIZE:
        log.add("draft.saved", len(log.leaves), text=SECRET)
    return log


def country_entries(log: Log) -> tuple[dict[str, Any], dict[str, Any]]:
    """ledger.json and, as each covers two tasks here, the files of the entries behind nv-1 and nv-2, and nv-3."""
    size = COUNTRY_SIZE
    leaves = {
        uid(place): replace(log.opened(uid(place), size, "content.accepted:14"), proof=()) for place in range(1, 8)
    }
    figures = {code: CountryEntries(**vars(each), accepted_declared=BEHIND[code]) for code, each in FIGURES.items()}
    names = piece_names(2 * TASKS_OF_A_PIECE)
    shared, replies = {uid(6): leaves.pop(uid(6))}, {uid(7): leaves.pop(uid(7))}
    names = [*names, shared_name(1), reply_name(1)]
    ledger = CountryProofs(
        ORIGIN, size, log.root(size).hex(), tasks_of_a_piece=2, pieces=names[:2], shared=names[2:3], replies=names[3:]
    )
    kept = (TaskProofs(leaves, figures), TaskProofs(), TaskProofs(shared), TaskProofs(replies))
    entries = dict(zip(names, kept, strict=True))
    return json.loads(canonical_json(ledger)), json.loads(canonical_json(entries))


@cache
def _tiles() -> dict[str, bytes]:
    """Made level by level from the leaves, without the tiles of the database."""
    tiles: dict[str, bytes] = {}
    level, hashes = 0, long_log().hashes(COUNTRY_SIZE)
    while hashes:
        runs = [hashes[start : start + TILE] for start in range(0, len(hashes), TILE)]
        tiles |= {f"{TILES}/{tile_path(level, n, len(run))}": b"".join(run) for n, run in enumerate(runs)}
        level, hashes = level + 1, [merkle.root_of(run) for run in runs if len(run) == TILE]
    return tiles


@cache
def two_weeks() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """An issue and the one after it."""
    log = filled_log()
    old = bundle(log, 20, issue="2026-W47", as_of="2026-11-20")
    new = bundle(log, 36, issue="2026-W48", as_of="2026-11-27", previous=log.previous("2026-W47", old, 36))
    return old, new


class InMemory:
    """A directory that is none."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    def names(self) -> set[str]:
        return set(self.files)

    def read(self, name: str) -> bytes:
        if name not in self.files:
            raise Wrong("missing", name=name)
        return self.files[name]

    def sha256(self, name: str) -> str:
        return hashlib.sha256(self.read(name)).hexdigest()


def checked(files: Mapping[str, bytes], older: Mapping[str, bytes] | None = None, **wanted: str) -> Verification:
    result = Verification(InMemory(files), verify=quick_verify, wanted=wanted).run()
    if older is not None:
        compared(result, Verification(InMemory(older), verify=quick_verify).run())
    return result


def no_pages(data: object) -> list[Part]:
    """A renderer for tests that need no pages."""
    return [lambda: [("index.html", b"<p>a page</p>")]]
