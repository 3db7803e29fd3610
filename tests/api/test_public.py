"""The published issues for programs: pages, names, filters, caching, refusals; no database."""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_type_hints

import pytest
from django.db import connection
from django.test import Client

from tests.api.world import ROOT, ask, make_published
from tests.kept_states import Kept
from tests.monitoring.world import World
from thucthi.public_site.api.doors import POLICY
from thucthi.public_site.api.schemas import KINDS, words
from thucthi.publication import files, shapes
from thucthi.publication.models import Snapshot


@pytest.fixture
def issue(kept: Kept[tuple[World, Snapshot]]) -> Iterator[Snapshot]:
    _world, snapshot = kept(make_published)
    with connection.execute_wrapper(_refuse):
        yield snapshot


def _refuse(*_: Any) -> None:
    raise AssertionError("the public API asked the database")


def frozen(snapshot: Snapshot) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files.read_file(snapshot.manifest_hash, files.DATA))
    return found


def all_pages(path: str) -> list[Any]:
    found, cursor = [], ""
    while True:
        told = ask(f"{path}&cursor={cursor}" if cursor else path).json()
        found += told["items"]
        if told["next"] is None:
            assert told["total"] == len(found)
            return found
        cursor = told["next"]


@pytest.mark.parametrize("kind", ["documents", "programmes", "tasks", "organisations", "indicators", "obstacles"])
def test_the_pages_together_are_the_collection(issue: Snapshot, kind: str) -> None:
    expected = frozen(issue)[kind]
    assert all_pages(f"/{kind}?limit=2") == expected
    assert all_pages(f"/{kind}?limit=200") == expected
    for thing in expected:
        told = ask(f"/{kind}/{thing.get('code') if kind != 'documents' else thing['slug']}").json()
        assert told["item"] == thing
        assert told["issue"] == frozen(issue)["header"]


def test_what_is_filtered(issue: Snapshot) -> None:
    tasks = frozen(issue)["tasks"]
    late = [each["code"] for each in tasks if each["standing"]["schedule"] == "overdue"]
    assert [each["code"] for each in ask("/tasks?schedule=overdue").json()["items"]] == late != []
    lead = tasks[0]["lead"]
    led = [each["code"] for each in tasks if each["lead"] == lead or lead in each["answering"]]
    assert [each["code"] for each in ask(f"/tasks?organisation={lead}").json()["items"]] == led != []
    assert ask("/tasks?organisation=khong-co").json()["items"] == []
    assert ask("/tasks?stage=xong").status_code == 422


def test_values_are_those_of_the_file(issue: Snapshot) -> None:
    code = frozen(issue)["indicators"][0]["code"]
    told = ask(f"/values?indicator={code}").json()
    file = files.read_file(issue.manifest_hash, f"chi-tieu/{code}/gia-tri.csv").decode("utf-8-sig")
    assert told["total"] == len(file.splitlines()) - 1 > 0
    assert {type(each["amount"]) for each in told["items"]} <= {str, type(None)}
    assert ask("/values").status_code == 422
    assert ask("/values?indicator=khong-co").status_code == 404


def test_heads_of_an_answer(issue: Snapshot) -> None:
    answer = ask("/tasks?limit=1")
    assert answer["Cache-Control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert answer["Last-Modified"].endswith("GMT")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (answer["RateLimit-Policy"], answer["RateLimit"].split(";t=")[0]) == (
        '"public";q=300;w=60',
        '"public";r=299',
    )
    assert not answer.cookies
    address, rel = answer["Link"].split("; ")
    assert rel == 'rel="next"'
    following = Client().get(address.strip("<>")).json()
    assert following["items"] == [frozen(issue)["tasks"][1]]
    assert f"issue={issue.issue}" in address
    again = ask("/tasks?limit=1", If_None_Match=answer["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    assert ask("/tasks?limit=2", If_None_Match=answer["ETag"]).status_code == 200
    head = Client().head(f"{ROOT}/tasks?limit=1")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", answer["ETag"])


def test_an_issue_by_its_name(issue: Snapshot) -> None:
    assert ask(f"/issue?issue={issue.issue}").json()["header"] == frozen(issue)["header"]
    assert ask("/issues").json()["items"][0]["manifest_hash"] == issue.manifest_hash
    # What was only prepared is on the disk and yet does not exist.
    names = ("2030-W01", issue.manifest_hash[:20], "latest", "corrections.json")
    answers = [ask(f"/issue?issue={name}") for name in names]
    assert {(each.status_code, each.content) for each in answers} == {(404, answers[0].content)}


def problem_of(answer: Any) -> tuple[int, str, list[str]]:
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["detail"]
    assert told["detail_en"]
    return told["status"], told["code"], [each["parameter"] for each in told["errors"]]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/tasks?limit=0", (422, "wrong_parameter", ["limit"])),
        ("/tasks?limit=201", (422, "wrong_parameter", ["limit"])),
        ("/tasks?limit=9223372036854775808", (422, "wrong_parameter", ["limit"])),
        ("/tasks?limit=NaN", (422, "wrong_parameter", ["limit"])),
        ("/tasks?limitt=1", (422, "wrong_parameter", ["limitt"])),
        ("/tasks?limit=1&limit=2", (422, "wrong_parameter", ["limit"])),
        ("/tasks?document=%00", (422, "wrong_parameter", ["document"])),
        ("/tasks?document=%ED%A0%80", (422, "wrong_parameter", ["document"])),
        ("/tasks?schedule=late", (422, "unknown_word", ["schedule"])),
        ("/tasks?cursor=abc", (400, "wrong_cursor", ["cursor"])),
        ("/tasks?cursor=" + "A" * 5000, (400, "wrong_cursor", ["cursor"])),
        ("/tasks?cursor=W1tbW1tbW1tb", (400, "wrong_cursor", ["cursor"])),
        ("/tasks/khong-co", (404, "not_found", [])),
        ("/khong-co", (404, "not_found", [])),
    ],
)
def test_what_is_refused(issue: Snapshot, path: str, expected: tuple[int, str, list[str]]) -> None:
    assert problem_of(ask(path)) == expected


