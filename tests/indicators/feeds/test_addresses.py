"""What the list of hosts lets through, and what it never does, however it is written."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.indicators.calculations.addresses import (
    HAS_ACCOUNT,
    INWARD,
    NOT_LISTED,
    UNREADABLE,
    WRONG_PORT,
    WRONG_SCHEME,
    AllowedHost,
    NotAllowed,
    chosen,
    is_outward,
    judge,
    read_allowed,
)

ALLOWED = read_allowed(
    ["thongke.example.vn", "https://cong.example.vn:8443", "http://cu.example.vn", "trong.example.vn=10.1.2.3:8080"]
)


def test_an_entry_names_scheme_port_and_a_fixed_address() -> None:
    assert {
        "thongke.example.vn": AllowedHost("thongke.example.vn", "https", 443),
        "cong.example.vn": AllowedHost("cong.example.vn", "https", 8443),
        "cu.example.vn": AllowedHost("cu.example.vn", "http", 80),
        "trong.example.vn": AllowedHost("trong.example.vn", "https", 443, "10.1.2.3", 8080),
    } == ALLOWED
    assert read_allowed([" ", ""]) == {}
    assert read_allowed(["a.vn=[::1]:80"])["a.vn"].pinned == "::1"


@pytest.mark.parametrize(
    "entry",
    [
        "localhost", "127.0.0.1", "10.0.0.1:80", "2130706433", "0x7f000001", "*.vn", "ftp://a.vn", "a.vn/x", "a@b.vn",
        "a.vn=", "a.vn=b.vn", "a.vn=169.254.169.254", "a.vn=[fe80::1]", "a.vn=0.0.0.0", "a.vn=224.0.0.1",
        "a.vn=999.1.1.1", "a.vn:99999999",
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_allowed([entry])


def test_a_listed_address_becomes_a_destination() -> None:
    place = judge("https://ThongKe.example.vn/a/b.csv?k=1#x", ALLOWED)
    assert (place.host.name, place.target, place.host_header) == (
        "thongke.example.vn",
        "/a/b.csv?k=1",
        "thongke.example.vn",
    )
    assert judge("https://cong.example.vn:8443", ALLOWED).host_header == "cong.example.vn:8443"
    assert judge("https://thongke.example.vn:443", ALLOWED).target == "/"


REFUSED = [
    ("http://thongke.example.vn/", WRONG_SCHEME),
    ("https://cu.example.vn/", WRONG_SCHEME),
    ("ftp://thongke.example.vn/", WRONG_SCHEME),
    ("file:///etc/passwd", WRONG_SCHEME),
    ("gopher://thongke.example.vn/", WRONG_SCHEME),
    ("data:text/csv,1", WRONG_SCHEME),
    ("//thongke.example.vn/", WRONG_SCHEME),
    ("/a.csv", WRONG_SCHEME),
    ("", UNREADABLE),
    ("https://thongke.example.vn/ a", UNREADABLE),
    ("https://thongke.example.vn\\@evil.vn/", UNREADABLE),
    ("https://thongke.example.vn\r\nHost: x/", UNREADABLE),
    ("https://thongke.example.vn\t/", UNREADABLE),
    ("https://thongkê.example.vn/", UNREADABLE),
    ("https://ｔhongke.example.vn/", UNREADABLE),
    ("https://thongke。example。vn/", UNREADABLE),
    ("https://[::1/", UNREADABLE),
    ("https://thongke.example.vn/" + "a" * 1000, UNREADABLE),
    ("https://u:p@thongke.example.vn/", HAS_ACCOUNT),
    ("https://thongke.example.vn@evil.vn/", HAS_ACCOUNT),
    ("https://@thongke.example.vn/", HAS_ACCOUNT),
    ("https://evil.vn/", NOT_LISTED),
    ("https://thongke.example.vn.evil.vn/", NOT_LISTED),
    ("https://a.thongke.example.vn/", NOT_LISTED),
    ("https://thongke.example.vn./", NOT_LISTED),
    ("https://%74hongke.example.vn/", NOT_LISTED),
    ("https://127.0.0.1/", NOT_LISTED),
    ("https://127.1/", NOT_LISTED),
    ("https://2130706433/", NOT_LISTED),
    ("https://0x7f000001/", NOT_LISTED),
    ("https://0x7f.0x0.0x0.0x1/", NOT_LISTED),
    ("https://0177.0.0.1/", NOT_LISTED),
    ("https://localhost/", NOT_LISTED),
    ("https://169.254.169.254/latest/meta-data/", NOT_LISTED),
    ("https://10.1.2.3:8080/", NOT_LISTED),
    ("https://[::1]/", NOT_LISTED),
    ("https://[::ffff:127.0.0.1]/", NOT_LISTED),
    ("https://[64:ff9b::7f00:1]/", NOT_LISTED),
    ("https://[fe80::1%25eth0]/", NOT_LISTED),
    ("https:///a", NOT_LISTED),
    ("https://thongke.example.vn:8443/", WRONG_PORT),
    ("https://cong.example.vn/", WRONG_PORT),
    ("https://thongke.example.vn:0/", WRONG_PORT),
    ("https://thongke.example.vn:99999/", UNREADABLE),
    ("https://thongke.example.vn:4 43/", UNREADABLE),
]


@pytest.mark.parametrize(("url", "sentence"), REFUSED, ids=[repr(row[0])[:40] for row in REFUSED])
def test_no_other_address_is_asked(url: str, sentence: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        judge(url, ALLOWED)
    assert str(refusal.value) == sentence


INWARD_ADDRESSES = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - an address to be refused, nothing is bound to it
       "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0a00:1",
    "64:ff9b::a00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2001::1", "2002:a00:1::", "2002:0808:0808::1", "100::1",
    "2001:db8::1", "3fff::1", "5f00::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0",
    "fec0::1", "ff02::1", "4000::1", "no address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", INWARD_ADDRESSES)
def test_an_inward_address_is_known_in_every_form(address: str) -> None:
    assert not is_outward(address)
    for mixture in ([address], ["8.8.8.8", address], [address, "8.8.8.8"]):
        with pytest.raises(NotAllowed) as refusal:
            chosen(mixture)
        assert str(refusal.value) == INWARD


def test_an_ordinary_address_is_taken_and_the_first_one_is_chosen() -> None:
    assert chosen(["8.8.8.8", "2606:4700:4700::1111"]) == "8.8.8.8"
    assert chosen(["2606:4700:4700::1111"]) == "2606:4700:4700::1111"
    with pytest.raises(NotAllowed):
        chosen([])


@given(st.ip_addresses())
def test_whatever_the_library_calls_private_is_never_outward(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not is_outward(str(address))
    if isinstance(address, ipaddress.IPv4Address):
        assert not is_outward(f"::ffff:{address}")


@given(st.text(max_size=60))
def test_no_text_ends_in_anything_but_a_sentence(text: str) -> None:
    with pytest.raises(NotAllowed):
        judge(text, {})
