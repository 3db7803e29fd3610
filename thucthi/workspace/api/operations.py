"""What a token reads of its own organisation. Nothing is written through this door."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.http import urlencode
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError

from thucthi.directory.models import Scope
from thucthi.kernel.problems import WrongParameter, problem
from thucthi.workspace.api import answers, sentences
from thucthi.workspace.api.schemas import (
    DutyPage,
    ObstacleAnswer,
    ObstaclePage,
    OfDuties,
    OfValues,
    Paged,
    ProblemAnswer,
    ReportAnswer,
    ReportPage,
    TaskAnswer,
    TaskPage,
    TokenAnswer,
    ValuePage,
)
from thucthi.workspace.selectors import for_programs as selectors

api = NinjaAPI(
    title="Thực Thi · dữ liệu của cơ quan · an organisation's own data",
    version="1",
    description=sentences.DESCRIPTION,
    urls_namespace="organisation-api",
    docs_url=None,
    openapi_url=None,
    openapi_extra={
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    },
)
REFUSALS = dict.fromkeys((401, 403, 404, 422, 429), ProblemAnswer)
View = Callable[..., HttpResponse]


class Refusal(Exception):
    """Carries the answer that refuses."""

    def __init__(self, answer: HttpResponse) -> None:
        self.answer = answer
        super().__init__(answer.status_code)


def reading(scope: Scope | None) -> Callable[[View], View]:
    """The token must have `scope`; a parameter that nobody knows is not passed over in silence."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: Any, **given: Any) -> HttpResponse:
            if scope is not None and scope not in request.machine.token.scopes:
                raise Refusal(problem(403, "no_scope", sentences.NO_SCOPE, values={"scope": scope.value}))
            known = type(given["asked"]).model_fields if "asked" in given else ()
            wrong = [name for name, said in request.GET.lists() if name not in known or len(said) > 1]
            if wrong:
                raise Refusal(_wrong(wrong))
            return view(request, **given)

        return checked

    return decorate


def _wrong(names: Any) -> HttpResponse:
    found = [WrongParameter(name, sentences.WRONG_PARAMETER) for name in list(names)[:20]]
    return problem(422, "wrong_parameter", sentences.LOOK_AT_EACH, wrong=found)


def _today() -> date:
    return timezone.localdate()


def _told(content: dict[str, Any]) -> HttpResponse:
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


def _cut(rows: QuerySet[Any], asked: Paged) -> tuple[list[Any], int | None]:
    """The rows after `asked.after` in the order of their numbers, and where the next page starts."""
    found = list(rows.filter(pk__gt=asked.after).order_by("pk")[: asked.limit + 1])
    return found[: asked.limit], found[asked.limit - 1].pk if len(found) > asked.limit else None


def _page(request: HttpRequest, items: list[Any], following: int | None) -> HttpResponse:
    answer = _told({"as_of": _today(), "items": items, "next": following})
    if following is not None:
        more = urlencode({**request.GET.dict(), "after": str(following)})
        answer["Link"] = f'<{request.path}?{more}>; rel="next"'
    return answer


def _one(rows: QuerySet[Any], **which: Any) -> Any:
    found = rows.filter(**which).first()
    if found is None:
        raise Refusal(problem(404, "not_found", sentences.NO_THING))
    return found


def _get(way: str, answer: Any, summary: str) -> Callable[[View], View]:
    name = way.strip("/").replace("/{", "_").replace("int:", "").rstrip("}")
    return api.get(way, url_name=name, response={200: answer, **REFUSALS}, summary=summary)


@_get("/token", TokenAnswer, "Khóa này · This token")
@reading(None)
def token(request: Any) -> HttpResponse:
    held = request.machine.token
    told = {name: getattr(held, name) for name in ("name", "scopes", "expires_on")}
    return _told({"organisation": held.organisation.code, **told})


@_get("/tasks", TaskPage, "Nhiệm vụ chủ trì hoặc phối hợp · Tasks led or coordinated")
@reading(Scope.TASKS)
def tasks(request: Any, asked: Query[Paged]) -> HttpResponse:
    rows, following = _cut(selectors.own_tasks(request.machine.own), asked)
    return _page(request, answers.tasks(rows, request.machine.own, _today()), following)


@_get("/tasks/{code}", TaskAnswer, "Một nhiệm vụ · One task")
@reading(Scope.TASKS)
def task(request: Any, code: str) -> HttpResponse:
    own = request.machine.own
    return _told(answers.tasks([_one(selectors.own_tasks(own), code=_word(code))], own, _today())[0])


@_get("/obligations", DutyPage, "Báo cáo còn phải nộp · Reports still owed")
@reading(Scope.REPORTS)
def obligations(request: Any, asked: Query[OfDuties]) -> HttpResponse:
    found, following = _cut(selectors.own_duties(request.machine.own, _today(), state=asked.state), asked)
    return _page(request, answers.duties(selectors.duties_in_full(found), _today()), following)


@_get("/reports", ReportPage, "Báo cáo đã gửi và kết quả · Reports sent, and what became of them")
@reading(Scope.REPORTS)
def reports(request: Any, asked: Query[Paged]) -> HttpResponse:
    rows, following = _cut(selectors.own_reports(request.machine.own), asked)
    return _page(request, [answers.report(row) for row in rows], following)


@_get("/reports/{int:number}", ReportAnswer, "Một báo cáo · One report")
@reading(Scope.REPORTS)
def report(request: Any, number: int) -> HttpResponse:
    # Django lets any number of digits through, the database not.
    return _told(answers.report(_one(selectors.own_reports(request.machine.own), pk=min(number, 2**63 - 1))))


@_get("/obstacles", ObstaclePage, "Điểm nghẽn đã nêu hoặc được đề nghị · Obstacles raised or to be removed")
@reading(Scope.OBSTACLES)
def obstacles(request: Any, asked: Query[Paged]) -> HttpResponse:
    found, following = _cut(selectors.own_obstacles(request.machine.own), asked)
    rows = selectors.own_obstacles(request.machine.own).filter(pk__in=[row.pk for row in found])
    return _page(request, answers.obstacles(rows, _today()), following)


@_get("/obstacles/{code}", ObstacleAnswer, "Một điểm nghẽn · One obstacle")
@reading(Scope.OBSTACLES)
def obstacle(request: Any, code: str) -> HttpResponse:
    mine = selectors.own_obstacles(request.machine.own)
    found = _one(mine, code=_word(code))
    return _told(answers.obstacles(mine.filter(pk=found.pk), _today())[0])


@_get("/values", ValuePage, "Giá trị chỉ tiêu của cơ quan · Values of the organisation")
@reading(Scope.VALUES)
def values(request: Any, asked: Query[OfValues]) -> HttpResponse:
    wanted = selectors.own_values(request.machine.own, indicator=asked.indicator, period=asked.period)
    rows, following = _cut(wanted, asked)
    return _page(request, [answers.value(row) for row in rows], following)


def _word(code: str) -> str:
    """What no code can be is looked for as nothing: the database takes neither a zero byte nor half of a letter."""
    return code if code.isascii() and code.isprintable() else ""


@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    return error.answer


@api.exception_handler(ValidationError)
def wrong_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _wrong(dict.fromkeys(str(found["loc"][-1]) for found in error.errors))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _wrong(())
