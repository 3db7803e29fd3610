"""One value by the form: recorded, corrected with a reason, refused with nothing moved."""

from decimal import Decimal

import pytest

from tests.indicators.entry.places import Place, counted, make_place
from tests.kept_states import Kept
from thucthi.directory.models import Role
from thucthi.indicators.models import Delivery, Observation
from thucthi.ledger.models import Entry

FORM = "/lam-viec/so-lieu/gia-tri/"


@pytest.fixture
def place(kept: Kept[Place]) -> Place:
    return kept(make_place)


def typed(**other: str) -> dict[str, str]:
    row = {"indicator": "ty-le", "organisation": "ubnd-an-binh", "period": "1/2026", "value": "45,5", "source": "Sở"}
    return {**row, **other}


def test_a_value_is_recorded_and_its_history_shown(place: Place) -> None:
    client = place.client()
    answer = client.post(FORM, typed(), follow=True)
    assert answer.status_code == 200
    row = Observation.objects.get()
    assert (row.amount, row.state, row.period, row.source) == (Decimal("45.5"), "number", "2026-01", "Sở")
    assert (row.organisation, row.delivery.kind) == (place.state.province, "form")
    assert Entry.objects.filter(event="observations.delivered").count() == 1
    page = answer.content.decode()
    assert "Đã ghi số liệu." in page
    assert "Lịch sử của số này" in page
    assert "45,5 %" in page


def test_names_do_as_well_as_codes(place: Place) -> None:
    named = typed(indicator="tỷ lệ hồ sơ trực tuyến", organisation="UBND tỉnh An Bình", period="Tháng 1/2026")
    assert place.client().post(FORM, named).status_code == 302
    assert Observation.objects.get().indicator == place.rate


def test_a_correction_wants_to_have_seen_what_stands_and_a_reason(place: Place) -> None:
    client, stood = place.client(), place.deliver(place.rate, "2026-01", "40")
    before = counted()
    blind = client.post(FORM, typed())
    assert blind.status_code == 422
    assert "Kỳ này đã có số liệu, xem lịch sử bên dưới." in blind.content.decode()
    assert f'name="stood" value="{stood.pk}"' in blind.content.decode()
    seen = client.post(FORM, typed(stood=str(stood.pk)))
    assert "Số này đính chính số đã ghi. Hãy ghi lý do đính chính." in seen.content.decode()
    assert counted() == before
    assert client.post(FORM, typed(stood=str(stood.pk), remark="Cộng nhầm")).status_code == 302
    correction = Observation.objects.get(corrects=stood)
    assert (correction.amount, correction.remark) == (Decimal("45.5"), "Cộng nhầm")


def test_the_same_value_again_adds_nothing(place: Place) -> None:
    client = place.client()
    place.deliver(place.rate, "2026-01", "45.5")
    answer = client.post(FORM, typed(), follow=True)
    assert "Số này đã có đúng như vậy; không ghi thêm gì." in answer.content.decode()
    assert (Observation.objects.count(), Delivery.objects.latest("pk").unchanged) == (1, 1)


def test_a_value_out_of_the_usual_is_asked_about_once_and_never_blocked(place: Place) -> None:
    client, before = place.client(), counted()
    asked = client.post(FORM, typed(value="130"))
    assert asked.status_code == 422
    assert "Số 130 cao hơn mức thường gặp (100)." in asked.content.decode()
    assert counted() == before
    assert client.post(FORM, typed(value="130", asked="1")).status_code == 302
    assert Observation.objects.get().amount == 130


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"value": ""}, "Hãy ghi giá trị, hoặc chọn trạng thái."),
        ({"value": "nhiều"}, "“nhiều” không phải là số."),
        ({"indicator": "ty-l"}, "Không có chỉ tiêu mã “ty-l”. Có phải “ty-le” (Tỷ lệ hồ sơ trực tuyến)?"),
        ({"organisation": "ubnd-an-khe"}, "Không được ghi số liệu của “UBND tỉnh An Khê”."),
        ({"period": "Q1/2026"}, "Kỳ “Q1/2026” không đúng chu kỳ của chỉ tiêu."),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_moves_nothing(place: Place, change: dict[str, str], sentence: str) -> None:
    client, before = place.client(), counted()
    answer = client.post(FORM, typed(**change))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page.replace("&#39;", "'")
    assert 'value="Sở"' in page
    assert counted() == before


def test_a_steering_office_writes_for_those_below_and_for_the_country(place: Place) -> None:
    client = place.client(Role.STEERING_OFFICE, place.state.government)
    assert client.post(FORM, typed()).status_code == 302
    assert client.post(FORM, typed(organisation="Cả nước")).status_code == 302
    assert list(Observation.objects.order_by("pk").values_list("organisation__code", flat=True)) == [
        "ubnd-an-binh",
        None,
    ]


def test_whoever_may_not_enter_values_stands_before_a_closed_door(place: Place) -> None:
    assert place.client(Role.AUDITOR, place.state.government).get(FORM).status_code == 403
