"""The picture of dependencies around a document, a task or an organisation, with its table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.documents.selectors.instruments import visible_instruments
from thucthi.indicators.models import Target
from thucthi.monitoring.calculations.graph_layout import Picture, pictured
from thucthi.monitoring.calculations.propagation import INSTRUMENT, TARGET, TASK, Expected
from thucthi.monitoring.selectors.graph_facts import Web, rivals_of, web_around
from thucthi.monitoring.selectors.graph_shown import Shown, shown
from thucthi.monitoring.selectors.graph_words import tie_words
from thucthi.programmes.calculations.graph import Edge, Node, downstream, upstream
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import visible_tasks
from thucthi.programmes.selectors.dependencies import edges_on

GROUP = "group"
MOST_BOXES = 500
ROWS_ON_A_PAGE = 50
WORST_FIRST = ("bad", "warn", "confidential", "info", "good", "neutral", "done", "na")


@dataclass(frozen=True)
class Scope:
    """What the page is about: `seeds` are its own things, `kind` the word in the address."""

    kind: str
    key: str
    title: str
    href: str
    seeds: tuple[Node, ...]


@dataclass(frozen=True)
class Asked:
    """What the reader asked for: steps around the scope, only what is late, programmes folded into one box each."""

    depth: int = 1
    late_only: bool = False
    folded: bool = False
    page: int = 1


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    thing: Shown


@dataclass(frozen=True)
class Row:
    """One thing in the table: what it waits for and what waits for it, in the picture's scope."""

    thing: Shown
    needs: tuple[tuple[str, Shown], ...]
    waiting: tuple[tuple[str, Shown], ...]


@dataclass(frozen=True)
class GraphPage:
    scope: Scope
    asked: Asked
    as_of: date
    picture: Picture
    boxes: tuple[Box, ...]
    rows: tuple[Row, ...]
    pages: int
    things: int
    late: int
    was_folded: bool


def scope_of_document(viewer: Viewer, document: Document) -> Scope:
    """`document` comes from `document_for`."""
    tasks = visible_tasks(viewer).filter(is_issued=True, programme__bases=document).order_by()
    texts = visible_instruments(viewer).filter(document=document).order_by()
    known = tasks.annotate(sort=Value(TASK)).values_list("sort", "pk")
    rows = known.union(texts.annotate(sort=Value(INSTRUMENT)).values_list("sort", "pk"))
    href = reverse("documents:document", kwargs={"slug": document.slug})
    seeds = tuple(Node(sort, pk) for sort, pk in rows)
    return Scope("van-ban", document.slug, str(document), href, seeds)


def scope_of_organisation(viewer: Viewer, organisation: Organisation) -> Scope:
    """The tasks led by the organisation and by those below it."""
    tasks = visible_tasks(viewer).filter(is_issued=True, lead__path__contains=[organisation.pk])
    href = reverse("workspace:overview_of", kwargs={"code": organisation.code})
    return Scope("co-quan", organisation.code, organisation.official_name, href, tuple(_tasks(tasks)))


def scope_of_task(task: Task) -> Scope:
    """`task` comes from `task_for`."""
    href = reverse("programmes:task", kwargs={"code": task.code})
    return Scope("nhiem-vu", task.code, f"{task.code}: {task.text}", href, (Node(TASK, task.pk),))


def scope_of_target(target: Target) -> Scope:
    """`target` comes from `target_for`."""
    href = reverse("indicators:target", kwargs={"code": target.code})
    return Scope("chi-tieu", target.code, f"{target.code}: {target.indicator.name}", href, (Node(TARGET, target.pk),))


def _tasks(tasks: QuerySet[Task]) -> Iterable[Node]:
    return (Node(TASK, pk) for pk in tasks.values_list("pk", flat=True))


def tied(scope: Scope, edges: Iterable[Edge]) -> tuple[Node, ...]:
    """The scope's own things that have a tie; a thing asked for by itself always stands there."""
    if len(scope.seeds) == 1:
        return scope.seeds
    ends = {node for edge in edges for node in (edge.needed, edge.waiting)}
    return tuple(node for node in scope.seeds if node in ends)


