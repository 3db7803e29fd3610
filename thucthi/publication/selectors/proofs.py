"""Which entries of the ledger stand behind the figures and the replies of an issue, and their proofs in one tree.

Opened are reports on public tasks, verdicts on them, replies to the public; and only the fields that the issue shows.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet

from thucthi.kernel.canonical import canonical_json
from thucthi.ledger.models import Cosignature, Entry, SignedCheckpoint
from thucthi.ledger.selectors import (
    Inclusion,
    consistency,
    inclusion,
    keys_text,
    origin,
    placed,
    root_at,
    signing_key,
    tiles,
    tree_size,
)
from thucthi.ledger.selectors.keys import KeyTrouble
from thucthi.publication import files
from thucthi.publication.frozen import Kept, Spool
from thucthi.publication.models import Snapshot, SnapshotPublication
from thucthi.publication.moments import Readers
from thucthi.publication.proofs import (
    KEYS,
    LEDGER,
    TASKS_OF_A_PIECE,
    TILES,
    WITNESS,
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
from thucthi.publication.shapes import SHAPE_OF_A_COUNTRY, IssueData, PeriodData, TaskData
from thucthi.publication.sheets import in_sheets
from thucthi.publication.verifier.verify import COVERING
from thucthi.reporting.models import Report, Verdict

REPORT = "reporting.report"
DECLARING, DECIDING = ("report.submitted", "report.corrected"), ("report.accepted", "report.returned")
MANY = "reports.accepted"
AT_ONCE = 5_000
# An entry about thousands of reports is long by itself, and so is a reply.
SHARED_AT_ONCE, REPLIES_AT_ONCE = 100, 500
# The files that wait on the disk are written in so many parts.
PARTS = 8
Find = Callable[[Iterable[Entry], int], Mapping[UUID, Inclusion]]


@dataclass(frozen=True)
class Stated:
    """A report as far as an issue shows it, and the verdict on it."""

    pk: int
    period: str
    claim: str
    declared: Decimal
    simulated: bool
    verdict: str | None
    accepted: Decimal | None


def proof_parts(data: IssueData, readers: Readers) -> list[files.Part]:
    """The files of `proof_files`, and of a country those that stand beside them; `readers` share the reading."""
    if data.header.version == SHAPE_OF_A_COUNTRY:
        proofs, parts = _of_a_country(data, readers)
        return [partial(proof_files, proofs, keys_now()), *parts]
    return [partial(proof_files, proofs_of(data), keys_now())]


def proofs_of(data: IssueData) -> Proofs:
    """Of the tree as it is now; of the tree of an earlier preparation of the same issue, where that one suffices."""
    behind = _Behind.all_tasks()
    figures = {task.code: entries for task in data.tasks if (entries := behind.entries_of(task)) is not None}
    uids = sorted({uid for row in figures.values() for uid in _uids(row)} | set(_replies(data)))
    previous = _previous()
    size = tree_size()
    known = _prepared_before(data, previous)
    leaves = _leaves(uids, size, behind.opened_in)
    if known is not None and known["size"] < size and _suffices(known["size"], uids, leaves):
        size = known["size"]
        leaves = _leaves(uids, size, behind.opened_in)
    return Proofs(
        origin=origin(),
        size=size,
        root=root_at(size).hex(),
        previous=_way_from(previous, size),
        leaves=leaves,
        figures=figures,
        pending=[uid for uid in uids if uid not in leaves],
    )


def _of_a_country(data: IssueData, readers: Readers) -> tuple[CountryProofs, list[files.Part]]:
    """Entries some hundred tasks at a time, then the tree in tiles; all of it waits on the disk."""
    common, previous, size = _Common.read(), _previous(), tree_size()
    tasks, spool = in_sheets(data.tasks), Spool(files.root())
    starts = range(0, len(tasks), TASKS_OF_A_PIECE)
    pieces = [partial(_piece, tasks[start : start + TASKS_OF_A_PIECE], size, spool, common) for start in starts]
    with closing(readers.each([partial(_numbered, place, piece) for place, piece in enumerate(pieces)])) as found:
        rows = [row for _place, row in sorted(found, key=lambda each: each[0])]
    shared, said = _shared(rows, size, spool), _in_files(_replies(data), {}, size, spool, REPLIES_AT_ONCE)
    pending = {uid for row in rows for uid in row.pending} | shared.pending | said.pending
    newest = max(shared.newest, said.newest, *(row.newest for row in rows))
    known = _prepared_before(data, previous)
    if known is not None and not pending and newest < known["size"] < size:
        size = known["size"]
    names = piece_names(len(tasks))
    spooled = [(name, row.kept) for name, row in zip(names, rows, strict=True)]
    shared_files = {shared_name(number): kept for number, kept in enumerate(shared.kept, start=1)}
    replies = {reply_name(number): kept for number, kept in enumerate(said.kept, start=1)}
    spooled += [*shared_files.items(), *replies.items()]
    spooled += [(f"{TILES}/{path}", spool.put([hashes])) for path, hashes in tiles(size)]
    proofs = CountryProofs(
        origin=origin(),
        size=size,
        root=root_at(size).hex(),
        tasks_of_a_piece=TASKS_OF_A_PIECE,
        previous=_way_from(previous, size),
        pieces=names,
        shared=list(shared_files),
        replies=list(replies),
        pending=sorted(pending),
    )
    return proofs, [partial(_spooled, spool, spooled[start::PARTS]) for start in range(PARTS)]


@dataclass(frozen=True)
class _Row:
    """A piece that lies in the spool. `shared`: fields to open of entries that stand behind tasks of other pieces."""

    kept: Kept
    newest: int
    pending: Sequence[str]
    shared: Mapping[str, set[str]]


def _numbered(place: int, piece: Callable[[], _Row]) -> tuple[int, _Row]:
    return place, piece()


def _piece(tasks: Sequence[TaskData], size: int, spool: Spool, common: "_Common") -> _Row:
    rows = list(tasks)
    behind = _Behind.of_tasks(common, [task.code for task in rows])
    figures = {task.code: entries for task in rows if (entries := behind.of_country(task)) is not None}
    uids = sorted({uid for row in figures.values() for uid in _uids(row)})
    own = [uid for uid in uids if uid not in common.uids]
    leaves = _leaves(own, size, behind.opened_in, placed)
    kept = spool.put([canonical_json(TaskProofs(leaves, figures))])
    newest = max((row.index for row in leaves.values()), default=-1)
    shared = {uid: behind.opened_in[uid] for uid in uids if uid in common.uids}
    return _Row(kept, newest, [uid for uid in own if uid not in leaves], shared)


@dataclass(frozen=True)
class _Files:
    """Entries in files of their own that lie in the spool; which have no place in the tree; the newest place."""

    kept: Sequence[Kept]
    pending: set[str]
    newest: int


def _shared(rows: Iterable[_Row], size: int, spool: Spool) -> _Files:
    """The entries behind figures of many tasks."""
    more: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for uid, names in row.shared.items():
            more[uid] |= names
    return _in_files(sorted(more), more, size, spool, SHARED_AT_ONCE)


def _in_files(uids: Sequence[str], more: Mapping[str, set[str]], size: int, spool: Spool, at_once: int) -> _Files:
    kept, pending, newest = [], set(), -1
    for start in range(0, len(uids), at_once):
        some = uids[start : start + at_once]
        leaves = _leaves(some, size, more, placed)
        pending |= set(some) - leaves.keys()
        newest = max((newest, *(each.index for each in leaves.values())))
        kept.append(spool.put([canonical_json(TaskProofs(leaves))]))
    return _Files(kept, pending, newest)


def _replies(data: IssueData) -> list[str]:
    """The entries by which bodies said what the issue repeats."""
    return sorted({said.entry for body in data.organisations for said in body.statements if said.entry})


def _spooled(spool: Spool, rows: Sequence[tuple[str, Kept]]) -> Iterator[tuple[str, files.Content]]:
    yield from ((name, spool.content(kept.start, kept.lengths[0])) for name, kept in rows)


def _suffices(size: int, uids: Sequence[str], leaves: Mapping[str, Opened]) -> bool:
    """Whether a smaller tree holds everything that the present one has to show."""
    return len(leaves) == len(uids) and all(row.index < size for row in leaves.values())


def keys_now() -> str:
    """`proofs/keys.txt`: the keys that sign, and the witnesses whose lines may stand under the checkpoint.

    Before the first signature the key is the one in its file; without any, nothing can be published either.
    """
    keys = keys_text()
    if not keys:
        with suppress(KeyTrouble):
            keys = f"0 {signing_key().verifier_key}\n"
    witnesses = sorted(set(Cosignature.objects.values_list("witness", flat=True)))
    return keys + "".join(f"{WITNESS}{each}\n" for each in witnesses)


def checkpoint_text(manifest_hash: str) -> str | None:
    """The signed checkpoint of a published issue with the lines of its known witnesses.

    None before it is signed, and when the issue is not on this machine.
    """
    signed = SignedCheckpoint.objects.filter(snapshot_hash=manifest_hash).order_by("-pk").first()
    if signed is None or not files.issue_directory(manifest_hash).is_dir():
        return None
    keys = files.read_file(manifest_hash, KEYS).decode().splitlines()
    lines = signed.cosignatures.order_by("pk").values_list("witness", "line")
    return signed.note + "".join(line for witness, line in lines if f"{WITNESS}{witness}" in keys)


def _uids(row: TaskEntries) -> Iterator[str]:
    behind = row.accepted_declared if isinstance(row, CountryEntries) else None
    yield from (uid for uid in (row.declared, row.accepted, behind) if uid)
    yield from (uid for pair in row.history.values() for uid in pair if uid)


def _previous() -> Snapshot | None:
    """The issue that was published last, of whatever kind: every issue continues the tree of the one before."""
    newest = SnapshotPublication.objects.select_related("snapshot").order_by("-pk").first()
    return newest.snapshot if newest else None


def _ledger_of(snapshot: Snapshot) -> dict[str, Any] | None:
    """What an issue says of the tree; None for an issue from before there were proofs, or not on this machine."""
    with suppress(OSError, ValueError):
        return cast("dict[str, Any]", json.loads(files.read_file(snapshot.manifest_hash, LEDGER)))
    return None


def _prepared_before(data: IssueData, previous: Snapshot | None) -> dict[str, Any] | None:
    """The tree of the newest preparation of this issue, so that the same state gives the same bytes again."""
    same = Snapshot.objects.filter(kind=data.header.kind, issue=data.header.issue, publication__isnull=True)
    newest = same.order_by("-pk").first()
    ledger = _ledger_of(newest) if newest else None
    if ledger is None:
        return None
    before = (ledger["previous"] or {}).get("manifest_hash")
    signed = SignedCheckpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    follows = before == (previous.manifest_hash if previous and _ledger_of(previous) else None)
    return ledger if follows and ledger["size"] >= signed else None


def _way_from(previous: Snapshot | None, size: int) -> Previous | None:
    ledger = _ledger_of(previous) if previous else None
    if previous is None or ledger is None:
        return None
    way = [each.hex() for each in consistency(ledger["size"], size)]
    return Previous(previous.issue, ledger["size"], ledger["root"], previous.manifest_hash, way)


def _leaves(
    uids: Sequence[str], size: int, opened_in: Mapping[str, set[str]], find: Find = inclusion
) -> dict[str, Opened]:
    found: dict[str, Opened] = {}
    for start in range(0, len(uids), AT_ONCE):
        entries = Entry.objects.filter(uid__in=uids[start : start + AT_ONCE])
        for uid, row in find(entries, size).items():
            sealed = (row.salt, row.payload) if row.salt is not None and row.payload is not None else None
            more = opened_in.get(str(uid), ())
            found[str(uid)] = opened(row.index, row.leaf, row.proof, sealed=sealed, more=more)
    return found


@dataclass(frozen=True)
class _Common:
    """Entries that stand behind figures of many tasks: of many reports at one press, and of invented histories."""

    decided_with_others: Mapping[int, str]
    simulated: str | None
    uids: frozenset[str]

    @classmethod
    def read(cls) -> "_Common":
        many = Entry.objects.filter(event=MANY, content__isnull=False).order_by("pk")
        decided = {row[0]: str(uid) for uid, rows in many.values_list("uid", "content__reports") for row in rows}
        newest = Entry.objects.filter(event__in=COVERING).order_by("-pk").values_list("uid", flat=True).first()
        simulated = str(newest) if newest else None
        return cls(decided, simulated, frozenset([*decided.values(), *([simulated] if simulated else [])]))


@dataclass
class _Behind:
    """The entries about reports, by the report; a few queries, whatever the number of tasks.

    `opened_in`: which fields of an entry about many reports belong to public tasks.
    """

    common: _Common
    declaring: Mapping[int, str]
    deciding: Mapping[int, str]
    reports: Mapping[str, list[Stated]]
    opened_in: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def all_tasks(cls) -> "_Behind":
        about = Entry.objects.filter(subject_type=REPORT)
        return cls._of(_Common.read(), about, Report.objects.filter(task__is_issued=True))

    @classmethod
    def of_tasks(cls, common: _Common, codes: Sequence[str]) -> "_Behind":
        reports = Report.objects.filter(task__code__in=codes)
        about = Entry.objects.filter(subject_type=REPORT, subject_id__in=reports.order_by().values("pk"))
        return cls._of(common, about, reports)

    @classmethod
    def _of(cls, common: _Common, about: QuerySet[Entry], reports: QuerySet[Report]) -> "_Behind":
        found: dict[str, list[Stated]] = defaultdict(list)
        rows = reports.order_by("-submitted_at", "-pk").values_list(
            "task__code", "pk", "obligation__period_key", "claim", "progress_declared", "is_simulated",
            "acceptance__verdict", "acceptance__progress_accepted",
        )  # fmt: skip
        for row in rows.iterator():
            found[row[0]].append(Stated(*row[1:]))
        said = about.order_by("pk").values_list("subject_id", "uid")
        return cls(
            common,
            {pk: str(uid) for pk, uid in said.filter(event__in=DECLARING) if pk},
            {pk: str(uid) for pk, uid in said.filter(event__in=DECIDING) if pk},
            found,
        )

    def of_country(self, task: TaskData) -> CountryEntries | None:
        """The same, and the entry of the report that was accepted."""
        entries = self.entries_of(task)
        if entries is None:
            return None
        rows = self.reports.get(task.code, ())
        accepted = next((row for row in rows if row.pk == entries.accepted_report), None)
        return CountryEntries(**vars(entries), accepted_declared=self._declared_in(accepted))

    def entries_of(self, task: TaskData) -> TaskEntries | None:
        """None for a task of which nothing was ever reported."""
        rows = self.reports.get(task.code, [])
        history = {row.period: self._of_period(row, rows) for row in task.history if row.declared is not None}
        now = task.standing
        declared = next((each for each in rows if each.declared == now.declared), None)
        decided = (each for each in rows if each.verdict == Verdict.ACCEPTED and each.accepted == now.accepted)
        accepted = next(decided, None) if now.accepted is not None else None
        if not history and declared is None and accepted is None:
            return None
        return TaskEntries(
            declared=self._declared_in(declared),
            accepted=self._decided_in(accepted),
            accepted_report=accepted.pk if accepted else None,
            history=history,
        )

    def _of_period(self, shown: PeriodData, rows: Sequence[Stated]) -> tuple[str | None, str | None]:
        """The newest report that says what the issue shows; the issue is made from it, whatever came in since."""
        same = (row for row in rows if row.period == shown.period)
        report = next((row for row in same if (row.claim, row.declared) == (shown.claim, shown.declared)), None)
        return self._declared_in(report), self._decided_in(report) if shown.verdict else None

    def _declared_in(self, report: Stated | None) -> str | None:
        if report is None:
            return None
        return self.declaring.get(report.pk) or (self.common.simulated if report.simulated else None)

    def _decided_in(self, report: Stated | None) -> str | None:
        if report is None:
            return None
        uid = self.deciding.get(report.pk) or self.common.decided_with_others.get(report.pk)
        if uid is not None and report.pk in self.common.decided_with_others:
            self.opened_in[uid].add(f"content.accepted:{report.pk}")
        return uid or (self.common.simulated if report.simulated else None)
