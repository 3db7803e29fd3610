"""What the ledger keeps of a report and of the verdict on it: one shape, whoever writes the entry (ADR 0028).

An issue opens the figures among these fields; a figure whose entry has another shape would not verify.
"""

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal

from thucthi.reporting.models import Acceptance, Endorsement, Evidence, Report
from thucthi.reporting.selectors.obligations import seal_of

Content = dict[str, object]


def sending_of(report: Report, files: Iterable[Evidence]) -> Content:
    """Of `report.submitted`, and the common part of `report.corrected`; `files`: what the report rests on."""
    climb = {"route": list(report.route), "rungs_skipped": list(report.rungs_skipped)}
    return {
        "content_hash": report.content_hash,
        "submitted_at": report.submitted_at,
        **{name: rungs for name, rungs in climb.items() if rungs},
        **_mark(is_simulated=report.is_simulated),
        **asdict(seal_of(report, files)),
    }


def agreement_of(decided: Acceptance | Endorsement, progress: Decimal | None) -> Content:
    """Of `report.accepted` and `report.endorsed`; `progress`: the figure agreed to, in per cent."""
    return {
        **return_of(decided),
        "progress_declared": decided.report.progress_declared,
        "progress_accepted": progress,
        "claims_completion": decided.report.claims_completion,
    }


def return_of(decided: Acceptance | Endorsement) -> Content:
    """Of `report.returned`."""
    return {
        "content_hash": decided.content_hash,
        "note": decided.note,
        "decided_at": decided.decided_at,
        **_mark(is_simulated=decided.is_simulated),
    }


def _mark(*, is_simulated: bool) -> Content:
    """An invented figure says so in the log as it does everywhere else."""
    return {"simulated": True} if is_simulated else {}
