"""The pages on which an issue is prepared, compared, published and corrected."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.kept_states import Kept
from tests.monitoring.world import AS_OF, World, make_world
from tests.public_site.issue import prepared
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.publication.actions import prepare_snapshot, publish_snapshot
from thucthi.publication.models import Correction, Snapshot, SnapshotPublication

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def signed_in(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(
        world.state.person(role, world.state.government), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.mark.parametrize(
    ("role", "status"), [(Role.STEERING_OFFICE, 200), (Role.PUBLISHER, 200), (Role.AUDITOR, 200), (Role.REPORTER, 403)]
)
def test_who_sees_issues(world: World, role: Role, status: int) -> None:
    snapshot = prepared(world)
    client = signed_in(world, role)
    for name in ("publication:issues", "publication:issue", "publication:preview"):
        kwargs = {} if name == "publication:issues" else {"pk": snapshot.pk}
        assert client.get(reverse(name, kwargs=kwargs)).status_code == status


def test_the_office_prepares_and_the_publisher_publishes(world: World) -> None:
    office, publisher = signed_in(world, Role.STEERING_OFFICE), signed_in(world, Role.PUBLISHER)
    address = reverse("publication:prepare_issue")
    assert office.post(address, {"kind": "weekly", "as_of": "2026-11-20"}).status_code == 302
    snapshot = Snapshot.objects.get()
    assert snapshot.prepared_by == world.state.person(Role.STEERING_OFFICE, world.state.government)
    publish = reverse("publication:publish_issue", kwargs={"pk": snapshot.pk})
    assert office.post(publish).status_code == 403
    assert publisher.get(publish).status_code == 405
    assert publisher.post(publish).status_code == 302
    assert SnapshotPublication.objects.get().snapshot == snapshot
    again = publisher.post(publish)
    assert again.status_code == 409
    assert "đã được phát hành" in again.content.decode()


def test_another_version_of_a_published_issue_has_no_button(world: World) -> None:
    first = prepared(world)
    publish_snapshot(first, by=world.state.viewer(Role.PUBLISHER, world.state.government))
    world.report(world.tasks["nv-sap-den"].obligations.get(due_on=AS_OF), AS_OF, "5")
    second = prepared(world)
    page = signed_in(world, Role.PUBLISHER).get(reverse("publication:issue", kwargs={"pk": second.pk})).content.decode()
    assert "đã được phát hành ở một bản khác" in page
    assert "Phát hành kỳ này" not in page


def test_a_day_to_come_is_refused_and_what_was_typed_stays(world: World) -> None:
    answer = signed_in(world, Role.STEERING_OFFICE).post(
        reverse("publication:prepare_issue"), {"kind": "monthly", "as_of": "2999-01-01"}
    )
    assert answer.status_code == 422
    assert "chưa tới" in answer.content.decode()
    assert 'value="2999-01-01"' in answer.content.decode()
    assert Snapshot.objects.count() == 0


def test_the_reviewer_sees_what_differs_from_the_published_issue(world: World) -> None:
    older = prepare_snapshot(by=SYSTEM, kind="weekly", as_of=AS_OF - timedelta(days=20))
    publish_snapshot(older, by=world.state.viewer(Role.PUBLISHER, world.state.government))
    page = signed_in(world, Role.AUDITOR).get(reverse("publication:issue", kwargs={"pk": prepared(world).pk}))
    text = page.content.decode()
    assert "Khác gì so với kỳ 2026-W44" in text
    assert "nv-xong-som" in text
    assert "Chờ nghiệm thu" in text
    assert "nv-xong-muon</a>" not in text


def test_a_preview_shows_listed_files_only(world: World) -> None:
    pk = prepared(world).pk
    client = signed_in(world, Role.PUBLISHER)
    for path, status in (
        ("index.html", 200),
        ("nhiem-vu/", 200),
        ("../x", 404),
        ("manifest.json", 404),
        ("khong", 404),
    ):
        found = client.get(f"/lam-viec/cong-bo/{pk}/xem/{path}")
        assert (path, found.status_code) == (path, status)


def test_a_correction_is_posted_from_the_page_of_its_issue(world: World) -> None:
    snapshot = prepared(world)
    publish_snapshot(snapshot, by=world.state.viewer(Role.PUBLISHER, world.state.government))
    publisher = signed_in(world, Role.PUBLISHER)
    address = reverse("publication:correct_issue", kwargs={"pk": snapshot.pk})
    assert publisher.post(address, {"text": ""}).status_code == 422
    assert Correction.objects.count() == 0
    assert publisher.post(address, {"text": "Số 3 là 4"}).status_code == 302
    assert Correction.objects.get().text == "Số 3 là 4"
