"""Nothing that a person typed, is named by or proves himself with comes into a line of the log."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from tests.people import make_state
from thucthi.config.operation.logs import REQUEST_ID, Lines, described
from thucthi.directory.models import Role
from thucthi.kernel.gate import PUBLIC, door

NAME, MAIL, CARD, TELEPHONE = "Nguyễn Thị Hồng Ánh", "anh.nth@example.vn", "001188012345", "0912345678"
USERNAME, PASSWORD, TOKEN = "hong-anh-1988", "MậtKhẩuRấtDài-88", "ttp_Zk3vQ8mN5xW2bR7yT1"
SECRET_ADDRESS = "/lam-viec/lich/s3cretOfACalendar123.ics"
PLANTED = (NAME, MAIL, CARD, TELEPHONE, USERNAME, PASSWORD, TOKEN, "s3cretOfACalendar123", "Ánh")


@door(PUBLIC)
def breaking(request: HttpRequest) -> HttpResponse:
    """Fails with what was typed in the text of the error, and of its cause."""
    try:
        int(request.POST["card"])
        raise ValueError(f"{NAME} {request.POST['card']}")
    except ValueError as error:
        raise LookupError(f"no {MAIL}") from error


@door(PUBLIC)
def doubling(request: HttpRequest) -> HttpResponse:
    """Lets PostgreSQL quote a value."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::integer", [request.POST["card"] + NAME])
    return HttpResponse()


urlpatterns = [path("breaking/", breaking), path("doubling/", doubling), path("", include("thucthi.config.urls"))]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that any logger says, down to DEBUG, as the console would get it."""
    written, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Lines(as_json=True))
    loggers = [root, logging.getLogger("thucthi.request")]
    before = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    for each, level in zip(loggers, before, strict=True):
        each.setLevel(level)


def read(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def found_in(text: str) -> list[str]:
    return [planted for planted in PLANTED if planted in text]


@pytest.mark.django_db
@pytest.mark.urls("tests.operation.test_logs")
def test_planted_data_appears_in_no_line(lines: io.StringIO) -> None:
    state = make_state()
    person = state.person(Role.REPORTER, state.province)
    client = Client(raise_request_exception=False)
    for _ in range(9):  # past the limit of failures, where the library speaks loudest
        client.post("/tai-khoan/login/", {"login": USERNAME, "password": PASSWORD}, headers={"User-Agent": NAME})
    client.get(SECRET_ADDRESS)
    client.get(f"/lam-viec/{TELEPHONE}/")
    client.get("/lam-viec/tim/", {"q": NAME})
    client.get("/api/v1/org/tasks", headers={"Authorization": f"Bearer {TOKEN}"})
    client.post("/breaking/", {"card": CARD + TELEPHONE + "x"})
    with transaction.atomic():
        client.post("/doubling/", {"card": CARD})
        transaction.set_rollback(True)
    client.get("/", headers={"Host": f"{USERNAME}.example.vn"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/lam-viec/", {"ten": MAIL})
    Client(enforce_csrf_checks=True).post(f"/lam-viec/{USERNAME}/", {"x": PASSWORD})
    written = lines.getvalue()
    assert found_in(written) == []
    answered = [line for line in read(lines) if line["logger"] == "thucthi.request"]
    assert len(answered) >= 16
    assert {line["status"] for line in answered} >= {200, 404, 500, 401, 400}
    failed = [line for line in read(lines) if line["logger"] == "django.request" and "error" in line]
    assert failed[0]["error"] == ["LookupError", "ValueError"]
    assert failed[0]["places"][-1].endswith("breaking")
    assert failed[1]["error"][0] == "psycopg.errors.InvalidTextRepresentation 22P02"


@pytest.mark.django_db
@pytest.mark.urls("tests.operation.test_logs")
def test_planted_a_formatter_that_writes_what_it_is_handed_is_caught(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lines, "format", logging.Formatter.format)
    client = Client(raise_request_exception=False)
    client.post("/breaking/", {"card": CARD + "x"})
    client.get(f"/lam-viec/{TELEPHONE}/")
    assert set(found_in(lines.getvalue())) >= {MAIL, CARD, TELEPHONE}


@pytest.mark.django_db
def test_every_line_of_a_request_carries_its_id(lines: io.StringIO) -> None:
    known = "6f1c2b3a-0000-4000-8000-1234567890ab"
    Client().get("/lam-viec/khong-co/", headers={"X-Request-Id": known})
    told = read(lines)
    assert {line["request_id"] for line in told if line["logger"].startswith(("django", "thucthi"))} == {known}
    answered = next(line for line in told if line["logger"] == "thucthi.request")
    assert (answered["method"], answered["surface"], answered["status"]) == ("GET", "workspace", 404)
    assert set(answered) <= {
        "time", "level", "logger", "message", "request_id", "method", "page", "surface", "status", "ms",
    }  # fmt: skip
    assert REQUEST_ID.get() == ""


@pytest.mark.django_db
def test_the_database_calls_its_refusal_by_code_and_constraint() -> None:
    state = make_state()
    account = state.person(Role.REPORTER, state.province)
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_account (username, password, is_superuser, is_staff, is_active, date_joined,"
            " first_name, last_name, email) SELECT username, '', false, false, true, now(), '', '', '' "
            "FROM directory_account WHERE id = %s",
            [account.pk],
        )
    assert account.username in str(refused.value)
    assert account.username not in described(refused.value)
    assert described(refused.value).startswith("psycopg.errors.")


def test_what_went_wrong_with_a_connection_is_told_in_words() -> None:
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect("postgresql://nobody@127.0.0.1:1/none", connect_timeout=2)
    assert "127.0.0.1" in described(refused.value)
    assert described(OSError(28, "No space left on device", f"/evidence/{NAME}")) == "OSError No space left on device"


def record(name: str, message: str, *values: object, **named: Any) -> dict[str, Any]:
    made = logging.getLogger(name).makeRecord(name, logging.ERROR, "/x/y.py", 7, message, values, None, **named)
    told: dict[str, Any] = json.loads(Lines(as_json=True).format(made))
    return told


def test_our_own_lines_keep_their_values_and_those_of_others_do_not() -> None:
    ours = record("thucthi.ledger.tasks", "%s entries late, the first is %s", 3, "uid")
    assert ours["message"] == "3 entries late, the first is uid"
    assert record("axes.x", "New login failure by %s", USERNAME)["message"] == "New login failure by %s"
    assert record("somebody", f"failed for {USERNAME}")["message"] == "(y:7)"
    assert record("thucthi.x", "it failed: %s", ValueError(NAME))["message"] == "it failed: ValueError"


def test_a_job_is_told_by_number_and_task_without_what_it_was_given() -> None:
    job = {"id": 7, "task_name": "workspace.send", "task_kwargs": {"to": MAIL}}
    told = record(
        "procrastinate.worker", f"Job workspace.send[7](to={MAIL}) failed", extra={"job": job, "action": "job_error"}
    )
    assert (told["job"], told["task"], told["action"]) == (7, "workspace.send", "job_error")
    assert found_in(json.dumps(told, ensure_ascii=False)) == []


def test_on_a_console_the_same_stands_in_words() -> None:
    try:
        raise ValueError(NAME)
    except ValueError:
        made = logging.getLogger("thucthi.x").makeRecord(
            "thucthi.x", logging.ERROR, "/x/y.py", 7, "it failed", (), sys.exc_info(), extra={"facts": {"status": 500}}
        )
    line = Lines(as_json=False).format(made)
    assert " ERROR thucthi.x it failed status=500 error=['ValueError'] places=['" in line
    assert "\n" not in line
    assert found_in(line) == []
