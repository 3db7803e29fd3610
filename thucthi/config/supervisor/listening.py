"""Where the web server listens, and in how many processes: HOST, PORT, THUCTHI_WEB_PROCESSES."""

import errno
import http.client
import os
import socket
from dataclasses import dataclass

from thucthi.config.supervisor.trouble import Trouble

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", "8000"
MOST_PROCESSES = 64
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, never bound by us


@dataclass(frozen=True)
class Place:
    host: str
    port: int

    @property
    def reachable_host(self) -> str:
        return _EVERYWHERE.get(self.host, self.host)

    @property
    def page(self) -> str:
        host = self.reachable_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def place_to_listen() -> Place:
    """HOST and PORT of the environment. Raises Trouble when PORT is no port number."""
    text = os.environ.get("PORT") or DEFAULT_PORT
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(
            f"PORT={text} không phải số cổng. Hãy đặt một số từ 1024 đến 65535, ví dụ PORT=8080 make run.",
            f"PORT={text} is not a port. Set a number from 1024 to 65535, for example PORT=8080 make run.",
        )
    return Place(os.environ.get("HOST") or DEFAULT_HOST, int(text))


def web_processes() -> int:
    """THUCTHI_WEB_PROCESSES of the environment, 1 to 64. Raises Trouble for anything else."""
    text = os.environ.get("THUCTHI_WEB_PROCESSES") or "1"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= MOST_PROCESSES:
        raise Trouble(
            f"THUCTHI_WEB_PROCESSES={text} không phải số tiến trình. Hãy đặt một số từ 1 đến {MOST_PROCESSES}.",
            f"THUCTHI_WEB_PROCESSES={text} is not a number of processes. Set one from 1 to {MOST_PROCESSES}.",
        )
    return int(text)


def require_free(place: Place) -> None:
    """Raises Trouble saying what to do when nobody could listen at `place`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen(1)
    except OSError as error:
        raise _why_not(place, error) from None


def answers(place: Place) -> bool:
    """Whether the web server gives any answer at all."""
    connection = http.client.HTTPConnection(place.reachable_host, place.port, timeout=10)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _why_not(place: Place, error: OSError) -> Trouble:
    if error.errno == errno.EADDRINUSE:
        other = place.port + 1 if place.port < 65535 else place.port - 1
        return Trouble(
            f"Cổng {place.port} đang được một chương trình khác dùng. Xin hãy dừng chương trình đó, "
            f"hoặc chọn cổng khác: PORT={other} make run",
            f"Port {place.port} is in use by another program. Please stop that program, "
            f"or choose another port: PORT={other} make run",
        )
    if error.errno == errno.EACCES:
        return Trouble(
            f"Tài khoản này không được mở cổng {place.port}. Xin hãy chọn cổng từ 1024 trở lên: PORT=8000 make run",
            f"This account may not open port {place.port}. Please choose 1024 or above: PORT=8000 make run",
        )
    return Trouble(
        f"Không mở được địa chỉ HOST={place.host}. Xin hãy bỏ HOST hoặc đặt HOST=127.0.0.1.",
        f"HOST={place.host} cannot be opened here ({error.strerror or error}). Remove HOST or set HOST=127.0.0.1.",
    )
