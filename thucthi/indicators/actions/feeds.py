"""Setting up the sources that send values or are asked for them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.indicators import access
from thucthi.indicators.calculations.addresses import NotAllowed, judge
from thucthi.indicators.calculations.mapping import faults_of_settings
from thucthi.indicators.calculations.schedules import DAYS
from thucthi.indicators.models import Feed, FeedKind, Indicator, ObservationKind
from thucthi.indicators.selectors.feeds import allowed_hosts
from thucthi.kernel.errors import Fault, Refused, refuse_if, require
from thucthi.ledger.actions import record

ASK_FEED = "indicators.ask_feed"
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_CODE = 64
_WORDS_OF_ADDRESSES = frozenset({"them", "luot"})


@dataclass(frozen=True)
class FeedContent:
    """What a source is. `scope` None: the whole country and everybody in it. `every` is empty for one that sends."""

    name: str
    organisation: Organisation | None
    scope: Organisation | None
    indicators: tuple[Indicator, ...]
    source: str
    observation_kind: str = ObservationKind.ACTUAL
    address: str = ""
    every: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
    is_active: bool = True


@transaction.atomic
def create_feed(*, by: Viewer, code: str, kind: str, content: FeedContent) -> Feed:
    """Set up a source. Raises Forbidden, and Refused with all faults."""
    body = _body_of(content)
    _require_rights(by, body, content)
    faults = [*_faults_of_identity(code, kind), *_faults_of_content(kind, content)]
    refuse_if(faults)
    feed = Feed(code=code, kind=kind)
    before: dict[str, object] = {}
    _write(feed, body, content)
    record("feeds.created", by=by, subject=feed, before=before, **_plain(feed))
    return feed


@transaction.atomic
def change_feed(feed: Feed, *, by: Viewer, content: FeedContent) -> Feed:
    """Change a source; its code and kind stay. Raises Forbidden, and Refused with all faults."""
    feed = Feed.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=feed.pk)
    body = _body_of(content)
    require(access.can_manage_feed(by, feed.organisation.path), _no_right())
    _require_rights(by, body, content)
    refuse_if(list(_faults_of_content(feed.kind, content)))
    before = _plain(feed)
    _write(feed, body, content)
    record("feeds.changed", by=by, subject=feed, before=before, **_plain(feed))
    return feed


@transaction.atomic
def ask_for_run(feed: Feed, *, by: Viewer) -> None:
    """Let the worker ask this source soon. Raises Forbidden, and Refused when it cannot be asked or waits already."""
    feed = Feed.objects.select_related("organisation").get(pk=feed.pk)
    require(access.can_manage_feed(by, feed.organisation.path), _no_right())
    if feed.kind == FeedKind.API or not feed.is_active:
        raise Refused([Fault("", _("Nguồn này tự gửi số liệu hoặc đang tạm dừng nên không lấy được."))])
    record("feeds.run_asked", by=by, subject=feed)
    try:
        with transaction.atomic():
            name = f"{ASK_FEED}:{feed.pk}"
            app.configure_task(ASK_FEED, queueing_lock=name, lock=name).defer(feed_id=feed.pk)
    except AlreadyEnqueued:
        raise Refused([Fault("", _("Nguồn này đang chờ đến lượt lấy số liệu; đề nghị đợi ít phút."))]) from None


def _no_right() -> str:
    return _("Chỉ cơ quan thường trực của đơn vị hoặc của cấp trên được quản lý nguồn số liệu này.")


def _body_of(content: FeedContent) -> Organisation:
    if content.organisation is None:
        raise Refused([Fault("organisation", _("Đề nghị chọn cơ quan quản lý nguồn."))])
    return content.organisation


def _require_rights(by: Viewer, body: Organisation, content: FeedContent) -> None:
    """Nobody lets a machine write what he may not write himself."""
    require(access.can_manage_feed(by, body.path), _no_right())
    require(
        access.can_observe_for(by, content.scope.path if content.scope else None),
        _("Phạm vi của nguồn rộng hơn phạm vi mà ông/bà được ghi số liệu."),
    )


def _faults_of_identity(code: str, kind: str) -> Iterator[Fault]:
    if len(code) > _LONGEST_CODE or not _CODE.fullmatch(code) or code in _WORDS_OF_ADDRESSES:
        yield Fault("code", _("Mã nguồn chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối, ví dụ cuc-thong-ke."))
    elif Feed.objects.filter(code=code).exists():
        yield Fault("code", _("Mã nguồn này đã có; đề nghị chọn mã khác."))
    if kind not in FeedKind.values:
        yield Fault("kind", _("Đề nghị chọn cách nhận số liệu trong danh sách."))


def _faults_of_content(kind: str, content: FeedContent) -> Iterator[Fault]:
    for name, text, most in (("name", content.name, 200), ("source", content.source, 300)):
        if not text.strip():
            yield Fault(name, _("Đề nghị không để trống mục này."))
        elif len(text) > most:
            yield Fault(name, _("Mục này dài nhất %(most)s ký tự.") % {"most": most})
    if not content.indicators:
        yield Fault("indicators", _("Đề nghị ghi ít nhất một chỉ tiêu mà nguồn này được ghi."))
    if content.observation_kind not in ObservationKind.values:
        yield Fault("observation_kind", _("Đề nghị chọn loại số liệu trong danh sách."))
    if kind == FeedKind.API:
        if content.address or content.every:
            yield Fault("address", _("Nguồn tự gửi số liệu thì không ghi địa chỉ và chu kỳ."))
        return
    yield from _faults_of_asking(kind, content)


def _faults_of_asking(kind: str, content: FeedContent) -> Iterator[Fault]:
    if content.every not in DAYS:
        yield Fault("every", _("Đề nghị chọn chu kỳ lấy số liệu trong danh sách."))
    if not allowed_hosts():
        yield Fault("address", _("Hệ thống chưa được phép lấy số liệu từ máy chủ nào; đề nghị báo quản trị hệ thống."))
    else:
        try:
            judge(content.address, allowed_hosts())
        except NotAllowed as fault:
            yield Fault("address", _(str(fault)))
    for found in faults_of_settings(kind, content.settings):
        yield Fault(found.field, _(found.text))


def _write(feed: Feed, body: Organisation, content: FeedContent) -> None:
    feed.organisation, feed.scope = body, content.scope
    feed.name, feed.source = content.name.strip(), content.source.strip()
    feed.observation_kind, feed.is_active = content.observation_kind, content.is_active
    feed.address, feed.every, feed.settings = content.address, content.every, dict(content.settings)
    feed.save()
    feed.indicators.set(content.indicators)


def _plain(feed: Feed) -> dict[str, object]:
    return {
        "code": feed.code,
        "kind": str(feed.kind),
        "name": feed.name,
        "organisation": feed.organisation.code,
        "scope": feed.scope.code if feed.scope else "",
        "indicators": sorted(feed.indicators.values_list("code", flat=True)),
        "observation_kind": str(feed.observation_kind),
        "source": feed.source,
        "address": feed.address,
        "every": feed.every,
        "settings": feed.settings,
        "is_active": feed.is_active,
    }
