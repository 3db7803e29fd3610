"""The pages of dependencies: what they show, what they hide, how they refuse."""

import gzip
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.architecture.pages import faults_of_page
from tests.programmes.dependencies.world import World, make_world, task
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.documents.models import Instrument
from thucthi.indicators.models import Contribution, DataNeed, Indicator, Target
from thucthi.intake.actions.copies import sign_tasks
from thucthi.programmes.models import Dependency, TaskInstrument

TODAY = timezone.localdate()
LATE, SOON = TODAY - timedelta(30), TODAY + timedelta(10)
MOST_QUERIES = 20


@pytest.fixture
def world(db: None) -> World:
    """b-1 is overdue and pushes a-1, which pushes a-2 and the target of this year; kin-1 pushes b-2."""
    world = make_world(b_1=LATE, kin_1=TODAY + timedelta(90), b_2=SOON, a_1=TODAY, a_2=SOON)
    tasks = world.tasks
    _tie(world, "a-1", "b-1", lag_days=250)
    _tie(world, "a-2", "a-1", lag_days=250)
    _tie(world, "b-2", "kin-1")
    Dependency.objects.create(
        kind="competes", needed_task=tasks["a-1"], waiting_task=tasks["b-2"], created_on=TODAY, reason="Chung kỹ sư"
    )
    indicator = Indicator.objects.create(code="ct-mau", name="Tỷ lệ mẫu", direction="rise", unit="%")
    for slug, low in (("mot", 50), ("hai", 60)):
        Target.objects.create(
            code=f"mt-{slug}", indicator=indicator, document=world.documents[slug], operator=">=", low=low,
            period="năm", year=SOON.year, organisation=world.state.science,
        )  # fmt: skip
    Contribution.objects.create(task=tasks["a-2"], indicator=indicator)
    return world


def _tie(world: World, waiting: str, needed: str, **more: Any) -> Dependency:
    return Dependency.objects.create(
        kind="finish_start",
        waiting_task=world.tasks[waiting],
        needed_task=world.tasks[needed],
        created_on=TODAY,
        **more,
    )


def client_of(world: World, role: Role, body: str) -> Client:
    client = Client()
    account = world.state.person(role, getattr(world.state, body))
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def get(world: World, name: str, query: str = "", **key: Any) -> str:
    answer: HttpResponse = client_of(world, Role.PROGRAMME_EDITOR, "science").get(
        reverse(f"monitoring:{name}", kwargs=key) + query
    )
    assert answer.status_code == 200
    text = answer.content.decode()
    assert faults_of_page(text) == []
    assert "kin-1" not in text
    return text


def test_what_is_pushed_is_listed_with_its_chain_and_assumptions(world: World) -> None:
    text = get(world, "pushes")
    assert "a-2" in text
    assert "a-1" in text
    assert "Đã quá hạn 30 ngày mà chưa xong: tính là sớm nhất hôm nay mới xong." in text
    assert "rồi đợi 250 ngày làm việc" in text
    # What the hidden task pushes is named, the hidden task is not, nor its day.
    assert "một việc ông/bà không được xem" in text
    assert f"{world.tasks['kin-1'].resolved_end:%d/%m/%Y}" not in text
    assert "mt-mot" in get(world, "pushes", "?van-ban=nq-mot")


def test_the_picture_and_its_table_say_the_same(world: World) -> None:
    text = get(world, "graph_of_document", slug="nq-mot")
    for code in ("a-1", "a-2", "b-1"):
        assert f">{code}<tspan" in text
        assert f'/nhiem-vu/{code}/">{code}</a>' in text
    assert "stroke-dasharray" in text
    assert "style=" not in text.split("<svg", 1)[1]


@pytest.mark.parametrize("query", ["?sau=0", "?sau=5&gom=on", "?cham=on", "?sau=abc&trang=x", "?trang=99"])
def test_filters_of_the_picture(world: World, query: str) -> None:
    get(world, "graph_of_task", query, code="a-1")
    get(world, "graph_of_organisation", query, code="bo-khoa-hoc")


def test_only_what_is_late(world: World) -> None:
    text = get(world, "graph_of_task", "?cham=on&sau=3", code="a-1")
    assert "/nhiem-vu/b-1/" in text


def test_the_chain_goes_from_the_cause_to_the_end(world: World) -> None:
    text = get(world, "chain_of_task", code="a-2")
    chain = text.split("<ol>\n")[1].split("</ol>")[0]
    assert chain.index("b-1") < chain.index("a-1") < chain.index("a-2")
    get(world, "chain_of_document", slug="nq-hai")
    get(world, "chain_of_target", code="mt-mot")


def test_conflicts_open_both_sides(world: World) -> None:
    Instrument.objects.create(
        code="tt-hai", document=world.documents["hai"], type="circular", title="THÔNG TƯ  mẫu",
        drafter=world.state.finance,
    )  # fmt: skip
    same = "Rà soát, sửa đổi quy trình tiếp nhận hồ sơ trực tuyến của người dân và doanh nghiệp"
    for code in ("a-9", "b-9"):
        task(world.tasks[f"{code[0]}-1"].programme, code, world.state.province, text=same)
    sign_tasks(by=SYSTEM)
    text = get(world, "conflicts")
    for address in ("muc/mt-mot/", "muc/mt-hai/", "nhiem-vu/a-9/", "nhiem-vu/b-9/", "nhiem-vu/b-2/"):
        assert address in text
    assert "tt-hai" in text
    assert "tt-mau" in text
    assert "Chung kỹ sư" in text


