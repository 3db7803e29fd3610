"""How far delays reach, and the chain that decides when something ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from thucthi.directory.access import Viewer
from thucthi.monitoring.calculations.propagation import TARGET, Expected, Plan
from thucthi.monitoring.calculations.propagation_chain import Link, chain_of, slacks
from thucthi.monitoring.selectors.graph_facts import Web, everything, web_around
from thucthi.monitoring.selectors.graph_pages import Scope, tied
from thucthi.monitoring.selectors.graph_shown import Shown, shown
from thucthi.monitoring.selectors.graph_words import cause_words, note_words
from thucthi.programmes.calculations.graph import Node
from thucthi.programmes.selectors.dependencies import edges_on

ROWS_ON_A_PAGE = 50
MOST_BESIDE = 30


@dataclass(frozen=True)
class Step:
    """One thing of a chain: why it ends when it does, and what was assumed for that."""

    thing: Shown
    cause: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Pushed:
    """A date or a target that others push: the chain from the first cause to it."""

    thing: Shown
    steps: tuple[Step, ...]

    @property
    def first(self) -> Shown:
        return self.steps[0].thing


@dataclass(frozen=True)
class PushedPage:
    """`pushed` of one page, the longest shift first; numbers are of all pages."""

    scope: Scope | None
    as_of: date
    pushed: tuple[Pushed, ...]
    page: int
    pages: int
    tasks: int
    targets: int
    hidden: int
    ties: int


@dataclass(frozen=True)
class Beside:
    """Something before the goal that is not on its chain, with the working days it may slip."""

    thing: Shown
    slack: int


@dataclass(frozen=True)
class ChainPage:
    """`goal` None: nothing dated is tied to anything in the scope."""

    title: str
    href: str
    as_of: date
    goal: Shown | None
    steps: tuple[Step, ...]
    beside: tuple[Beside, ...]


def pushed_page(viewer: Viewer, scope: Scope | None, page: int, as_of: date) -> PushedPage:
    """What is pushed in the scope, or anywhere. What the viewer may not see is counted, and named nowhere."""
    if scope is None:
        web = everything(as_of)
        within = frozenset(web.plans)
    else:
        edges = edges_on(as_of)
        seeds = tied(scope, edges)
        web = web_around(seeds, as_of, onward=True, edges=edges)
        own = frozenset(seeds)
        within = own | {edge.waiting for edge in web.edges if edge.needed in own}
    late = [row for row in web.found.values() if row.node in within and row.pushed_by is not None and row.is_late]
    late.sort(key=lambda row: (-(row.shift or 0), row.node))
    chains = {row.node: chain_of(web.found, row.node) for row in late}
    things = shown(viewer, web, _named(web, [link for links in chains.values() for link in links]))
    seen = [row for row in late if not things[row.node].is_hidden]
    first = (page - 1) * ROWS_ON_A_PAGE
    return PushedPage(
        scope=scope,
        as_of=as_of,
        pushed=tuple(
            Pushed(things[row.node], _steps(chains[row.node], web, things))
            for row in seen[first : first + ROWS_ON_A_PAGE]
        ),
        page=page,
        pages=max(1, -(-len(seen) // ROWS_ON_A_PAGE)),
        tasks=sum(row.node.kind != TARGET for row in seen),
        targets=sum(row.node.kind == TARGET for row in seen),
        hidden=len(late) - len(seen),
        ties=len(web.edges),
    )


def _named(web: Web, links: Iterable[Link]) -> set[Node]:
    """Everything that the steps of chains will name."""
    nodes = {link.node for link in links}
    return nodes | {note.node for node in nodes for note in web.found[node].notes if note.node in web.plans}


def _steps(links: Iterable[Link], web: Web, things: Mapping[Node, Shown]) -> tuple[Step, ...]:
    return tuple(_step(link, web, things) for link in links)


def _step(link: Link, web: Web, things: Mapping[Node, Shown]) -> Step:
    thing = things[link.node]
    if thing.is_hidden:
        return Step(thing, "", ())
    notes = web.found[link.node].notes
    return Step(
        thing,
        cause_words(link.edge, things) if link.edge else "",
        tuple(note_words(note, things) for note in notes if note.node is None or note.node in things),
    )


def chain_page(viewer: Viewer, scope: Scope, as_of: date) -> ChainPage:
    """The chain of the scope's own thing; of several, the one that ends last among those still open."""
    edges = edges_on(as_of)
    web = web_around(tied(scope, edges), as_of, edges=edges)
    goal = _last_to_end(web.plans, web.found, scope.seeds)
    if goal is None:
        return ChainPage(scope.title, scope.href, as_of, None, (), ())
    links = chain_of(web.found, goal)
    on_it = {link.node for link in links}
    spare = slacks(web.plans, web.edges, web.found, goal)
    near = sorted((days, node) for node, days in spare.items() if node not in on_it)[:MOST_BESIDE]
    things = shown(viewer, web, _named(web, links) | {node for _days, node in near})
    return ChainPage(
        title=scope.title,
        href=scope.href,
        as_of=as_of,
        goal=things[goal],
        steps=_steps(links, web, things),
        beside=tuple(Beside(things[node], days) for days, node in near),
    )


def _last_to_end(plans: Mapping[Node, Plan], found: Mapping[Node, Expected], seeds: Iterable[Node]) -> Node | None:
    dated = [
        (found[node].expected, node) for node in seeds if node in found and found[node].expected and _open(plans[node])
    ]
    return max(dated)[1] if dated else None


def _open(plan: Plan) -> bool:
    return plan.settled is None and not plan.is_void
