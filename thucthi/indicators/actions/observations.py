"""Values are only added: stated one by one, or delivered together and told apart from what stood before."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.indicators import access
from thucthi.indicators.models import Delivery, Feed, Observation, Upload
from thucthi.indicators.selectors.series import standing_lines
from thucthi.indicators.selectors.stated import (
    NewObservation,
    faults_of_lines,
    faults_of_observations,
    faults_of_rows,
    lock_lines,
    plain_observation,
)
from thucthi.kernel.canonical import canonical_json
from thucthi.kernel.errors import refuse_if, require
from thucthi.ledger.actions import record

COLUMNS = (
    "indicator_id", "organisation_id", "period", "period_end", "kind", "breakdown", "state", "amount", "numerator",
    "denominator", "source", "remark", "is_simulated", "corrects_id", "delivery_id", "available_on",
)  # fmt: skip
# The ledger keeps the rows of a small batch; of a large one it keeps their hash, and the rows name their delivery.
MOST_ROWS_WRITTEN_OUT = 200


@transaction.atomic
def record_observations(*, by: Viewer, rows: Sequence[NewObservation]) -> list[Observation]:
    """Add observed values, all or none; a correction is a new row pointing at the standing one it puts right."""
    _require_rights(by, rows, None)
    lock_lines(rows)
    refuse_if(faults_of_observations(rows))
    made = Observation.objects.bulk_create(Observation(**vars(row)) for row in rows)
    if made:
        record("observations.recorded", by=by, subject=made[0], rows=[plain_observation(row) for row in rows])
    return made


@transaction.atomic
def deliver_observations(
    *, by: Viewer, kind: str, rows: Sequence[NewObservation], feed: Feed | None = None, upload: Upload | None = None
) -> Delivery:
    """Take in values that came together, all or none.

    A line that has no value yet gets its first; a row that says what stands already is passed over; one that says
    something else becomes a correction of what stands. The delivery carries the three counts. With a `feed`, what
    that feed may write decides, and not the rights of `by`. Raises Forbidden, and Refused with all faults by place.
    """
    _require_rights(by, rows, feed)
    lock_lines(rows)
    standing = standing_lines([row.line for row in rows])
    refuse_if([*faults_of_rows(rows), *faults_of_lines(rows)])
    fresh = [row for row in rows if row.line not in standing or standing[row.line].said != row.said]
    corrected = sum(row.line in standing for row in fresh)
    digest = _hash_of(rows)
    delivery = Delivery.objects.create(
        kind=kind,
        feed=feed,
        upload=upload,
        by_id=by.account_id,
        added=len(fresh) - corrected,
        corrected=corrected,
        unchanged=len(rows) - len(fresh),
        content_hash=digest,
    )
    _copy_in(_as_tuples(fresh, {line: row.pk for line, row in standing.items()}, delivery))
    written_out = [plain_observation(row) for row in fresh] if len(fresh) <= MOST_ROWS_WRITTEN_OUT else []
    counts = {"added": delivery.added, "corrected": corrected, "unchanged": delivery.unchanged}
    record("observations.delivered", by=by, subject=delivery, counts=counts, rows_hash=digest, rows=written_out)
    return delivery


def _require_rights(by: Viewer, rows: Sequence[NewObservation], feed: Feed | None) -> None:
    if feed is not None:
        allowed = frozenset(feed.indicators.values_list("pk", flat=True))
        for row in rows:
            path = row.organisation.path if row.organisation else None
            require(
                access.feed_may_write(feed.scope_id, path) and row.indicator.pk in allowed,
                _("Nguồn số liệu này không được ghi %(place)s.") % {"place": row.place},
            )
        return
    for lineage in {tuple(row.organisation.path) if row.organisation else None for row in rows}:
        require(access.can_observe_for(by, lineage), _("Ông/bà chỉ ghi được số liệu của cơ quan mình."))


def _as_tuples(
    rows: Sequence[NewObservation], standing: dict[tuple[object, ...], int], delivery: Delivery
) -> Iterator[tuple[object, ...]]:
    for row in rows:
        body = row.organisation.pk if row.organisation else None
        yield (
            row.indicator.pk, body, row.period, row.period_end, str(row.kind), row.breakdown, str(row.state),
            row.amount, row.numerator, row.denominator, row.source, row.remark, row.is_simulated,
            standing.get(row.line), delivery.pk, row.available_on,
        )  # fmt: skip


def _copy_in(rows: Iterator[tuple[object, ...]]) -> None:
    """COPY takes a hundred thousand rows where INSERT takes ten; constraints and triggers hold for both."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY indicators_observation ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _hash_of(rows: Sequence[NewObservation]) -> str:
    """kernel.canonical.content_hash of the list of rows, without holding fifty thousand of them written out."""
    digest = sha256(b"[")
    for at, row in enumerate(rows):
        digest.update(b"," * bool(at) + canonical_json(plain_observation(row)))
    digest.update(b"]")
    return digest.hexdigest()
