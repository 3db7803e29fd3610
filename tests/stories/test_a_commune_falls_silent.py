"""A commune falls silent for three weeks and the centre sees it without anyone reporting it (issue 5).

Each Monday the system makes the obligations of the week. The commune reports once, then no more; nobody raises,
notes or writes anything about it. The centre opens one page, finds the province, then the commune, its head and
its last word.
"""

from datetime import date, datetime, time
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.kept_states import Kept
from tests.programmes.world import World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation, Role
from thucthi.ledger.models import Entry
from thucthi.monitoring.selectors.silence import SilencePage, Wanted, silence_page
from thucthi.obstacles.models import Obstacle
from thucthi.programmes.models import Task
from thucthi.reporting.actions import ReportContent, create_obligations, submit_report
from thucthi.reporting.models import Obligation

MONDAYS = [date(2026, 3, 16), date(2026, 3, 23), date(2026, 3, 30), date(2026, 4, 6)]
SEEN_ON = date(2026, 4, 12)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def report(world: World, task: Task, monday: date) -> None:
    obligation = Obligation.objects.get(task=task, period_start=monday)
    author = world.state.viewer(Role.REPORTER, obligation.organisation)
    content = ReportContent(claim="on_plan", progress=Decimal(5), is_simulated=True)
    at = timezone.make_aware(datetime.combine(monday, time(9)))
    submit_report(obligation, by=author, content=content, idempotency_key=uuid4(), version=0, at=at)


def seen_by_the_centre(world: World, under: Organisation | None = None) -> SilencePage:
    return silence_page(world.steering, Wanted(periods=3, under=under), SEEN_ON)


def test_a_commune_falls_silent(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    commune, province = world.state.commune, world.state.province
    for body in (commune, province):
        world.state.head_post(body)
    content = world.clear_task(code="viec-xa", lead=commune, coordinators=())
    spoken = world.clear_task(code="viec-tinh", lead=province, coordinators=(), text="Đào tạo 500 cán bộ của tỉnh")
    world.issued(content, spoken)
    silent_task, spoken_task = (Task.objects.get(code=code) for code in ("viec-xa", "viec-tinh"))
    for monday in MONDAYS:
        create_obligations(by=SYSTEM, on=monday)
    assert Obligation.objects.filter(organisation=commune).count() == 4

    said = Entry.objects.count()
    report(world, silent_task, MONDAYS[0])
    for monday in MONDAYS:
        report(world, spoken_task, monday)
    assert Entry.objects.count() == said + 5
    assert not Obstacle.objects.exists()

    page = seen_by_the_centre(world)
    assert (page.silent, page.owing, page.never) == (1, 2, 0)
    assert [(row.organisation, row.silent, row.owing) for row in page.branches] == [(province, 1, 2)]
    below = seen_by_the_centre(world, province)
    assert [(row.organisation, row.silent, row.owing) for row in below.branches] == [(commune, 1, 1), (province, 0, 1)]
    (row,) = below.rows
    assert (row.organisation, row.superior) == (commune, province)
    assert (row.silence.periods, row.silence.reports, row.silence.tasks) == (3, 3, 1)
    assert (row.last_report_on, row.silence.since) == (MONDAYS[0], date(2026, 3, 27))
    assert row.head.person.display_name == "Người đứng đầu mẫu ubnd-hoa"
    assert Entry.objects.count() == said + 5, "looking leaves no trace and needs none"

    client.force_login(world.state.person(Role.STEERING_OFFICE, world.state.government))
    monkeypatch.setattr(timezone, "localdate", lambda value=None, timezone=None: value.date() if value else SEEN_ON)
    shown = client.get("/lam-viec/im-lang/", {"it_nhat": "3", "duoi": province.code}).content.decode()
    assert [word for word in ("UBND xã Hòa", "16/03/2026", "Người đứng đầu mẫu ubnd-hoa") if word not in shown] == []
