"""What a viewer may read of the things in the graph: the rest is there without a word, and its delay still counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents.selectors import visible_documents
from thucthi.documents.selectors.instruments import visible_instruments
from thucthi.indicators.models import Target
from thucthi.monitoring.calculations.propagation import INSTRUMENT, TARGET, TASK, Expected
from thucthi.monitoring.selectors.graph_facts import VOID, Web, among
from thucthi.monitoring.selectors.readings import wording_of
from thucthi.monitoring.states import Stage as TaskStage
from thucthi.programmes.calculations.graph import Node
from thucthi.programmes.selectors import visible_tasks

DONE, LATE, PUSHED = "done", "bad", "warn"


@dataclass(frozen=True)
class Shown:
    """One thing as a page names it. `code` and `href` are "" when the viewer may not see it."""

    node: Node
    code: str
    title: str
    body: str
    group: str
    href: str
    word: str
    tone: str
    expected: Expected

    @property
    def is_hidden(self) -> bool:
        return not self.code

    @property
    def label(self) -> str:
        """In a sentence."""
        return self.title if self.is_hidden else f"{self.code} ({self.short})"

    @property
    def short(self) -> str:
        return self.title if len(self.title) <= 60 else f"{self.title[:59].rstrip()}…"

    @property
    def is_late(self) -> bool:
        return self.tone in (LATE, PUSHED)

    @property
    def planned(self) -> date | None:
        return None if self.is_hidden else self.expected.planned

    @property
    def day(self) -> date | None:
        return None if self.is_hidden else self.expected.expected

    @property
    def shift(self) -> int | None:
        return None if self.is_hidden else self.expected.shift


def shown(viewer: Viewer, web: Web, nodes: Iterable[Node]) -> dict[Node, Shown]:
    """Every one of `nodes`; five queries however many."""
    wanted = list(nodes)
    told = {
        **_tasks(viewer, web, [node.number for node in wanted if node.kind == TASK]),
        **_texts(viewer, web, [node.number for node in wanted if node.kind == INSTRUMENT]),
        **_targets(viewer, web, [node.number for node in wanted if node.kind == TARGET]),
    }
    return {node: told.get(node) or _hidden(node, web) for node in wanted}


def _tasks(viewer: Viewer, web: Web, ids: list[int]) -> dict[Node, Shown]:
    rows = visible_tasks(viewer).filter(pk__in=among(ids)).select_related("lead", "programme")
    found = {}
    for row in rows.only("code", "text", "lead__short_name", "programme__code", "programme__title"):
        node = Node(TASK, row.pk)
        word, tone = _task_state(web, node)
        body = row.lead.short_name if row.lead else ""
        href = reverse("programmes:task", kwargs={"code": row.code})
        found[node] = Shown(node, row.code, row.text, body, row.programme.code, href, word, tone, web.found[node])
    return found


def _task_state(web: Web, node: Node) -> tuple[str, str]:
    state, expected = web.states[node.number], web.found[node]
    if state.stage is TaskStage.DONE or state.stage in VOID or state.stage is TaskStage.SUSPENDED:
        return state.stage.label, state.stage.tone
    if expected.pushed_by is not None and expected.is_late:
        return _("Bị đẩy lùi"), PUSHED
    # Due soon is no delay: the shape of a warning is kept for what is pushed.
    return state.schedule.label, state.schedule.tone if state.schedule.tone != PUSHED else "info"


def _texts(viewer: Viewer, web: Web, ids: list[int]) -> dict[Node, Shown]:
    rows = visible_instruments(viewer).filter(pk__in=ids).select_related("drafter", "document")
    found = {}
    for row in rows:
        node = Node(INSTRUMENT, row.pk)
        word, tone = _text_state(web, node)
        href = reverse("documents:instrument", kwargs={"code": row.code})
        title = f"{row.get_type_display()}: {row.title}"
        found[node] = Shown(
            node, row.code, title, row.drafter.short_name, row.document.code, href, word, tone, web.found[node]
        )
    return found


def _text_state(web: Web, node: Node) -> tuple[str, str]:
    in_force = web.plans[node].settled
    if in_force is not None:
        return (_("Đã có hiệu lực") if in_force <= web.as_of else _("Đã ban hành")), DONE
    if web.found[node].is_late:
        return _("Chậm ban hành"), LATE
    return _("Chưa ban hành"), "info"


def _targets(viewer: Viewer, web: Web, ids: list[int]) -> dict[Node, Shown]:
    rows = Target.objects.filter(pk__in=ids, document__in=visible_documents(viewer).order_by().values("pk"))
    found = {}
    for row in rows.select_related("indicator", "organisation", "document"):
        node = Node(TARGET, row.pk)
        is_late = web.found[node].is_late
        word, tone = (_("Có nguy cơ chậm"), PUSHED) if is_late else (_("Chưa thấy nguy cơ chậm"), "good")
        body = row.organisation.short_name if row.organisation else _("Cả nước")
        href = reverse("indicators:target", kwargs={"code": row.code})
        title = f"{row.indicator.name} {wording_of(row)}"
        found[node] = Shown(node, row.code, title, body, row.document.code, href, word, tone, web.found[node])
    return found


def _hidden(node: Node, web: Web) -> Shown:
    titles = {
        TASK: _("một việc ông/bà không được xem"),
        INSTRUMENT: _("một văn bản ông/bà không được xem"),
        TARGET: _("một chỉ tiêu ông/bà không được xem"),
    }
    return Shown(node, "", titles[node.kind], "", "", "", _("Không được xem"), "confidential", web.found[node])
