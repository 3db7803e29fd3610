"""Where the web server would listen is tried first, and a refusal says what to do."""

import socket

import pytest

from thucthi.config.supervisor import Trouble
from thucthi.config.supervisor.listening import Place, answers, place_to_listen, require_free, web_processes
from thucthi.config.supervisor.running import web_command


def test_a_busy_port_is_told_with_another_to_choose() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Trouble) as caught:
            require_free(Place("127.0.0.1", port))
    assert caught.value.vietnamese == (
        f"Cổng {port} đang được một chương trình khác dùng. Xin hãy dừng chương trình đó, "
        f"hoặc chọn cổng khác: PORT={port + 1 if port < 65535 else port - 1} make run"
    )
    assert f"Port {port} is in use" in caught.value.english
    require_free(Place("127.0.0.1", port))
    assert not answers(Place("127.0.0.1", port))


def test_an_address_that_is_not_here_is_told() -> None:
    with pytest.raises(Trouble, match=r"HOST=127\.0\.0\.1"):
        require_free(Place("192.0.2.1", 8000))
    with pytest.raises(Trouble, match=r"HOST=127\.0\.0\.1"):
        require_free(Place("no-such-host.invalid", 8000))


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "8000 ", "٨٠٠٠", "8_000"])
def test_what_is_no_port_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Trouble, match="không phải số cổng"):
        place_to_listen()


def test_the_place_and_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    assert place_to_listen() == Place("127.0.0.1", 8000)
    monkeypatch.setenv("HOST", "0.0.0.0")  # noqa: S104 - nothing is opened
    monkeypatch.setenv("PORT", "8081")
    assert place_to_listen().page == "http://127.0.0.1:8081"
    assert Place("::", 80).page == "http://[::1]:80"


@pytest.mark.parametrize("text", ["two", "0", "65", "-1", "1 ", "٢"])
def test_what_is_no_number_of_processes_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THUCTHI_WEB_PROCESSES", text)
    with pytest.raises(Trouble, match="không phải số tiến trình"):
        web_processes()


def test_one_process_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THUCTHI_WEB_PROCESSES", raising=False)
    assert web_processes() == 1
    monkeypatch.setenv("THUCTHI_WEB_PROCESSES", "2")
    command = web_command("127.0.0.1", 8000, web_processes())
    assert command[command.index("--processes") + 1] == "2"
