"""A real server answers as a model might: well, badly, dishonestly."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from thucthi.intake.assistance import Assistant, NoSuggestions, suggested_tasks
from thucthi.intake.assistance.grounding import MARK

TEXT = "Mở đầu. Bộ Tài chính xây dựng đề án thử nghiệm, hoàn thành trước ngày 30/6/2027. Kết thúc."
HONEST = {
    "quote": "Bộ Tài chính xây dựng đề án thử nghiệm, hoàn thành trước ngày 30/6/2027.",
    "lead": "Bộ Tài chính", "coordinators": [], "deadline": "trước ngày 30/6/2027", "product": "đề án thử nghiệm",
}  # fmt: skip


def answer_of(tasks: object) -> bytes:
    content = json.dumps({"tasks": tasks}, ensure_ascii=False)
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@contextmanager
def model(answer: Callable[[BaseHTTPRequestHandler, Any], None]) -> Iterator[tuple[str, list[Any]]]:
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, dict(self.headers), body))
            answer(self, body)

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def saying(body: bytes, status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler, Any], None]:
    def answer(handler: BaseHTTPRequestHandler, _: Any) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_the_passage_goes_as_data_with_a_schema_and_the_key() -> None:
    with model(saying(answer_of([HONEST]))) as (url, asked):
        assert Assistant(url, "mau", "khoa").suggest(TEXT, is_public=True) == [HONEST]
    path, headers, body = asked[0]
    assert (path, headers["Authorization"], body["model"], body["temperature"]) == (
        "/v1/chat/completions", "Bearer khoa", "mau", 0,
    )  # fmt: skip
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["messages"][1]["content"] == f"<van_ban>\n{TEXT}\n</van_ban>"


def test_a_document_that_is_not_public_is_never_sent() -> None:
    with model(saying(answer_of([HONEST]))) as (url, asked):
        with pytest.raises(NoSuggestions, match="không công khai"):
            Assistant(url, "mau").suggest(TEXT, is_public=False)
        assert asked == []


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"no json", 200, "không đúng mẫu"),
        (b'{"choices": []}', 200, "không đúng mẫu"),
        (b'{"choices": [{"message": {"content": "no json"}}]}', 200, "không đúng mẫu"),
        (b"x" * 2_000_001, 200, "quá dài"),
        (b"", 500, "Chưa gọi được"),
    ],
)
def test_a_bad_answer_is_one_sentence(body: bytes, status: int, words: str) -> None:
    with model(saying(body, status)) as (url, _), pytest.raises(NoSuggestions, match=words):
        Assistant(url, "mau").suggest(TEXT, is_public=True)


def test_a_redirection_is_not_followed() -> None:
    with model(saying(answer_of([HONEST]))) as (elsewhere, reached):
        with (
            model(saying(b"", 307, Location=f"{elsewhere}/chat/completions")) as (url, _),
            pytest.raises(NoSuggestions),
        ):
            Assistant(url, "mau").suggest(TEXT, is_public=True)
        assert reached == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1:1/v1"])
def test_no_address_and_a_dead_one_are_sentences(url: str) -> None:
    with pytest.raises(NoSuggestions):
        Assistant(url, "mau").suggest(TEXT, is_public=True)


def test_suggestions_of_another_shape_are_left_out() -> None:
    crooked = [{**HONEST, "lead": 5}, {"quote": "x"}, "words", {**HONEST, "more": 1}, {**HONEST, "coordinators": None}]
    with model(saying(answer_of([*crooked, HONEST]))) as (url, _):
        assert Assistant(url, "mau").suggest(TEXT, is_public=True) == [HONEST]


def test_what_stands_in_the_text_is_kept_and_marked() -> None:
    task = suggested_tasks([HONEST], text=TEXT, start=0, end=len(TEXT), issued_on=date(2026, 1, 1))[0]
    assert (task.text, TEXT[task.start : task.end], task.lead) == (HONEST["quote"], task.text, ("Bộ Tài chính",))
    assert task.deadline is not None
    assert (task.deadline.end, task.product, task.doubts) == (date(2027, 6, 30), "đề án thử nghiệm", (MARK,))


def test_what_the_model_invents_is_dropped_and_said() -> None:
    invented = {**HONEST, "lead": "Bộ Y tế", "coordinators": ["Bộ Tài chính", "Sở Lạ"], "deadline": "năm 2031"}
    task = suggested_tasks([invented], text=TEXT, start=0, end=len(TEXT), issued_on=None)[0]
    assert (task.lead, task.coordinators) == ((), ("Bộ Tài chính",))
    assert task.deadline is not None
    assert (task.deadline.end, len(task.doubts)) == (None, 4)


def test_an_invented_quotation_and_one_from_elsewhere_give_no_task() -> None:
    invented = {**HONEST, "quote": "Bộ Tài chính bãi bỏ mọi quy định."}
    assert suggested_tasks([invented], text=TEXT, start=0, end=len(TEXT), issued_on=None) == ()
    assert suggested_tasks([HONEST], text=TEXT, start=20, end=len(TEXT), issued_on=None) == ()
