"""One piece of work as it is put together from sentences and labelled lines, and the task that it becomes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from thucthi.intake.reading.shapes import ClauseRead, TaskRead
from thucthi.intake.reading.tasks.products import product_in
from thucthi.intake.reading.tasks.prose.assignments import Names, Strength
from thucthi.kernel.deadlines import Deadline, combined, find_deadlines, parse_deadline


def N_(sentence: str) -> str:
    """Marks a sentence for translation where it is shown."""
    return sentence


_NO_LEAD = N_("Văn bản không nêu ai chủ trì việc này.")
_INHERITED = N_("Cơ quan chủ trì lấy theo mục phía trên; đề nghị đối chiếu.")
_COLLECTIVE = N_("Chủ trì là tập thể không nêu tên từng cơ quan; đề nghị giao cho từng cơ quan cụ thể.")
_SEVERAL_LEADS = N_("Có hơn một cơ quan cùng chủ trì; đề nghị chọn một cơ quan chịu trách nhiệm chính.")
_ONLY_PART = N_("Câu chỉ nêu phối hợp, không nêu ai chủ trì.")
_TOO_EARLY = N_("Thời hạn đứng trước ngày ban hành văn bản.")
_CONFIDENCE = {Strength.HANDED: 0.92, Strength.IN_CHARGE: 0.9, Strength.NAMED: 0.75, Strength.IMPERATIVE: 0.45}
_INHERITED_AT_MOST = 0.75
_LABELLED = 0.92


@dataclass(slots=True)
class Draft:
    """text[start:end] of the document; `action` is where the work begins, `action_end` where its sentence ends."""

    start: int
    end: int
    action: int
    action_end: int
    strength: Strength
    clause: ClauseRead | None
    lead: Names = field(default_factory=Names)
    coordinators: Names = field(default_factory=Names)
    is_inherited: bool = False
    is_given: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    words_end: int = 0
    group: str | None = None

    def extend(self, end: int) -> None:
        self.end = end
        self.words_end = end


def finish(draft: Draft, text: str, issued_on: date | None) -> TaskRead | None:
    """The task; None when neither bodies nor a heading make the words one."""
    if not draft.lead.names and not draft.coordinators.names and not draft.is_given:
        return None
    words = text[draft.start : draft.end].rstrip()
    action = text[draft.action : draft.action_end].strip().rstrip(" .;,:/")
    if len(action.split()) < 2:
        return None
    deadline = _deadline(draft, text, issued_on)
    clause = draft.clause
    return TaskRead(
        text=words, start=draft.start, end=draft.start + len(words), clause=clause.path if clause else None,
        index=clause.label if clause else None, group=draft.group, action=action, lead=draft.lead.names,
        coordinators=draft.coordinators.names, collective_lead=draft.lead.is_collective, deadline=deadline,
        product=draft.labels.get("product") or product_in(text[draft.action : draft.words_end or draft.action_end]),
        resources=draft.labels.get("resources"), confidence=_confidence(draft),
        doubts=tuple(_doubts(draft, deadline, issued_on)),
    )  # fmt: skip


def _deadline(draft: Draft, text: str, issued_on: date | None) -> Deadline | None:
    if "time" in draft.labels:
        return parse_deadline(draft.labels["time"], issued_on=issued_on)
    return combined(find_deadlines(text[draft.start : draft.words_end or draft.end], issued_on=issued_on))


def _confidence(draft: Draft) -> float:
    sure = _LABELLED if draft.labels and draft.lead.names else _CONFIDENCE[draft.strength]
    if draft.is_inherited and draft.lead.names:
        sure = _INHERITED_AT_MOST
    if draft.strength is Strength.NAMED and draft.is_given:
        sure += 0.05
    return round(sure - (0.1 if draft.lead.is_collective else 0), 2)


def _doubts(draft: Draft, deadline: Deadline | None, issued_on: date | None) -> Iterator[str]:
    if not draft.lead.names:
        yield _ONLY_PART if draft.coordinators.names else _NO_LEAD
    elif draft.is_inherited:
        yield _INHERITED
    if draft.lead.is_collective:
        yield _COLLECTIVE
    elif len(draft.lead.names) > 1:
        yield _SEVERAL_LEADS
    if deadline and deadline.end and issued_on and deadline.end < issued_on:
        yield _TOO_EARLY
