"""Indicators to enter values of, on top of tests.people."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.test import Client

from tests.people import State, make_state
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.indicators.actions.definitions import NewIndicator, define_indicators
from thucthi.indicators.actions.observations import deliver_observations
from thucthi.indicators.models import DeliveryKind, Indicator, Observation
from thucthi.indicators.selectors.stated import NewObservation
from thucthi.kernel.periods import span_of
from thucthi.ledger.models import Entry

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Place:
    state: State
    rate: Indicator
    money: Indicator

    @property
    def reporter(self) -> Viewer:
        return self.state.viewer(Role.REPORTER, self.state.province)

    def client(self, role: Role = Role.REPORTER, body: Organisation | None = None) -> Client:
        client = Client()
        client.force_login(self.state.person(role, body or self.state.province), backend=BACKEND)
        return client

    def deliver(self, indicator: Indicator, period: str, amount: str, body: Organisation | None = None) -> Observation:
        row = NewObservation(
            indicator, period, span_of(period).end, "number", "Báo cáo cũ", date(2026, 1, 1), Decimal(amount),
            organisation=body or self.state.province,
        )  # fmt: skip
        delivery = deliver_observations(by=SYSTEM, kind=DeliveryKind.FEED, rows=[row])
        return delivery.observations.get()


def make_place() -> Place:
    specs = [
        NewIndicator(
            "ty-le", "Tỷ lệ hồ sơ trực tuyến", "rise", unit="%", frequency="monthly", kind="ratio", scale=Decimal(100),
            low_limit=Decimal(0), high_limit=Decimal(100), source="Báo cáo tháng",
        ),
        NewIndicator("chi", "Chi khoa học", "rise", unit="tỷ đồng", frequency="quarterly"),
    ]  # fmt: skip
    rate, money = define_indicators(by=SYSTEM, specs=specs)
    return Place(make_state(), rate, money)


def counted() -> tuple[int, int]:
    """Values and entries of the ledger: a refusal moves neither."""
    return Observation.objects.count(), Entry.objects.count()
