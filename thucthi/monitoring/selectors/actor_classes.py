"""Who carries the work, by the seven classes of actors that a resolution names (D46)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.models import Level, Tree
from thucthi.monitoring.calculations.standing import UNDATED_DEADLINES
from thucthi.monitoring.selectors.scorecard_figures import completed_on
from thucthi.programmes.selectors import visible_tasks

PARTY, ASSEMBLY, GOVERNMENT, FRONT, MINISTRY, LOCAL = range(6)
ASSEMBLY_KINDS = frozenset({"national_assembly", "assembly_committee", "assembly_office"})
WORDS = (
    gettext_lazy("Cấp ủy, tổ chức đảng"),
    gettext_lazy("Quốc hội"),
    gettext_lazy("Chính phủ"),
    gettext_lazy("Mặt trận và đoàn thể"),
    gettext_lazy("Bộ, ngành và cơ quan Trung ương khác"),
    gettext_lazy("Địa phương"),
)


@dataclass(frozen=True, slots=True)
class ActorClass:
    """Tasks led by bodies of one class; `overdue` of those not done and with a deadline."""

    words: str | Promise
    bodies: int
    tasks: int
    done: int
    overdue: int


def actor_classes(viewer: Viewer, as_of: date) -> list[ActorClass]:
    """Six classes of bodies in the order of the resolution; the seventh, the People, leads no task. One query."""
    late = Q(done_on__isnull=True, resolved_end__lt=as_of) & ~Q(deadline_kind__in=UNDATED_DEADLINES)
    rows = (
        visible_tasks(viewer)
        .filter(is_issued=True)
        .annotate(done_on=completed_on(as_of))
        .order_by()
        .values("lead__tree", "lead__kind", "lead__level")
        .annotate(
            bodies=Count("lead", distinct=True),
            tasks=Count("pk"),
            done=Count("pk", filter=Q(done_on__isnull=False)),
            overdue=Count("pk", filter=late),
        )
    )
    counted = [[0, 0, 0, 0] for _ in WORDS]
    for row in rows:
        place = class_of(row["lead__tree"], row["lead__kind"], row["lead__level"])
        numbers = (row["bodies"], row["tasks"], row["done"], row["overdue"])
        counted[place] = [sum(pair) for pair in zip(counted[place], numbers, strict=True)]
    return [ActorClass(words, *numbers) for words, numbers in zip(WORDS, counted, strict=True)]


def class_of(tree: str, kind: str, level: str) -> int:
    """The place of a body in `WORDS`; every body has exactly one."""
    if tree == Tree.PARTY:
        return PARTY
    if tree == Tree.FRONT:
        return FRONT
    if level != Level.CENTRAL:
        return LOCAL
    if kind in ASSEMBLY_KINDS:
        return ASSEMBLY
    return GOVERNMENT if kind == "government" else MINISTRY
