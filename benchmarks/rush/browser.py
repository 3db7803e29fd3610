"""One person's browser: a session with cookies, a connection and a source address of its own."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

PATIENCE = 30.0
SIGN_IN, HOME, REPORT = "/tai-khoan/login/", "/lam-viec/", "/lam-viec/bao-cao/"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_FORM = re.compile(r"<form(?=[^>]*data-autosave-url).*?</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Wrong(Exception):
    """The answer is not what a person wanted; the words are what is counted."""


class _From(HTTPAdapter):
    """Connects from an address of this machine: sign-ins are limited by address."""

    def __init__(self, source: str) -> None:
        self._source = source
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, source_address=(self._source, 0), **options)  # type: ignore[no-untyped-call]


@dataclass
class Browser:
    base: str
    source: str = "127.0.0.1"

    def __post_init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy of this machine, no passwords of a file
        self._session.headers["Accept"] = "text/html"
        self._session.mount("http://", _From(self.source))

    def get(self, path: str) -> str:
        """A page. Raises Wrong for anything else, requests.RequestException when nothing comes."""
        answer = self._session.get(self.base + path, timeout=PATIENCE, allow_redirects=False)
        if answer.status_code != 200:
            raise Wrong(_words(answer))
        return answer.text

    def sign_in(self, page: str, login: str, password: str) -> str:
        """`page`: the sign-in page as it came; says where it leads. Raises Wrong where that is not the workspace."""
        said = {"login": login, "password": password, "csrfmiddlewaretoken": _found(_TOKEN, page)}
        return self._posted(SIGN_IN, HOME, data=said)

    def report(self, path: str, page: str) -> tuple[str, str]:
        """Fills in the form on `page` and sends it; (its key, where it leads). Raises Wrong when it is not taken."""
        form = _found(_FORM, page, whole=True)
        hidden = dict(_HIDDEN.findall(form))
        if not {"csrfmiddlewaretoken", "idempotency_key", "version"} <= hidden.keys():
            raise Wrong("no whole form on the page")
        typed = hidden | {"claim": "on_plan", "progress": "41", "note": "Đúng tiến độ (phép đo)."}
        place = self._posted(path, REPORT, files={name: (None, value) for name, value in typed.items()})
        return hidden["idempotency_key"], place

    def _posted(self, path: str, leads_to: str, **sent: Any) -> str:
        answer = self._session.post(self.base + path, timeout=PATIENCE, allow_redirects=False, **sent)
        place = urlsplit(answer.headers.get("Location", "")).path
        if answer.status_code != 302 or not place.startswith(leads_to):
            raise Wrong(_words(answer))
        return place


def _found(pattern: re.Pattern[str], page: str, *, whole: bool = False) -> str:
    match = pattern.search(page)
    if match is None:
        raise Wrong("no form on the page")
    return match.group(0 if whole else 1)


def _words(answer: requests.Response) -> str:
    place = urlsplit(answer.headers.get("Location", "")).path
    # The number of a thing says nothing of the kind of error.
    return f"{answer.status_code} to {re.sub('[0-9]+', '…', place)}" if place else f"answered {answer.status_code}"
