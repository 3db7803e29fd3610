"""The grid without scripts, and its rows sent one by one."""

import json
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from tests.indicators.entry.places import Place, counted, make_place
from tests.kept_states import Kept
from thucthi.directory.models import Role
from thucthi.indicators.models import Observation
from thucthi.ledger.models import Entry

GRID = "/lam-viec/so-lieu/bang/?indicator=ty-le&year=2026"
ROW = "/lam-viec/so-lieu/bang/dong/"


@pytest.fixture
def place(kept: Kept[Place]) -> Place:
    return kept(make_place)


def key(place: Place, body: object = None) -> str:
    return f"{place.rate.pk}.{(body or place.state.province).pk}"


def standing() -> dict[str, Decimal | None]:
    rows = Observation.objects.filter(corrections__isnull=True)
    return {row.period: row.amount for row in rows}


def test_the_grid_shows_what_stands_with_a_label_for_every_input(place: Place) -> None:
    place.deliver(place.rate, "2026-01", "40.5")
    page = BeautifulSoup(place.client().get(GRID).content, "html.parser")
    inputs = page.select("input[data-cell]")
    assert [one["value"] for one in inputs[:2]] == ["40,5", ""]
    assert inputs[0]["aria-label"] == "UBND tỉnh An Bình, Tháng 1/2026"
    assert len({one["aria-label"] for one in inputs}) == len(inputs)


def test_one_submit_records_each_changed_row_by_itself(place: Place) -> None:
    client = place.client(Role.STEERING_OFFICE, place.state.government)
    mine, other = key(place), key(place, place.state.elsewhere)
    posted = {f"o.{mine}.2026-01": "41", f"o.{mine}.2026-02": "0", f"o.{other}.2026-01": "nhiều", "nguon": "Sở"}
    answer = client.post(GRID, posted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tháng 1/2026: “nhiều” không phải là số." in page
    assert 'value="nhiều"' in page
    assert standing() == {"2026-01": Decimal(41), "2026-02": Decimal(0)}
    assert Entry.objects.filter(event="observations.delivered").count() == 1


def test_nothing_of_a_row_is_recorded_while_one_cell_is_faulty(place: Place) -> None:
    client, mine, before = place.client(), key(place), counted()
    answer = client.post(ROW, {"dong": mine, "nam": "2026", f"o.{mine}.2026-01": "41", f"o.{mine}.2026-02": "1,2,3"})
    assert answer.status_code == 422
    assert "Tháng 2/2026: Dấu chấm, dấu phẩy trong “1,2,3” không rõ nghĩa." in answer.content.decode()
    assert counted() == before


def test_the_same_row_again_changes_nothing(place: Place) -> None:
    client, mine = place.client(), key(place)
    posted = {"dong": mine, "nam": "2026", f"o.{mine}.2026-01": "41"}
    first = client.post(ROW, posted)
    assert "Đã ghi" in first.content.decode()
    before = counted()
    assert client.post(ROW, posted).status_code == 200
    assert counted() == before
    end = BeautifulSoup(first.content, "html.parser").select_one("[data-row-end]")
    assert json.loads(end["data-shown"]) == {"2026-01": "41"}


def test_a_cell_that_was_not_touched_does_not_undo_what_another_person_wrote(place: Place) -> None:
    client, mine = place.client(), key(place)
    place.deliver(place.rate, "2026-01", "40")
    was = json.dumps({"2026-01": "40"})
    place.deliver(place.rate, "2026-01", "42")
    posted = {"dong": mine, "nam": "2026", f"was.{mine}": was, f"o.{mine}.2026-01": "40", f"o.{mine}.2026-02": "43"}
    assert client.post(ROW, posted).status_code == 200
    assert standing() == {"2026-01": Decimal(42), "2026-02": Decimal(43)}
    before = counted()
    clash = client.post(ROW, {**posted, f"o.{mine}.2026-01": "44"})
    assert clash.status_code == 422
    assert "Tháng 1/2026: vừa có người ghi “42”. Đề nghị mở lại trang, xem rồi ghi." in clash.content.decode()
    assert counted() == before


def test_an_emptied_cell_erases_nothing_and_says_so(place: Place) -> None:
    client, mine = place.client(), key(place)
    place.deliver(place.rate, "2026-01", "40")
    before = counted()
    was = json.dumps({"2026-01": "40"})
    answer = client.post(ROW, {"dong": mine, "nam": "2026", f"was.{mine}": was, f"o.{mine}.2026-01": ""})
    assert "Tháng 1/2026: ô trống không xóa số đã ghi (40)." in answer.content.decode()
    assert counted() == before


def test_an_unusual_value_is_recorded_and_its_reason_asked_for(place: Place) -> None:
    client, mine = place.client(), key(place)
    posted = {"dong": mine, "nam": "2026", f"o.{mine}.2026-01": "130"}
    answer = client.post(ROW, posted)
    assert answer.status_code == 200
    assert "Tháng 1/2026: Số 130 cao hơn mức thường gặp (100)." in answer.content.decode()
    assert standing() == {"2026-01": Decimal(130)}


def test_a_row_of_another_body_is_refused(place: Place) -> None:
    client, other, before = place.client(), key(place, place.state.elsewhere), counted()
    answer = client.post(ROW, {"dong": other, "nam": "2026", f"o.{other}.2026-01": "41"})
    assert answer.status_code == 422
    assert "Không được ghi số liệu của “UBND tỉnh An Khê”." in answer.content.decode()
    assert counted() == before
    assert client.post(ROW, {"dong": "999999.1"}).status_code == 404
    assert client.post(ROW, {"dong": "x"}).status_code == 404


def test_a_body_may_be_filled_indicator_by_indicator(place: Place) -> None:
    client = place.client()
    page = client.get("/lam-viec/so-lieu/bang/?organisation=ubnd-an-binh&year=2026&frequency=quarterly")
    assert "Chi khoa học (tỷ đồng)" in page.content.decode()
    elsewhere = client.get("/lam-viec/so-lieu/bang/?organisation=ubnd-an-khe&year=2026")
    assert elsewhere.status_code == 422
    assert "Ông/bà không ghi được số liệu của UBND tỉnh An Khê." in elsewhere.content.decode()
