"""Reading machine sources: those a viewer keeps, those that are due, what each may write and read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.indicators import access
from thucthi.indicators.calculations.addresses import AllowedHost
from thucthi.indicators.calculations.codes import Known, KnownIndicator, KnownOrganisation
from thucthi.indicators.calculations.mapping import map_of
from thucthi.indicators.calculations.schedules import next_asking
from thucthi.indicators.models import Dimension, Feed, FeedKind, FeedRun, FeedSecret, Indicator, Observation, RunOutcome
from thucthi.kernel.bearer import digest_of
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.periods import Frequency

RUNS_LOOKED_AT = 12
ANSWERED_AGAIN_FOR = timedelta(days=7)
TRIED_AGAIN = frozenset({RunOutcome.TAKEN, RunOutcome.UNCHANGED})


@dataclass(frozen=True)
class FeedLine:
    """A source with how it last went. `next_at` None: it sends by itself, is stopped, or is due now (`is_due`)."""

    feed: Feed
    last: FeedRun | None
    next_at: datetime | None
    is_due: bool


def allowed_hosts() -> Mapping[str, AllowedHost]:
    """The machines that the operator lets us ask."""
    return settings.FEED_HOSTS


def feeds_of(viewer: Viewer) -> list[FeedLine]:
    """The sources that the viewer keeps, by name."""
    feeds = Feed.objects.select_related("organisation", "scope").order_by("name", "pk")
    kept = [feed for feed in feeds if access.can_manage_feed(viewer, feed.organisation.path)]
    return lines_of(kept)


def feed_for(viewer: Viewer, code: str) -> Feed:
    """One source that the viewer keeps. Raises NotVisible."""
    feed = Feed.objects.select_related("organisation", "scope").filter(code=code).first()
    if feed is None or not access.can_manage_feed(viewer, feed.organisation.path):
        raise NotVisible(_("Không có nguồn số liệu này, hoặc ông/bà không quản lý nguồn này."))
    return feed


def run_for(viewer: Viewer, pk: int) -> FeedRun:
    """One run of a source that the viewer keeps. Raises NotVisible."""
    run = FeedRun.objects.select_related("feed__organisation", "delivery").filter(pk=pk).first()
    if run is None or not access.can_manage_feed(viewer, run.feed.organisation.path):
        raise NotVisible(_("Không có lượt lấy số liệu này, hoặc ông/bà không quản lý nguồn này."))
    return run


def lines_of(feeds: list[Feed]) -> list[FeedLine]:
    """How each went last, and when it comes next; two queries for any number of sources."""
    runs: dict[int, list[FeedRun]] = {}
    newest = _RUNS_OF_EACH % {"most": RUNS_LOOKED_AT}
    for run in FeedRun.objects.raw(newest, [[feed.pk for feed in feeds]]):
        runs.setdefault(run.feed_id, []).append(run)
    return [_line(feed, runs.get(feed.pk, [])) for feed in feeds]


_RUNS_OF_EACH = """
SELECT run.id, run.feed_id, run.started_at, run.finished_at, run.outcome, run.sentence, run.rows
  FROM unnest(%%s::bigint[]) AS wanted(id)
 CROSS JOIN LATERAL (SELECT * FROM indicators_feedrun one WHERE one.feed_id = wanted.id
                      ORDER BY one.started_at DESC, one.id DESC LIMIT %(most)s) AS run
 ORDER BY run.started_at DESC, run.id DESC
