"""How questions are asked: each check in words, how often it asks honest units, and what people found behind it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.monitoring.calculations import honesty
from thucthi.monitoring.calculations.honesty.catalogue import CATALOGUE, CheckInWords
from thucthi.monitoring.selectors.questions import confirmed_shares, verdicts
from thucthi.monitoring.selectors.scopes import scope_for


@dataclass(frozen=True, slots=True)
class Method:
    """One check; `rate` None for a check of facts, which has no false-positive rate of its own."""

    words: CheckInWords
    rate: honesty.Rate | None
    confirmed: honesty.Confirmed

    @property
    def title(self) -> str:
        return _(self.words.title)

    @property
    def how(self) -> str:
        return _(self.words.how)

    @property
    def also(self) -> str:
        return _(self.words.also)


@dataclass(frozen=True, slots=True)
class Methods:
    """All checks, for peers of one kind: how many of the `expected.looked_at` honest units would still be shown."""

    facts: tuple[Method, ...]
    by_peers: tuple[Method, ...]
    expected: honesty.Expected
    shown: honesty.Rate
    measured_on: date
    measured_peers: int


def methods(viewer: Viewer, kind: str, year: int, today: date) -> Methods:
    """The checks with the rates measured on groups about as large as this one, and the shares confirmed so far."""
    scope = scope_for(viewer, kind, year, today)
    rates, shares = honesty.rates_for(len(scope.peers)), confirmed_shares(verdicts())
    found = [
        Method(words, rates.by_check.get(words.code), shares.get(words.code, honesty.Confirmed()))
        for words in CATALOGUE
    ]
    shown = rates.by_check[honesty.SHOWN]
    return Methods(
        facts=tuple(row for row in found if not row.words.is_by_peers),
        by_peers=tuple(row for row in found if row.words.is_by_peers),
        expected=honesty.expected_false(len(scope.peers), shown),
        shown=shown,
        measured_on=rates.measured_on,
        measured_peers=rates.peers,
    )
