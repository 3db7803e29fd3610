"""One file over the network: a listed host, a judged address, few redirects, and limits on everything."""

import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import urljoin

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from thucthi.indicators.calculations.addresses import AllowedHost, Destination, NotAllowed, chosen, judge, judge_open
from thucthi.indicators.calculations.said import N_

MOST_BYTES = 32 * 1024 * 1024
MOST_SECONDS = 60
POST_SECONDS = 15
MOST_REDIRECTS = 3
_WAIT_SECONDS = 15
_PIECE = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200

Resolve = Callable[[str, int], list[str]]


TOO_SLOW = N_("Máy chủ trả lời quá chậm nên đã dừng. Hệ thống sẽ tự thử lại; số liệu đang có không thay đổi.")
TOO_LARGE = N_("Tệp quá lớn nên không nhận. Đề nghị bên cung cấp chia nhỏ hoặc chỉ gửi kỳ mới nhất.")
NO_ANSWER = N_("Không kết nối được với máy chủ. Hệ thống sẽ tự thử lại; số liệu đang có không thay đổi.")
NOT_TRUSTED = N_("Chứng thư của máy chủ không đúng nên không lấy. Đề nghị bên cung cấp kiểm tra chứng thư.")
WRONG_ANSWER = N_("Máy chủ không trả về tệp số liệu. Đề nghị kiểm tra lại địa chỉ với bên cung cấp.")
TOO_MANY_TURNS = N_("Máy chủ chuyển hướng quá nhiều lần. Đề nghị dùng địa chỉ cuối cùng.")
NAME_UNKNOWN = N_("Không tìm thấy tên máy chủ. Đề nghị kiểm tra lại địa chỉ với bên cung cấp.")


class NotFetched(Exception):
    """`sentence` is for officials, `log` for the operator."""

    def __init__(self, sentence: str, log: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.log = log


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came, unpacked; `log` says what was done, line by line."""

    content: bytes
    content_type: str
    log: str


@dataclass
class _Trip:
    """What one call may still use up."""

    allowed: Mapping[str, AllowedHost]
    resolve: Resolve
    most_bytes: int
    deadline: float
    log: list[str] = field(default_factory=list)

    @property
    def left(self) -> float:
        return self.deadline - time.monotonic()

    @property
    def told(self) -> str:
        """The log as text. A server may put anything into its answer, also what no text may hold."""
        return "\n".join("".join(filter(str.isprintable, line)) for line in self.log)

    def failed(self, sentence: str, detail: object) -> NotFetched:
        self.log.append(str(detail)[:500])
        return NotFetched(sentence, self.told)


def resolve_name(name: str, port: int) -> list[str]:
    """Every address of the name, in the order of the system."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def fetch(
    url: str,
    *,
    allowed: Mapping[str, AllowedHost],
    resolve: Resolve = resolve_name,
    most_bytes: int = MOST_BYTES,
    seconds: float = MOST_SECONDS,
) -> Fetched:
    """The file at `url`. Each name is resolved once and the connection goes to the very address that was judged.

    Nothing of the environment (proxies, credentials) takes part. Raises NotFetched.
    """
    trip = _Trip(allowed, resolve, most_bytes, time.monotonic() + seconds)
    for _turn in range(MOST_REDIRECTS + 1):
        answer = _ask(url, trip)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)
    raise trip.failed(TOO_MANY_TURNS, f"more than {MOST_REDIRECTS} redirects")


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    allowed: Mapping[str, AllowedHost],
    resolve: Resolve = resolve_name,
    seconds: float = POST_SECONDS,
) -> int:
    """Send `body` to any machine of the open network, or to a listed one; the status it answers, whatever else it says.

    No redirect is followed: who answers with one gets nothing a second time. Raises NotFetched.
    """
    trip = _Trip(allowed, resolve, 0, time.monotonic() + seconds)
    with _explained(url, trip), _closing() as opened:
        place = judge_open(url, trip.allowed)
        address, port = _address_of(place, trip)
        connection = opened(_connection(place, address, port, min(_WAIT_SECONDS, max(trip.left, 0.01))))
        connection.connect()
        with _cut_off(connection.sock, trip.left):
            told = {"Host": place.host_header, "User-Agent": "thucthi", **headers}
            connection.request("POST", place.target, body=body, headers=told, preload_content=False)
            return int(connection.getresponse().status)


@contextmanager
def _closing() -> Iterator[Callable[[HTTPConnection], HTTPConnection]]:
    """Gives a function that keeps a connection in mind and hands it back; all of them are closed at the end."""
    with ExitStack() as kept:

        def opened(connection: HTTPConnection) -> HTTPConnection:
            kept.callback(connection.close)
            return connection

        yield opened


