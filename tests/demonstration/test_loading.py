"""The demonstration is what it says: real bodies, exact counts, everything that is simulated marked so."""

from decimal import Decimal

import pytest
from django.db.models import Count

from tests.database import Demonstration
from thucthi.directory.models import Organisation, OrganisationEvent, Person
from thucthi.directory.selectors import answering_for
from thucthi.documents.models import Document
from thucthi.indicators.models import (
    ConsistencyRule,
    CoreIndicator,
    Dimension,
    Dispute,
    DisputeAnswer,
    Indicator,
    Observation,
    RollupRule,
    Target,
    TargetChange,
)
from thucthi.ledger.models import Entry
from thucthi.obstacles.models import Obstacle
from thucthi.programmes.models import ControlFrame, Programme, Task
from thucthi.publication.models import Snapshot, SnapshotPublication
from thucthi.reporting.models import Acceptance, Evidence, Report

pytestmark = pytest.mark.usefixtures("in_demonstration")


def test_the_country_is_whole() -> None:
    live = Organisation.objects.live("2026-11-22")
    assert live.filter(code__startswith="ubnd-", level="province").count() == 34
    assert live.filter(code__startswith="ubnd-", level="commune").count() == 3321
    assert live.filter(kind="ministry").count() == 14


def test_resolutions_have_frames_and_targets() -> None:
    assert sorted(ControlFrame.objects.values_list("document__slug", flat=True)) == [
        "cthd14", "nq57", "nq59", "nq66", "nq68", "nq70", "nq71", "nq72",
    ]  # fmt: skip
    assert Target.objects.filter(organisation=None).count() == 122
    assert Target.objects.exclude(organisation=None).count() == 129
    floors = Target.objects.filter(each_unit="provincial_peoples_committee").order_by("code")
    assert list(floors.values_list("code", "low")) == [
        ("cthd14-hai-long", Decimal(4)),
        ("nq71-thpt-san", Decimal(60)),
        ("nq72-bv-chuyen-khoa", Decimal(1)),
    ]
    assert Document.objects.filter(number="71").count() == 2


def test_programmes_and_tasks() -> None:
    assert Programme.objects.filter(issued_on__isnull=False).count() == 19
    issued = Task.objects.filter(is_issued=True)
    assert issued.filter(from_decision__isnull=True).count() == 338
    assert [task.programme.code for task in issued.filter(from_decision__isnull=False)] == ["kh-bkhcn-nq57"]
    assert issued.values("lead").distinct().count() == 109


def test_everything_simulated_says_so() -> None:
    assert not Report.objects.filter(is_simulated=False).exists()
    assert not Acceptance.objects.filter(is_simulated=False).exists()
    assert not Obstacle.objects.filter(is_simulated=False).exists()
    assert not Observation.objects.filter(is_simulated=False).exists()
    assert not Evidence.objects.filter(is_simulated=False).exists()
    assert not Person.objects.filter(is_invented=False).exists()


def test_no_one_accepted_their_own_report() -> None:
    assert not Acceptance.objects.filter(author_id=1, reviewer_id=1).exists()
    assert all(a != r for a, r in Acceptance.objects.values_list("author_id", "reviewer_id"))


def test_what_a_dissolved_ministry_led_has_an_heir() -> None:
    planning = Organisation.objects.get(code="bkhdt-cu")
    assert [heir.code for heir in answering_for(planning, planning.valid_to)] == ["bkhdt-cu"]  # type: ignore[arg-type]
    today = Report.objects.latest("submitted_at").submitted_at.date()
    assert [heir.code for heir in answering_for(planning, today)] == ["btc"]
    assert OrganisationEvent.objects.count() == 48


def test_issues_are_published_by_a_second_person(in_demonstration: Demonstration) -> None:
    issues = list(Snapshot.objects.order_by("as_of").values_list("issue", flat=True))
    assert issues == ["2026-10", "2026-W46", "2026-W47"]
    assert SnapshotPublication.objects.count() == 3
    assert (in_demonstration.state / "published" / "latest" / "index.html").is_file()


