"""The demonstration is what it says: real bodies, exact counts, everything that is simulated marked so."""

import pytest

from tests.database import Demonstration
from thucthi.directory.models import Organisation, OrganisationEvent, Person
from thucthi.directory.selectors import answering_for
from thucthi.documents.models import Document
from thucthi.indicators.models import Observation, Target
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
    assert Target.objects.count() == 120
    assert Document.objects.filter(number="71").count() == 2


def test_programmes_and_tasks() -> None:
    assert Programme.objects.filter(issued_on__isnull=False).count() == 19
    issued = Task.objects.filter(is_issued=True)
    assert issued.count() == 338
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
