"""Networks as settings name them; knows no framework, since the settings import it."""

from ipaddress import IPv4Network, IPv6Network, ip_network

Network = IPv4Network | IPv6Network


def read_networks(words: list[str]) -> tuple[Network, ...]:
    """Raises ValueError for what is no network, which stops the start."""
    return tuple(ip_network(word.strip()) for word in words if word.strip())
