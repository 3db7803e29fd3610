"""Whoever acts, and in whatever order: figures come from their own body, verdicts from somebody else.

Each sequence tries reports, files and verdicts by anybody about anything; most are refused, and what stands is judged.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.kept_states import Kept
from tests.reporting.world import CSV, World, make_world, now, on_plan, today
from tests.trust.bars import bar
from thucthi.directory.access import Viewer
from thucthi.directory.models import Account, Organisation, Role
from thucthi.kernel.errors import ThucThiError
from thucthi.ledger.models import Entry
from thucthi.reporting.actions import accept_report, return_report, store_evidence, submit_report
from thucthi.reporting.models import Acceptance, Evidence, Obligation, Report

STEPS = 2_000
Measure = Callable[[str, object], None]
ROLES = (Role.REPORTER, Role.HEAD, Role.APPROVER, Role.VERIFIER, Role.STEERING_OFFICE, Role.AUDITOR)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    world = kept(make_world)
    # A person with two roles at once, in the body that reports and in the one that accepts.
    for role, organisation in ((Role.REPORTER, world.state.government), (Role.APPROVER, world.state.science)):
        account = world.state.person(Role.HEAD, world.state.science)
        account.memberships.create(organisation=organisation, role=role, valid_from=today())
    return world


def bodies(world: World) -> list[Organisation]:
    state = world.state
    return [state.government, state.science, state.finance, state.province, state.commune, state.elsewhere]


def tried(world: World, seed: int, steps: int) -> tuple[int, int]:
    """How many deeds were tried and how many were done."""
    chance = random.Random(seed)  # noqa: S311 - chance, not secrecy
    weeks = [today() - timedelta(weeks=number) for number in range(12)]
    owed = [world.obligation(code, day) for day in weeks for code in ("nv-khoa", "nv-tinh", "nv-xa")]
    deeds: list[Callable[[random.Random, World, Viewer, Obligation], object]] = [_report, _file, _accept, _return]
    done = 0
    for _ in range(steps):
        duty = chance.choice(owed)
        # Half of them by somebody who could: else nearly everything is refused at the door.
        near = chance.random() < 0.5
        body = chance.choice([duty.organisation, world.state.government]) if near else chance.choice(bodies(world))
        viewer = world.state.viewer(chance.choice(ROLES[:3] if near else ROLES), body)
        try:
            with transaction.atomic():
                done += chance.choice(deeds)(chance, world, viewer, duty) is not None
        except ThucThiError:
            continue
    return steps, done


def _report(chance: random.Random, world: World, viewer: Viewer, owed: Obligation) -> Report:
    progress = str(chance.randint(-5, 130))
    content = on_plan(progress)
    return submit_report(owed, by=viewer, content=content, idempotency_key=uuid4(), version=0, at=now())


def _file(chance: random.Random, world: World, viewer: Viewer, owed: Obligation) -> Evidence:
    name = f"so-{uuid4()}.csv"
    return store_evidence(owed, by=viewer, file_name=name, content=CSV + name.encode() + b"\n")


def _latest(owed: Obligation) -> Report | None:
    return owed.reports.order_by("-version").first()


def _accept(chance: random.Random, world: World, viewer: Viewer, owed: Obligation) -> object:
    report = _latest(owed)
    if report is None:
        return None
    return accept_report(report, by=viewer, content_hash=report.content_hash, progress_accepted=None, note="", at=now())


def _return(chance: random.Random, world: World, viewer: Viewer, owed: Obligation) -> object:
    report = _latest(owed)
    if report is None:
        return None
    return return_report(report, by=viewer, content_hash=report.content_hash, note="Thiếu số.", at=now())


def _belongs(account: Account, organisation_id: int) -> bool:
    return account.memberships.filter(organisation=organisation_id).exists()


def foreign_figures() -> list[str]:
    reports = Report.objects.select_related("author", "obligation")
    files = Evidence.objects.select_related("uploaded_by", "obligation")
    wrong = [f"report {each.pk}" for each in reports if not _belongs(each.author, each.obligation.organisation_id)]
    return wrong + [f"file {f.pk}" for f in files if not _belongs(f.uploaded_by, f.obligation.organisation_id)]


def own_verdicts() -> list[str]:
    verdicts = Acceptance.objects.select_related("report")
    return [f"verdict {each.pk}" for each in verdicts if each.reviewer_id == each.report.author_id]


@bar("B3")
def test_figures_are_stated_by_their_own_body_alone(world: World, record_property: Measure) -> None:
    steps, done = tried(world, 1, STEPS)
    assert foreign_figures() == []
    assert done > 100
    # Each deed that was done has its entry, and none that was refused has one.
    assert Entry.objects.count() == done
    record_property("measured", f"{steps} deeds tried, {done} done, {Report.objects.count()} reports, 0 foreign")


@bar("B3", planted=True)
def test_a_superior_who_may_report_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thucthi.reporting.access.can_report", lambda viewer, place: True)
    tried(world, 1, 300)
    assert foreign_figures() != []


@bar("B17")
def test_nobody_judges_his_own(world: World, record_property: Measure) -> None:
    steps, _ = tried(world, 2, 800)
    assert own_verdicts() == []
    verdicts = Acceptance.objects.count()
    assert verdicts > 5
    record_property("measured", f"{steps} deeds tried, {verdicts} verdicts, 0 by the author")


@bar("B17")
def test_the_database_refuses_it_too(world: World) -> None:
    report = submit_report(
        world.this_week, by=world.reporter(), content=on_plan(), idempotency_key=uuid4(), version=0, at=now()
    )
    with pytest.raises(IntegrityError, match="acceptance_by_another"), transaction.atomic():
        Acceptance.objects.create(
            report=report, verdict="accepted", progress_accepted=Decimal(40), author=report.author,
            reviewer=report.author, content_hash=report.content_hash, decided_at=now(),
        )  # fmt: skip
    assert Acceptance.objects.count() == 0


@bar("B17", planted=True)
def test_a_verdict_of_the_author_would_be_seen(world: World) -> None:
    """The planted fault is in the copy of the author, which is what the database compares."""
    report = submit_report(
        world.this_week, by=world.reporter(), content=on_plan(), idempotency_key=uuid4(), version=0, at=now()
    )
    other = world.state.person(Role.AUDITOR, world.state.elsewhere)
    Acceptance.objects.create(
        report=report, verdict="accepted", progress_accepted=Decimal(40), author=other, reviewer=report.author,
        content_hash=report.content_hash, decided_at=now(),
    )  # fmt: skip
    assert own_verdicts() != []
