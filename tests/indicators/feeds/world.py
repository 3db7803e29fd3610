"""A source on top of the small world: two indicators, a steering office of the province, a server on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from tests.indicators.feeds.servers import Server, serving
from tests.people import State, make_state
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.indicators.actions.definitions import NewIndicator, define_indicators
from thucthi.indicators.actions.feed_runs import run_feed
from thucthi.indicators.actions.feed_secrets import GivenSecret, give_secret
from thucthi.indicators.actions.feeds import FeedContent, create_feed
from thucthi.indicators.calculations.addresses import read_allowed
from thucthi.indicators.fetching.asking import Asked, ask, read
from thucthi.indicators.models import Delivery, Feed, FeedRun, Indicator, Observation
from thucthi.indicators.selectors.feeds import allowed_hosts
from thucthi.ledger.models import Entry

HOST = "so-lieu.example.vn"
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SETTINGS: dict[str, Any] = {
    "columns": {"indicator": "Chỉ tiêu", "organisation": "Đơn vị", "period": "Kỳ", "value": "Giá trị"},
    "codes": {"organisation": {"AB": "ubnd-an-binh", "H": "ubnd-hoa"}},
}
HEAD = "Chỉ tiêu,Đơn vị,Kỳ,Giá trị\n"


def table(*lines: str) -> bytes:
    return (HEAD + "\n".join(lines) + "\n").encode()


@dataclass
class World:
    state: State
    coverage: Indicator
    poverty: Indicator

    @property
    def keeper(self) -> Viewer:
        return self.state.viewer(Role.STEERING_OFFICE, self.state.province)

    def content(self, **other: object) -> FeedContent:
        content = FeedContent(
            name="Cục Thống kê tỉnh",
            organisation=self.state.province,
            scope=self.state.province,
            indicators=(self.coverage,),
            source="Cục Thống kê tỉnh An Bình",
        )
        return replace(content, **other)  # type: ignore[arg-type]

    def sender(self, **other: object) -> Feed:
        return create_feed(by=self.keeper, code="tu-gui", kind="api", content=self.content(**other))

    def secret(self, feed: Feed) -> GivenSecret:
        today = timezone.localdate()
        return give_secret(feed, by=self.keeper, expires_on=today + timedelta(days=30), today=today)

    def asked(self, code: str = "cuc-thong-ke", **other: object) -> Feed:
        content = self.content(address=f"http://{HOST}/a.csv", every="daily", settings=SETTINGS)
        return create_feed(by=self.keeper, code=code, kind="table", content=replace(content, **other))  # type: ignore[arg-type]

    def take(self, feed: Feed, content: bytes, at: datetime = AT) -> FeedRun:
        """As if the source had answered with `content`."""
        return run_feed(feed, by=SYSTEM, asked=read(content, feed.kind, feed.settings, log="GET"), started_at=at)


def make_feed_world() -> World:
    state = make_state()
    specs = [
        NewIndicator("5g", "Phủ sóng 5G", "rise", unit="%"),
        NewIndicator("ngheo", "Tỷ lệ hộ nghèo", "fall", unit="%"),
    ]
    coverage, poverty = define_indicators(by=SYSTEM, specs=specs)
    return World(state, coverage, poverty)


def allow(settings: Any, port: int = 80) -> None:
    settings.FEED_HOSTS = read_allowed([f"http://{HOST}=127.0.0.1:{port}"])


@contextmanager
def source_answering(settings: Any, said: Any) -> Iterator[Server]:
    with serving(said) as server:
        allow(settings, server.port)
        yield server


def ask_now(feed: Feed) -> Asked:
    return ask(feed.address, feed.kind, feed.settings, allowed=allowed_hosts())


def counts() -> tuple[int, int, int, int]:
    """Values, deliveries, runs, ledger entries: what must not move where something is refused."""
    return Observation.objects.count(), Delivery.objects.count(), FeedRun.objects.count(), Entry.objects.count()


def standing(indicator: Indicator) -> dict[tuple[str, str], tuple[str, str]]:
    """(organisation, period) → (state, amount) of what stands."""
    rows = Observation.objects.filter(indicator=indicator, corrections__isnull=True).select_related("organisation")
    return {
        (row.organisation.code if row.organisation else "", row.period): (
            row.state,
            "" if row.amount is None else f"{row.amount.normalize():f}",
        )
        for row in rows
    }