def test_the_page_of_one_task_and_its_forms(world: World) -> None:
    TaskInstrument.objects.create(task=world.tasks["a-1"], instrument=world.circular)
    text = get(world, "ties", code="a-1")
    assert "Cần gì trước" in text
    assert "Ai đang chờ việc này" in text
    assert "tt-mau" in text
    client = client_of(world, Role.PROGRAMME_EDITOR, "science")
    add = reverse("monitoring:add_tie", kwargs={"code": "a-1"})
    faulty = client.post(add, {"kind": "finish_start", "needed_code": "a-2", "lag_days": "ba", "reason": "Giữ lại"})
    assert faulty.status_code == 422
    assert "Giữ lại" in faulty.content.decode()
    assert "từ 0 đến 250" in faulty.content.decode()
    circle = client.post(add, {"kind": "finish_start", "needed_code": "a-2", "lag_days": "0"})
    assert (circle.status_code, "a-1 → a-2 → a-1" in circle.content.decode()) == (422, True)
    assert Dependency.objects.count() == 4
    good = client.post(add, {"kind": "needs_data", "needed_code": "b-1", "lag_days": ""})
    assert (good.status_code, Dependency.objects.count()) == (302, 5)
    made = Dependency.objects.latest("pk")
    end = reverse("monitoring:end_tie", kwargs={"code": "a-1", "pk": made.pk})
    assert client.get(end).status_code == 200
    assert client.post(end, {"reason": ""}).status_code == 422
    assert client.post(end, {"reason": "Đã có số liệu"}).status_code == 302
    assert client.post(end, {"reason": "Lần nữa"}).status_code == 409
    assert "Quan hệ đã bỏ" in get(world, "ties", code="a-1")


def test_data_that_a_task_needs(world: World) -> None:
    client = client_of(world, Role.PROGRAMME_EDITOR, "science")
    address = reverse("monitoring:add_data_need", kwargs={"code": "a-1"})
    assert client.get(address).status_code == 200
    assert client.post(address, {"indicator_code": "sai"}).status_code == 422
    assert client.post(address, {"indicator_code": "ct-mau", "reason": "Để dự báo"}).status_code == 302
    need = DataNeed.objects.get()
    assert "Để dự báo" in get(world, "ties", code="a-1")
    drop = reverse("monitoring:drop_data_need", kwargs={"code": "a-1", "pk": need.pk})
    assert [client.post(drop).status_code for _ in range(2)] == [302, 302]
    assert client.get(drop).status_code == 405
    need.refresh_from_db()
    assert need.ended_on == TODAY


def test_what_is_hidden_is_not_found_and_others_may_not_write(world: World) -> None:
    client = client_of(world, Role.PROGRAMME_EDITOR, "science")
    for name in ("ties", "graph_of_task", "chain_of_task", "add_tie", "add_data_need"):
        assert client.get(reverse(f"monitoring:{name}", kwargs={"code": "kin-1"})).status_code == 404
    other = Dependency.objects.get(waiting_task=world.tasks["b-2"], kind="finish_start")
    assert client.get(reverse("monitoring:end_tie", kwargs={"code": "a-1", "pk": other.pk})).status_code == 404
    reporter = client_of(world, Role.REPORTER, "science")
    assert reporter.get(reverse("monitoring:add_tie", kwargs={"code": "a-1"})).status_code == 403
    assert client.get(reverse("monitoring:add_tie", kwargs={"code": "b-1"})).status_code == 403
    assert Dependency.objects.count() == 4


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("pushes", {}), ("conflicts", {}), ("graph_of_document", {"slug": "nq-mot"}), ("ties", {"code": "a-1"}),
        ("graph_of_task", {"code": "a-1"}), ("graph_of_organisation", {"code": "bo-khoa-hoc"}),
        ("chain_of_document", {"slug": "nq-mot"}), ("chain_of_target", {"code": "mt-mot"}),
    ],
)  # fmt: skip
def test_a_page_asks_little(world: World, name: str, key: dict[str, str]) -> None:
    _with_a_text(world)
    client = client_of(world, Role.PROGRAMME_EDITOR, "science")
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse(f"monitoring:{name}", kwargs=key))
    asked = [row["sql"][:150] for row in queries.captured_queries if "SAVEPOINT" not in row["sql"]]
    assert len(asked) <= MOST_QUERIES, asked


def _with_a_text(world: World) -> None:
    Dependency.objects.create(
        kind="needs_instrument", waiting_task=world.tasks["a-1"], needed_instrument=world.circular, created_on=TODAY
    )


def test_five_hundred_things_fit_on_a_page(world: World) -> None:
    programme = world.tasks["a-1"].programme
    made = [task(programme, f"n-{n:03}", world.state.science, resolved_end=date(2030, 12, 31)) for n in range(490)]
    Dependency.objects.bulk_create(
        Dependency(kind="finish_start", waiting_task=made[n], needed_task=made[n // 2], created_on=TODAY)
        for n in range(1, 490)
    )
    text = get(world, "graph_of_document", slug="nq-mot")
    assert text.count("<tspan") == 490 + 6
    assert len(text.encode()) < 200_000
    assert len(gzip.compress(text.encode())) < 30_000
    folded = get(world, "graph_of_document", "?gom=on", slug="nq-mot")
    assert folded.count("<tspan") < 8
