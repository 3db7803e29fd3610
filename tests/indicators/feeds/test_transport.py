"""Fetching against real servers: good answers arrive whole, bad ones end with a sentence and no bytes."""

import gzip
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.indicators.feeds.servers import Server, answer, serving
from thucthi.indicators.calculations.addresses import INWARD, NOT_LISTED, read_allowed
from thucthi.indicators.fetching.transport import (
    NAME_UNKNOWN,
    NO_ANSWER,
    NOT_TRUSTED,
    TOO_LARGE,
    TOO_MANY_TURNS,
    TOO_SLOW,
    WRONG_ANSWER,
    Fetched,
    NotFetched,
    fetch,
)

NAME = "so-lieu.example.vn"


def unasked(name: str, port: int) -> list[str]:
    raise AssertionError(f"{name} was looked up")


def ask(server: Server, path: str = "/a.csv", **limits: float) -> Fetched:
    allowed = read_allowed([f"http://{NAME}=127.0.0.1:{server.port}"])
    return fetch(f"http://{NAME}{path}", allowed=allowed, resolve=unasked, **limits)  # type: ignore[arg-type]


def refused(server: Server, **limits: float) -> NotFetched:
    with pytest.raises(NotFetched) as refusal:
        ask(server, **limits)
    return refusal.value


def test_a_file_comes_whole_and_the_server_hears_its_own_name() -> None:
    with serving(answer(b"a,b\n1,2\n", content_type="text/csv; charset=utf-8")) as server:
        got = ask(server, "/a.csv?x=1")
    assert (got.content, got.content_type) == (b"a,b\n1,2\n", "text/csv; charset=utf-8")
    head = server.requests[0].decode()
    assert head.startswith("GET /a.csv?x=1 HTTP/1.1\r\n")
    assert f"Host: {NAME}\r\n" in head
    assert head.count("Host:") == 1
    assert not [line for line in head.lower().splitlines() if line.startswith(("cookie", "authorization"))]
    assert got.log.splitlines()[-1] == "8 bytes"


def test_the_log_holds_nothing_that_no_text_may_hold() -> None:
    with serving(answer(b"ok", content_type="te\x01xt\x7f")) as server:
        assert "answer 200 text" in ask(server).log.splitlines()


def test_a_packed_body_is_unpacked() -> None:
    with serving(answer(gzip.compress(b"x" * 1000), Content_Encoding="gzip")) as server:
        assert ask(server).content == b"x" * 1000


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(answer(b"ok")) as server:
        assert ask(server).content == b"ok"


def redirect(where: str) -> bytes:
    return answer(b"", status="302 Found", Location=where)


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("http://169.254.169.254/latest/meta-data/", NOT_LISTED),
        ("http://127.0.0.1/", NOT_LISTED),
        ("//evil.vn/", NOT_LISTED),
        ("/again", TOO_MANY_TURNS),
    ],
)  # fmt: skip
def test_a_redirect_is_judged_like_any_address(where: str, sentence: str) -> None:
    with serving(redirect(where)) as server:
        assert refused(server).sentence == sentence
    assert len(server.requests) == (4 if sentence == TOO_MANY_TURNS else 1)


def test_a_redirect_within_the_list_is_followed() -> None:
    def speak(peer: socket.socket, server: Server) -> None:
        peer.sendall(redirect("/new.csv") if b"/old" in server.requests[-1] else answer(b"new"))

    with serving(speak) as server:
        assert ask(server, "/old").content == b"new"


@pytest.mark.parametrize("address", ["10.0.0.5", "127.0.0.1", "::1", "::ffff:10.0.0.5", "100.64.0.9"])
def test_a_name_that_leads_inward_is_not_connected_to(address: str) -> None:
    asked: list[str] = []

    def resolve(name: str, port: int) -> list[str]:
        asked.append(name)
        return ["8.8.8.8", address]

    with serving(answer(b"secret")) as server:
        allowed = read_allowed([f"http://{NAME}:{server.port}"])
        with pytest.raises(NotFetched) as refusal:
            fetch(f"http://{NAME}:{server.port}/", allowed=allowed, resolve=resolve)
    assert refusal.value.sentence == INWARD
    assert (asked, server.requests) == ([NAME], [])


