"""Real servers on this machine that answer well or badly, for the time of a test."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


def answer(body: bytes, *, status: str = "200 OK", length: bool = True, **headers: str) -> bytes:
    """A whole answer of HTTP; `content_type="text/csv"` becomes a header."""
    lines = [f"HTTP/1.1 {status}"]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


@dataclass
class Server:
    """`requests` are the request heads as they came; `stopping` tells an endless answer to end."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)


Speak = Callable[[socket.socket, Server], None]


@contextmanager
def serving(speak: Speak | bytes, *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server on 127.0.0.1 that answers every connection with `speak`: bytes, or a function of the socket."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(listener.getsockname()[1])
    thread = threading.Thread(target=_accept, args=(listener, server, speak, tls), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        listener.close()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", server.port), 0.2).close()
        thread.join(2)


def _accept(listener: socket.socket, server: Server, speak: Speak | bytes, tls: ssl.SSLContext | None) -> None:
    while not server.stopping.is_set():
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        with suppress(OSError), peer:
            peer.settimeout(5)
            spoken = tls.wrap_socket(peer, server_side=True) if tls else peer
            with spoken:
                head = _head(spoken)
                if server.stopping.is_set():
                    return
                server.requests.append(head)
                if isinstance(speak, bytes):
                    spoken.sendall(speak)
                else:
                    speak(spoken, server)


def _head(peer: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (piece := peer.recv(4096)):
        head += piece
    return head
