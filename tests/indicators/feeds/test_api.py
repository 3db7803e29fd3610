"""The API: one secret per source, all rows or none, refusals that say which row and why in both languages."""

import json
import logging
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.indicators.feeds.world import World, allow, counts, make_feed_world, standing
from thucthi.directory.models import Account, Role
from thucthi.indicators.actions.feed_secrets import revoke_secret
from thucthi.indicators.actions.feeds import change_feed
from thucthi.indicators.models import FeedRun, FeedSecret
from thucthi.ledger.models import Entry

URL = "/api/v1/observations"
ROW = {"indicator": "5g", "organisation": "ubnd-an-binh", "period": "2026-Q1", "value": 40.5}


@pytest.fixture
def world(db: None, settings: Any) -> World:
    allow(settings)
    return make_feed_world()


@pytest.fixture
def secret(world: World) -> str:
    return world.secret(world.sender()).text


def headers(secret: str, key: str = "key-00001") -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", "Idempotency-Key": key}


def send(secret: str, *rows: object, key: str = "key-00001", body: str | None = None) -> Any:
    content = body if body is not None else json.dumps({"rows": rows})
    return Client().post(URL, content, content_type="application/json", headers=headers(secret, key))


def test_rows_are_taken_counted_and_shown_as_differences(world: World, secret: str) -> None:
    answer = send(secret, ROW, {**ROW, "organisation": "ubnd-hoa", "value": "0"})
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["outcome"], said["rows"], said["added"], said["corrected"], said["unchanged"]) == ("taken", 2, 2, 0, 0)
    assert said["differences"][0]["new"] == {"state": "number", "amount": "40.5"}
    assert standing(world.coverage) == {
        ("ubnd-an-binh", "2026-Q1"): ("number", "40.5"),
        ("ubnd-hoa", "2026-Q1"): ("confirmed_zero", "0"),
    }
    assert "Set-Cookie" not in answer.headers
    entry = Entry.objects.get(event="feeds.values_received")
    assert (entry.actor_id, entry.content["secret"]) == (None, secret[:11])
    assert Client().get(f"/api/v1/runs/{said['run']}", headers=headers(secret)).json() == said


def test_the_same_sending_is_taken_once(world: World, secret: str) -> None:
    first = send(secret, ROW)
    before = counts()
    again = send(secret, ROW)
    assert again.json() == first.json()
    assert (first["Idempotent-Replayed"], again["Idempotent-Replayed"]) == ("false", "true")
    other = send(secret, {**ROW, "value": 41})
    assert (other.status_code, other.json()["code"], other.json()["run"]) == (409, "key_used", first.json()["run"])
    assert counts() == before
    later = send(secret, ROW, key="key-00002").json()
    assert (later["outcome"], later["unchanged"]) == ("unchanged", 1)


def test_one_wrong_row_keeps_all_out_and_each_is_told_in_both_languages(world: World, secret: str) -> None:
    send(secret, {**ROW, "period": "2025-Q4"}, key="key-00000")
    before = counts()
    rows = [ROW, {**ROW, "indicator": "ngheo"}, {**ROW, "organisation": "ubnd-an-khe"}, {**ROW, "period": "x"}]
    answer = send(secret, *rows)
    assert (answer.status_code, answer.json()["code"]) == (422, "rows_refused")
    told = [(fault["row"], fault["field"], fault["code"]) for fault in answer.json()["faults"]]
    assert told == [(2, "indicator", "unknown_indicator"), (3, "organisation", "not_yours"), (4, "period", "unknown")]
    assert answer.json()["faults"][0]["message_vi"] == (
        "Không có chỉ tiêu mã “ngheo”. Đề nghị ghi mã như trong bảng mẫu."
    )
    assert all(fault["message_en"] for fault in answer.json()["faults"])
    assert counts() == (before[0], before[1], before[2] + 1, before[3] + 1)
    assert send(secret, ROW).json()["outcome"] == "taken", "a refused sending may be put right under its key"


