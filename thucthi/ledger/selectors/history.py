"""Reading the ledger."""

from django.db.models import Model, QuerySet

from thucthi.ledger.models import Entry


def entries_about(subject: Model) -> QuerySet[Entry]:
    """What was done with `subject`, newest first."""
    return Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("-pk")
