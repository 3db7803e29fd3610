"""Who carries the work, by the seven classes of actors that a resolution names (D46)."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.models import Level, Tree
from thucthi.monitoring.selectors.rollup_lists import kinds_of_leads

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
    """Tasks led by bodies of one class; `overdue` as everywhere: still running, past their deadline."""

    words: str | Promise
    bodies: int
    tasks: int
    done: int
    overdue: int


def actor_classes(viewer: Viewer, as_of: date) -> list[ActorClass]:
    """Six classes of bodies in the order of the resolution; the seventh, the People, leads no task. Two queries."""
    counted = [[0, 0, 0, 0] for _ in WORDS]
    for row in kinds_of_leads(as_of, viewer):
        place = class_of(row.tree, row.kind, row.level)
        numbers = (row.bodies, row.tally.total, row.tally.done, row.tally.overdue)
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
