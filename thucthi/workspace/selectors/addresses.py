"""Addresses of pages to which work leads; one that an installation does not have is left out."""

from django.urls import NoReverseMatch, reverse


def address_if_any(name: str, **kwargs: object) -> str:
    """Empty when there is no such page."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def address_of_request(code: str) -> str:
    """Of a coordination request; the board of obstacles where requests have no page of their own."""
    return address_if_any("obstacles:request", code=code) or reverse("obstacles:obstacles")
