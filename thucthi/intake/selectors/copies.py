"""Where a programme says what other programmes say, and where it says nothing: for its authors, before issuing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from django.db.models import Count, F, Max, Q
from django.db.models.functions import MD5
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.intake.copying.comparison import passages
from thucthi.intake.copying.emptiness import Emptiness, Said, emptiness_of
from thucthi.intake.copying.index import Entry, Index
from thucthi.intake.copying.masking import Mask
from thucthi.intake.copying.programmes import N_, Likeness, Sibling, likeness_of
from thucthi.intake.copying.signatures import bands_of
from thucthi.intake.models import TaskSignature
from thucthi.programmes.models import Programme, Task
from thucthi.programmes.selectors import visible_programmes

# A page shows so many siblings and pairs; the counts are of all.
MOST_SIBLINGS, MOST_PAIRS = 10, 60


@dataclass(frozen=True)
class Piece:
    words: str
    is_same: bool


@dataclass(frozen=True)
class Pair:
    """A task beside the likest one elsewhere; the words that both have are marked in either."""

    task: Task
    other: Task
    score: float
    ours: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    is_handed_down: bool


@dataclass(frozen=True)
class NamedSibling:
    sibling: Sibling
    programme: Programme


@dataclass(frozen=True)
class Copies:
    """`compared` programmes were looked at, `signed` of their `tasks` tasks could be; the rest wait for a signature."""

    likeness: Likeness
    statement: str
    siblings: tuple[NamedSibling, ...]
    pairs: tuple[Pair, ...]
    emptiness: Emptiness
    empty: tuple[tuple[Task, tuple[str, ...]], ...]
    compared: int
    tasks: int
    signed: int


def as_signed(keys: np.ndarray) -> list[int]:
    """Keys as the database holds them: 64 bits with a sign."""
    signed: list[int] = keys.view(np.int64).tolist()
    return signed


def names_mask() -> Mask:
    """Leaves out the names of the directory's bodies, of today and before."""
    known = Organisation.objects.aggregate(count=Count("pk"), newest=Max("pk"), names=Count("names"))
    return _mask_of(known["count"], known["newest"], known["names"])


@lru_cache(maxsize=2)
def _mask_of(_count: int, _newest: int, _names: int) -> Mask:
    rows = Organisation.objects.values_list("official_name", "short_name", "aliases", "names__official_name")
    return Mask(
        name for official, short, aliases, former in rows for name in (official, short, former, *aliases) if name
    )


def copies_of(programme: Programme, viewer: Viewer) -> Copies:
    """Compared with the programmes that the viewer may see and that carry out one of the same documents."""
    tasks = list(programme.tasks.select_related("lead").order_by("code"))
    related = (
        visible_programmes(viewer)
        .filter(bases__in=programme.bases.all())
        .exclude(pk=programme.pk)
        .select_related("organisation")
        .distinct()
    )
    others = {row.pk: row for row in related}
    lineage = set(programme.organisation.path)
    parents = {pk for pk, row in others.items() if row.organisation_id in lineage}
    ours = [Entry(task.pk, programme.pk, task.text) for task in tasks]
    candidates = _candidates(ours, list(others))
    index = Index(names_mask(), [Entry(task.pk, task.programme_id, task.text) for task in candidates])
    found = likeness_of(ours, index.matches(ours), parents=parents)
    said = [
        Said(task.pk, task.text, task.product, task.lead.official_name if task.lead else task.lead_text)
        for task in tasks
    ]
    emptiness = emptiness_of(said)
    coverage = _coverage(list(others))
    likest = len(found.siblings[0].keys) if found.siblings else 0
    counts = {"like": likest, "own": found.own, "handed_down": len(found.handed_down)}
    return Copies(
        likeness=found,
        statement=_(_statement(found, coverage)) % counts,
        siblings=tuple(NamedSibling(each, others[each.unit]) for each in found.siblings[:MOST_SIBLINGS]),
        pairs=_pairs(found, {task.pk: task for task in tasks}, {task.pk: task for task in candidates}),
        emptiness=emptiness,
        empty=tuple((task, tuple(map(_, emptiness.reasons[task.pk]))) for task in tasks if task.pk in emptiness.empty),
        compared=len(others),
        tasks=coverage[0],
        signed=coverage[1],
    )


def _statement(found: Likeness, coverage: tuple[int, int]) -> str:
    tasks, signed = coverage
    if not tasks:
        return N_("Chưa có chương trình nào khác cùng thực hiện văn bản để so.")
    if not signed:
        return N_("Chưa so được: hệ thống lập dấu so sánh mười phút một lần. Đề nghị xem lại sau.")
    return found.statement


def _said(task: Task) -> Said:
    return Said(task.pk, task.text, task.product, task.lead.official_name if task.lead else task.lead_text)


def _candidates(ours: Sequence[Entry], programmes: Sequence[int]) -> list[Task]:
    """Tasks of those programmes that share a key with one of ours."""
    mask = names_mask()
    keys = set(chain.from_iterable(as_signed(row) for row in bands_of([mask.masked(entry.text) for entry in ours])))
    if not keys or not programmes:
        return []
    signed = TaskSignature.objects.filter(task__programme__in=programmes, keys__overlap=sorted(keys))
    fresh = signed.annotate(md5=MD5("task__text")).filter(md5=F("text_md5"))
    rows = Task.objects.filter(pk__in=fresh.values("task_id")).select_related("programme__organisation", "lead")
    return list(rows.order_by("pk"))


def _coverage(programmes: Sequence[int]) -> tuple[int, int]:
    tasks = Task.objects.filter(programme__in=programmes).annotate(md5=MD5("text"))
    counted = tasks.aggregate(all=Count("pk"), signed=Count("pk", filter=Q(signature__text_md5=F("md5"))))
    return counted["all"], counted["signed"]


def _pairs(found: Likeness, ours: dict[int, Task], others: dict[int, Task]) -> tuple[Pair, ...]:
    """The likest elsewhere of each task that has one, the likest pairs first; those handed down last."""
    mask = names_mask()
    pairs = []
    for key, matches in found.matches.items():
        best = matches[0]
        first, second = ours[key].text, others[best.other].text
        same = passages(mask.words(first), mask.words(second))
        mine = _pieces(first, [(run.start, run.end) for run in same])
        theirs = _pieces(second, sorted((run.other_start, run.other_end) for run in same))
        pairs.append(Pair(ours[key], others[best.other], best.score, mine, theirs, key in found.handed_down))
    pairs.sort(key=lambda pair: (pair.is_handed_down, -pair.score, pair.task.code))
    return tuple(pairs[:MOST_PAIRS])


def _pieces(text: str, runs: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    at = 0
    for start, end in runs:
        found += [Piece(text[at:start], is_same=False), Piece(text[start:end], is_same=True)]
        at = end
    found.append(Piece(text[at:], is_same=False))
    return tuple(piece for piece in found if piece.words)
