"""Who answers today for a body that a text names, with the rule that says so (D38: successors are never guessed)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from thucthi.intake.reading.bodies.known import KnownBody, KnownSuccession, NamedBody
from thucthi.intake.reading.bodies.wording import even, key
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import Succession

_LONGEST_CHAIN = 5
_HOW = {"rename": "đổi tên", "merge": "hợp nhất, sáp nhập", "split": "chia tách", "dissolve": "kết thúc hoạt động"}


def follow(
    body: NamedBody,
    known: Callable[[str], KnownBody | None],
    *,
    on: date | None,
    today: date,
    about: str = "",
) -> Succession | None:
    """The bodies that stand on `today`; None when `body` does, or is not known, or is a group."""
    first = body.known.succession if body.known and not body.is_collective else None
    if first is None or body.known is None or first.effective_on > today:
        return None
    change = first
    heirs = list(change.successors)
    for _step in range(_LONGEST_CHAIN):
        following = [_change_of(known(heir), today) for heir in heirs]
        if not any(following):
            break
        pairs = zip(heirs, following, strict=True)
        heirs = [next_one for heir, then in pairs for next_one in (then.successors if then else (heir,))]
        change = max((then for then in following if then), key=lambda then: then.effective_on)
    others = _others(body.known, about)
    heirs = list(dict.fromkeys([*heirs, *others]))
    is_certain = len(heirs) == 1 and _is_certain(body.known, first)
    named = body.name
    return Succession(named, tuple(heirs), change.effective_on, _rule(named, heirs, first, others), is_certain)


def _change_of(body: KnownBody | None, today: date) -> KnownSuccession | None:
    change = body.succession if body else None
    return change if change and change.effective_on <= today else None


def _entry(body: KnownBody) -> dict[str, Any] | None:
    opening = key(body.name)
    fitting = [
        entry
        for entry in rules("successions")["changes"]
        if opening[: len(key(entry["body"][0]))] == key(entry["body"][0])
    ]
    return max(fitting, key=lambda entry: len(entry["body"][0]), default=None)


def _others(body: KnownBody, about: str) -> list[str]:
    """Heirs of that part of the work which the task speaks of, when they are not the heirs of the rest."""
    entry, said = _entry(body), even(about).lower()
    if not entry or not said:
        return []
    parts = entry.get("unless", [])
    return [heir for part in parts if any(word in said for word in part["words"]) for heir in part["to"]]


def _is_certain(body: KnownBody, change: KnownSuccession) -> bool:
    """Doubtful where the lists say so; what the lists do not hold is doubtful unless it is a plain change of name."""
    entry = _entry(body)
    if entry is not None and "certain" in entry:
        return bool(entry["certain"])
    return change.kind in {"rename", "merge", "move"} or (entry is not None and change.kind == "dissolve")


def _rule(named: str, heirs: list[str], change: KnownSuccession, others: list[str]) -> str:
    since = f"{change.effective_on:%d/%m/%Y}"
    source = f", theo {change.source}" if change.source else ""
    note = f" ({change.note})" if change.note else ""
    if len(heirs) == 1:
        how = _HOW.get(change.kind, "sắp xếp")
        return f"{named} nay là {heirs[0]} ({how} từ {since}{source}){note}."
    listed = "; ".join(heirs)
    why = "theo nội dung nhiệm vụ" if others or change.kind == "split" else "theo từng việc"
    return f"Nhiệm vụ của {named} từ {since} thuộc nhiều cơ quan: {listed}{note}; đề nghị chọn {why}{source}."
