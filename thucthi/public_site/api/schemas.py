"""The shapes of the answers, made from the shapes of an issue, so that the description cannot differ from the files."""

import csv
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from ninja import Field, Schema
from pydantic import create_model

from thucthi.publication.shapes import (
    CorrectionData,
    DocumentData,
    EarlierIssue,
    Header,
    IndicatorData,
    IssueData,
    ObstacleData,
    OrganisationData,
    ProgrammeData,
    TaskData,
    ValueData,
)

WORDS_FILE = Path(__file__).with_name("field_words.csv")
# Told by other addresses, a page at a time.
COLLECTIONS = frozenset({"documents", "programmes", "tasks", "organisations", "indicators", "obstacles", "values"})


@cache
def words() -> dict[str, str]:
    """Name of a field → what it is, Vietnamese · English."""
    with WORDS_FILE.open(encoding="utf-8", newline="") as stream:
        return {row["name"]: f"{row['vi']} · {row['en']}" for row in csv.DictReader(stream)}


@cache
def schema_of(shape: type, *, leave: frozenset[str] = frozenset()) -> type[Schema]:
    """A dataclass of an issue as a model: the same fields, each with its words."""
    hints = get_type_hints(shape)
    wanted: dict[str, Any] = {
        each.name: (_told(hints[each.name]), Field(..., description=words().get(each.name, each.name)))
        for each in fields(shape)
        if each.name not in leave
    }
    made: type[Schema] = create_model(shape.__name__.removesuffix("Data"), __base__=Schema, **wanted)
    return made


def _told(hint: Any) -> Any:
    """The type as written to JSON: dataclasses become models wherever they stand."""
    if isinstance(hint, type) and is_dataclass(hint):
        return schema_of(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is None:
        return hint
    if origin in (Union, UnionType):
        return Union[tuple(_told(each) for each in inner)]  # noqa: UP007 - made while running
    if origin is tuple and inner[-1] is Ellipsis:
        return list[_told(inner[0])]  # type: ignore[misc]
    if origin is tuple:
        return tuple[tuple(_told(each) for each in inner)]  # type: ignore[misc]
    return dict[str, _told(inner[1])]  # type: ignore[misc]


IssueAnswer = schema_of(IssueData, leave=COLLECTIONS)
HeaderAnswer = schema_of(Header)
KINDS: dict[str, type[Schema]] = {
    "documents": schema_of(DocumentData),
    "programmes": schema_of(ProgrammeData),
    "tasks": schema_of(TaskData),
    "organisations": schema_of(OrganisationData),
    "indicators": schema_of(IndicatorData),
    "obstacles": schema_of(ObstacleData),
    "values": schema_of(ValueData),
    "corrections": schema_of(CorrectionData),
    "issues": schema_of(EarlierIssue),
}


@cache
def page_of(kind: str) -> type[Schema]:
    """A page: of which issue, how many there are in all, and where it goes on."""
    made: type[Schema] = create_model(
        f"{kind.capitalize()}Page",
        __base__=Schema,
        issue=(HeaderAnswer, Field(..., description=words()["header"])),
        total=(int, Field(..., description=words()["total"])),
        items=(list[KINDS[kind]], Field(..., description=words()["items"])),  # type: ignore[valid-type]
        next=(str | None, Field(..., description=words()["next"])),
    )
    return made


@cache
def one_of(kind: str) -> type[Schema]:
    """One thing, and of which issue."""
    made: type[Schema] = create_model(
        f"One{KINDS[kind].__name__}",
        __base__=Schema,
        issue=(HeaderAnswer, Field(..., description=words()["header"])),
        item=(KINDS[kind], Field(..., description="Đối tượng · The thing itself")),
    )
    return made


class WrongParameterAnswer(Schema):
    parameter: str = Field(..., description="Tham số cần sửa · Parameter to put right")
    detail: str = Field(..., description="Cần làm gì · What to do, in Vietnamese")
    detail_en: str = Field(..., description="Cần làm gì, bằng tiếng Anh · What to do, in English")


class ProblemAnswer(Schema):
    """A refusal (RFC 9457)."""

    type: str = Field(..., description="Định danh loại lỗi · Kind of problem")
    status: int = Field(..., description="Mã HTTP · Status")
    code: str = Field(..., description="Mã ổn định cho chương trình · Stable, for programs")
    title: str = Field(..., description="Tên ngắn · Short name")
    detail: str = Field(..., description="Câu tiếng Việt · What to do, in Vietnamese")
    detail_en: str = Field(..., description="Câu tiếng Anh · What to do, in English")
    errors: list[WrongParameterAnswer] = Field(..., description="Từng tham số sai · Each wrong parameter")