"""


def _line(feed: Feed, runs: list[FeedRun]) -> FeedLine:
    last = runs[0] if runs else None
    if feed.kind == FeedKind.API or not feed.is_active:
        return FeedLine(feed, last, None, False)
    failures = next((at for at, run in enumerate(runs) if run.outcome != RunOutcome.FAILED), len(runs))
    refused = last is not None and last.outcome == RunOutcome.REFUSED
    at = next_asking(feed.every, last.started_at if last else None, failures=failures, refused=refused)
    return FeedLine(feed, last, at, at is None)


def due_feeds(now: datetime) -> list[Feed]:
    """The sources to be asked by `now`."""
    feeds = Feed.objects.filter(is_active=True).exclude(kind=FeedKind.API).order_by("pk")
    return [line.feed for line in lines_of(list(feeds)) if line.next_at is None or line.next_at <= now]


def known_of(feed: Feed, today: date) -> Known:
    """What rows of this source are read against: its indicators, and for whom it may write."""
    parts: dict[int, dict[str, frozenset[str]]] = {}
    indicators = feed.indicators.order_by("code")
    for dimension in Dimension.objects.filter(indicator__in=indicators).order_by("pk"):
        parts.setdefault(dimension.indicator_id, {})[dimension.code] = frozenset(dimension.categories)
    bodies = Organisation.objects.order_by("pk").values_list("pk", "code", "short_name", "path")
    return Known(
        indicators={row.code: _known_indicator(row, parts.get(row.pk, {})) for row in indicators},
        organisations={
            code: KnownOrganisation(pk, code, name, access.feed_may_write(feed.scope_id, path))
            for pk, code, name, path in bodies
        },
        today=today,
        decimal_mark=map_of(feed.settings).decimal_mark,
        source=feed.source,
        kind=feed.observation_kind,
        may_write_country=access.feed_may_write(feed.scope_id, None),
    )


def _known_indicator(row: Indicator, parts: dict[str, frozenset[str]]) -> KnownIndicator:
    return KnownIndicator(
        row.pk,
        row.code,
        row.name,
        Frequency(row.frequency),
        unit=row.unit,
        scale=row.scale,
        low=row.low_limit,
        high=row.high_limit,
        source=row.source,
        rubric=tuple(row.rubric),
        parts=parts,
    )


def secret_in_force(secret: str, now: datetime, today: date) -> FeedSecret | None:
    """The entry of a secret that still holds, found by its digest: nothing compares secrets letter by letter."""
    held = FeedSecret.objects.select_related("feed__organisation").filter(digest=digest_of(secret)).first()
    if held is None or held.expires_on < today or (held.revoked_at is not None and held.revoked_at <= now):
        return None
    return held


def secrets_of(feed: Feed) -> QuerySet[FeedSecret]:
    return feed.secrets.select_related("created_by").order_by("-pk")


def idempotency_mark(key: str) -> str:
    """The first line in the log of a run that was sent with this key."""
    return f"idempotency-key sha256 {digest_of(key)}\n"


def run_sent_before(feed: Feed, key: str, now: datetime) -> FeedRun | None:
    """The run of this source that took what was sent with the same key in the last days."""
    recent = feed.runs.filter(started_at__gte=now - ANSWERED_AGAIN_FOR, outcome__in=TRIED_AGAIN)
    return recent.filter(log__startswith=idempotency_mark(key)).order_by("pk").first()


@dataclass(frozen=True)
class ObservationFilter:
    """What a machine asks for; "" means any. `after` is the id behind which the page begins."""

    indicator: str = ""
    organisation: str = ""
    first: str = ""
    last: str = ""
    kind: str = ""
    after: int = 0


def observations_readable_by(feed: Feed, wanted: ObservationFilter) -> QuerySet[Observation]:
    """The standing values that this source may write and so may read back, oldest first."""
    rows = Observation.objects.filter(indicator__feeds=feed, corrections__isnull=True, pk__gt=wanted.after)
    if feed.scope_id is not None:
        rows = rows.filter(organisation__path__contains=[feed.scope_id])
    asked = {
        "indicator__code": wanted.indicator,
        "organisation__code": wanted.organisation,
        "period__gte": wanted.first,
        "period__lte": wanted.last,
        "kind": wanted.kind,
    }
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    return rows.select_related("indicator", "organisation").order_by("pk")


def bodies_to_keep_for(viewer: Viewer) -> list[Organisation]:
    """Where the viewer is a steering office: a source belongs to one of these."""
    ids = viewer.organisation_ids(Role.STEERING_OFFICE)
    return list(Organisation.objects.filter(pk__in=ids).order_by("sort_key", "pk"))
