"""Sessions in the database, as Django keeps them; every request reads one, by a query that is composed once."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from thucthi.kernel.composed import Composed, given_moment, given_text


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        """None where there is no such session any more; the key of the cookie is then forgotten."""
        found = _SESSION.row(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found


def _session() -> QuerySet[Session]:
    return Session.objects.filter(session_key=given_text("key"), expire_date__gt=given_moment("now"))


_SESSION = Composed("directory_session", _session)
