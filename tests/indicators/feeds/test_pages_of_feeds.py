"""Pages of sources: setting up, a rehearsal that writes nothing, secrets shown once, runs with their differences."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from tests.architecture.pages import faults_of_page
from tests.indicators.feeds.servers import answer
from tests.indicators.feeds.world import AT, HOST, World, allow, counts, make_feed_world, source_answering, table
from thucthi.directory.models import Organisation, Role
from thucthi.indicators.models import Feed, FeedSecret
from thucthi.kernel.bearer import digest_of
from thucthi.ledger.models import Entry

ROOT = "/lam-viec/nguon-so-lieu/"
TYPED = {
    "code": "cuc-thong-ke",
    "name": "Cục Thống kê tỉnh",
    "organisation": "ubnd-an-binh",
    "scope": "UBND tỉnh An Bình (ubnd-an-binh)",
    "indicators": "5g\nngheo",
    "source": "Cục Thống kê",
    "observation_kind": "actual",
    "address": f"http://{HOST}/a.csv",
    "every": "monthly",
    "header_row": "1",
    "decimal_mark": ",",
    "columns_indicator": "Chỉ tiêu",
    "columns_organisation": "Đơn vị",
    "columns_period": "Kỳ",
    "columns_value": "Giá trị",
    "codes_organisation": "AB = ubnd-an-binh\nH = ubnd-hoa",
    "states": "p = sơ bộ",
    "is_active": "on",
}


@pytest.fixture
def world(db: None, settings: Any) -> World:
    allow(settings)
    return make_feed_world()


def signed_in(world: World, role: Role = Role.STEERING_OFFICE, body: Organisation | None = None) -> Client:
    client = Client()
    person = world.state.person(role, body or world.state.province)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(response: Any) -> str:
    return BeautifulSoup(response.content, "html.parser").main.get_text(" ", strip=True)  # type: ignore[union-attr]


def test_a_source_is_set_up_by_its_form(world: World) -> None:
    client = signed_in(world)
    assert client.get(ROOT + "them/table/").status_code == 200
    response = client.post(ROOT + "them/table/", TYPED)
    assert (response.status_code, response["Location"]) == (302, ROOT + "cuc-thong-ke/")
    feed = Feed.objects.get()
    assert (feed.kind, feed.every, feed.scope, feed.organisation) == (
        "table",
        "monthly",
        world.state.province,
        world.state.province,
    )
    assert feed.settings == {
        "columns": {"indicator": "Chỉ tiêu", "organisation": "Đơn vị", "period": "Kỳ", "value": "Giá trị"},
        "constants": {},
        "codes": {"organisation": {"AB": "ubnd-an-binh", "H": "ubnd-hoa"}},
        "states": {"p": "provisional"},
        "decimal_mark": ",",
        "header_row": 1,
    }
    assert "Cục Thống kê tỉnh" in words(client.get(ROOT))
    assert "Chưa nhận số liệu lần nào." in words(client.get(ROOT + "cuc-thong-ke/"))


def test_what_the_form_shows_of_a_source_saves_the_same_source(world: World) -> None:
    client = signed_in(world)
    client.post(ROOT + "them/table/", TYPED)
    before = Feed.objects.values().get()
    page = BeautifulSoup(client.get(ROOT + "cuc-thong-ke/sua/").content, "html.parser")
    form = page.select_one("main form")
    assert form is not None
    shown = {found["name"]: found.get("value", "") for found in form.select("input[name]") if found["type"] == "text"}
    shown |= {found["name"]: found.text.strip() for found in form.select("textarea[name]")}
    chosen = {found["name"]: found.select_one("option[selected]") for found in form.select("select[name]")}
    shown |= {name: option["value"] for name, option in chosen.items() if option}
    shown |= {found["name"]: "on" for found in form.select("input[type=checkbox][checked]")}
    shown["header_row"] = "1"
    assert client.post(ROOT + "cuc-thong-ke/sua/", shown).status_code == 302
    assert Feed.objects.values().get() == before
    assert set(Feed.objects.get().indicators.all()) == {world.coverage, world.poverty}


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"address": "http://169.254.169.254/"}, "Máy chủ này không có trong danh sách"),
        ({"address": f"http://u:p@{HOST}/"}, "không được chứa tên đăng nhập"),
        ({"columns_value": ""}, "Giá trị phải lấy từ tệp"),
        ({"columns_period": ""}, "Chưa chỉ rõ mục này lấy ở đâu"),
        ({"states": "p = lạ"}, "Dòng 1 chưa đúng dạng"),
        ({"indicators": "khong-co"}, "Không có chỉ tiêu mã: khong-co"),
        ({"indicators": ""}, "ít nhất một chỉ tiêu"),
        ({"code": "Mã Sai"}, "Mã nguồn chỉ gồm chữ thường"),
        ({"code": "them"}, "Mã nguồn chỉ gồm chữ thường"),
        ({"every": "hourly"}, "Đề nghị chọn chu kỳ"),
        ({"source": ""}, "không để trống"),
        ({"delimiter": ";;"}, "một ký tự"),
    ],
)
def test_a_wrong_form_says_what_to_do_and_saves_nothing(world: World, typed: dict[str, str], word: str) -> None:
    client, before = signed_in(world), counts()
    for more in ({}, {"try": "1"}):
        response = client.post(ROOT + "them/table/", TYPED | typed | more)
        assert response.status_code == 422
        assert word in words(response)
        assert faults_of_page(response.content.decode()) == []
    assert (Feed.objects.count(), counts()) == (0, before)


@pytest.mark.parametrize("scope", ["", "UBND tỉnh An Khê (ubnd-an-khe)"])
def test_nobody_lets_a_machine_write_where_he_may_not(world: World, scope: str) -> None:
    client, before = signed_in(world), counts()
    if scope:
        assert client.post(ROOT + "them/table/", TYPED | {"scope": scope}).status_code == 403
        assert (Feed.objects.count(), counts()) == (0, before)
    else:
        assert client.post(ROOT + "them/table/", TYPED | {"scope": scope}).status_code == 302


def test_a_rehearsal_shows_rows_and_faults_and_writes_nothing(world: World, settings: Any) -> None:
    client, before = signed_in(world), counts()
    said = table('5g,AB,2026-Q1,"40,5"', "5g,XX,2026-Q1,3", "5g,H,2026-Q1,")
    with source_answering(settings, answer(said)) as server:
        response = client.post(ROOT + "them/table/", TYPED | {"try": "1"})
    assert response.status_code == 200
    assert len(server.requests) == 1
    text = words(response)
    assert "1 trong 3 dòng chưa đúng; khi lấy thật sẽ không nhận dòng nào." in text
    assert "Không có đơn vị mã “XX”" in text
    assert "40,5" in text
    assert (Feed.objects.count(), counts()) == (0, before)
    with source_answering(settings, answer(b"", status="404 Not Found")):
        text = words(client.post(ROOT + "them/table/", TYPED | {"try": "1"}))
    assert "Máy chủ không trả về tệp số liệu." in text
    assert (Feed.objects.count(), counts()) == (0, before)


@pytest.mark.parametrize("kind", ["api", "json", "sdmx"])
def test_each_kind_asks_only_for_what_it_needs(world: World, kind: str) -> None:
    client = signed_in(world)
    page = words(client.get(f"{ROOT}them/{kind}/"))
    assert ("Địa chỉ lấy số liệu" in page) == (kind != "api")
    assert ("Danh sách bản ghi nằm ở" in page) == (kind == "json")
    assert "Trang tính" not in page
    assert client.post(f"{ROOT}them/{kind}/", TYPED | {"path": "data[*]"}).status_code == 302
    feed = Feed.objects.get()
    assert (feed.kind, bool(feed.address), bool(feed.settings)) == (kind, kind != "api", kind != "api")
    assert client.get(ROOT + "them/khac/").status_code == 404


def test_a_secret_is_shown_once_and_revoked_at_once(world: World) -> None:
    feed, client = world.sender(), signed_in(world)
    expiry = (timezone.localdate() + timedelta(days=30)).isoformat()
    response = client.post(ROOT + "tu-gui/khoa/", {"expires_on": expiry})
    page = BeautifulSoup(response.content, "html.parser")
    shown = page.select_one("input[name=secret]")
    assert shown is not None
    secret = FeedSecret.objects.get()
    assert digest_of(str(shown["value"])) == secret.digest
    assert "no-store" in response["Cache-Control"]
    later = client.get(ROOT + "tu-gui/")
    assert str(shown["value"]) not in later.content.decode()
    assert f"{secret.prefix}…" in words(later)
    assert client.post(f"{ROOT}tu-gui/khoa/{secret.pk}/thu-hoi/").status_code == 302
    assert "Đã thu hồi" in words(client.get(ROOT + "tu-gui/"))
    for event in ("feed_secrets.given", "feed_secrets.revoked"):
        assert Entry.objects.get(event=event, subject_id=feed.pk).content["prefix"] == secret.prefix


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_secret_needs_a_reasonable_end(world: World, days: int) -> None:
    world.sender()
    client, before = signed_in(world), counts()
    expiry = (timezone.localdate() + timedelta(days=days)).isoformat()
    response = client.post(ROOT + "tu-gui/khoa/", {"expires_on": expiry})
    assert response.status_code == 422
    assert "Ngày hết hạn phải sau hôm nay và không quá 366 ngày." in words(response)
    assert (FeedSecret.objects.count(), counts()) == (0, before)


def test_a_source_that_is_asked_gets_no_secret_and_five_are_the_most(world: World) -> None:
    world.asked()
    feed, client = world.sender(), signed_in(world)
    expiry = {"expires_on": (timezone.localdate() + timedelta(days=30)).isoformat()}
    assert client.post(ROOT + "cuc-thong-ke/khoa/", expiry).status_code == 422
    for _ in range(5):
        assert client.post(ROOT + "tu-gui/khoa/", expiry).status_code == 200
    assert client.post(ROOT + "tu-gui/khoa/", expiry).status_code == 422
    assert feed.secrets.count() == 5


def test_a_run_shows_what_changed_from_what_to_what(world: World) -> None:
    feed, client = world.asked(), signed_in(world)
    world.take(feed, table('5g,AB,2026-Q1,"40,5"'))
    run = world.take(feed, table("5g,AB,2026-Q1,41 (sơ bộ)", "5g,H,2026-Q1,"), AT + timedelta(days=1))
    text = words(client.get(f"{ROOT}luot/{run.pk}/"))
    assert "Đã nhận 0 số mới, 1 số thay số cũ; 0 số giữ nguyên." in text
    assert "Phủ sóng 5G UBND tỉnh An Bình Quý I/2026 40,5 41 (sơ bộ)" in text
    assert "1 dòng để trống giá trị được bỏ qua." in text
    refused = world.take(feed, table("5g,AB,2026-Q9,1", "5g,AB,2026-Q2,50%x"), AT + timedelta(days=2))
    text = words(client.get(f"{ROOT}luot/{refused.pk}/"))
    assert "Không hiểu kỳ “2026-Q9”." in text
    assert "“50%x”" in text


def test_a_run_is_asked_for_by_a_press(world: World) -> None:
    world.asked()
    client = signed_in(world)
    assert client.get(ROOT + "cuc-thong-ke/lay/").status_code == 405
    assert "Đã xếp hàng lấy số liệu" in client.post(ROOT + "cuc-thong-ke/lay/", follow=True).content.decode()
    assert "đang chờ đến lượt" in client.post(ROOT + "cuc-thong-ke/lay/", follow=True).content.decode()


def test_sources_of_others_do_not_exist(world: World) -> None:
    run = world.take(world.asked(), table("5g,AB,2026-Q1,1"))
    world.sender()
    stranger = signed_in(world, body=world.state.elsewhere)
    for path in ("cuc-thong-ke/", "cuc-thong-ke/sua/", f"luot/{run.pk}/"):
        assert stranger.get(ROOT + path).status_code == 404
    for path in ("cuc-thong-ke/lay/", "tu-gui/khoa/", "tu-gui/khoa/1/thu-hoi/", "cuc-thong-ke/sua/"):
        assert stranger.post(ROOT + path).status_code == 404
    assert "Chưa có nguồn nào" in words(stranger.get(ROOT))
    assert signed_in(world, Role.REPORTER).get(ROOT).status_code == 403