def graph_page(viewer: Viewer, scope: Scope, asked: Asked, as_of: date) -> GraphPage:
    edges = edges_on(as_of)
    seeds = tied(scope, edges)
    web = web_around(seeds, as_of, onward=True, edges=edges)
    around = {**upstream(web.edges, seeds, asked.depth), **downstream(web.edges, seeds, asked.depth)}
    beside = rivals_of(web.edges, around)
    # Numbers put later things further down; the sweeps of the layout do the rest.
    things = shown(viewer, web, sorted({*around, *beside} & web.plans.keys()))
    if asked.late_only:
        things = {node: thing for node, thing in things.items() if thing.is_late}
    whole, late = len(things), sum(thing.is_late for thing in things.values())
    was_folded = asked.folded or whole > MOST_BOXES
    ties = [edge for edge in web.edges if edge.needed in things and edge.waiting in things]
    drawn, drawn_ties, pushing = _folded(things, ties, web) if was_folded else (things, ties, _pushing(web, ties))
    picture = pictured(list(drawn), drawn_ties, pushing)
    rows = _rows(things, ties)
    first = (asked.page - 1) * ROWS_ON_A_PAGE
    return GraphPage(
        scope=scope,
        asked=asked,
        as_of=as_of,
        picture=picture,
        boxes=tuple(Box(*picture.places[node], thing) for node, thing in drawn.items()),
        rows=tuple(rows[first : first + ROWS_ON_A_PAGE]),
        pages=max(1, -(-len(rows) // ROWS_ON_A_PAGE)),
        things=whole,
        late=late,
        was_folded=was_folded,
    )


def _pushing(web: Web, ties: Iterable[Edge]) -> list[Edge]:
    return [edge for edge in ties if web.found[edge.waiting].pushed_by == edge]


def _folded(
    things: Mapping[Node, Shown], ties: Iterable[Edge], web: Web
) -> tuple[dict[Node, Shown], list[Edge], list[Edge]]:
    """One box for each programme or document; ties within one are left out."""
    names = sorted({thing.group for thing in things.values()})
    numbers = {name: Node(GROUP, number) for number, name in enumerate(names)}
    members: dict[Node, list[Shown]] = {}
    for thing in things.values():
        members.setdefault(numbers[thing.group], []).append(thing)
    place = {node: numbers[thing.group] for node, thing in things.items()}
    between = {edge: replace_ends(edge, place) for edge in ties}
    kept = {edge: each for edge, each in between.items() if each.needed != each.waiting}
    pushing = {kept[edge] for edge in _pushing(web, kept)}
    folded = {node: _group(node, rows) for node, rows in sorted(members.items())}
    return folded, sorted(set(kept.values())), sorted(pushing)


def replace_ends(edge: Edge, place: Mapping[Node, Node]) -> Edge:
    return Edge(place[edge.needed], place[edge.waiting], edge.kind)


def _group(node: Node, rows: Sequence[Shown]) -> Shown:
    late = sum(row.is_late for row in rows)
    worst = min(rows, key=lambda row: WORST_FIRST.index(row.tone) if row.tone in WORST_FIRST else len(WORST_FIRST))
    title = ngettext("%(n)s mục, %(late)s chậm", "%(n)s mục, %(late)s chậm", len(rows)) % {"n": len(rows), "late": late}
    first = rows[0]
    href = reverse("programmes:programme", kwargs={"code": first.group}) if first.node.kind == TASK else ""
    code = first.group or _("không được xem")
    blank = Expected(node, None, None, None)
    return replace(worst, node=node, code=code, title=title, body="", href=href if first.group else "", expected=blank)


def _rows(things: Mapping[Node, Shown], ties: Iterable[Edge]) -> list[Row]:
    needs: dict[Node, list[tuple[str, Shown]]] = {}
    waiting: dict[Node, list[tuple[str, Shown]]] = {}
    for edge in ties:
        word = tie_words(edge.kind)
        needs.setdefault(edge.waiting, []).append((word, things[edge.needed]))
        (waiting if edge.is_directed else needs).setdefault(edge.needed, []).append((word, things[edge.waiting]))
    rows = (Row(thing, tuple(needs.get(node, ())), tuple(waiting.get(node, ()))) for node, thing in things.items())
    return sorted(rows, key=lambda row: (-(row.thing.shift or 0), row.thing.code or "~", row.thing.node))