def test_an_exact_number_stays_exact_and_no_float_passes(world: World, secret: str) -> None:
    body = '{"rows": [{"indicator": "5g", "organisation": "ubnd-an-binh", "period": "2026-Q1", "value": 0.100000}]}'
    assert send(secret, body=body).status_code == 200
    assert standing(world.coverage) == {("ubnd-an-binh", "2026-Q1"): ("number", "0.1")}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{", (400, "not_json")),
        ('{"rows": [{"value": NaN}]}', (400, "not_json")),
        ("[" * 100_000, (400, "not_json")),
        ("[]", (422, "wrong_shape", 0, "sending")),
        ("{}", (422, "wrong_shape", 0, "rows")),
        ('{"rows": []}', (422, "wrong_shape", 0, "rows")),
        ('{"rows": [{"indicator": "5g", "organisation": "a"}]}', (422, "wrong_shape", 1, "period")),
        (json.dumps({"rows": [ROW, {**ROW, "approved": True}]}), (422, "wrong_shape", 2, "approved")),
        (json.dumps({"rows": [{**ROW, "value": True}]}), (422, "wrong_shape", 1, "value")),
        (json.dumps({"rows": [{**ROW, "value": [1]}]}), (422, "wrong_shape", 1, "value")),
        (json.dumps({"rows": [ROW], "feed": 1}), (422, "wrong_shape", 0, "feed")),
        (json.dumps({"rows": [{**ROW, "value": 10**30}]}), (422, "rows_refused", 1, "value")),
        (json.dumps({"rows": [{**ROW, "state": "secret"}]}), (422, "rows_refused", 1, "state")),
        (json.dumps({"rows": [{**ROW, "indicator": "\0"}]}), (422, "rows_refused", 1, "indicator")),
    ],
)
def test_a_wrong_shape_is_told_by_row_and_field(secret: str, body: str, told: tuple[object, ...]) -> None:
    answer = send(secret, body=body)
    faults = [(fault["row"], fault["field"]) for fault in answer.json()["faults"][:1]]
    assert (answer.status_code, answer.json()["code"], *[part for fault in faults for part in fault]) == told
    assert counts()[:2] == (0, 0)


def test_too_much_at_once_is_refused(world: World, secret: str) -> None:
    rows = [{**ROW, "period": "2026-Q1"}] * 5001
    answer = send(secret, *rows)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    answer = send(secret, body=json.dumps({"rows": [{**ROW, "remark": "x" * 2_100_000}]}))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert counts()[:3] == (0, 0, 0)