def test_a_cursor_belongs_to_its_issue_and_question(issue: Snapshot) -> None:
    cursor = ask("/tasks?limit=1").json()["next"]
    assert problem_of(ask(f"/organisations?cursor={cursor}")) == (400, "wrong_cursor", ["cursor"])
    assert problem_of(ask(f"/tasks?stage=done&cursor={cursor}")) == (400, "wrong_cursor", ["cursor"])
    data = frozen(issue)
    data["header"]["issue"] = "2026-W99"
    another = files.write_issue([("issue.json", json.dumps(data).encode())])
    files.make_latest(another.manifest_hash)
    told = ask(f"/tasks?limit=1&cursor={cursor}")
    assert problem_of(told) == (400, "cursor_of_another_issue", [])
    assert f"issue={issue.issue}" in told.json()["detail"]
    assert ask(f"/tasks?limit=1&issue={issue.issue}&cursor={cursor}").json()["items"] == [frozen(issue)["tasks"][1]]


def test_it_only_reads(issue: Snapshot) -> None:
    for method in ("post", "put", "patch", "delete", "options"):
        answer = getattr(Client(), method)(f"{ROOT}/tasks")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_too_many_requests_are_told_when_to_come_back(issue: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thucthi.public_site.api.doors.time.time", lambda: 1_800_000_010.0)
    answers = [ask("/issues?limit=1") for _ in range(POLICY.quota)]
    assert {each.status_code for each in answers} == {200}
    refused = ask("/issues?limit=1")
    assert problem_of(refused) == (429, "too_many", [])
    assert (refused["Retry-After"], refused["RateLimit"]) == ("50", '"public";r=0;t=50')
    assert Client(REMOTE_ADDR="192.0.2.1").get(f"{ROOT}/issues").status_code == 200


def test_before_the_first_issue(db: None) -> None:
    assert problem_of(ask("/tasks")) == (404, "not_found", [])


def test_the_description(issue: Snapshot) -> None:
    told = ask("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert set(told["paths"]) >= {f"{ROOT}/{kind}" for kind in KINDS} | {f"{ROOT}/issue"}
    for name, schema in told["components"]["schemas"].items():
        for field, said in schema.get("properties", {}).items():
            assert " · " in said["description"], (name, field)
    page = ask("/")
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "<script" not in page.content.decode()


def test_every_field_of_an_issue_is_described_in_both_languages() -> None:
    every = {
        each.name for shape in vars(shapes).values() if hasattr(shape, "__dataclass_fields__") for each in fields(shape)
    }
    assert sorted(every - words().keys()) == []
    assert all(get_type_hints(shape) for shape in vars(shapes).values() if hasattr(shape, "__dataclass_fields__"))


def test_an_issue_from_before_a_field_was_added_is_still_read(issue: Snapshot) -> None:
    data = frozen(issue)
    for each in data["organisations"]:
        del each["statements"], each["successors"]
    older = files.write_issue([(files.DATA, json.dumps(data).encode())])
    files.put_before_the_public(older.manifest_hash, "2020-W01")
    code = data["organisations"][0]["code"]
    assert ask(f"/organisations/{code}?issue=2020-W01").json()["item"] == data["organisations"][0]
    assert ask("/organisations?limit=5&issue=2020-W01").json()["items"] == data["organisations"][:5]
