"""What people make of drafts: correct, split, merge, drop, take back; nothing that was read gets lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.intake import access
from thucthi.intake.calculations.wording import places_of_parts
from thucthi.intake.models import DraftState, TaskDraft
from thucthi.intake.selectors.bodies import is_collective
from thucthi.intake.selectors.drafts import is_open
from thucthi.kernel.errors import Fault, Refused, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes.models import Programme

MOST_PARTS = 30
MOST_BODIES = 120


@dataclass(frozen=True)
class Correction:
    """A draft as somebody put it right. `lead` is one body that was found; else `lead_text` says whom, a line each."""

    text: str
    group: str = ""
    lead: Organisation | None = None
    lead_text: str = ""
    coordinators_text: str = ""
    deadline_raw: str = ""
    product: str = ""
    resources: str = ""


@transaction.atomic
def correct_draft(draft: TaskDraft, *, by: Viewer, correction: Correction, version: int) -> TaskDraft:
    """Put a draft right that still stands at `version`; its place in the source stays.

    Raises Stale with the draft as it stands when somebody saved first, Refused without words.
    """
    (draft,) = _locked([draft], by)
    if draft.version != version:
        raise Stale(_("Bản này vừa được người khác sửa. Nội dung ông/bà nhập vẫn còn; đề nghị đối chiếu rồi lưu lại."))
    refuse_if([] if correction.text.strip() else [Fault("text", _("Đề nghị ghi việc phải làm."))])
    before = _said(draft)
    for name in ("text", "group", "lead_text", "coordinators_text", "deadline_raw", "product", "resources"):
        setattr(draft, name, getattr(correction, name).replace("\r\n", "\n").strip())
    draft.lead = correction.lead
    draft.is_collective = correction.lead is None and is_collective(draft.lead_text)
    draft.doubts = []
    draft.version += 1
    draft.save()
    record("draft.corrected", by=by, subject=draft, before=before, after=_said(draft))
    return draft


@transaction.atomic
def drop_draft(draft: TaskDraft, *, by: Viewer) -> TaskDraft:
    """It is no task of this programme. It can be taken back."""
    (draft,) = _locked([draft], by)
    draft.state = DraftState.DROPPED
    draft.version += 1
    draft.save(update_fields=["state", "version"])
    record("draft.dropped", by=by, subject=draft, **_said(draft))
    return draft


@transaction.atomic
def restore_draft(draft: TaskDraft, *, by: Viewer) -> TaskDraft:
    """Take a dropped draft back among those that wait."""
    (draft,) = _locked([draft], by, state=DraftState.DROPPED)
    draft.state = DraftState.KEPT
    draft.version += 1
    draft.save(update_fields=["state", "version"])
    record("draft.restored", by=by, subject=draft)
    return draft


@transaction.atomic
def split_draft(draft: TaskDraft, *, by: Viewer, parts: Sequence[str]) -> list[TaskDraft]:
    """Make one draft per part; each is lit at its own words where they stand in the source.

    Everything else is the same in each. Raises Refused for fewer than two parts.
    """
    (draft,) = _locked([draft], by)
    if not 2 <= len(parts) <= MOST_PARTS:
        sentence = _("Đề nghị để một dòng trống giữa các phần, từ hai đến %(n)s phần.") % {"n": MOST_PARTS}
        raise Refused([Fault("parts", sentence)])
    whole = draft.text
    places = places_of_parts(draft.reading.text, draft.start, draft.end, parts)
    made = _copies(draft, len(parts))
    for each, words, (start, end) in zip(made, parts, places, strict=True):
        each.text, each.start, each.end = words.strip(), start, end
    _keep(made)
    record("draft.split", by=by, subject=draft, whole=whole, parts=list(parts))
    return made


@transaction.atomic
def assign_bodies(draft: TaskDraft, *, by: Viewer, bodies: Sequence[Organisation]) -> list[TaskDraft]:
    """Name who leads: with several bodies one draft for each, since a group answers for nothing (D31)."""
    (draft,) = _locked([draft], by)
    chosen = list(dict.fromkeys(bodies))
    if not 1 <= len(chosen) <= MOST_BODIES:
        sentence = _("Đề nghị chọn ít nhất một cơ quan, nhiều nhất %(n)s cơ quan.") % {"n": MOST_BODIES}
        raise Refused([Fault("bodies", sentence)])
    made = _copies(draft, len(chosen))
    for each, body in zip(made, chosen, strict=True):
        each.lead = body
    _keep(made)
    record("draft.assigned", by=by, subject=draft, named=draft.lead_text, bodies=[body.code for body in chosen])
    return made


@transaction.atomic
def merge_drafts(draft: TaskDraft, *, by: Viewer, others: Sequence[TaskDraft]) -> TaskDraft:
    """Make one draft of several: lit from the first of their words to the last, led as the first one is."""
    kept, *rest = _locked([draft, *others], by)
    if not rest or any(each.reading_id != kept.reading_id for each in rest):
        raise Refused([Fault("others", _("Đề nghị chọn ít nhất một bản khác của cùng văn bản để gộp."))])
    deadlines = list(dict.fromkeys(each.deadline_raw for each in (kept, *rest) if each.deadline_raw))
    merged = [str(each) for each in rest]
    kept.start, kept.end = min(each.start for each in (kept, *rest)), max(each.end for each in (kept, *rest))
    kept.text = "; ".join(each.text.strip().rstrip(".;") for each in (kept, *rest))
    kept.product = _joined([each.product for each in (kept, *rest)], "; ")
    kept.resources = _joined([each.resources for each in (kept, *rest)], "; ")
    kept.coordinators_text = _joined([each.coordinators_text for each in (kept, *rest)], "\n")
    kept.deadline_raw = deadlines[0] if deadlines else ""
    if len(deadlines) > 1:
        kept.doubts = [*kept.doubts, _("Các bản gộp có thời hạn khác nhau: %(all)s.") % {"all": "; ".join(deadlines)}]
    kept.confidence = min(each.confidence for each in (kept, *rest))
    kept.version += 1
    kept.save()
    for each in rest:
        each.state = DraftState.MERGED
        each.version += 1
    TaskDraft.objects.bulk_update(rest, ["state", "version"])
    record("drafts.merged", by=by, subject=kept, others=[each.pk for each in rest], texts=merged)
    return kept


def _locked(drafts: Sequence[TaskDraft], by: Viewer, state: str = DraftState.KEPT) -> list[TaskDraft]:
    """The drafts, locked with their programme, if this viewer may decide on them and each still stands in `state`.

    Raises Stale for one on which somebody has decided meanwhile.
    """
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=drafts[0].reading.file.programme_id)
    require(
        access.can_take_in(by, programme.organisation_id),
        _("Ông/bà chỉ quyết được bản đọc trong chương trình của cơ quan mình."),
    )
    if programme.is_issued:
        raise Refused([Fault("", _("Chương trình đã ban hành; nhiệm vụ chỉ thay đổi bằng quyết định."))])
    numbers = list(dict.fromkeys(draft.pk for draft in drafts))
    rows = TaskDraft.objects.select_for_update(of=("self",)).select_related("reading__file", "lead")
    found = {row.pk: row for row in rows.filter(pk__in=numbers).order_by("pk")}
    if any(row.state != state or (state == DraftState.KEPT and not is_open(row)) for row in found.values()):
        raise Stale(_("Bản này vừa được quyết ở nơi khác. Đề nghị xem lại danh sách."))
    return [found[number] for number in numbers]


def _copies(draft: TaskDraft, many: int) -> list[TaskDraft]:
    """The draft itself first, then new ones of the same content."""
    columns = [field.attname for field in TaskDraft._meta.concrete_fields if field.attname != "id"]
    content = {name: getattr(draft, name) for name in columns}
    return [draft, *(TaskDraft(**{**content, "version": 1}) for _number in range(many - 1))]


def _keep(made: Sequence[TaskDraft]) -> None:
    first, *others = made
    first.version += 1
    first.save()
    TaskDraft.objects.bulk_create(others)


def _joined(texts: Sequence[str], mark: str) -> str:
    return mark.join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _said(draft: TaskDraft) -> dict[str, object]:
    """For the ledger."""
    names = ("text", "group", "lead_text", "coordinators_text", "deadline_raw", "product", "resources")
    return {**{name: getattr(draft, name) for name in names}, "lead": draft.lead.code if draft.lead else None}