@pytest.mark.parametrize("key", ["", "short", "x" * 201])
def test_a_sending_needs_a_key_of_its_own(world: World, secret: str, key: str) -> None:
    answer = send(secret, ROW, key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_key")
    assert counts()[:3] == (0, 0, 0)


def test_nothing_said_is_nothing_done_but_a_stated_absence_counts(world: World, secret: str) -> None:
    send(secret, ROW, key="key-00001")
    for row in ({**ROW, "value": None}, {**ROW, "value": ""}, {**ROW, "value": "chưa có"}):
        answer = send(secret, row, key=f"key-0002-{row['value']}")
        assert answer.json()["outcome"] == "unchanged"
    assert standing(world.coverage) == {("ubnd-an-binh", "2026-Q1"): ("number", "40.5")}
    answer = send(secret, {**ROW, "value": None, "state": "not_reported"}, key="key-00009")
    assert (answer.json()["outcome"], answer.json()["corrected"]) == ("taken", 1)
    assert standing(world.coverage) == {("ubnd-an-binh", "2026-Q1"): ("not_reported", "")}


def refused(secret: str, scheme: str = "Bearer") -> int:
    told = {"Authorization": f"{scheme} {secret}", "Idempotency-Key": "key-00001"}
    answer = Client().post(URL, json.dumps({"rows": [ROW]}), content_type="application/json", headers=told)
    if answer.status_code == 401:
        assert answer["WWW-Authenticate"] == "Bearer"
        assert Client().get(URL, headers=told).status_code == 401
    return answer.status_code


def test_only_a_secret_in_force_opens(world: World, secret: str) -> None:
    for wrong in ("", "tt_", secret[:-1], secret + "x", secret.upper(), secret.encode().hex(), "x" * 10_000):
        assert refused(wrong) == 401
    assert refused(secret, "Basic") == 401
    assert Client().get(f"{URL}?token={secret}").status_code == 401
    assert counts()[:3] == (0, 0, 0)
    entry = FeedSecret.objects.get()
    revoke_secret(entry, by=world.keeper)
    assert refused(secret) == 401
    FeedSecret.objects.update(revoked_at=None, expires_on=timezone.localdate() - timedelta(days=1))
    assert refused(secret) == 401
    FeedSecret.objects.update(expires_on=timezone.localdate())
    assert refused(secret) == 200


def test_a_stopped_source_is_forbidden(world: World, secret: str) -> None:
    feed = FeedSecret.objects.get().feed
    change_feed(feed, by=world.keeper, content=world.content(is_active=False))
    assert refused(secret) == 403
    assert counts()[:3] == (0, 0, 0)


def test_a_signed_in_person_is_no_machine(world: World, secret: str) -> None:
    client = Client(enforce_csrf_checks=True)
    person: Account = world.state.person(Role.STEERING_OFFICE, world.state.province)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    body = json.dumps({"rows": [ROW]})
    assert client.post(URL, body, content_type="application/json").status_code == 401
    assert client.get(URL).status_code == 401
    answer = client.post(URL, body, content_type="application/json", headers=headers(secret))
    assert answer.status_code == 200
    assert Entry.objects.get(event="feeds.values_received").actor_id is None


def test_a_source_sends_a_limited_number_of_requests(
    world: World, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = world.secret(FeedSecret.objects.get().feed).text
    # The minute may not turn on the way: the clock stands.
    moment = (timezone.now() + timedelta(minutes=1)).replace(second=10, microsecond=0)
    monkeypatch.setattr(
        "thucthi.indicators.api.proof.timezone", SimpleNamespace(now=lambda: moment, localdate=timezone.localdate)
    )
    answers = [Client().get(URL, headers=headers(secret)) for _ in range(61)]
    limited = answers.pop()
    assert {each.status_code for each in answers} == {200}
    assert (limited.status_code, limited["RateLimit-Policy"]) == (429, '"feed";q=60;w=60')
    assert limited["Retry-After"] == "50"
    assert Client().get(URL, headers=headers(other)).status_code == 200


def test_reading_gives_what_the_source_may_write_and_no_more(world: World, secret: str) -> None:
    send(secret, ROW, {**ROW, "organisation": "ubnd-hoa"}, key="key-00001")
    send(secret, {**ROW, "value": 41}, key="key-00002")
    whole = world.content(scope=None, indicators=(world.poverty, world.coverage))
    everywhere = world.state.viewer(Role.STEERING_OFFICE, world.state.government)
    feed = FeedSecret.objects.get().feed
    change_feed(feed, by=everywhere, content=whole)
    elsewhere = {**ROW, "organisation": "ubnd-an-khe"}
    send(secret, elsewhere, {**ROW, "organisation": "ca-nuoc"}, {**ROW, "indicator": "ngheo"}, key="key-00003")
    change_feed(feed, by=everywhere, content=world.content())
    page = Client().get(URL, headers=headers(secret)).json()
    assert [(row["organisation"], row["amount"]) for row in page["observations"]] == [
        ("ubnd-hoa", "40.5"),
        ("ubnd-an-binh", "41"),
    ]
    assert page["after"] is None
    first = Client().get(f"{URL}?limit=1", headers=headers(secret)).json()
    assert first["after"] == first["observations"][0]["id"]
    second = Client().get(f"{URL}?limit=1&after={first['after']}", headers=headers(secret)).json()
    assert [row["organisation"] for row in second["observations"]] == ["ubnd-an-binh"]
    for query, found in (("organisation=ubnd-hoa", 1), ("first=2026-Q2", 0), ("last=2026-Q1", 2), ("kind=sample", 0)):
        assert len(Client().get(f"{URL}?{query}", headers=headers(secret)).json()["observations"]) == found
    for wrong, name in (("limit=x", "limit"), ("limit=0", "limit"), ("after=9223372036854775808", "after"),
                        ("after=-1", "after"), ("indicator=%00", "indicator")):  # fmt: skip
        answer = Client().get(f"{URL}?{wrong}", headers=headers(secret))
        assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, name)


def test_a_run_of_another_source_does_not_exist(world: World, secret: str) -> None:
    foreign = world.take(world.asked(), b"")
    answer = Client().get(f"/api/v1/runs/{foreign.pk}", headers=headers(secret))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_run")
    assert FeedRun.objects.count() == 1


def test_other_methods_are_not_taken(world: World, secret: str) -> None:
    for method in ("put", "patch", "delete", "options", "head"):
        assert getattr(Client(), method)(URL, headers=headers(secret)).status_code == 405


def test_no_secret_is_written_down_anywhere(world: World, secret: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        send(secret, ROW)
        send(secret, {**ROW, "indicator": secret})
        send(secret + "x", ROW)
    kept = repr(list(FeedSecret.objects.values())) + repr(list(Entry.objects.values())) + caplog.text
    assert secret not in kept + repr([run.log for run in FeedRun.objects.all()])
    assert secret not in repr(world.secret(FeedSecret.objects.get().feed))


def test_the_use_of_a_secret_is_noted_once_an_hour(world: World, secret: str) -> None:
    for _ in range(3):
        Client().get(URL, headers=headers(secret))
    assert FeedSecret.objects.get().last_used_at is not None
    assert Entry.objects.filter(event="feed_secrets.used").count() == 1


def test_the_description_needs_nothing_from_elsewhere(world: World) -> None:
    answer = Client().get("/api/v1/feeds/openapi.json")
    described = answer.json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {"/api/v1/observations", "/api/v1/runs/{run}"}
    assert described["security"] == [{"secret": []}]
    assert "http" not in json.dumps(described).replace('"type": "http"', "")
    assert {"200", "401", "403", "409", "413", "422", "429"} <= set(
        described["paths"]["/api/v1/observations"]["post"]["responses"]
    )
    assert Client().post("/api/v1/feeds/openapi.json").status_code == 405
    assert Client().get("/api/v1/docs").status_code == 404
