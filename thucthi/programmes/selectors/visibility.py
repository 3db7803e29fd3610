"""Programmes and tasks as a viewer may see them. The rule itself is access.can_see_programme."""

from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, Func, OuterRef, Q, QuerySet, Value

from thucthi.directory.access import Viewer, may_work
from thucthi.directory.models import Role
from thucthi.documents.models import Document, Security
from thucthi.documents.selectors import document_for
from thucthi.kernel.composed import Composed, Given, among, any_of, given_id, given_ids, given_text
from thucthi.kernel.errors import NotVisible
from thucthi.programmes import access
from thucthi.programmes.models import Checkpoint, ControlFrame, Programme, ProgrammeBasis, Task

EVERY_PROGRAMME, NOTHING, OWN, AUDITED = "everything", "nothing", "own", "audited"


def visible_programmes(viewer: Viewer) -> QuerySet[Programme]:
    return Programme.objects.filter(is_seen(viewer)).order_by("-issued_on", "code")


def is_seen(viewer: Viewer, programme: str = "") -> Q:
    """Of rows that lead by `programme` ("task__programme__") to a visible programme.

    A condition and no list: `task__in=visible_tasks(…)` beside an OR makes the database find every task first.
    """
    sees, bodies = told_of_sight(viewer)
    works_in = Q(**{f"{programme}organisation__in": bodies.get("works_in", [])})
    return _seen(sees, programme, works_in, bodies.get("audits", []))


def is_seen_by_given(sees: str, programme: str = "") -> Q:
    """`is_seen` for a query that is composed once: `sees` and the values come from `told_of_sight`."""
    return _seen(sees, programme, Q(among(f"{programme}organisation", "works_in")), given_ids("audits"))


def _seen(sees: str, programme: str, works_in: Q, audits: list[int] | Given) -> Q:
    if sees == EVERY_PROGRAMME:
        return Q()
    if sees == NOTHING:
        return Q(pk__in=())
    seen = Q(**{f"{programme}is_open": True}) | works_in
    return seen | Q(**{f"{programme}organisation__path__overlap": audits}) if sees == AUDITED else seen


def told_of_sight(viewer: Viewer) -> tuple[str, dict[str, list[int]]]:
    """Which text of a composed query is the viewer's, and the bodies it is asked with."""
    if viewer.is_system or not may_work(viewer):
        return (EVERY_PROGRAMME if viewer.is_system else NOTHING), {}
    audits = list(viewer.organisation_ids(Role.AUDITOR))
    return (AUDITED if audits else OWN), {"works_in": list(viewer.organisation_ids()), "audits": audits}


def closed_programmes(viewer: Viewer) -> tuple[int, ...]:
    """In force or with tasks in force, seen by the viewer and not by everybody who works here.

    Who sees the same ones sees the same issued tasks: what is counted for all may be kept, and these are added to it.
    """
    sees, seen = told_of_sight(viewer)
    return tuple(_CLOSED.rows(sees, **seen))


def _closed(sees: str) -> QuerySet[Programme, int]:
    in_force = Q(issued_on__isnull=False) | Exists(Task.objects.filter(programme=OuterRef("pk"), is_issued=True))
    closed = Programme.objects.filter(is_seen_by_given(sees), in_force, is_open=False)
    return closed.order_by("pk").values_list("pk", flat=True)


_CLOSED = Composed("programmes_closed", _closed)


def one_of(field: str, ids: Collection[int]) -> Func:
    """The condition that `field` is one of `ids`, however many: one array, whose length the planner knows."""
    return any_of(field, Value(list(ids), output_field=ArrayField(BigIntegerField())))


def visible_tasks(viewer: Viewer) -> QuerySet[Task]:
    """The tasks of the visible programmes."""
    return Task.objects.filter(is_seen(viewer, "programme__")).order_by("code")


def programme_for(viewer: Viewer, code: str) -> Programme:
    """Raises NotVisible for an unknown code and for a programme that the viewer may not know of."""
    programme = Programme.objects.select_related("organisation", "head").filter(code=code).first()
    if programme is None or not access.can_see_programme(viewer, facts_of_programme(programme)):
        raise NotVisible
    return programme


def task_for(viewer: Viewer, code: str) -> Task:
    """Raises NotVisible for an unknown code and for a task that the viewer may not know of."""
    task = _TASK_CODED.row(code=code)
    if task is None or not access.can_see_programme(viewer, facts_of_programme(task.programme)):
        raise NotVisible
    return task


def facts_of_programme(programme: Programme) -> access.ProgrammeFacts:
    """What the access rules ask about a programme."""
    return access.ProgrammeFacts(
        owner_path=tuple(programme.organisation.path),
        is_issued=programme.is_issued,
        is_public=not _RESTRICTED.rows(programme=programme.pk),
    )


def _task_coded() -> QuerySet[Task]:
    related = ("programme__organisation", "programme__head", "group", "lead")
    return Task.objects.select_related(*related).filter(code=given_text("code"))


def _restricted() -> QuerySet[ProgrammeBasis, int]:
    return restricted_bases().filter(programme=given_id("programme")).values_list("pk", flat=True)[:1]


_TASK_CODED = Composed("programmes_task_coded", _task_coded)
_RESTRICTED = Composed("programmes_restricted", _restricted)


def frame_for(viewer: Viewer, slug: str) -> ControlFrame | None:
    """The control frame of a visible document, None when it has none yet. Raises NotVisible with the document."""
    return ControlFrame.objects.filter(document=document_for(viewer, slug)).first()


def checkpoint_for(viewer: Viewer, slug: str, code: str) -> Checkpoint:
    checkpoint = Checkpoint.objects.filter(frame__document=document_for(viewer, slug), code=code).first()
    if checkpoint is None:
        raise NotVisible
    return checkpoint


def restricted_bases() -> QuerySet[ProgrammeBasis]:
    """Under a document that is not seen to be public: one that the database does not show counts as restricted."""
    return ProgrammeBasis.objects.filter(
        ~Exists(Document.objects.filter(pk=OuterRef("document"), security=Security.PUBLIC))
    )
