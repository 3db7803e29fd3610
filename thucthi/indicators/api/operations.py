"""The operations. The door proved who calls (`request.machine`, a FeedSecret); the actions say what it may do."""

import json
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Field, Header, NinjaAPI, Query, Schema
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from pydantic import ConfigDict, StringConstraints

from thucthi.indicators.actions.feed_runs import Sent, receive_values
from thucthi.indicators.api.answers import (
    Page,
    Problem,
    Row,
    RunAnswer,
    Sending,
    fault_answer,
    in_both,
    observation_answer,
    problem,
    run_answer,
)
from thucthi.indicators.api.proof import TOO_LARGE
from thucthi.indicators.calculations.reading import read_rows
from thucthi.indicators.calculations.rows import RawRow
from thucthi.indicators.calculations.said import N_
from thucthi.indicators.models import FeedRun, RunOutcome
from thucthi.indicators.selectors.feeds import ObservationFilter, known_of, observations_readable_by
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.errors import Forbidden, Stale

MOST_ROWS = 5_000
LARGEST_PAGE = 1_000
KEY_LENGTHS = range(8, 201)
NOT_JSON = N_("Nội dung gửi không phải là JSON đọc được. Đề nghị kiểm tra lại.")
WRONG_SHAPE = N_("Nội dung gửi không đúng cấu trúc. Đề nghị xem từng lỗi.")
WRONG_FIELD = N_("Trường này thiếu, thừa hoặc sai kiểu. Đề nghị xem bản mô tả API.")
NO_KEY = N_("Thiếu tiêu đề Idempotency-Key (8 đến 200 ký tự). Mỗi lượt gửi dùng một khóa riêng.")
ROWS_REFUSED = N_("Có dòng sai nên chưa nhận dòng nào; số liệu đang có không thay đổi.")
KEY_USED = N_("Khóa chống gửi trùng này đã dùng cho một nội dung khác. Đề nghị dùng khóa mới.")
MAY_NOT_SEND = N_("Nguồn số liệu này không được gửi số liệu.")
NO_RUN = N_("Không có lượt gửi này trong nguồn của khóa.")
NOT_FOUND = 404


class ExactParser(Parser):
    """Numbers stay as written: a float would change 0.1, and NaN is not JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, parse_float=Decimal, parse_constant=_no_number)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


api = NinjaAPI(
    title="Thực Thi",
    version="1",
    description="Values of indicators, sent by the systems that hold them. Texts in Vietnamese and English.",
    urls_namespace="api",
    docs_url=None,
    parser=ExactParser(),
    openapi_extra={
        "components": {"securitySchemes": {"secret": {"type": "http", "scheme": "bearer"}}},
        "security": [{"secret": []}],
    },
)
REFUSALS = {401: Problem, 403: Problem, 429: Problem}


Word = Annotated[str, StringConstraints(max_length=64, pattern=r"^[\w-]*$")]


class Asked(Schema):
    """`first` and `last` are periods of one frequency, both included."""

    model_config = ConfigDict(extra="forbid")
    indicator: Word = ""
    organisation: Word = ""
    first: Word = ""
    last: Word = ""
    kind: Word = ""
    after: int = Field(0, ge=0, lt=2**63)
    limit: int = Field(LARGEST_PAGE, ge=1, le=LARGEST_PAGE)


@api.post(
    "/observations",
    url_name="observations",
    response={200: RunAnswer, 409: Problem, 413: Problem, 422: Problem, **REFUSALS},
)
def send_observations(
    request: Any,
    sending: Sending,
    idempotency_key: str = Header("", alias="Idempotency-Key"),  # type: ignore[type-arg]
) -> HttpResponse:
    """Take all rows, or none when one is wrong. The same key with the same content is taken once (kept for 7 days)."""
    if len(idempotency_key) not in KEY_LENGTHS:
        return problem(422, "no_key", NO_KEY)
    if len(sending.rows) > MOST_ROWS:
        return problem(413, "too_large", TOO_LARGE)
    now, secret = timezone.now(), request.machine
    raw = [_raw(number, row) for number, row in enumerate(sending.rows, start=1)]
    sent = Sent(
        read=read_rows(raw, known_of(secret.feed, timezone.localdate(now))),
        explicit=frozenset(row.number for row in raw if row.state),
        key=idempotency_key,
        body_hash=sha256_hex(request.body),
    )
    run = receive_values(secret, sent=sent, at=now)
    if run.outcome == RunOutcome.REFUSED:
        faults = [fault_answer(fault) for fault in run.faults]
        return problem(422, "rows_refused", ROWS_REFUSED, run=run.pk, faults=faults)
    answer = JsonResponse(run_answer(run))
    answer["Idempotent-Replayed"] = "true" if run.started_at != now else "false"
    return answer


def _raw(number: int, row: Row) -> RawRow:
    return RawRow(number, **{name: value for name, value in row.dict().items() if value not in (None, "")})


@api.get("/observations", url_name="observations", response={200: Page, 422: Problem, **REFUSALS})
def read_observations(request: Any, asked: Query[Asked]) -> HttpResponse:
    """The values that stand and that this source may write, in the order of their recording, page by page."""
    size = asked.limit
    wanted = ObservationFilter(**asked.dict(exclude={"limit"}))
    rows = list(observations_readable_by(request.machine.feed, wanted)[: size + 1])
    after = rows[size - 1].pk if len(rows) > size else None
    return JsonResponse({"observations": [observation_answer(row) for row in rows[:size]], "after": after})


@api.get("/runs/{int:run}", url_name="run", response={200: RunAnswer, 404: Problem, **REFUSALS})
def read_run(request: Any, run: int) -> HttpResponse:
    """What came of a sending of this source."""
    found = FeedRun.objects.select_related("delivery").filter(pk=run, feed=request.machine.feed_id).first()
    return problem(NOT_FOUND, "no_run", NO_RUN) if found is None else JsonResponse(run_answer(found))


@api.exception_handler(ValidationError)
def wrong_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [_fault_of_shape(found["loc"]) for found in error.errors[:MOST_ROWS]]
    return problem(422, "wrong_shape", WRONG_SHAPE, faults=faults)


def _fault_of_shape(place: tuple[Any, ...]) -> dict[str, Any]:
    """("body", "sending", "rows", 3, "value", …) is row 4."""
    row = next((part + 1 for part in place if isinstance(part, int)), 0)
    words = [str(part) for part in place if isinstance(part, str)]
    at = words.index("rows") + 1 if "rows" in words else 2
    name = next(iter(words[at:]), words[-1] if words else "")
    return {"row": row, "field": name[:60], "code": "wrong_field", **in_both(WRONG_FIELD)}


@api.exception_handler(HttpError)
def not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "not_json", NOT_JSON)


@api.exception_handler(Stale)
def key_used(request: HttpRequest, error: Stale) -> HttpResponse:
    run = error.current
    return problem(409, "key_used", KEY_USED, run=run.pk if isinstance(run, FeedRun) else None)


@api.exception_handler(Forbidden)
def may_not_send(request: HttpRequest, error: Forbidden) -> HttpResponse:
    return problem(403, "may_not_send", MAY_NOT_SEND)
