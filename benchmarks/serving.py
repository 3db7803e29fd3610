"""Pages of the workspace as a browser gets them: the project's own web server, signed in once, eight at a time."""

import http.cookiejar
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from benchmarks.kept import Row, p95
from thucthi.config.supervisor.addresses import Addresses
from thucthi.config.supervisor.children import Child, stop_all
from thucthi.config.supervisor.environment import environment_for
from thucthi.config.supervisor.listening import web_processes
from thucthi.config.supervisor.progress import silent
from thucthi.config.supervisor.running import web_command, worker_command

PORT = 18_977
CLIENTS, CALLS = 8, 80
BAR = 60.0
# Of a simulated country: the government, the first province, and the first commune.
PAGES = (
    ("my work, reporter of a commune", "mp-bc-{commune}", "/lam-viec/"),
    ("my work, reporter of a province", "mp-bc-2", "/lam-viec/"),
    ("my work, head of a province", "mp-dd-2", "/lam-viec/"),
    ("my work, head of the government", "mp-dd-1", "/lam-viec/"),
    ("resolution", "mp-dd-2", "/lam-viec/van-ban/mp-nq-1/"),
    ("organisation", "mp-dd-2", "/lam-viec/don-vi/mp-dv-2/"),
    ("task", "mp-dd-2", "/lam-viec/nhiem-vu/mp-nv-1/"),
    ("overview of a province", "mp-dd-2", "/lam-viec/tinh-hinh/mp-dv-2/"),
)


@dataclass(frozen=True)
class Served:
    """Process ids of the web server with its children, and of the worker."""

    web: int
    worker: int


@contextmanager
def served(addresses: Addresses) -> Iterator[Served]:
    environment = environment_for(addresses)
    children = [
        Child(("web", "web"), web_command("127.0.0.1", PORT, web_processes()), environment, silent),
        Child(("worker", "worker"), worker_command(), environment, silent),
    ]
    try:
        for child in children:
            child.tend()
        _wait_for_the_first_answer()
        yield Served(children[0].pid or 0, children[1].pid or 0)
    finally:
        stop_all(children)


def _wait_for_the_first_answer() -> None:
    for _ in range(480):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/tai-khoan/login/", timeout=30).close()
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise RuntimeError("the web server did not answer within two minutes")


def signed_in(login: str) -> str:
    """The cookies of somebody who typed name and password into the form."""
    from thucthi.demonstration.loading_people import PASSWORD

    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{PORT}/tai-khoan/login/"
    form = opener.open(address, timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    said = {"login": login, "password": PASSWORD, "csrfmiddlewaretoken": token.group(1) if token else ""}
    opener.open(
        urllib.request.Request(address, urllib.parse.urlencode(said).encode(), {"Referer": address}), timeout=60
    )
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def measure_pages(size: int, commune: int) -> list[Row]:
    logins = {login.format(commune=commune) for _, login, _ in PAGES}
    cookies = {login: signed_in(login) for login in logins}
    return [_page(name, path, cookies[login.format(commune=commune)], size) for name, login, path in PAGES]


def _page(name: str, path: str, cookies: str, size: int) -> Row:
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", headers={"Cookie": cookies})

    def get(_call: int) -> float:
        begun = time.perf_counter()
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            if not answer.geturl().endswith(path) or not answer.read():
                raise RuntimeError(f"{path} led to {answer.geturl()}")
        return (time.perf_counter() - begun) * 1000

    alone = [get(call) for call in range(12)][2:]
    with ThreadPoolExecutor(CLIENTS) as pool:
        taken = list(pool.map(get, range(CALLS)))
    return Row(f"page: {name}", size, median(alone), p95(taken), BAR)
