"""A reading as JSON: the published shape, and a lossless one that passes between processes."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from thucthi.intake.reading.shapes import HeaderRead, Reading, TargetRead, TaskRead
from thucthi.kernel.deadlines import Deadline, DeadlineKind
from thucthi.programmes.calculations import Criterion

Shape = dict[str, Any]
_T = TypeVar("_T")
_NO_DEADLINE = Deadline(DeadlineKind.NONE, "")


def to_shape(reading: Reading) -> Shape:
    """The shape that is published: every key always there, None where unknown, figures as texts with a point."""
    return {
        "document": _document(reading.header),
        "clauses": [
            {"path": clause.path, "start": clause.start, "end": clause.end, "text": clause.text}
            for clause in reading.clauses
        ],
        "targets": [_target(target) for target in reading.targets],
        "tasks": [_task(task) for task in reading.tasks],
        "warnings": [{"where": warned.where, "text": warned.text} for warned in reading.warnings],
    }


def _document(header: HeaderRead) -> Shape:
    return {
        "number": header.number,
        "type": header.type,
        "issuer": header.issuer,
        "issued_on": _day(header.issued_on),
        "place": header.place,
        "title": header.title,
        "relations": [{"kind": relation.kind.value, "number": relation.number} for relation in header.relations],
    }


def _target(target: TargetRead) -> Shape:
    return {
        "text": target.text,
        "start": target.start,
        "end": target.end,
        "indicator": target.indicator,
        "operator": target.operator.value,
        "low": _figure(target.low),
        "high": _figure(target.high),
        "unit": target.unit,
        "year": target.year,
        "change": target.change.value,
        "is_fact": target.is_fact,
        "scope": target.scope,
        "confidence": target.confidence,
    }


def _task(task: TaskRead) -> Shape:
    return {
        "text": task.text,
        "start": task.start,
        "end": task.end,
        "cell": task.cell,
        "index": task.index,
        "group": task.group,
        "action": task.action,
        "lead": list(task.lead),
        "coordinators": list(task.coordinators),
        "collective_lead": task.collective_lead,
        "deadline": _deadline(task.deadline or _NO_DEADLINE),
        "product": task.product,
        "resources": task.resources,
        "clarity": {criterion.value: task.clarity.get(criterion.value) for criterion in Criterion},
        "confidence": task.confidence,
        "doubts": [*task.doubts, *_heirs(task)],
    }


def _deadline(deadline: Deadline) -> Shape:
    return {
        "raw": deadline.raw or None,
        "kind": deadline.kind.value,
        "start": _day(deadline.start),
        "end": _day(deadline.end),
        "recurrence": deadline.recurrence,
        "trigger": deadline.trigger,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _figure(figure: Decimal | None) -> str | None:
    if figure is None:
        return None
    written = format(figure, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def _heirs(task: TaskRead) -> list[str]:
    """Who answers today, with the rule, unless a doubt says it already."""
    return [each.rule for each in task.successions if not any(each.rule in doubt for doubt in task.doubts)]


def to_full(content: object) -> Any:
    """Everything in a dataclass of the reader, as JSON can hold it; `from_full` gives an equal one back."""
    if is_dataclass(content):
        return {field.name: to_full(getattr(content, field.name)) for field in fields(content)}
    if isinstance(content, tuple):
        return [to_full(each) for each in content]
    if isinstance(content, date):
        return content.isoformat()
    return str(content) if isinstance(content, (Decimal, StrEnum)) else content


def from_full(kind: type[_T], content: Mapping[str, Any]) -> _T:
    """The `kind` (Reading, Source) that `to_full` was given. Raises KeyError, ValueError or TypeError."""
    built: _T = _restored(kind, content)
    return built


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _restored(kind: Any, content: Any) -> Any:
    if content is None or kind in (str, int, float, bool):
        return content
    if isinstance(kind, UnionType):
        return _restored(_alternative(kind, content), content)
    if get_origin(kind) is tuple:
        return tuple(_restored(get_args(kind)[0], each) for each in content)
    if get_origin(kind) is dict:
        return dict(content)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{field.name: _restored(hints[field.name], content[field.name]) for field in fields(kind)})
    return date.fromisoformat(content) if kind is date else kind(content)


def _alternative(kind: UnionType, content: Any) -> Any:
    """Which of several: the dataclass with just these fields, else the one that is not None."""
    choices = [choice for choice in get_args(kind) if choice is not NoneType]
    if len(choices) > 1 and isinstance(content, dict):
        return next(choice for choice in choices if {field.name for field in fields(choice)} == content.keys())
    return choices[0]
