"""Who a request comes from: a token in its head, nothing else; counted before anything is looked up for long."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from thucthi.directory.access import sight_of
from thucthi.directory.actions import note_token_use
from thucthi.directory.models import ApiToken
from thucthi.directory.selectors import token_in_force, viewer_of_token
from thucthi.kernel.bearer import bearer_of
from thucthi.kernel.conditional import unless_known
from thucthi.kernel.gate import machine_door
from thucthi.kernel.problems import problem
from thucthi.kernel.rates import Count, Policy, address_of, count
from thucthi.kernel.sight import looking_as
from thucthi.workspace.api import sentences
from thucthi.workspace.selectors.for_programs import Own, own_of

logger = logging.getLogger(__name__)
READING = ("GET", "HEAD")
POLICY = Policy("token", 600)
# Whoever tries tokens that do not hold is counted by address.
UNPROVEN = Policy("unproven", 60)

View = Callable[..., HttpResponse]


class Caller:
    """The token, what it may see, and how often it asked."""

    def __init__(self, token: ApiToken, counted: Count) -> None:
        self.token = token
        self.counted = counted
        self.own: Own = own_of(viewer_of_token(token), token.organisation)


def caller_of(request: HttpRequest) -> Caller | HttpResponse:
    """The token that the request proves, or the answer that refuses it (401, 429)."""
    now = timezone.now()
    secret = bearer_of(request)
    held = token_in_force(secret, now, timezone.localdate(now)) if secret else None
    if held is None:
        counted = count(UNPROVEN, address_of(request), at=now.timestamp())
        return _too_many(counted) if counted.is_over else _unproven()
    counted = count(POLICY, str(held.pk), at=now.timestamp())
    if counted.is_over:
        return _too_many(counted)
    note_token_use(held, at=now)
    return Caller(held, counted)


def _unproven() -> HttpResponse:
    answer = problem(401, "no_token", sentences.NO_TOKEN)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _too_many(counted: Count) -> HttpResponse:
    answer = problem(429, "too_many", sentences.TOO_MANY)
    counted.tell(answer)
    return answer


def organisation_address(view: View) -> View:
    """`view` behind the door for tokens; what it tells is for nobody else's cache."""

    @wraps(view)
    def told(request: Any, *args: object, **kwargs: object) -> HttpResponse:
        method, request.method = request.method, "GET"
        # The door itself reads as the system, to find the token; what it opens is read as the token's body.
        with looking_as(sight_of(request.machine.own.viewer)):
            answer = view(request, *args, **kwargs)
        request.method = method
        answer = unless_known(request, answer) if answer.status_code == 200 else answer
        request.machine.counted.tell(answer)
        answer["Cache-Control"] = "private, no-cache"
        answer["Vary"] = "Authorization"
        return answer

    guarded = machine_door(caller_of, methods=READING)(told)

    @wraps(guarded)
    def entered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method not in READING:
            answer = problem(405, "not_so", sentences.NOT_SO)
            answer["Allow"] = ", ".join(READING)
            return answer
        try:
            return guarded(request, *args, **kwargs)  # type: ignore[return-value]
        except (OperationalError, InterfaceError) as error:
            logger.error("database does not answer: %s", error)
            return problem(503, "no_database", sentences.NO_DATABASE)

    return entered
