"""Which chain of acceptance a report climbs, and who stands on its rungs."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Account, Membership, Role
from thucthi.documents.models import Document
from thucthi.programmes.models import Task
from thucthi.reporting.access import REVIEWING_ROLES, ReportPlace, can_set_cycle
from thucthi.reporting.calculations.routes import Climb, RouteRule, RungPlace, Skipped, climb_of, read_back, route_for
from thucthi.reporting.models import Acceptance, AcceptanceRoute, Endorsement, Obligation, Report, Rung, Verdict
from thucthi.reporting.selectors.obligations import place_of


@dataclass(frozen=True)
class RungStanding:
    """One rung of a report: who decided there, in whose place, or why it is left out, or that it waits."""

    rung: str
    label: str
    word: str
    tone: str
    reviewer: Account | None = None
    acting_for: Account | None = None
    note: str = ""
    decided: Endorsement | Acceptance | None = None


@dataclass(frozen=True)
class RoutePage:
    """The routes of a document in force, those that have ended, and whether the viewer may change them."""

    document: Document
    routes: tuple[AcceptanceRoute, ...]
    ended: tuple[AcceptanceRoute, ...]
    may_set: bool


def climb_for(obligation: Obligation, task: Task, author_id: int, on: date) -> Climb:
    """The rungs a report sent on that day climbs; an empty climb without a route (one verdict, as ever)."""
    routes = AcceptanceRoute.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        valid_from__lte=on,
        document__programmes=task.programme_id,
        level__in=["", obligation.organisation.level],
    )
    rules = [RouteRule(row.pk, row.document_id, row.level, tuple(row.rungs)) for row in routes]
    chosen = route_for(obligation.organisation.level, rules)
    if chosen is None:
        return Climb()
    place = place_of(obligation, task, chosen.rungs)
    return climb_of(chosen.rungs, _places(place, author_id, on))


def _places(place: ReportPlace, author_id: int, on: date) -> dict[str, RungPlace]:
    wanted = {
        Rung.OWN_HEAD: (frozenset(place.reporting_ids), (Role.HEAD,)),
        Rung.SUPERIOR: (frozenset(pk for pk in [place.superior_id] if pk is not None), REVIEWING_ROLES),
        Rung.OWNER: (frozenset({place.programme_owner_id}), REVIEWING_ROLES),
        Rung.VERIFIER: (frozenset(place.verifier_ids), (Role.VERIFIER,)),
    }
    bodies = {pk for ids, _roles in wanted.values() for pk in ids}
    held = set(
        Membership.objects.in_force(on)
        .filter(organisation__in=bodies, account__is_active=True)
        .values_list("organisation_id", "role", "account_id")
    )
    return {
        rung.value: RungPlace(
            bodies=ids,
            deciders=frozenset(
                account for body, role, account in held if body in ids and role in roles and account != author_id
            ),
            author_stands_here=rung is Rung.OWN_HEAD
            and any(body in ids and role in roles and account == author_id for body, role, account in held),
        )
        for rung, (ids, roles) in wanted.items()
    }


def rungs_of(report: Report) -> tuple[RungStanding, ...]:
    """The whole chain of one report, from the lowest rung; empty when it has no route. One query."""
    if not report.route and not report.rungs_skipped:
        return ()
    labels = dict(Rung.choices)
    said = {
        row.rung: row
        for row in Endorsement.objects.filter(report=report).select_related("reviewer", "acting_for").order_by("pk")
    }
    decided: Acceptance | None = getattr(report, "acceptance", None)
    skipped = [
        RungStanding(rung, str(labels[rung]), why(reason), "neutral")
        for rung, reason in read_back(report.rungs_skipped)
    ]
    standing = {row.rung: row for row in skipped}
    for rung in report.route:
        verdict = said.get(rung) or (decided if rung == report.route[-1] else None)
        standing[rung] = _standing(rung, str(labels[rung]), verdict, is_over=decided is not None)
    return tuple(standing[rung] for rung in Rung.values if rung in standing)


def _standing(rung: str, label: str, verdict: Endorsement | Acceptance | None, *, is_over: bool) -> RungStanding:
    if verdict is None:
        return RungStanding(rung, label, _("Không xét nữa") if is_over else _("Chờ ý kiến"), "neutral")
    return RungStanding(
        rung,
        label,
        verdict.get_verdict_display(),
        "good" if verdict.verdict == Verdict.ACCEPTED else "warn",
        verdict.reviewer,
        verdict.acting_for,
        verdict.note,
        verdict,
    )


def why(reason: Skipped) -> str:
    """Why a rung was left out, for people."""
    return {
        Skipped.NO_BODY: _("Bỏ qua: không có cơ quan ở cấp này."),
        Skipped.NOBODY: _("Bỏ qua: khi báo cáo được gửi, cơ quan ở cấp này chưa có ai được giao nghiệm thu."),
        Skipped.SAME_BODY: _("Bỏ qua: cùng một cơ quan với cấp trên của lộ trình."),
        Skipped.AUTHOR_IS_HEAD: _("Bỏ qua: chính người đứng đầu đã ký gửi báo cáo."),
    }[reason]


def route_page(viewer: Viewer, document: Document, on: date) -> RoutePage:
    """The chain of acceptance of a document the viewer may see."""
    rows = list(document.acceptance_routes.order_by("level", F("valid_from").desc()))
    standing = [row for row in rows if row.valid_to is None or row.valid_to >= on]
    return RoutePage(
        document=document,
        routes=tuple(standing),
        ended=tuple(row for row in rows if row not in standing),
        may_set=can_set_cycle(viewer, document.register_id),
    )
