"""What anyone may read of a published issue, without a key. Files only; no database, no session, no cookie."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError

from thucthi.kernel.problems import WrongParameter, problem
from thucthi.public_site.api import reading, sentences
from thucthi.public_site.api.cursors import OtherIssue, Place, WrongCursor, fingerprint, position_of, written
from thucthi.public_site.api.questions import (
    OfAnIssue,
    OfIndicators,
    OfObstacles,
    OfOrganisations,
    OfProgrammes,
    OfTasks,
    OfValues,
    Paged,
    answering,
    given,
    unexplained,
)
from thucthi.public_site.api.reading import Issue, Thing
from thucthi.public_site.api.schemas import IssueAnswer, ProblemAnswer, one_of, page_of

api = NinjaAPI(
    title="Thực Thi · dữ liệu đã công bố · published data",
    version="1",
    description=sentences.DESCRIPTION,
    urls_namespace="public-api",
    docs_url=None,
    openapi_url=None,
)
View = Callable[..., HttpResponse]
REFUSALS = {400: ProblemAnswer, 404: ProblemAnswer, 422: ProblemAnswer, 429: ProblemAnswer}


class Refusal(Exception):
    """Carries the answer that refuses."""

    def __init__(self, answer: HttpResponse) -> None:
        self.answer = answer
        super().__init__(answer.status_code)


def issue_asked(name: str) -> Issue:
    try:
        found = reading.issue_named(name)
    except reading.TooLarge as error:
        raise Refusal(problem(503, "issue_too_large", sentences.TOO_LARGE)) from error
    if found is None:
        raise Refusal(problem(404, "not_found", sentences.NO_ISSUE))
    return found


def _only(request: HttpRequest, asked: OfAnIssue) -> None:
    """A parameter misspelt or said twice would be passed over in silence, and the answer be another than asked for."""
    known = type(asked).model_fields
    wrong = [name for name, said in request.GET.lists() if name not in known or len(said) > 1]
    if wrong:
        found = [WrongParameter(name, sentences.WRONG_PARAMETER) for name in wrong[:20]]
        raise Refusal(problem(422, "wrong_parameter", sentences.LOOK_AT_EACH, wrong=found))


@api.get("/issue", url_name="issue", response={200: IssueAnswer, **REFUSALS}, summary="Kỳ công bố · The issue")
def read_issue(request: Any, asked: Query[OfAnIssue]) -> HttpResponse:
    """Số đếm, xu hướng, thay đổi, từ vựng của kỳ · Counts, trend, changes and vocabulary of the issue."""
    _only(request, asked)
    issue = issue_asked(asked.issue)
    told = {name: issue.data[name] for name in IssueAnswer.model_fields}
    return _answer(request, issue, told)


def _answer(request: HttpRequest, issue: Issue, told: Thing) -> HttpResponse:
    answer = HttpResponse(
        json.dumps(told, ensure_ascii=False, separators=(",", ":")), content_type="application/json; charset=utf-8"
    )
    request.issue_told = issue  # type: ignore[attr-defined]
    return answer


def _page(request: HttpRequest, kind: str, asked: Paged) -> HttpResponse:
    _only(request, asked)
    issue = issue_asked(asked.issue)
    wanted = asked.dict()
    filters = given(kind, wanted)
    wrong = unexplained(kind, filters, issue)
    if wrong:
        found = [WrongParameter(name, sentences.UNKNOWN_WORD) for name in wrong]
        raise Refusal(problem(422, "unknown_word", sentences.LOOK_AT_EACH, wrong=found))
    rows = answering(kind, _rows(kind, issue, wanted), filters)
    question = fingerprint(kind, wanted.get("indicator", ""), json.dumps(filters, sort_keys=True))
    here = Place(issue.name, issue.manifest_hash, question, 0)
    start = _start(asked.cursor, here, len(rows))
    end = start + asked.limit
    following = written(Place(here.issue, here.hash, question, end)) if end < len(rows) else None
    told = {"issue": issue.data["header"], "total": len(rows), "items": rows[start:end], "next": following}
    answer = _answer(request, issue, told)
    if following:
        more = {**request.GET.dict(), "issue": issue.name, "cursor": following}
        answer["Link"] = f'<{request.path}?{urlencode(more)}>; rel="next"'
    return answer


def _rows(kind: str, issue: Issue, wanted: Thing) -> Any:
    if kind == "values":
        if wanted["indicator"] not in issue.by_key["indicators"]:
            raise Refusal(problem(404, "not_found", sentences.NO_THING))
        return reading.values_of(issue, wanted["indicator"])
    beside = {"corrections": reading.corrections, "issues": reading.issues}
    return beside[kind](issue) if kind in beside else issue.data[kind]


def _start(cursor: str, here: Place, rows: int) -> int:
    if not cursor:
        return 0
    try:
        return position_of(cursor, here, rows)
    except OtherIssue as other:
        said = {"there": str(other), "here": here.issue}
        raise Refusal(problem(400, "cursor_of_another_issue", sentences.OTHER_ISSUE, values=said)) from other
    except WrongCursor as wrong:
        found = [WrongParameter("cursor", sentences.WRONG_CURSOR)]
        raise Refusal(problem(400, "wrong_cursor", sentences.LOOK_AT_EACH, wrong=found)) from wrong


def _one(request: HttpRequest, kind: str, code: str, asked: OfAnIssue) -> HttpResponse:
    _only(request, asked)
    issue = issue_asked(asked.issue)
    thing = issue.by_key[kind].get(code)
    if thing is None:
        raise Refusal(problem(404, "not_found", sentences.NO_THING))
    return _answer(request, issue, {"issue": issue.data["header"], "item": thing})


def _list(kind: str) -> Callable[[View], View]:
    vi, en = sentences.NAMES[kind]
    return api.get(f"/{kind}", url_name=kind, response={200: page_of(kind), **REFUSALS}, summary=f"{vi} · {en}")


def _single(kind: str) -> Callable[[View], View]:
    vi, en = sentences.NAMES[kind]
    return api.get(
        f"/{kind}/{{code}}",
        url_name=f"{kind}_one",
        response={200: one_of(kind), **REFUSALS},
        summary=f"{vi}: một · {en}: one",
    )


@_list("documents")
def documents(request: Any, asked: Query[Paged]) -> HttpResponse:
    return _page(request, "documents", asked)


@_single("documents")
def document(request: Any, code: str, asked: Query[OfAnIssue]) -> HttpResponse:
    return _one(request, "documents", code, asked)


@_list("programmes")
def programmes(request: Any, asked: Query[OfProgrammes]) -> HttpResponse:
    return _page(request, "programmes", asked)


@_single("programmes")
def programme(request: Any, code: str, asked: Query[OfAnIssue]) -> HttpResponse:
    return _one(request, "programmes", code, asked)


@_list("tasks")
def tasks(request: Any, asked: Query[OfTasks]) -> HttpResponse:
    return _page(request, "tasks", asked)


@_single("tasks")
def task(request: Any, code: str, asked: Query[OfAnIssue]) -> HttpResponse:
    return _one(request, "tasks", code, asked)


@_list("organisations")
def organisations(request: Any, asked: Query[OfOrganisations]) -> HttpResponse:
    return _page(request, "organisations", asked)


@_single("organisations")
def organisation(request: Any, code: str, asked: Query[OfAnIssue]) -> HttpResponse:
    return _one(request, "organisations", code, asked)


@_list("indicators")
def indicators(request: Any, asked: Query[OfIndicators]) -> HttpResponse:
    return _page(request, "indicators", asked)


@_single("indicators")
def indicator(request: Any, code: str, asked: Query[OfAnIssue]) -> HttpResponse:
    return _one(request, "indicators", code, asked)


@_list("values")
def values(request: Any, asked: Query[OfValues]) -> HttpResponse:
    """Mọi giá trị đang đứng của một chỉ tiêu · All standing values of one indicator."""
    return _page(request, "values", asked)


@_list("obstacles")
def obstacles(request: Any, asked: Query[OfObstacles]) -> HttpResponse:
    return _page(request, "obstacles", asked)


@_single("obstacles")
def obstacle(request: Any, code: str, asked: Query[OfAnIssue]) -> HttpResponse:
    return _one(request, "obstacles", code, asked)


@_list("corrections")
def corrections(request: Any, asked: Query[Paged]) -> HttpResponse:
    return _page(request, "corrections", asked)


@_list("issues")
def issues(request: Any, asked: Query[Paged]) -> HttpResponse:
    return _page(request, "issues", asked)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    return error.answer


@api.exception_handler(ValidationError)
def wrong_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = dict.fromkeys(str(found["loc"][-1]) for found in error.errors)
    found = [WrongParameter(name, sentences.WRONG_PARAMETER) for name in names]
    return problem(422, "wrong_parameter", sentences.LOOK_AT_EACH, wrong=found)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(400, "wrong_parameter", sentences.LOOK_AT_EACH)
