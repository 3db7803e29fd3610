"""Random drafts, submissions, returns and acceptances by random people, against a model a child could keep."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reporting.world import World, now, on_plan
from thucthi.directory.access import Viewer
from thucthi.directory.models import Role
from thucthi.kernel.errors import Forbidden, Stale
from thucthi.ledger.models import Entry
from thucthi.reporting.actions import accept_report, return_report, save_draft, submit_report
from thucthi.reporting.calculations.statements import TypedReport
from thucthi.reporting.models import Acceptance, Obligation, Report, ReportDraft

REPORTERS = ("reporter", "head")
REVIEWERS = ("approver", "chief")
PEOPLE = (*REPORTERS, *REVIEWERS, "stranger")
DEEDS = st.tuples(
    st.sampled_from(["draft", "submit", "again", "return", "accept"]), st.sampled_from(PEOPLE), st.integers(0, 3)
)


@dataclass
class Model:
    """What must be true: versions sent, whether the last one is decided, the draft, the entries of the ledger."""

    versions: int = 0
    verdict: str | None = "returned"  # as if something had come back: a report may be sent
    draft: tuple[int, str] | None = None
    entries: list[str] = field(default_factory=list)
    last_key: UUID | None = None
    last_author: str = ""

    def may_send(self) -> bool:
        return self.verdict == "returned"


def expected(model: Model, deed: str, who: str, n: int) -> str:  # noqa: PLR0911 - one line per outcome
    """ "done", "again" (nothing moves), "forbidden" or "stale"; the model moves along."""
    if deed in {"draft", "submit", "again"}:
        if who not in REPORTERS:
            return "forbidden"
        if deed == "again" and model.last_key:
            return "again" if who == model.last_author else "stale"
        if not model.may_send():
            return "stale"
        return _draft(model, n) if deed == "draft" else _submit(model, who)
    if who not in REVIEWERS:
        return "forbidden"
    if model.versions == 0 or model.verdict is not None:
        return "stale"
    model.verdict = "returned" if deed == "return" else "accepted"
    model.entries.append(f"report.{model.verdict}")
    return "done"


def _draft(model: Model, n: int) -> str:
    if model.draft and model.draft[1] == f"{n}":
        return "again"
    model.draft = (model.draft[0] + 1 if model.draft else 1, f"{n}")
    model.entries.append("draft.saved")
    return "done"


def _submit(model: Model, who: str) -> str:
    model.versions, model.verdict, model.draft, model.last_author = model.versions + 1, None, None, who
    model.entries.append("report.submitted")
    return "done"


def carry_out(model: Model, obligation: Obligation, people: dict[str, Viewer], chosen: tuple[str, str, int]) -> str:
    """Do it to the system; the answer in the words of `expected`."""
    deed, who, n = chosen
    before = Entry.objects.count()
    latest = Report.objects.filter(obligation=obligation).order_by("-version").first()
    draft = ReportDraft.objects.filter(obligation=obligation).first()
    version = draft.version if draft else 0
    key = model.last_key if deed == "again" and model.last_key else uuid4()
    by = people[who]
    try:
        with transaction.atomic():
            if deed == "draft":
                save_draft(obligation, by=by, typed=TypedReport(note=f"{n}"), version=version, page="p", at=now())
            elif deed in {"submit", "again"}:
                report = submit_report(
                    obligation, by=by, content=on_plan(f"{n}"), idempotency_key=key, version=version, at=now()
                )
                model.last_key = report.idempotency_key
            elif latest is None:
                return "stale" if who in REVIEWERS else "forbidden"
            elif deed == "return":
                return_report(latest, by=by, content_hash=latest.content_hash, note="Thiếu.", at=now())
            else:
                accept_report(
                    latest, by=by, content_hash=latest.content_hash, progress_accepted=None, note="", at=now()
                )
    except Forbidden:
        return "forbidden"
    except Stale:
        return "stale"
    return "done" if Entry.objects.count() > before else "again"


@pytest.fixture
def people(world: World) -> dict[str, Viewer]:
    return {
        "reporter": world.reporter(),
        "head": world.head(),
        "approver": world.approver(),
        "chief": world.state.viewer(Role.HEAD, world.state.government),
        "stranger": world.state.viewer(Role.HEAD, world.state.elsewhere),
    }


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(DEEDS, max_size=14))
def test_any_order_of_deeds_ends_where_the_model_says(
    world: World, people: dict[str, Viewer], deeds: list[tuple[str, str, int]]
) -> None:
    point = transaction.savepoint()
    try:
        obligation, model = world.this_week, Model()
        for deed, who, n in deeds:
            wanted = expected(model, deed, who, n)
            assert carry_out(model, obligation, people, (deed, who, n)) == wanted, (deed, who, n)
            drafts = [(draft.version, draft.content["note"]) for draft in ReportDraft.objects.all()]
            assert drafts == ([model.draft] if model.draft else [])
        assert Report.objects.count() == model.versions
        assert list(Report.objects.order_by("version").values_list("version", flat=True)) == [
            *range(1, model.versions + 1)
        ]
        accepted = Acceptance.objects.filter(verdict="accepted").count()
        assert accepted == (1 if model.verdict == "accepted" else 0)
        assert list(Entry.objects.order_by("pk").values_list("event", flat=True)) == model.entries
    finally:
        transaction.savepoint_rollback(point)