def test_the_ledger_tells_of_every_step() -> None:
    events = set(Entry.objects.values_list("event", flat=True))
    assert {"document.registered", "programme.issued", "simulated_reports.added", "snapshot.published"} <= events


def test_more_than_sixty_indicators_have_three_years_of_months_for_34_provinces() -> None:
    monthly = Indicator.objects.filter(frequency="monthly")
    assert monthly.count() == 72
    assert monthly.filter(kind="rank").count() == 0
    assert not monthly.filter(source_owner=None).exists()
    opened = Observation.objects.filter(indicator__in=monthly, kind="actual", breakdown="", corrects=None)
    lines = (
        opened.exclude(organisation=None)
        .values("indicator")
        .annotate(
            lines=Count("pk"), provinces=Count("organisation", distinct=True), months=Count("period", distinct=True)
        )
    )
    assert {(row["lines"], row["provinces"], row["months"]) for row in lines} == {(34 * 36, 34, 36)}


def test_every_state_and_kind_of_value_occurs() -> None:
    monthly = Observation.objects.filter(indicator__frequency="monthly")
    states = dict(monthly.filter(corrects=None, kind="actual", breakdown="").values_list("state").annotate(Count("pk")))
    assert states == {
        "number": 79208,
        "provisional": 4706,
        "confirmed_zero": 4262,
        "not_applicable": 1008,
        "not_reported": 354,
        "confidential": 102,
    }
    kinds = dict(monthly.values_list("kind").annotate(Count("pk")))
    assert kinds == {"actual": 93108, "declared": 4080, "sample": 312}
    assert monthly.exclude(corrects=None).count() == 1020
    assert monthly.exclude(breakdown="").count() == 3 * 34 * 12 * 2


def test_every_monthly_indicator_has_a_rule_for_the_country_and_one_for_its_provinces() -> None:
    rules = RollupRule.objects.filter(indicator__frequency="monthly")
    assert rules.filter(unit="country").count() == 72
    assert rules.filter(unit="provincial_peoples_committee", origin="own", operator="none").count() == 72
    assert set(rules.filter(operator="weighted_mean").values_list("weight__code", flat=True)) == {"dan-so-tinh"}


def test_disputes_are_open_overdue_accepted_and_refused() -> None:
    assert dict(DisputeAnswer.objects.values_list("verdict").annotate(Count("pk"))) == {"accepted": 2, "refused": 2}
    open_ones = Dispute.objects.filter(answer=None).order_by("answer_due_on")
    assert [f"{row.answer_due_on}" for row in open_ones] == ["2026-10-19", "2026-10-26", "2026-12-01", "2026-12-03"]
    assert not Dispute.objects.filter(is_simulated=False).exists()


def test_each_resolution_is_read_by_few_indicators() -> None:
    core = dict(CoreIndicator.objects.values_list("document__slug").annotate(Count("pk")))
    assert core == {
        "nq57": 7, "nqcp03-2025": 5, "nq66": 3, "nq68": 5, "nq70": 5, "nq71": 6, "nq72": 6, "cthd14": 6,
    }  # fmt: skip
    assert (Dimension.objects.count(), ConsistencyRule.objects.count(), TargetChange.objects.count()) == (3, 2, 2)


def test_the_public_pages_have_the_parts_of_their_figures(in_demonstration: Demonstration) -> None:
    latest = in_demonstration.state / "published" / "latest"
    page = (latest / "chi-tieu" / "nq71-thpt-san" / "index.html").read_text(encoding="utf-8")
    assert "Số này tính thế nào" in page
    assert len(page.encode()) < 150_000
    values = (latest / "chi-tieu" / "nq71-thpt-san" / "gia-tri.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(values) == 1 + 34 * 36
    assert (latest / "issue.json").stat().st_size < 6_000_000