@contextmanager
def _explained(url: str, trip: _Trip) -> Iterator[None]:
    """Whatever goes wrong inside becomes NotFetched with a sentence."""
    try:
        yield
    except NotAllowed as fault:
        raise trip.failed(str(fault), f"not allowed: {url[:300]!r}: {fault}") from None
    except ssl.SSLCertVerificationError as fault:
        raise trip.failed(NOT_TRUSTED, fault) from None
    except (HTTPError, HTTPException, OSError, zlib.error) as fault:
        sentence = TOO_SLOW if trip.left <= 0 or isinstance(fault, TimeoutError) else _sentence_of(fault)
        raise trip.failed(sentence, f"{type(fault).__name__}: {fault}") from None


def _ask(url: str, trip: _Trip) -> Fetched | str:
    """The file, or where the server sends us instead."""
    with _explained(url, trip), _closing() as opened:
        place = judge(url, trip.allowed)
        address, port = _address_of(place, trip)
        connection = opened(_connection(place, address, port, min(_WAIT_SECONDS, max(trip.left, 0.01))))
        trip.log.append(f"GET {place.host.scheme}://{place.host_header}{place.target} at {address} port {port}")
        return _answer(connection, place, trip)


def _sentence_of(fault: Exception) -> str:
    words = str(fault)
    if "CERTIFICATE_VERIFY" in words:
        return NOT_TRUSTED
    return TOO_SLOW if "timed out" in words else NO_ANSWER


def _address_of(place: Destination, trip: _Trip) -> tuple[str, int]:
    host = place.host
    if host.pinned:
        return host.pinned, host.pinned_port
    try:
        return chosen(trip.resolve(host.name, host.port)), host.port
    except (socket.gaierror, UnicodeError) as fault:
        raise trip.failed(NAME_UNKNOWN, f"{host.name}: {fault}") from None


def _connection(place: Destination, address: str, port: int, wait: float) -> HTTPConnection:
    if place.host.scheme == "http":
        return HTTPConnection(address, port, timeout=wait)
    return HTTPSConnection(
        address,
        port,
        timeout=wait,
        ssl_context=ssl.create_default_context(),
        cert_reqs="CERT_REQUIRED",
        server_hostname=place.host.name,
    )


def _answer(connection: HTTPConnection, place: Destination, trip: _Trip) -> Fetched | str:
    connection.connect()
    with _cut_off(connection.sock, trip.left):
        # The library would name the address instead of the host.
        headers = {"Host": place.host_header, "User-Agent": "thucthi", "Accept": "*/*", "Accept-Encoding": "gzip"}
        connection.request("GET", place.target, headers=headers, preload_content=False, decode_content=False)
        response = connection.getresponse()
        trip.log.append(f"answer {response.status} {response.headers.get('Content-Type', '')[:100]}")
        where = response.headers.get("Location")
        if response.status in _REDIRECTS and where:
            return where
        if response.status != _OK:
            raise trip.failed(WRONG_ANSWER, f"status {response.status}")
        content = _read(response, trip)
    if trip.left <= 0:
        # Cut off in the middle, a body without a stated length looks complete.
        raise trip.failed(TOO_SLOW, "the time was up")
    trip.log.append(f"{len(content)} bytes")
    return Fetched(content, response.headers.get("Content-Type", "")[:100], trip.told)


@contextmanager
def _cut_off(sock: socket.socket | None, seconds: float) -> Iterator[None]:
    """A time for each reading does not bound their sum: a byte every few seconds would keep us for ever."""

    def cut() -> None:
        try:
            if sock is not None:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        except OSError:
            return

    timer = threading.Timer(max(seconds, 0.01), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _read(response: HTTPResponse, trip: _Trip) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", ""):
        raise trip.failed(WRONG_ANSWER, f"content encoding {encoding[:40]!r}")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in encoding else None
    pieces, size, packed = [], 0, 0
    while piece := response.read1(_PIECE, decode_content=False):
        packed += len(piece)
        plain = unpacker.decompress(piece, trip.most_bytes + 1 - size) if unpacker else piece
        size += len(plain)
        if size > trip.most_bytes or packed > trip.most_bytes:
            raise trip.failed(TOO_LARGE, f"more than {trip.most_bytes} bytes")
        pieces.append(plain)
        if trip.left <= 0:
            raise trip.failed(TOO_SLOW, "the time was up")
    if unpacker and (not unpacker.eof or unpacker.unused_data):
        raise trip.failed(NO_ANSWER, "the packed body does not end where it should")
    return b"".join(pieces)
