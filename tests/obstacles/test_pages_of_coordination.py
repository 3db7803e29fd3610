"""What the demonstration loads for coordination, on a handful of organisations; every page of it clean and cheap."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.architecture.pages import faults_of_page
from tests.people import _organisation
from thucthi.demonstration.loading_coordination import BEFORE_THE_COMMITTEE, CONSIDERED, load_coordination
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Account, Level, Membership, Organisation, Person, Role, Tree
from thucthi.obstacles.actions import NewObstacle, raise_obstacle
from thucthi.obstacles.models import CoordinationRequest, Decision, Meeting

PAGES: list[tuple[str, dict[str, str]]] = [
    ("board", {}),
    ("meetings", {}),
    ("call_meeting", {}),
    ("waiting", {}),
    ("send_request", {}),
    ("request", {"code": "yc-2026-001"}),
    ("meeting", {"code": "ph-2026-001"}),
    ("meeting", {"code": "ph-2026-002"}),
    ("minutes", {"code": "ph-2026-002"}),
]


@pytest.fixture
def loaded(db: None) -> dict[str, Organisation]:
    government = _organisation("cp", "Chính phủ", None, level=Level.CENTRAL, kind="government")
    bodies = {"cp": government, "bcdtw57": _party()}
    for code in ("bkhcn", "btc", "bca", "byt", "bnv"):
        bodies[code] = _organisation(code, f"Bộ {code}", government, level=Level.CENTRAL, kind="ministry")
    bodies["ubnd-01"] = _organisation("ubnd-01", "UBND mẫu", government, level=Level.PROVINCE, kind="province")
    for code in (*CONSIDERED, *BEFORE_THE_COMMITTEE):
        new = NewObstacle(
            code, None, bodies["bkhcn"], "money", f"Vướng {code}", bodies["btc"], "Gỡ", date(2026, 10, 20), True
        )
        raise_obstacle(by=SYSTEM, new=new, on=date(2026, 10, 1))
    load_coordination(bodies, {})
    return bodies


def _party() -> Organisation:
    return _organisation("bcdtw57", "Ban Chỉ đạo mẫu", None, level=Level.CENTRAL, kind="committee", tree=Tree.PARTY)


def client_of(*places: Organisation) -> Client:
    account = Account.objects.create(username="nguoi-mau", person=Person.objects.create(display_name="Người mẫu"))
    for place in places:
        Membership.objects.create(
            account=account, organisation=place, role=Role.STEERING_OFFICE, valid_from=date(2025, 1, 1)
        )
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_demonstration_gives_every_screen_something_to_show(loaded: dict[str, Organisation]) -> None:
    assert CoordinationRequest.objects.filter(is_simulated=True).count() == 7
    assert {row.code: row.items.count() for row in Meeting.objects.order_by("code")} == {
        "ph-2026-001": 3, "ph-2026-002": 4, "ph-2026-003": 2,
    }  # fmt: skip
    assert Decision.objects.filter(meeting__code="ph-2026-001", is_simulated=True).count() == 3


@pytest.mark.parametrize(("name", "named"), PAGES, ids=str)
def test_a_page_is_clean_and_cheap(loaded: dict[str, Organisation], name: str, named: dict[str, Any]) -> None:
    client, address = client_of(loaded["cp"], loaded["bkhcn"]), reverse(f"obstacles:{name}", kwargs=named)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    assert faults_of_page(answer.content.decode()) == []
    assert sum("SAVEPOINT" not in row["sql"] for row in queries.captured_queries) <= 20


def test_a_shut_meeting_shows_its_conclusions_and_the_next_one_what_became_of_them(
    loaded: dict[str, Organisation],
) -> None:
    client = client_of(loaded["cp"])
    shut = client.get(reverse("obstacles:meeting", args=["ph-2026-001"])).content.decode()
    coming = client.get(reverse("obstacles:meeting", args=["ph-2026-002"])).content.decode()
    assert "Trình cơ chế khoán chi. – Bộ btc, hạn 20/11/2026" in shut
    for word in ("Đã hoàn thành", "Chưa hoàn thành, quá hạn", "Không phải thực hiện"):
        assert word in coming
    paper = client.get(reverse("obstacles:agenda_paper", args=["ph-2026-003"]))
    assert paper.status_code == 404
