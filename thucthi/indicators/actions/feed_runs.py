"""What came of asking a source, or of what a machine sent: taken as a whole, or not at all, and always told.

Nothing that goes wrong here touches a value that stands; neither does a source that says nothing about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Organisation
from thucthi.indicators import access
from thucthi.indicators.actions.observations import deliver_observations
from thucthi.indicators.calculations.fault_codes import code_of
from thucthi.indicators.calculations.mapping import map_of
from thucthi.indicators.calculations.reading import RowsRead, read_rows
from thucthi.indicators.calculations.rows import GoodRow, Trouble
from thucthi.indicators.calculations.said import Said
from thucthi.indicators.fetching.asking import Asked
from thucthi.indicators.models import (
    Delivery,
    DeliveryKind,
    Feed,
    FeedKind,
    FeedRun,
    FeedSecret,
    Indicator,
    RunOutcome,
)
from thucthi.indicators.selectors import StandingRow, standing_lines
from thucthi.indicators.selectors.feeds import idempotency_mark, known_of, run_sent_before
from thucthi.indicators.selectors.stated import NewObservation
from thucthi.kernel.canonical import content_hash
from thucthi.kernel.errors import Forbidden, Refused, Stale, require
from thucthi.kernel.values import ValueState
from thucthi.ledger.actions import record

MOST_DIFFERENCES = 500
MOST_FAULTS = 200
MOST_WARNINGS = 50
LANGUAGE = "vi"
Fault = dict[str, object]


@dataclass(frozen=True)
class _Ending:
    """How a run ends; becomes the fields of its FeedRun."""

    outcome: RunOutcome
    sentence: str
    rows: int = 0
    faults: list[Fault] = field(default_factory=list)
    differences: list[dict[str, object]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    delivery: Delivery | None = None


@dataclass(frozen=True)
class Sent:
    """What a machine sent: its rows as read, which of them name their state, and the key that makes it one sending."""

    read: RowsRead
    explicit: frozenset[int]
    key: str
    body_hash: str


@transaction.atomic
def run_feed(feed: Feed, *, by: Viewer, asked: Asked, started_at: datetime) -> FeedRun:
    """Take in what asking the source brought; the asking itself happened before, outside any transaction.

    `by` asked for the run; what the source may write is decided by the source. Raises Forbidden.
    """
    feed = _locked(feed)
    require(access.can_manage_feed(by, feed.organisation.path), _("Ông/bà không quản lý nguồn số liệu này."))
    digest = _hash_of(feed, asked)
    with translation.override(LANGUAGE):
        ending = _ending_of(feed, asked, digest, started_at)
    run = _keep(feed, ending, started_at, log=asked.log, file_hash=digest)
    record("feeds.run_ended", by=by, subject=run, **_told(feed, run))
    return run


@transaction.atomic
def receive_values(secret: FeedSecret, *, sent: Sent, at: datetime) -> FeedRun:
    """Take in what a machine sent, all or nothing. What was taken once under a key is not taken again.

    Raises Forbidden when the source may not send, and Stale when the key came with another content before.
    """
    feed = _locked(secret.feed)
    require(feed.kind == FeedKind.API and feed.is_active, _("Nguồn số liệu này không được gửi số liệu."))
    earlier = run_sent_before(feed, sent.key, at)
    if earlier is not None:
        if earlier.file_hash != sent.body_hash:
            raise Stale(_("Khóa chống gửi trùng này đã dùng cho một nội dung khác."), current=earlier)
        return earlier
    with translation.override(LANGUAGE):
        ending = _settled(feed, sent.read, sent.explicit, at)
    log = f"{idempotency_mark(sent.key)}secret {secret.prefix}\n{sent.read.total} rows"
    run = _keep(feed, ending, at, log=log, file_hash=sent.body_hash)
    machine = replace(SYSTEM, label=f"{feed.code} ({secret.prefix}…)", is_system=False)
    record("feeds.values_received", by=machine, subject=run, secret=secret.prefix, **_told(feed, run))
    return run


def _locked(feed: Feed) -> Feed:
    """One run of a source at a time."""
    return Feed.objects.select_for_update(of=("self",)).select_related("organisation", "scope").get(pk=feed.pk)


def _hash_of(feed: Feed, asked: Asked) -> str:
    """The same file read by other settings is another content."""
    if not asked.file_hash:
        return ""
    return content_hash([asked.file_hash, feed.settings, feed.source, str(feed.observation_kind)])


def _ending_of(feed: Feed, asked: Asked, digest: str, started_at: datetime) -> _Ending:
    if asked.failure is not None:
        return _Ending(RunOutcome.FAILED, _translated(asked.failure))
    last = feed.runs.exclude(outcome=RunOutcome.FAILED).order_by("-started_at", "-pk").first()
    if last is not None and last.file_hash == digest and last.outcome != RunOutcome.REFUSED:
        sentence = _("Tệp của nguồn không thay đổi so với lần lấy trước; không có gì phải ghi.")
        return _Ending(RunOutcome.UNCHANGED, sentence, rows=len(asked.rows))
    read = read_rows(asked.rows, known_of(feed, timezone.localdate(started_at)))
    explicit = frozenset(row.number for row in read.good) if map_of(feed.settings).may_withdraw else frozenset()
    return _settled(feed, read, explicit, started_at)


def _settled(feed: Feed, read: RowsRead, explicit: frozenset[int], at: datetime) -> _Ending:
    """Deliver the rows unless one of them is wrong or none says anything new."""
    if read.fault_count:
        return _refused(read, [_plain_fault(trouble) for trouble in read.faults])
    _lock_indicators(read.good)
    standing = standing_lines([row.line for row in read.good])
    rows = [row for row in read.good if not _withdraws(row, standing, explicit)]
    warnings = _warnings(read, withheld=len(read.good) - len(rows))
    new = [row for row in rows if row.line not in standing or standing[row.line].said != row.said]
    if not new:
        sentence = _("Đã đọc %(rows)s dòng; không có số liệu nào khác với số đang có.") % {"rows": read.total}
        return _Ending(RunOutcome.UNCHANGED, sentence, read.total, warnings=warnings)
    try:
        with transaction.atomic():
            delivery = deliver_observations(by=SYSTEM, kind=DeliveryKind.FEED, feed=feed, rows=_observations(rows, at))
    except Refused as refusal:
        return _refused(read, [_fault("", fault.field, fault.text) for fault in refusal.faults])
    except Forbidden as refusal:
        return _refused(read, [_fault("", "indicator", str(refusal))])
    sentence = _("Đã nhận %(added)s số mới, %(corrected)s số thay số cũ; %(unchanged)s số giữ nguyên.") % {
        "added": delivery.added,
        "corrected": delivery.corrected,
        "unchanged": delivery.unchanged,
    }
    differences = [_difference(row, standing.get(row.line)) for row in new[:MOST_DIFFERENCES]]
    return _Ending(RunOutcome.TAKEN, sentence, read.total, [], differences, warnings, delivery)


def _refused(read: RowsRead, faults: list[Fault]) -> _Ending:
    count = max(read.fault_count, 1)
    sentence = _("Có %(count)s dòng sai trong %(rows)s dòng nên chưa nhận dòng nào; số liệu đang có không thay đổi.")
    return _Ending(
        RunOutcome.REFUSED, sentence % {"count": count, "rows": read.total}, read.total, faults[:MOST_FAULTS]
    )


def _withdraws(
    row: GoodRow, standing: dict[tuple[int, int | None, str, str, str], StandingRow], explicit: frozenset[int]
) -> bool:
    """A machine that has nothing to say about a number that stands does not take it back, unless it says just that."""
    if row.state is not ValueState.NOT_REPORTED or row.number in explicit:
        return False
    stands = standing.get(row.line)
    return stands is not None and stands.said[0] != ValueState.NOT_REPORTED


def _lock_indicators(rows: Sequence[GoodRow]) -> None:
    """Before what stands is read, so that the differences shown are those that are written."""
    ids = sorted({row.indicator.pk for row in rows})
    list(Indicator.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _observations(rows: Sequence[GoodRow], at: datetime) -> list[NewObservation]:
    indicators = Indicator.objects.in_bulk({row.indicator.pk for row in rows})
    bodies = Organisation.objects.in_bulk({row.organisation.pk for row in rows if row.organisation})
    return [
        NewObservation(
            indicator=indicators[row.indicator.pk],
            organisation=bodies[row.organisation.pk] if row.organisation else None,
            period=row.span.key,
            period_end=row.span.end,
            kind=row.kind,
            breakdown=row.breakdown,
            state=row.state.value,
            amount=row.amount,
            numerator=row.numerator,
            denominator=row.denominator,
            source=row.source,
            remark=row.remark,
            available_on=timezone.localdate(at),
        )
        for row in rows
    ]


def _difference(row: GoodRow, stood: StandingRow | None) -> dict[str, object]:
    return {
        "indicator": row.indicator.code,
        "organisation": row.organisation.code if row.organisation else "",
        "period": row.span.key,
        "old": _stated(*stood.said[:2]) if stood else None,
        "new": _stated(row.state.value, row.amount),
    }


def _stated(state: str, amount: object) -> dict[str, object]:
    return {"state": str(state), "amount": None if amount is None else f"{amount:f}"}


def _translated(said: Said) -> str:
    return _(said.sentence) % said.values


def _plain_fault(trouble: Trouble) -> Fault:
    return {
        "row": trouble.row,
        "field": trouble.column,
        "code": code_of(trouble.said.sentence),
        "sentence": trouble.said.sentence,
        "values": dict(trouble.said.values),
    }


def _fault(row: int | str, column: str, text: str) -> Fault:
    return {"row": row, "field": column, "code": "refused", "sentence": text.replace("%", "%%"), "values": {}}


def _warnings(read: RowsRead, *, withheld: int) -> list[str]:
    told = []
    if withheld:
        told.append(_("%(count)s dòng ghi “chưa có” không thay số đang có.") % {"count": withheld})
    if read.empty:
        told.append(_("%(count)s dòng để trống giá trị được bỏ qua.") % {"count": read.empty})
    told += [
        _("Dòng %(row)s: %(text)s") % {"row": trouble.row, "text": _translated(trouble.said)}
        for trouble in read.warnings[:MOST_WARNINGS]
    ]
    return [text[:500] for text in told]


def _keep(feed: Feed, ending: _Ending, started_at: datetime, *, log: str, file_hash: str) -> FeedRun:
    return FeedRun.objects.create(
        feed=feed, started_at=started_at, finished_at=timezone.now(), log=log, file_hash=file_hash, **vars(ending)
    )


def _told(feed: Feed, run: FeedRun) -> dict[str, object]:
    return {
        "feed": feed.code,
        "outcome": str(run.outcome),
        "rows": run.rows,
        "faults": len(run.faults),
        "file_hash": run.file_hash,
        "delivery": run.delivery_id,
    }
