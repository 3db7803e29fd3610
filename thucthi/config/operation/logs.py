"""Lines of the log: what happened and where, never to whom.

Nothing that a person typed, is named by, or proves himself with may reach a log (docs/adr/0038). A log is copied to
other machines and read by people who may not see the data. So a line holds what this file allows, whatever comes:

- of our own loggers the text and its values, but of an exception only what kind it is;
- of other libraries the text *before* values are put in, since we do not know what they put in: axes would tell who
  failed to sign in, Django the whole address with the secret of a calendar;
- of an exception its kind, the code of PostgreSQL with the name of the constraint, and the places in the program. Its
  own text would often quote what was typed ("Key (cccd)=(…) already exists").
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import psycopg

OURS = "thucthi"
MOST_FRAMES, MOST_CAUSES = 12, 4
# The request (X-Request-Id) that is being answered; "" outside of one.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")

Thrown = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Lines(logging.Formatter):
    """One line for each record: JSON for programs, words for a console."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self.as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        line = allowed(record)
        return json.dumps(line, ensure_ascii=False) if self.as_json else _in_words(line)


def allowed(record: logging.LogRecord) -> dict[str, Any]:
    """What a line may say of `record`."""
    line: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": _message(record),
        "request_id": REQUEST_ID.get() or getattr(getattr(record, "request", None), "request_id", ""),
        **_facts(record),
    }
    if record.exc_info and record.exc_info[1] is not None:
        line["error"] = [described(error) for error in _chain(record.exc_info[1])]
        line["places"] = _places(record.exc_info)
    return {name: value for name, value in line.items() if value not in ("", None)}


def _message(record: logging.LogRecord) -> str:
    text = str(record.msg)
    if record.name.split(".")[0] != OURS:
        # Without values it may be a sentence, or one in which values stand already: then only where it came from.
        return text if record.args else f"({record.module}:{record.lineno})"
    values = record.args if isinstance(record.args, tuple) else (record.args,) if record.args else ()
    safe = tuple(described(value) if isinstance(value, BaseException) else value for value in values)
    return text % safe if safe else text


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """Ours: what the caller lists under `facts`. Of the queue: which job, of which task, and what became of it.

    Of Django's about a request: what was answered and the name of the address.
    """
    facts = dict(getattr(record, "facts", None) or {}) if record.name.split(".")[0] == OURS else {}
    job = getattr(record, "job", None)
    if record.name.startswith("procrastinate") and isinstance(job, dict):
        facts |= {"job": job.get("id"), "task": job.get("task_name"), "action": getattr(record, "action", None)}
    if record.name.startswith("django"):
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        facts |= {"status": getattr(record, "status_code", None), "page": match.view_name if match else None}
    return facts


def described(error: BaseException) -> str:
    """The kind of an error and what PostgreSQL or the operating system calls it, without a word of data."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, psycopg.Error):
        told = [error.sqlstate or "", error.diag.constraint_name or "", error.diag.table_name or ""]
        if not error.sqlstate and isinstance(error, psycopg.OperationalError):
            told.append(str(error).partition("\n")[0])  # of the connection: no statement was understood yet
        return " ".join([kind, *filter(None, told)])
    if isinstance(error.__cause__, psycopg.Error):
        return described(error.__cause__)  # Django's, around psycopg's
    if isinstance(error, OSError) and error.strerror:
        return f"{kind} {error.strerror}"
    return kind


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and len(found) < MOST_CAUSES:
        found.append(following)
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return found


def _places(thrown: Thrown) -> list[str]:
    """The innermost places, as module path, line and function; never the text of the line."""
    frames = traceback.extract_tb(thrown[2])[-MOST_FRAMES:]
    return [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in frames]


def _in_words(line: dict[str, Any]) -> str:
    head = " ".join(str(line.get(name, "")) for name in ("time", "level", "logger", "message"))
    rest = [f"{name}={value}" for name, value in line.items() if name not in ("time", "level", "logger", "message")]
    return " ".join([head, *rest])