def test_a_name_that_answers_differently_the_second_time_is_never_asked_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    connected: list[object] = []

    def connect(address: tuple[str, int], *rest: object, **options: object) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    with pytest.raises(NotFetched) as refusal:
        fetch(f"https://{NAME}/", allowed=read_allowed([NAME]), resolve=lambda name, port: answers.pop(0))
    assert refusal.value.sentence == NO_ANSWER
    assert (connected, answers) == ([("93.184.215.14", 443)], [["127.0.0.1"]])


def test_an_unknown_name_is_a_sentence() -> None:
    def resolve(name: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(NotFetched) as refusal:
        fetch(f"https://{NAME}/", allowed=read_allowed([NAME]), resolve=resolve)
    assert refusal.value.sentence == NAME_UNKNOWN


def trickle_body(peer: socket.socket, server: Server) -> None:
    peer.sendall(answer(b"", length=False))
    while not server.stopping.wait(0.05):
        peer.sendall(b"x")


def trickle_head(peer: socket.socket, server: Server) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nX-A: ")
    while not server.stopping.wait(0.05):
        peer.sendall(b"x")


def silent(peer: socket.socket, server: Server) -> None:
    server.stopping.wait(5)


@pytest.mark.parametrize("speak", [trickle_body, trickle_head, silent])
def test_the_time_is_limited_as_a_whole(speak: Callable[[socket.socket, Server], None]) -> None:
    with serving(speak) as server:
        assert refused(server, seconds=0.4).sentence == TOO_SLOW


def endless(peer: socket.socket, server: Server) -> None:
    peer.sendall(answer(b"", length=False))
    while not server.stopping.is_set():
        peer.sendall(b"x" * 65536)


def test_the_size_is_limited_whatever_the_server_announces() -> None:
    with serving(endless) as server:
        assert refused(server, most_bytes=1_000_000).sentence == TOO_LARGE


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    with serving(answer(bomb, Content_Encoding="gzip")) as server:
        assert refused(server, most_bytes=1_000_000).sentence == TOO_LARGE


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (answer(b"no", status="404 Not Found"), WRONG_ANSWER),
        (answer(b"no", status="302 Found"), WRONG_ANSWER),
        (answer(b"no", status="500 Internal Server Error"), WRONG_ANSWER),
        (answer(b"xx", Content_Encoding="br"), WRONG_ANSWER),
        (answer(b"not gzip", Content_Encoding="gzip"), NO_ANSWER),
        (answer(gzip.compress(b"x" * 999, mtime=0)[:-12], Content_Encoding="gzip"), NO_ANSWER),
        (answer(b"whole").replace(b"Length: 5", b"Length: 9"), NO_ANSWER),
        (b"nonsense\r\n\r\n", NO_ANSWER),
        (b"", NO_ANSWER),
    ],
)
def test_half_an_answer_is_no_answer(said: bytes, sentence: str) -> None:
    with serving(said) as server:
        assert refused(server).sentence == sentence


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for `name`, and the file that makes it trusted."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "public.pem", folder / "private.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public


@pytest.mark.parametrize("name", [NAME, "another.example.vn", ""])
def test_the_certificate_must_name_the_host_although_we_connect_to_an_address(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certificate(tmp_path, name or NAME)
    if name:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with serving(answer(b"ok"), tls=context) as server:
        allowed = read_allowed([f"{NAME}=127.0.0.1:{server.port}"])
        if name == NAME:
            assert fetch(f"https://{NAME}/", allowed=allowed, resolve=unasked).content == b"ok"
            return
        with pytest.raises(NotFetched) as refusal:
            fetch(f"https://{NAME}/", allowed=allowed, resolve=unasked)
    assert refusal.value.sentence == NOT_TRUSTED
    assert server.requests == []
