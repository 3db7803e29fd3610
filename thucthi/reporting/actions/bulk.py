"""Agreeing with many reports at one press: one transaction, one entry in the ledger, nothing lost in between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents.models import Instrument
from thucthi.kernel.errors import Fault, Forbidden, Refused, Stale, require
from thucthi.ledger.actions import record
from thucthi.programmes.models import Task
from thucthi.programmes.selectors.closing import instruments_not_in_force
from thucthi.reporting import access
from thucthi.reporting.models import Acceptance, Endorsement, Report, Verdict
from thucthi.reporting.selectors.histories import visible_reports
from thucthi.reporting.selectors.review import chains_of
from thucthi.reporting.selectors.turns import Chain, Turn, faults_of_instruments, sentences, turn_of

MOST_AT_ONCE = 5_000


@dataclass(frozen=True)
class Shown:
    """A report as the page showed it: its seal, and the rung whose verdict was offered."""

    report_id: int
    content_hash: str
    rung: str = ""


@dataclass(frozen=True)
class NotTaken:
    """A report that was left as it is, and why, in a sentence for the one who pressed."""

    report_id: int
    code: str
    sentence: str


@dataclass(frozen=True)
class BulkOutcome:
    """`accepted`: locked now; `endorsed`: climb on; `not_taken`: among them those that somebody decided meanwhile."""

    accepted: tuple[int, ...]
    endorsed: tuple[int, ...]
    not_taken: tuple[NotTaken, ...]


@transaction.atomic
def accept_reports(shown: Sequence[Shown], *, by: Viewer, note: str, at: datetime) -> BulkOutcome:
    """Agree with all of these as they were shown, each at its declared figure.

    Whatever cannot be taken any more is told row by row and does not hold up the others. Raises Forbidden for whoever
    judges no reports at all, Refused for an empty or an immoderate choice.
    """
    require(access.may_review(by), _("Chỉ người nghiệm thu được chấp nhận báo cáo."))
    asked = {row.report_id: row for row in shown}
    _refuse_immoderate(asked)
    chains = _held(asked, by)
    turns, not_taken = _turns(asked, chains, by, at)
    verdicts = [_verdict(chains[pk], turn, by, note, at) for pk, turn in turns.items()]
    accepted = Acceptance.objects.bulk_create([row for row in verdicts if isinstance(row, Acceptance)], 1_000)
    endorsed = Endorsement.objects.bulk_create([row for row in verdicts if isinstance(row, Endorsement)], 1_000)
    if turns:
        record(
            "reports.accepted",
            by=by,
            subject=chains[next(iter(turns))].report,
            count=len(turns),
            note=note.strip(),
            decided_at=at,
            reports=[_said(chains[pk].report, turn) for pk, turn in turns.items()],
            **{f"accepted:{row.report_id}": row.progress_accepted for row in accepted},
        )
    return BulkOutcome(
        tuple(row.report_id for row in accepted), tuple(row.report_id for row in endorsed), tuple(not_taken)
    )


def _refuse_immoderate(asked: dict[int, Shown]) -> None:
    if not asked:
        raise Refused([Fault("", _("Đề nghị đánh dấu ít nhất một báo cáo."))])
    if len(asked) > MOST_AT_ONCE:
        raise Refused([Fault("", _("Mỗi lần chấp nhận tối đa %(n)s báo cáo.") % {"n": MOST_AT_ONCE})])


def _held(asked: Iterable[int], by: Viewer) -> dict[int, Chain]:
    """The visible ones among them, as they stand once every task is held; tasks are held in one order by everybody."""
    chosen = visible_reports(by).filter(pk__in=list(asked)).values_list("pk", "task_id")
    tasks = dict(chosen)
    held = Task.objects.select_for_update(of=("self",)).filter(pk__in=set(tasks.values())).order_by("pk")
    list(held.values_list("pk"))
    reports = Report.objects.filter(pk__in=tasks).select_related(
        "acceptance__reviewer", "acceptance__acting_for", "obligation__organisation", "task__programme"
    )
    return chains_of(reports.order_by("task__code", "pk"))


def _turns(
    asked: dict[int, Shown], chains: dict[int, Chain], by: Viewer, at: datetime
) -> tuple[dict[int, Turn], list[NotTaken]]:
    """What may be decided, and the sentence for everything that may not; in the order of the tasks' codes."""
    closing = [chain.report.task_id for chain in chains.values() if chain.report.claims_completion]
    owed = instruments_not_in_force(closing, timezone.localdate(at)) if closing else {}
    turns: dict[int, Turn] = {}
    unknown = [pk for pk in asked if pk not in chains]
    left = [NotTaken(pk, "", _("Không có báo cáo này, hoặc ông/bà không thuộc phạm vi được xem.")) for pk in unknown]
    for pk, chain in chains.items():
        try:
            turns[pk] = _turn(asked[pk], chain, by, owed.get(chain.report.task_id, ()))
        except (Forbidden, Stale, Refused) as why:
            left.append(NotTaken(pk, chain.report.task.code, str(why)))
    return turns, left


def _turn(shown: Shown, chain: Chain, by: Viewer, owed: Sequence[Instrument]) -> Turn:
    turn = turn_of(by, chain, content_hash=shown.content_hash, rung=shown.rung)
    if chain.report.claims_completion and owed:
        raise Refused([Fault("", sentences(faults_of_instruments(owed)))])
    return turn


def _verdict(chain: Chain, turn: Turn, by: Viewer, note: str, at: datetime) -> Acceptance | Endorsement:
    report = chain.report
    said = {
        "report": report,
        "verdict": Verdict.ACCEPTED,
        "note": note.strip(),
        "author_id": report.author_id,
        "reviewer_id": cast(int, by.account_id),
        "acting_for_id": turn.seat.acting_for,
        "content_hash": report.content_hash,
        "decided_at": at,
        "is_simulated": report.is_simulated,
    }
    if turn.is_last:
        return Acceptance(progress_accepted=report.progress_declared, **said)
    return Endorsement(rung=turn.rung, **said)


def _said(report: Report, turn: Turn) -> list[object]:
    return [report.pk, report.content_hash, turn.rung, turn.seat.acting_for]
