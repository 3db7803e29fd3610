"""The files that let anyone check an issue without us: what they say and how they are written; reads no database.

proofs/ledger.json   the tree at the moment of preparing, the way from the issue before, the entries behind figures
proofs/tasks/N.json  of a country instead: the entries behind the figures of some tasks
proofs/replies/N.json  of a country: the entries by which bodies replied to the public
proofs/tile/…        of a country: the tree in tiles (C2SP tlog-tiles), from which each way to the root follows
proofs/keys.txt      the keys that sign, oldest first
verify.py            the verifier for a command line; verify.html the same for a browser, opened from disk
HOWTO.vi.md, HOWTO.en.md
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from thucthi.kernel.canonical import canonical_json
from thucthi.ledger.calculations.leaves import digests_of, field_salt, fields_of
from thucthi.publication.sheets import TASKS_OF_A_SHEET
from thucthi.publication.verifier import verify

LEDGER, KEYS, WITNESS = verify.LEDGER, verify.KEYS, verify.WITNESS
PIECES, REPLIES, TILES = "proofs/tasks", "proofs/replies", verify.TILES
TASKS_OF_A_PIECE = 10 * TASKS_OF_A_SHEET
VERIFIER = Path(verify.__file__).parent
# The fields of an entry that say nothing but what an issue shows. Names of persons stay closed, and free texts but for
# a reply to the public, which an issue shows word for word.
ABOUT_A_REPORT = ("content.task", "content.period", "content.progress", "content.claim", "content.cause",
                  "content.evidence", "content.simulated", "subject_id", "subject_type")  # fmt: skip
ABOUT_A_RETURN = ("content.simulated", "subject_id", "subject_type")
ABOUT_A_VERDICT = ("content.progress_accepted", *ABOUT_A_RETURN)
ABOUT_A_REPLY = ("content.organisation", "content.period", "content.text", "content.stated_on", "content.is_public",
                 "content.simulated")  # fmt: skip
OPENED: Mapping[str, Sequence[str]] = {
    "report.submitted": ABOUT_A_REPORT,
    "report.corrected": ABOUT_A_REPORT,
    "report.accepted": ABOUT_A_VERDICT,
    "report.returned": ABOUT_A_RETURN,
    "reports.accepted": (),
    "statement.made": ABOUT_A_REPLY,
    "simulated_reports.added": ("content.count",),
}


@dataclass(frozen=True)
class Opened:
    """An entry in the tree: its place, its text, the way to the root; `revealed` by field: salt and value as text.

    An erased entry has no digests: what it said is gone, that it was there is not.
    """

    index: int
    leaf: str
    proof: Sequence[str]
    digests: Mapping[str, str]
    revealed: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Previous:
    """The issue published before and its tree; hashes in hexadecimal."""

    issue: str
    size: int
    root: str
    manifest_hash: str
    consistency: Sequence[str]


@dataclass(frozen=True)
class TaskEntries:
    """Which entries stand behind the figures of a task, by uid; `history` by period: of the report, of the verdict."""

    declared: str | None
    accepted: str | None
    accepted_report: int | None
    history: Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class CountryEntries(TaskEntries):
    """`accepted_declared`: the entry of the report that was accepted, so that its task is told beside the verdict."""

    accepted_declared: str | None = None


@dataclass(frozen=True)
class Proofs:
    """`pending`: entries behind figures that were recorded but not yet in the tree when the issue was prepared."""

    origin: str
    size: int
    root: str
    previous: Previous | None = None
    leaves: Mapping[str, Opened] = field(default_factory=dict)
    figures: Mapping[str, TaskEntries] = field(default_factory=dict)
    pending: Sequence[str] = ()


@dataclass(frozen=True)
class TaskProofs:
    """What stands behind the figures of some tasks of a country; the ways of the leaves follow from the tiles."""

    leaves: Mapping[str, Opened] = field(default_factory=dict)
    figures: Mapping[str, TaskEntries] = field(default_factory=dict)


@dataclass(frozen=True)
class CountryProofs:
    """As `Proofs`, with the entries in `pieces`: files for so many tasks each, in the order of the tasks' files.

    `shared`: the files of the entries that stand behind figures of many tasks; `replies`: of those that are replies.
    """

    origin: str
    size: int
    root: str
    tasks_of_a_piece: int
    previous: Previous | None = None
    pieces: Sequence[str] = ()
    shared: Sequence[str] = ()
    replies: Sequence[str] = ()
    pending: Sequence[str] = ()


def opened(
    index: int, leaf: str, proof: Iterable[bytes], *, sealed: tuple[bytes, str] | None, more: Iterable[str]
) -> Opened:
    """`sealed`: salt and payload, None when erased; `more`: fields to reveal beyond those that go with its event."""
    way = [each.hex() for each in proof]
    if sealed is None:
        return Opened(index, leaf, way, {}, {})
    salt, payload = sealed[0], sealed[1].encode()
    values = fields_of(payload)
    names = {*OPENED.get(leaf.split("\n")[2], ()), *more} & values.keys()
    revealed = {name: (field_salt(salt, name).hex(), values[name].decode()) for name in sorted(names)}
    return Opened(index, leaf, way, digests_of(salt, payload), revealed)


def piece_names(tasks: int) -> list[str]:
    """The files of the proofs of so many tasks of a country."""
    return [f"{PIECES}/{number}.json" for number in range(1, -(-tasks // TASKS_OF_A_PIECE) + 1)]


def shared_name(number: int) -> str:
    return f"{PIECES}/shared-{number}.json"


def reply_name(number: int) -> str:
    return f"{REPLIES}/{number}.json"


def proof_files(proofs: Proofs | CountryProofs, keys: str) -> Iterator[tuple[str, bytes]]:
    """Everything that goes into an issue beside its figures so that it can be verified; the same for the same tree.

    Pieces and tiles of a country are not among them.
    """
    yield LEDGER, canonical_json(proofs)
    yield KEYS, keys.encode()
    yield from _verifier()


@lru_cache(maxsize=1)
def _verifier() -> tuple[tuple[str, bytes], ...]:
    names = ("verify.py", "HOWTO.vi.md", "HOWTO.en.md")
    return (*((name, (VERIFIER / name).read_bytes()) for name in names), ("verify.html", verify_html()))


def verify_html() -> bytes:
    """One file that works from disk: the page, its style, its script, and the sentences of verify.py in it.

    Its own policy allows this script and this style by their hash, and no address at all.
    """
    sentences = json.dumps(verify.SENTENCES, ensure_ascii=False, separators=(",", ":"))
    script = (
        (VERIFIER / "verify.js").read_text(encoding="utf-8").replace('"SENTENCES"', sentences.replace("<", "\\u003c"))
    )
    style = (VERIFIER / "verify.css").read_text(encoding="utf-8")
    page = (VERIFIER / "verify.html").read_text(encoding="utf-8")
    for mark, text in (("script", script), ("style", style)):
        page = page.replace(f"{{{mark}-hash}}", _hash_of(text)).replace(f"{{{mark}}}", text)
    return page.encode()


def _hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
