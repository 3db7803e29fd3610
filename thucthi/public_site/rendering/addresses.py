"""Where the site stands, for what must not be relative: feeds, calendars, catalogues, embeds."""

from urllib.parse import urlsplit

from django.conf import settings

# A tag address names a year in which its maker held the name of the machine; it never changes again (RFC 4151).
TAGGED_IN = 2026


def address(folder: str = "", name: str = "") -> str:
    """The standing address of a page or a file of the newest issue."""
    return f"{settings.SITE_URL}/{f'{folder}/' if folder else ''}{name}"


def authority() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def tag(path: str) -> str:
    """An identity that stays the same from issue to issue and wherever the files are copied to."""
    return f"tag:{authority()},{TAGGED_IN}:thuc-thi/{path}"
