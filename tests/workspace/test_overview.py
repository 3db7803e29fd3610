"""The page of counts: what the engine keeps and what the facts give are the same page, for every viewer and body."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.monitoring.rollups.histories import set_day
from tests.monitoring.world import AS_OF, World, make_world
from thucthi.directory.access import Viewer
from thucthi.directory.models import EventKind, Organisation, OrganisationEvent, Role, Succession
from thucthi.monitoring.selectors import rollups
from thucthi.workspace.selectors.standing import Overview, overview

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    set_day(AS_OF)
    return make_world()


def from_the_facts(monkeypatch: pytest.MonkeyPatch, viewer: Viewer, code: str, as_of: date) -> Overview:
    with monkeypatch.context() as patched:
        patched.setattr(rollups, "live_counts", lambda *_arguments, **_named: None)
        return overview(viewer, code, as_of)


def test_both_ways_make_the_same_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    state = world.state
    viewers = [state.viewer(Role.REPORTER, state.commune), state.viewer(Role.HEAD, state.government)]
    for viewer in viewers:
        for code in ("", state.government.code, state.province.code, state.commune.code, state.elsewhere.code):
            assert overview(viewer, code, AS_OF) == from_the_facts(monkeypatch, viewer, code, AS_OF)
    whole = overview(viewers[0], "", AS_OF)
    assert (whole.whole.total, whole.whole.overdue, whole.whole.owed, whole.whole.reported) == (8, 1, 4, 1)
    assert [(line.subject.pk, line.tally.total) for line in whole.documents] == [(world.resolution.pk, 8)]
    assert [(line.subject.code, line.tally.total) for line in whole.organisations] == [("chinh-phu", 8)]


def test_another_day_than_the_engines_is_counted_from_the_facts(world: World) -> None:
    viewer = world.state.viewer(Role.REPORTER, world.state.commune)
    before = overview(viewer, "", AS_OF - timedelta(days=60))
    assert (before.as_of, before.whole.overdue) == (AS_OF - timedelta(days=60), 0)


def test_a_line_and_the_page_behind_it_agree_on_what_a_dissolved_body_led(world: World) -> None:
    state = world.state
    event = OrganisationEvent.objects.create(
        code="sap-xep", kind=EventKind.MERGE, effective_on=AS_OF, legal_basis="Nghị quyết mẫu"
    )
    Organisation.objects.filter(pk=state.commune.pk).update(valid_to=AS_OF - timedelta(days=1))
    Succession.objects.create(event=event, predecessor=state.commune, successor=state.elsewhere)
    viewer = state.viewer(Role.HEAD, state.government)
    lines = {line.subject.code: line.tally for line in overview(viewer, state.government.code, AS_OF).organisations}
    assert lines[state.elsewhere.code].total == 2
    assert overview(viewer, state.elsewhere.code, AS_OF).whole == lines[state.elsewhere.code]


def test_the_page_of_today_shows_the_engines_figures(client: Client) -> None:
    state = make_world().state
    client.force_login(state.person(Role.HEAD, state.government), backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(reverse("workspace:overview")).content.decode()
    found = rollups.live_counts(state.viewer(Role.HEAD, state.government), [rollups.COUNTRY])
    assert found is not None
    assert found.day == timezone.localdate()
    assert f"{found.at(0).total} nhiệm vụ đã giao" in shown
