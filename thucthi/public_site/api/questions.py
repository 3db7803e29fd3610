"""What may be asked of each collection, and which things answer it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints

from thucthi.public_site.api.reading import Issue, Thing

LARGEST_PAGE = 200
USUAL_PAGE = 50

Word = Annotated[str, StringConstraints(max_length=80, pattern=r"^[0-9A-Za-z_.:|-]*$")]


class OfAnIssue(Schema):
    """Which issue; empty: the newest."""

    model_config = ConfigDict(extra="forbid")
    issue: Word = Field(
        "",
        description="Tên kỳ công bố, ví dụ 2026-W47; để trống: kỳ mới nhất · Name of the issue; empty: the newest",
    )


class Paged(OfAnIssue):
    limit: int = Field(
        USUAL_PAGE, ge=1, le=LARGEST_PAGE, description="Số đối tượng mỗi trang · How many things on a page"
    )
    cursor: str = Field("", description="Con trỏ lấy từ next của trang trước · `next` of the page before")


def _filter(vi: str, en: str) -> Any:
    return Field("", description=f"{vi} · {en}")


class OfProgrammes(Paged):
    document: Word = _filter("Mã văn bản được thực hiện", "Slug of a document it carries out")
    organisation: Word = _filter("Mã cơ quan ban hành", "Code of the body that issued it")


class OfTasks(Paged):
    document: Word = _filter("Mã văn bản", "Slug of a document")
    programme: Word = _filter("Mã chương trình", "Code of a programme")
    organisation: Word = _filter("Mã cơ quan chủ trì hoặc chịu trách nhiệm", "Code of the lead, or who answers now")
    schedule: Word = _filter("Mã thang thời hạn", "Code on the schedule scale")
    stage: Word = _filter("Mã giai đoạn", "Code on the stage scale")


class OfOrganisations(Paged):
    tree: Word = _filter("Hệ thống: state, party, front", "Tree: state, party, front")
    level: Word = _filter("Cấp: central, province, district, commune", "Level")
    parent: Word = _filter("Mã cơ quan cấp trên", "Code of the superior body")


class OfIndicators(Paged):
    document: Word = _filter("Mã văn bản có giao chỉ tiêu", "Slug of a document with a target for it")


class OfObstacles(Paged):
    task: Word = _filter("Mã nhiệm vụ", "Code of a task")
    organisation: Word = _filter("Mã cơ quan nêu hoặc được đề nghị", "Code of the raising or the asked body")
    state: Word = _filter("Mã trạng thái", "Code of the state")


class OfValues(Paged):
    indicator: Word = Field(..., min_length=1, description="Mã chỉ tiêu (bắt buộc) · Code of the indicator (required)")
    organisation: Word = _filter("Mã cơ quan", "Code of the body")
    period: Word = _filter("Kỳ số liệu", "Period")
    kind: Word = _filter("Loại giá trị", "Kind of value")
    state: Word = _filter("Trạng thái giá trị", "State of the value")


Holds = Callable[[Thing, str], bool]
# Words that an issue explains: another one is a mistake of the asker, not a question without an answer.
EXPLAINED: Mapping[tuple[str, str], str] = {("tasks", "schedule"): "schedule", ("tasks", "stage"): "stage"}


def _is(field: str) -> Holds:
    return lambda thing, wanted: bool(thing[field] == wanted)


def _among(*names: str) -> Holds:
    def holds(thing: Thing, wanted: str) -> bool:
        found = (thing[name] for name in names)
        return any(wanted in each if isinstance(each, list) else each == wanted for each in found)

    return holds


def _stands(field: str) -> Holds:
    return lambda thing, wanted: bool(thing["standing"][field] == wanted)


def _promised(thing: Thing, wanted: str) -> bool:
    return any(target["document"] == wanted for target in thing["targets"])


FILTERS: Mapping[str, Mapping[str, Holds]] = {
    "programmes": {"document": _among("documents"), "organisation": _is("organisation")},
    "tasks": {
        "document": _among("documents"),
        "programme": _is("programme"),
        "organisation": _among("lead", "answering"),
        "schedule": _stands("schedule"),
        "stage": _stands("stage"),
    },
    "organisations": {name: _is(name) for name in ("tree", "level", "parent")},
    "indicators": {"document": _promised},
    "obstacles": {"task": _is("task"), "organisation": _among("raised_by", "asked_of"), "state": _is("state")},
    "values": {name: _is(name) for name in ("organisation", "period", "kind", "state")},
}


def given(kind: str, asked: Mapping[str, Any]) -> dict[str, str]:
    """The filters that say something."""
    return {name: asked[name] for name in FILTERS.get(kind, {}) if asked[name]}


def unexplained(kind: str, filters: Mapping[str, str], issue: Issue) -> list[str]:
    """Names of filters whose word the issue does not know."""
    groups = issue.data["vocabulary"]
    return [
        name
        for name, wanted in filters.items()
        if (kind, name) in EXPLAINED and wanted not in groups.get(EXPLAINED[kind, name], {})
    ]


def answering(kind: str, rows: list[Thing] | tuple[Thing, ...], filters: Mapping[str, str]) -> list[Thing]:
    holds = [(FILTERS[kind][name], wanted) for name, wanted in filters.items()]
    return [row for row in rows if all(test(row, wanted) for test, wanted in holds)]
