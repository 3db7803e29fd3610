"""The addresses of the API, of tokens and of webhooks with something behind each."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import NewToken, give_token
from thucthi.directory.models import Organisation, Scope
from thucthi.publication.models import WebhookMessage
from thucthi.publication.webhooks.actions import open_endpoint

LISTED = ("documents", "programmes", "tasks", "organisations", "indicators", "obstacles")
PLAIN = (*LISTED, "issue", "values", "corrections", "issues", "openapi", "about", "nothing")
OWN = ("token", "tasks", "obligations", "reports", "obstacles", "values", "openapi", "nothing")


def pages_of_api(state: State) -> dict[str, dict[str, Any]]:
    """A token and an endpoint of the leading province."""
    return {
        **{f"public_api:{name}": {} for name in PLAIN},
        **{f"public_api:{name}_one": {"code": "viec"} for name in LISTED},
        **{f"organisation_api:{name}": {} for name in OWN},
        **{f"organisation_api:{name}_code": {"code": "viec"} for name in ("tasks", "obstacles")},
        "organisation_api:reports_number": {"number": 1},
        **{f"operation:{name}": {} for name in ("alive", "ready", "metrics")},
        "directory:tokens": {},
        "directory:revoke_token": {"pk": _token(state.province)},
        **pages_of_webhooks(state.province),
    }


def _token(body: Organisation) -> int:
    today = timezone.localdate()
    new = NewToken(body, "Kho dữ liệu", Scope.values, today + timedelta(days=30))
    return give_token(by=SYSTEM, new=new, today=today).entry.pk


def pages_of_webhooks(body: Organisation) -> dict[str, dict[str, Any]]:
    """An endpoint of `body` with one message that waits."""
    address = "https://nhan-tin.example.vn/tin"
    endpoint = open_endpoint(by=SYSTEM, organisation=body, address=address, events=["issue.published"]).entry
    body_of = {"type": "issue.published", "timestamp": timezone.now().isoformat(), "data": {}}
    message = WebhookMessage.objects.create(endpoint=endpoint, uid=uuid4(), event="issue.published", body=body_of)
    return {
        "webhooks:endpoints": {},
        "webhooks:endpoint": {"pk": endpoint.pk},
        "webhooks:close": {"pk": endpoint.pk},
        "webhooks:replay": {"pk": endpoint.pk, "message": message.pk},
    }
