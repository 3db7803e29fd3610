"""Suggestions of a language model: asked for by a person, kept as drafts that carry their mark."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from thucthi.directory.access import Viewer
from thucthi.intake import access
from thucthi.intake.models import DocumentReading, TaskDraft
from thucthi.intake.reading.shapes import TaskRead
from thucthi.intake.selectors.rows import draft_of
from thucthi.intake.selectors.suggestions import may_be_asked
from thucthi.kernel.errors import Fault, Refused, require
from thucthi.ledger.actions import record
from thucthi.programmes.models import Programme

SUGGEST = "intake.suggest"


@transaction.atomic
def ask_for_suggestions(reading: DocumentReading, *, by: Viewer) -> None:
    """Let the worker ask about the places that no task cites. Raises Forbidden, Refused."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=reading.file.programme_id)
    require(
        access.can_take_in(by, programme.organisation_id),
        _("Ông/bà chỉ quyết được bản đọc trong chương trình của cơ quan mình."),
    )
    if programme.is_issued or not may_be_asked(reading):
        raise Refused(
            [Fault("", _("Chỉ xin được gợi ý cho văn bản công khai đã đăng ký, khi chương trình còn dự thảo."))]
        )
    record("suggestions.asked", by=by, subject=reading)
    app.configure_task(SUGGEST, queueing_lock=f"{SUGGEST}:{reading.pk}").defer(reading_id=reading.pk)


@transaction.atomic
def keep_suggestions(reading: DocumentReading, *, by: Viewer, tasks: Sequence[TaskRead], model: str) -> int:
    """Add what is not a draft yet, after all drafts there are; returns how many."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=reading.file.programme_id)
    require(access.can_take_in(by, programme.organisation_id), _("Việc này do hệ thống tự làm."))
    known = set(TaskDraft.objects.filter(reading=reading).values_list("start", "end"))
    new = [task for task in tasks if (task.start, task.end) not in known]
    position = TaskDraft.objects.filter(reading=reading).count()
    drafts = TaskDraft.objects.bulk_create(draft_of(reading, position + at, task) for at, task in enumerate(new))
    record("suggestions.kept", by=by, subject=reading, model=model, source=reading.file.sha256, drafts=len(drafts))
    return len(drafts)
