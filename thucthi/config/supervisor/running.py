"""`thucthi run`: database, structure, demonstration, web server and worker, until asked to stop."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from thucthi.config.supervisor.addresses import (
    Addresses,
    Instance,
    announce,
    examine,
    given_addresses,
    run_lock,
    running_instance,
    withdraw,
)
from thucthi.config.supervisor.children import Child, stop_all
from thucthi.config.supervisor.environment import (
    ACCOUNTS,
    DJANGO,
    STEPS,
    WORKER,
    environment_for,
    in_production,
    state_directory,
    step,
)
from thucthi.config.supervisor.listening import Place, answers, place_to_listen, require_free, web_processes
from thucthi.config.supervisor.places import Lock, own_directory
from thucthi.config.supervisor.postgres import LocalPostgres, start_after_others
from thucthi.config.supervisor.progress import Say
from thucthi.config.supervisor.trouble import AlreadyRunning, Trouble

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_FIRST_ANSWER_WITHIN = 60.0
_GIVE_UP_AFTER = 3
_LOOK_EVERY = 0.3


def run(say: Say) -> None:
    """Serve until Ctrl-C or SIGTERM; returns after everything we started has stopped. Raises Trouble."""
    state = own_directory(state_directory())
    lock = _only_one(state)
    withdraw(state)  # what a killed one had announced
    try:
        place = place_to_listen()
        web_processes()
        require_free(place)
        with _stopping_on_signals(say):
            _serve(state, place, say)
    finally:
        withdraw(state)
        lock.release()


def _only_one(state: Path) -> Lock:
    lock = run_lock(state)
    try:
        lock.take()
    except AlreadyRunning:
        instance = running_instance(state)
        there, at = (f", tại {instance.page}", f" at {instance.page}") if instance else (" (còn đang khởi động)", "")
        raise AlreadyRunning(
            f"Thực Thi đang chạy rồi{there}. Xin hãy dùng trang đó, hoặc dừng nó bằng Ctrl-C ở cửa sổ kia.",
            f"Thực Thi is already running{at}. Use that page, or stop it with Ctrl-C in its window.",
        ) from None
    return lock


@contextmanager
def _stopping_on_signals(say: Say) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        for one in _STOP_SIGNALS:
            signal.signal(one, signal.SIG_IGN)  # asked once is enough: a second Ctrl-C must not cut the stopping short
        raise KeyboardInterrupt

    before = {one: signal.getsignal(one) for one in _STOP_SIGNALS}
    for one in _STOP_SIGNALS:
        if one != signal.SIGHUP or before[one] != signal.SIG_IGN:  # nohup asked to outlive the terminal
            signal.signal(one, stop)
    try:
        yield
    except KeyboardInterrupt:
        say("Đã dừng", "Stopped")
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _serve(state: Path, place: Place, say: Say) -> None:
    postgres: LocalPostgres | None = None
    children: list[Child] = []
    try:
        addresses = given_addresses()
        if addresses:
            examine(addresses)
        else:
            say("Đang khởi động PostgreSQL", "Starting PostgreSQL")
            postgres = LocalPostgres(state, say=say)
            start_after_others(postgres, say)
            addresses = Addresses(postgres.url("app"), postgres.url("owner"))
        _prepare(addresses, say)
        children += _children(addresses, place, say)
        _first_answer(children, place, say)
        announce(state, Instance(os.getpid(), place.page, addresses.application, addresses.owner))
        _welcome(state, place, say)
        _watch(children, postgres)
    finally:
        if children:
            say("Đang dừng", "Stopping")
        stop_all(children)
        if postgres:
            postgres.stop()


def _prepare(addresses: Addresses, say: Say) -> None:
    if addresses.owner:
        say("Đang cập nhật cấu trúc dữ liệu", "Bringing the database structure up to date")
        _require(step([*STEPS, "migrate"], addresses, owner=True))
    else:
        say("Không có DATABASE_OWNER_URL: không cập nhật cấu trúc", "No DATABASE_OWNER_URL: structure left as it is")
    _require(step([*DJANGO, "agree_with_published"], addresses))
    say("Đang chuẩn bị dữ liệu và giao diện", "Preparing data and static files")
    _require(step([*STEPS, "static" if in_production() else "demonstration"], addresses))


def _require(status: int) -> None:
    if status:
        raise Trouble(
            "Bước chuẩn bị không thành công; lý do ở các dòng trên. Sửa xong hãy chạy lại make run.",
            "A preparatory step failed; the reason stands above. Put it right and run make run again.",
        )


def web_command(host: str, port: int, processes: int = 1) -> list[str]:
    """The web server with the application, listening at `host`:`port`; each process draws pages on one core."""
    options = ("--host", host, "--port", str(port), "--processes", str(processes))
    return [sys.executable, "-m", "thucthi.config.serving", *options]


def worker_command() -> list[str]:
    """What works off the queue."""
    return list(WORKER)


def _children(addresses: Addresses, place: Place, say: Say) -> list[Child]:
    environment = environment_for(addresses)
    return [
        Child(
            ("Máy chủ web", "The web server"), web_command(place.host, place.port, web_processes()), environment, say
        ),
        # Asked politely just when its database goes away, it was seen to wait for ever; its jobs are kept in the queue.
        Child(("Tiến trình việc nền", "The worker"), worker_command(), environment, say, last_signal=signal.SIGKILL),
    ]


def _first_answer(children: list[Child], place: Place, say: Say) -> None:
    say("Đang mở máy chủ web", "Opening the web server")
    web = children[0]
    deadline = time.monotonic() + _FIRST_ANSWER_WITHIN
    while True:
        for child in children:
            child.tend()
        if web.pid and answers(place):
            return
        if web.failures >= _GIVE_UP_AFTER or time.monotonic() > deadline:
            raise Trouble(
                "Máy chủ web không mở được; lý do ở các dòng trên.",
                "The web server did not open; the reason stands above.",
            )
        time.sleep(_LOOK_EVERY)


def _welcome(state: Path, place: Place, say: Say) -> None:
    say(f"Thực Thi đã sẵn sàng tại {place.page}", f"ready at {place.page} (Ctrl-C: dừng / stop)")
    accounts = state / ACCOUNTS
    if accounts.is_file() and not in_production():
        say("Tài khoản trình diễn", "demonstration accounts:\n" + accounts.read_text(encoding="utf-8").rstrip())


def _watch(children: list[Child], postgres: LocalPostgres | None) -> None:
    while True:
        for child in children:
            child.tend()
        if postgres and postgres.pid is None:
            raise Trouble(
                "PostgreSQL đã dừng đột ngột nên Thực Thi dừng theo; dữ liệu đã ghi vẫn còn. Hãy chạy lại make run.",
                "PostgreSQL stopped unexpectedly, so Thực Thi stops too; what was saved is kept. Run make run again.",
            )
        time.sleep(_LOOK_EVERY)
