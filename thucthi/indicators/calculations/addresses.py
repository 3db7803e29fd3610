"""Which addresses may be asked for values: a list written by the operator, judged before anything is asked.

An address typed by an official is input like any other. Whoever may choose where the server connects to can reach what
only the server can reach (ASVS 5.0.0-1.3.6), so the list names hosts, and what a name leads to is judged again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from thucthi.indicators.calculations.said import N_

PORTS = {"https": 443, "http": 80}
MOST_CHARACTERS = 1000
# The last label starts with a letter: so no number, in whatever base, is ever a name.
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ENTRY = re.compile(r"(?:(?P<scheme>https?)://)?(?P<name>[^:=/]+)(?::(?P<port>\d{1,5}))?(?:=(?P<pin>.+))?")
_PIN = re.compile(r"(?:\[(?P<six>[0-9a-f:]+)\]|(?P<four>[0-9.]+))(?::(?P<port>\d{1,5}))?")
# Printable ASCII without space and backslash: nothing that two readers of an address read differently.
_PLAIN = re.compile(r"[!-\[\]-~]+")
# Beside what the standard library calls not global, which changed between its releases.
_NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            # Addresses of version 6 that carry one of version 4 (mapped, compatible, NAT64, Teredo, 6to4).
            "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16",
            "100::/64", "2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:db8::/32", "3fff::/20", "5f00::/16",
            "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        ),
    )
)  # fmt: skip
_ORDINARY_SIX = ip_network("2000::/3")


class NotAllowed(ValueError):
    """The address may not be asked; the text is one of the sentences below."""


UNREADABLE = N_("Địa chỉ không đúng dạng. Đề nghị chép lại nguyên địa chỉ, bắt đầu bằng https://.")
WRONG_SCHEME = N_("Chỉ lấy số liệu qua https. Đề nghị dùng địa chỉ bắt đầu bằng https://.")
HAS_ACCOUNT = N_("Địa chỉ không được chứa tên đăng nhập hoặc mật khẩu.")
NOT_LISTED = N_("Máy chủ này không có trong danh sách được phép. Đề nghị người quản trị hệ thống bổ sung.")
WRONG_PORT = N_("Cổng trong địa chỉ không được phép. Đề nghị người quản trị hệ thống kiểm tra danh sách máy chủ.")
INWARD = N_("Tên máy chủ dẫn tới một địa chỉ nội bộ nên không lấy. Đề nghị báo người quản trị hệ thống.")


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """One line of the operator's list. With `pinned` the name is not looked up: the connection goes there."""

    name: str
    scheme: str
    port: int
    pinned: str = ""
    pinned_port: int = 0


@dataclass(frozen=True, slots=True)
class Destination:
    """Where to connect to: `target` is path and query, `host_header` what the server is called in the request."""

    host: AllowedHost
    target: str
    host_header: str


def read_allowed(entries: Iterable[str]) -> dict[str, AllowedHost]:
    """The list by name. An entry is `[http://]name[:port][=address[:port]]`; raises ValueError naming a wrong one.

    An address behind "=" is written by the operator and may be inside the own network or the machine itself, but never
    a link-local one: cloud machines hand out their credentials there.
    """
    hosts = [_read_entry(entry.strip().lower()) for entry in entries if entry.strip()]
    return {host.name: host for host in hosts}


def _read_entry(entry: str) -> AllowedHost:
    found = _ENTRY.fullmatch(entry)
    if found is None or not _NAME.fullmatch(found["name"]):
        raise ValueError(f"not a host of the allow-list: {entry!r}")
    scheme = found["scheme"] or "https"
    port = int(found["port"] or PORTS[scheme])
    if found["pin"] is None:
        return AllowedHost(found["name"], scheme, port)
    pin = _PIN.fullmatch(found["pin"])
    if pin is None:
        raise ValueError(f"not an address to connect to: {entry!r}")
    address = ip_address(pin["six"] or pin["four"])
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        raise ValueError(f"this address is never connected to: {entry!r}")
    return AllowedHost(found["name"], scheme, port, str(address), int(pin["port"] or port))


def judge(url: str, allowed: Mapping[str, AllowedHost]) -> Destination:
    """Where `url` leads, by its letters alone. Raises NotAllowed with a sentence for an official."""
    parts = _split(url)
    if parts.scheme not in PORTS:
        raise NotAllowed(WRONG_SCHEME)
    if "@" in parts.netloc:
        raise NotAllowed(HAS_ACCOUNT)
    host = allowed.get(parts.hostname or "")
    if host is None:
        raise NotAllowed(NOT_LISTED)
    if host.scheme != parts.scheme:
        raise NotAllowed(WRONG_SCHEME)
    if _port(parts) != host.port:
        raise NotAllowed(WRONG_PORT)
    header = host.name if host.port == PORTS[host.scheme] else f"{host.name}:{host.port}"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(host, target, header)


def judge_open(url: str, allowed: Mapping[str, AllowedHost]) -> Destination:
    """Where `url` leads if any machine of the open network will do, by https and the usual port, or a listed one.

    What its name leads to is still to be judged by `chosen`. Raises NotAllowed.
    """
    name = _split(url).hostname or ""
    if name in allowed:
        return judge(url, allowed)
    if not _NAME.fullmatch(name):
        raise NotAllowed(UNREADABLE)
    return judge(url, {name: AllowedHost(name, "https", PORTS["https"])})


def _split(url: str) -> SplitResult:
    if len(url) > MOST_CHARACTERS or not _PLAIN.fullmatch(url):
        raise NotAllowed(UNREADABLE)
    try:
        return urlsplit(url)
    except ValueError:
        raise NotAllowed(UNREADABLE) from None


def _port(parts: SplitResult) -> int:
    try:
        return parts.port if parts.port is not None else PORTS[parts.scheme]
    except ValueError:
        raise NotAllowed(UNREADABLE) from None


def is_outward(text: str) -> bool:
    """Whether an address that a name leads to is an ordinary one of the open network; False for what is no address."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if not address.is_global or any(address in network for network in _NEVER if network.version == address.version):
        return False
    return isinstance(address, IPv4Address) or _is_ordinary(address)


def _is_ordinary(address: IPv6Address) -> bool:
    return address.scope_id is None and address in _ORDINARY_SIX


def chosen(addresses: Iterable[str]) -> str:
    """The address to connect to. Raises NotAllowed when there is none or when any of them leads inward.

    One inward address among good ones is refused too: which one is taken must not be the answering server's choice.
    """
    found = list(addresses)
    if not found or not all(map(is_outward, found)):
        raise NotAllowed(INWARD)
    return found[0]
