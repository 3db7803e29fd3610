"""The receipt of a report: what the ledger promises about the entry by which it was sent."""

from thucthi.ledger.models import Entry
from thucthi.ledger.selectors.receipts import Receipt, receipt_of
from thucthi.reporting.models import Report

SENDING = ("report.submitted", "report.corrected")


def receipt_for(report: Report) -> Receipt | None:
    """None for a report without an entry of its own: simulated ones are recorded together."""
    entries = Entry.objects.filter(
        subject_type=Report._meta.label_lower, subject_id=report.pk, event__in=SENDING
    ).select_related("leaf")
    entry = entries.order_by("pk").first()
    return receipt_of(entry) if entry else None
