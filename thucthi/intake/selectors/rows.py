"""What a reading becomes in the database: rows not yet saved, letters and figures as it keeps them."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from thucthi.intake.models import DocumentReading, TaskDraft
from thucthi.intake.reading.shapes import TaskRead


def draft_of(kept: DocumentReading, position: int, task: TaskRead) -> TaskDraft:
    lead = "\n".join(task.lead)
    return TaskDraft(
        reading=kept,
        position=position,
        start=task.start,
        end=task.end,
        index=(task.index or "")[:40],
        cell=(task.cell or "")[:80],
        clause=(task.clause or "")[:120],
        group=storable(task.group or ""),
        text=storable(task.action or task.text),
        lead_text=storable(lead),
        is_collective=task.collective_lead,
        coordinators_text=storable("\n".join(task.coordinators)),
        deadline_raw=storable(task.deadline.raw if task.deadline else ""),
        product=storable(task.product or ""),
        resources=storable(task.resources or ""),
        successions=plain(task.successions),
        doubts=[storable(doubt) for doubt in task.doubts],
        confidence=min(max(Decimal(str(round(task.confidence, 3))), Decimal(0)), Decimal(1)),
    )


def plain(content: Any) -> Any:
    """Dataclasses as JSON has them: days and figures as texts."""
    many = content if isinstance(content, tuple) else (content,)
    rows = json.loads(storable(json.dumps([asdict(each) for each in many], default=_as_text, ensure_ascii=False)))
    return rows if isinstance(content, tuple) else rows[0]


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def storable(text: str) -> str:
    """The database keeps no NUL; a letter stands for it so that no place moves."""
    return text.replace("\x00", "\ufffd").replace("\\u0000", "\ufffd")
