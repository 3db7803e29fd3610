"""Tokens: who gives them, what is kept, how long they hold; the pages around them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.api.world import ask_as, token_of
from tests.kept_states import Kept
from tests.people import State, make_state
from thucthi.directory.actions import NewToken, give_token, revoke_token
from thucthi.directory.models import ApiToken, Organisation, Role
from thucthi.kernel.bearer import digest_of
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.ledger.models import Entry


@pytest.fixture
def state(kept: Kept[State]) -> State:
    return kept(make_state)


def new_for(body: Organisation | None, **other: Any) -> NewToken:
    given = {"name": "Kho", "scopes": ("tasks:read",), "expires_on": timezone.localdate() + timedelta(days=30)}
    return NewToken(body, **{**given, **other})


@pytest.mark.parametrize(
    ("role", "where", "may"),
    [
        (Role.HEAD, "province", True),
        (Role.ACCOUNT_ADMIN, "province", True),
        (Role.ACCOUNT_ADMIN, "government", True),
        (Role.HEAD, "government", False),
        (Role.HEAD, "finance", False),
        (Role.ACCOUNT_ADMIN, "commune", False),
        (Role.REPORTER, "province", False),
        (Role.STEERING_OFFICE, "government", False),
    ],
)
def test_who_may_give_one(state: State, role: Role, where: str, may: bool) -> None:
    by, before = state.viewer(role, getattr(state, where)), Entry.objects.count()
    if may:
        given = give_token(by=by, new=new_for(state.province), today=timezone.localdate())
        entry = Entry.objects.latest("pk")
        assert (entry.event, entry.content["prefix"]) == ("api_token.given", given.entry.prefix)
        assert given.text not in str(entry.content)
    else:
        with pytest.raises(Forbidden):
            give_token(by=by, new=new_for(state.province), today=timezone.localdate())
    assert (ApiToken.objects.count(), Entry.objects.count()) == (int(may), before + int(may))


def test_only_the_digest_is_kept(state: State) -> None:
    given = token_of(state.province)
    row = ApiToken.objects.values().get()
    assert row["digest"] == digest_of(given.text)
    assert given.text not in str(row)
    assert given.text not in repr(given)
    assert given.text.startswith(row["prefix"])


def test_what_is_refused_together(state: State) -> None:
    today = timezone.localdate()
    with pytest.raises(Refused) as refusal:
        give_token(
            by=state.viewer(Role.HEAD, state.province),
            new=new_for(None, name=" ", scopes=("tasks:write",), expires_on=today + timedelta(days=367)),
            today=today,
        )
    assert [fault.field for fault in refusal.value.faults] == ["organisation", "name", "scopes", "expires_on"]
    assert not ApiToken.objects.exists()


def test_a_token_ends(state: State) -> None:
    given = token_of(state.province)
    assert ask_as(given.text, "/token").json()["organisation"] == "ubnd-an-binh"
    assert ApiToken.objects.get().last_used_at is not None
    revoke_token(given.entry, by=state.viewer(Role.HEAD, state.province), at=timezone.now())
    assert ask_as(given.text, "/token").status_code == 401
    other = token_of(state.province)
    ApiToken.objects.filter(pk=other.entry.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert ask_as(other.text, "/token").status_code == 401
    third = token_of(state.commune)
    Organisation.objects.filter(pk=state.commune.pk).update(valid_to=timezone.localdate() - timedelta(days=1))
    assert ask_as(third.text, "/token").status_code == 401


def signed_in(state: State, role: Role, body: Organisation) -> Client:
    client = Client()
    client.force_login(state.person(role, body), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_pages(state: State) -> None:
    client = signed_in(state, Role.HEAD, state.province)
    typed = {
        "organisation": "ubnd-an-binh", "name": "Kho dữ liệu", "scopes": ["tasks:read", "values:read"],
        "expires_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    shown = client.post(reverse("directory:tokens"), typed)
    row = ApiToken.objects.get()
    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    assert row.scopes == ["tasks:read", "values:read"]
    page = client.get(reverse("directory:tokens")).content.decode()
    assert row.prefix in page
    assert row.digest not in page
    refused = client.post(reverse("directory:tokens"), {**typed, "organisation": "bo-tai-chinh"})
    assert (refused.status_code, ApiToken.objects.count()) == (422, 1)
    assert "Kho dữ liệu" in refused.content.decode()
    elsewhere = signed_in(state, Role.HEAD, state.finance)
    assert elsewhere.post(reverse("directory:revoke_token", args=[row.pk])).status_code == 404
    assert client.post(reverse("directory:revoke_token", args=[row.pk])).status_code == 302
    assert ApiToken.objects.get().revoked_at is not None
