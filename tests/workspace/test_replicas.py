"""A list that tolerates lag is read from the standby and says so; everything else is read where it is written.

The "standby" is another database with other content, so that one sees which of the two was asked. A real one, with real
lag, stands in `make ha-test`.
"""

from collections.abc import Iterator
from typing import Any

import dj_database_url
import pytest
from django.conf import settings as configured
from django.db import connections
from django.test import Client

from tests.database import copy_of_the_migrated
from tests.people import State, make_state
from thucthi.config.supervisor import LocalPostgres
from thucthi.directory.models import Account, Role
from thucthi.kernel.replicas import WROTE

OVERVIEW = "/lam-viec/tinh-hinh/chinh-phu/"
PAGE_OF_THE_BODY = "/lam-viec/don-vi/chinh-phu/"
FORM = "/lam-viec/cho-duyet/chap-nhan/"
SAID = "Số liệu chậm 0 giây"


@pytest.fixture
def standby(fresh_database: str, postgres: LocalPostgres) -> Iterator[State]:
    """The primary with a small state in it, and a copy of it as the standby; then the primary goes on by one body."""
    state = make_state()
    state.person(Role.APPROVER, state.government)
    connections.close_all()
    copy_of_the_migrated(postgres, "standby", template="fresh")
    at = dj_database_url.parse(postgres.url("app", "standby"))
    options = connections.settings["default"]
    connections.settings["replica"] = {**options, **{name: at[name] for name in ("NAME", "USER", "PASSWORD", "HOST")}}
    try:
        yield state
    finally:
        connections["replica"].close()
        del connections["replica"]
        del connections.settings["replica"]
        postgres.drop_database("standby")


def _signed_in(state: State) -> Client:
    client = Client()
    client.force_login(_account(state))
    return client


def _account(state: State) -> Account:
    account = state.person(Role.APPROVER, state.government)
    account.backend = "django.contrib.auth.backends.ModelBackend"  # type: ignore[attr-defined]
    return account


def _rename(state: State) -> None:
    """On the primary alone."""
    type(state.government).objects.filter(pk=state.government.pk).update(official_name="Chính phủ đổi tên")


def test_a_list_is_read_from_the_standby_and_says_how_old_it_is(standby: State) -> None:
    client = _signed_in(standby)
    _rename(standby)
    page = client.get(OVERVIEW).content.decode()
    assert SAID in page
    assert "Chính phủ đổi tên" not in page


def test_other_pages_are_read_from_the_primary(standby: State) -> None:
    client = _signed_in(standby)
    _rename(standby)
    page = client.get(PAGE_OF_THE_BODY).content.decode()
    assert "Số liệu chậm" not in page
    assert "Chính phủ đổi tên" in page


def test_whoever_has_just_written_reads_what_he_wrote(standby: State) -> None:
    client = _signed_in(standby)
    _rename(standby)
    client.cookies[WROTE] = "1"
    page = client.get(OVERVIEW).content.decode()
    assert "Số liệu chậm" not in page
    assert "Chính phủ đổi tên" in page


def test_a_form_that_was_sent_is_remembered(standby: State) -> None:
    sent = _signed_in(standby).post(FORM, {})
    assert sent.cookies[WROTE]["max-age"] == configured.REPLICA_LAG + 5


def test_a_standby_that_is_late_is_left(standby: State, settings: Any) -> None:
    settings.REPLICA_LAG = -1
    assert "Số liệu chậm" not in _signed_in(standby).get(OVERVIEW).content.decode()


def test_a_standby_that_does_not_answer_is_left(standby: State) -> None:
    connections["replica"].settings_dict["NAME"] = "nowhere"
    answer = _signed_in(standby).get(OVERVIEW)
    assert answer.status_code == 200
    assert "Số liệu chậm" not in answer.content.decode()


def test_the_connection_is_the_primarys_again_afterwards(standby: State) -> None:
    _signed_in(standby).get(OVERVIEW)
    assert connections["default"].settings_dict["NAME"] == "fresh"


def test_without_a_standby_nothing_is_said_and_nothing_remembered(fresh_database: str) -> None:
    state = make_state()
    client = _signed_in(state)
    assert "Số liệu chậm" not in client.get(OVERVIEW).content.decode()
    assert WROTE not in client.post(FORM, {}).cookies
