"""What heads of bodies said to what is shown of them, as far as they said it to the public."""

from collections import defaultdict

from thucthi.ledger.models import Entry
from thucthi.monitoring.models import Statement
from thucthi.publication.selectors.reading import Reading
from thucthi.publication.shapes import StatementData
from thucthi.reporting.selectors.obligations import known


def public_statements(reading: Reading) -> dict[int, tuple[StatementData, ...]]:
    """By organisation, newest first."""
    said = known(Statement.objects.filter(is_public=True, stated_on__lte=reading.as_of), reading.known_by)
    rows = list(said.order_by("-stated_on", "-pk"))
    entries = _entries([row.pk for row in rows])
    found: dict[int, list[StatementData]] = defaultdict(list)
    for row in rows:
        post = reading.head_posts.get(row.organisation_id, "")
        said_then = StatementData(row.period, row.stated_on, post, row.text, entries.get(row.pk, ""))
        found[row.organisation_id].append(said_then)
    return {pk: tuple(each) for pk, each in found.items()}


def _entries(ids: list[int]) -> dict[int, str]:
    made = Entry.objects.filter(event="statement.made", subject_type=Statement._meta.label_lower, subject_id__in=ids)
    return {pk: str(uid) for pk, uid in made.values_list("subject_id", "uid") if pk is not None}
