"""The pages of indicators on thirty-four provinces and three years of months."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.architecture.pages import faults_of_page
from tests.database import another_database
from tests.monitoring.pages.world import CODE, Figures, make_figures
from thucthi.config.supervisor import LocalPostgres
from thucthi.directory.models import Account, Membership, Person, Role
from thucthi.documents.models import Document, Security
from thucthi.indicators.models import Indicator, Observation, RollupRule, Target
from thucthi.ledger.models import Entry
from thucthi.monitoring.models import Forecast
from thucthi.monitoring.views import figures as views
from thucthi.programmes.models import Programme

MOST_QUERIES = 20
LARGEST = 64 * 1024
ADDRESSES = {
    "list": ("monitoring:indicators", {}),
    "indicator": ("monitoring:indicator", {"code": CODE}),
    "grid": ("monitoring:grid", {}),
    "provinces": ("monitoring:provinces", {"code": CODE}),
    "value": ("monitoring:value", {"code": CODE, "unit": "ca-nuoc", "period": "2026-10"}),
    "value-of-province": ("monitoring:value", {"code": CODE, "unit": "tinh-01", "period": "2026-09"}),
}
STATE_WORDS = ("chưa báo cáo", "không áp dụng", "không công bố")


@pytest.fixture(scope="module")
def kept(postgres: LocalPostgres, django_db_setup: None, django_db_blocker: Any) -> Iterator[Figures]:
    """The world is made once and committed: it is large, and every test rolls back what it does to it."""
    with django_db_blocker.unblock(), another_database(postgres, "figures"):
        yield make_figures()


@pytest.fixture
def figures(kept: Figures, monkeypatch: pytest.MonkeyPatch) -> Iterator[Figures]:
    monkeypatch.setattr(views, "timezone", SimpleNamespace(localdate=lambda: date(2026, 11, 30)))
    with transaction.atomic():
        yield kept
        transaction.set_rollback(True)


@pytest.fixture
def client(figures: Figures) -> Client:
    client = Client()
    account = Account.objects.create(username="doc-so", person=Person.objects.create(display_name="Người đọc mẫu"))
    Membership.objects.create(
        account=account, organisation=figures.world.state.province, role=Role.REPORTER, valid_from=date(2025, 1, 1)
    )
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(client: Client, name: str, query: str = "", **fields: str) -> BeautifulSoup:
    answer = client.get(reverse(f"monitoring:{name}", kwargs=fields) + query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def words(found: object) -> str:
    return re.sub(r"\s+", " ", found.get_text(" ")).strip()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_is_clean_light_and_asks_little(name: str, client: Client) -> None:
    address, fields = ADDRESSES[name]
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse(address, kwargs=fields))
    assert answer.status_code == 200
    assert faults_of_page(answer.content.decode()) == []
    assert len(asked) <= MOST_QUERIES
    assert len(gzip.compress(answer.content)) <= LARGEST


def test_the_headline_says_the_figure_with_its_target_path_and_coverage(client: Client) -> None:
    lead = words(page_of(client, "indicator", code=CODE).select_one(".tt-lead"))
    assert lead == (
        "Cả nước, tháng 10/2026: 59,52 % (sơ bộ), chưa đạt mục tiêu ≥ 80 % (2030), đúng lộ trình "
        "(đến kỳ này cần 56,19). Mới tính từ 31 trong 33 số phải có. Số sơ bộ, nguồn còn có thể sửa."
    )


@pytest.mark.parametrize("name", ["indicator", "provinces"])
def test_zero_missing_not_applicable_and_confidential_are_four_things(name: str, client: Client) -> None:
    text = words(page_of(client, name, code=CODE))
    assert "đã xác nhận" in text
    assert all(word in text for word in STATE_WORDS)


def test_the_grid_tells_them_apart_too(client: Client) -> None:
    rows = page_of(client, "grid", "?ky=2026-10").select("tbody tr")
    told = {words(row.th): words(row.td) for row in rows}
    assert told["UBND tỉnh DTH"] == "0 (đã xác nhận)"
    assert [told[f"UBND tỉnh {letters}"] for letters in ("CMA", "CTH", "AGI")] == list(STATE_WORDS)


def test_every_figure_of_the_page_opens_into_its_rows(client: Client) -> None:
    page = page_of(client, "indicator", code=CODE)
    shown = page.select("td.tt-number a, .tt-tile a, #cach-tinh tbody th a")
    addresses = {link["href"].partition("#")[0] for link in shown}
    assert len(addresses) == 36 + 34
    for address in sorted(addresses)[::12]:
        assert client.get(address).status_code == 200


def test_the_box_adds_up_to_the_figure(client: Client) -> None:
    box = page_of(client, "value", code=CODE, unit="ca-nuoc", period="2026-10")
    rows = [[words(cell) for cell in row.find_all(["th", "td"])] for row in box.find("table").select("tbody tr")]
    counted = [Decimal(row[1].replace(",", ".")) for row in rows if row[3] == "Tính vào"]
    assert (len(rows), len(counted)) == (34, 31)
    assert round(sum(counted) / len(counted), 6) == Decimal("59.516129")
    assert {row[3] for row in rows} == {"Tính vào", "Chưa báo cáo", "Không áp dụng", "Không công bố"}


def test_hoang_sa_and_truong_sa_are_on_the_tiles(client: Client) -> None:
    text = words(page_of(client, "indicator", code=CODE).select_one(".tt-tiles"))
    assert "Hoàng Sa" in text
    assert "Trường Sa" in text


def test_the_rows_of_a_value_show_what_was_corrected_and_why(client: Client) -> None:
    page = page_of(client, "value", code=CODE, unit="tinh-01", period="2026-09")
    rows = [words(row) for row in page.find_all("table")[-1].select("tbody tr")]
    assert len(rows) == 2
    assert "47 đã đính chính" in rows[0]
    assert "77,25" in rows[1]
    assert "Đếm lại hồ sơ trùng." in rows[1]


def test_the_page_of_a_province_shows_its_correction_and_its_dispute(client: Client) -> None:
    page = page_of(client, "indicator", "?don-vi=tinh-01&ky=2026-08", code=CODE)
    text = words(page)
    assert "Tháng 8/2026" in words(page.select_one("#ky"))
    assert words(page.select(".tt-struck")[-1]) == "Trước đây: 47 Nay là: 77,25"
    assert "Đang có kiến nghị." in text
    assert "Thiếu hồ sơ của ba xã." in text


def test_declared_stands_beside_measured_with_the_difference(client: Client) -> None:
    text = words(page_of(client, "indicator", "?don-vi=tinh-01&ky=2026-10", code=CODE))
    assert "Số đơn vị báo cáo 90 % (chênh 42,5 so với số chính thức)" in text


def test_a_changed_target_keeps_what_it_said_before(client: Client) -> None:
    text = words(page_of(client, "indicator", code=CODE))
    assert "Trước đây: ≥ 70 % (2030) Nay là: ≥ 80 % Kết luận 10-KL/TW ngày 01/05/2025: Đã vượt sớm." in text


def test_targets_and_tasks_of_what_one_may_not_see_are_not_there(client: Client, figures: Figures) -> None:
    assert "ct57-01" in words(page_of(client, "indicator", code=CODE))
    Document.objects.filter(pk=figures.world.document.pk).update(security=Security.INTERNAL)
    assert Programme.objects.count() == 1
    text = words(page_of(client, "indicator", code=CODE))
    assert "57-NQ/TW" not in text
    assert "ct57-01" not in text


def test_a_forecast_is_drawn_with_its_interval_and_its_error(client: Client, figures: Figures) -> None:
    Forecast.objects.create(
        indicator=figures.indicator, computed_on=date(2026, 11, 20), last_observation=1, method="drift",
        points=[["2026-11", "60", "58", "62"], ["2026-12", "61", "57", "65"]],
        errors={"drift": "0.8", "naive": "1"}, confidence=Decimal(95),
    )  # fmt: skip
    page = page_of(client, "indicator", code=CODE)
    assert len(page.select("figure .tt-chart-band")) == 3
    assert "Dự báo tính ngày 20/11/2026, khoảng tin cậy 95 %" in words(page)
    assert "0,8" in words(page)


def test_the_list_finds_without_accents(client: Client) -> None:
    assert "Tỷ lệ hồ sơ trực tuyến" in words(page_of(client, "indicators", "?tim=ho+so+truc"))
    assert "Không có chỉ tiêu nào khớp" in words(page_of(client, "indicators", "?tim=khong+co"))


def test_a_period_whose_value_is_not_owed_yet_is_not_called_missing(client: Client, figures: Figures) -> None:
    type(figures.indicator).objects.filter(pk=figures.indicator.pk).update(delay_days=60)
    row = words(page_of(client, "indicators").select_one("tbody tr"))
    assert "59,52" in row
    assert "chưa báo cáo" not in row


def test_provinces_are_sorted_by_name_or_by_the_distance_to_their_target(client: Client, figures: Figures) -> None:
    Target.objects.create(
        code="mt-tinh", indicator=figures.indicator, document=figures.world.document, each_unit="tinh", operator=">=",
        low=Decimal(60), period="2030", year=2030,
    )  # fmt: skip
    by_name = [words(link) for link in page_of(client, "provinces", code=CODE).select(".tt-small-name")]
    by_distance = [
        words(link) for link in page_of(client, "provinces", "?xep=xa-dich", code=CODE).select(".tt-small-name")
    ]
    assert by_name[:2] == ["UBND tỉnh HNO", "UBND tỉnh CBA"]
    assert by_distance[:2] == ["UBND tỉnh DTH", "UBND tỉnh HNO"]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("indicator", {"code": "khong-co"}),
        ("provinces", {"code": "khong-co"}),
        ("value", {"code": CODE, "unit": "khong-co", "period": "2026-10"}),
        ("value", {"code": CODE, "unit": "ca-nuoc", "period": "2026-Q9"}),
        ("value", {"code": CODE, "unit": "ca-nuoc", "period": "2026-13"}),
        ("take_away", {"code": CODE, "form": "exe"}),
    ],
)
def test_what_is_not_there_is_not_found(name: str, fields: dict[str, str], client: Client) -> None:
    assert client.get(reverse(f"monitoring:{name}", kwargs=fields)).status_code == 404


def test_an_unknown_unit_is_not_found_and_an_unknown_period_is_the_newest(client: Client) -> None:
    address = reverse("monitoring:indicator", kwargs={"code": CODE})
    assert client.get(f"{address}?don-vi=khong-co").status_code == 404
    assert "Tháng 10/2026" in words(page_of(client, "indicator", "?ky=xx", code=CODE).select_one("#ky"))


def test_the_page_reads_in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"
    text = words(page_of(client, "indicator", code=CODE))
    assert "59.52" in text
    assert "≥ 80%" in text


# Taking away


def take(client: Client, form: str, query: str = "") -> bytes:
    answer = client.get(reverse("monitoring:take_away", kwargs={"code": CODE, "form": form}) + query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    return answer.content


def lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


FORMS = [
    "csv", "xlsx", "json", "parquet", "sdmx-csv", "sdmx-json", "sdmx-json-2", "sdmx-cau-truc", "open-sdg-so-lieu",
    "open-sdg-dinh-nghia", "open-sdg-dinh-nghia-en",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_given_and_nothing_is_written(form: str, client: Client) -> None:
    before = (Observation.objects.count(), Entry.objects.count())
    assert take(client, form)
    assert (Observation.objects.count(), Entry.objects.count()) == before


def test_a_download_has_every_standing_value_and_with_history_every_row(client: Client) -> None:
    standing, every = lines(take(client, "csv")), lines(take(client, "csv", "?lich-su=1"))
    assert (len(standing), len(every)) == (34 * 36 + 3, 34 * 36 + 3 + 1)
    assert [line["amount"] for line in standing if (line["area"], line["period"]) == ("tinh-01", "2026-09")] == [
        "77.25"
    ]
    assert len(json.loads(take(client, "json"))["values"]) == len(standing)


def test_history_is_not_offered_where_a_format_cannot_hold_it(client: Client) -> None:
    address = reverse("monitoring:take_away", kwargs={"code": CODE, "form": "sdmx-csv"})
    assert client.get(f"{address}?lich-su=1").status_code == 404


def test_what_became_confidential_is_not_read_from_the_row_before(client: Client, figures: Figures) -> None:
    old = Observation.objects.get(organisation=figures.provinces[5], period="2026-07", kind="actual")
    assert str(old.amount.normalize()) in {line["amount"] for line in lines(take(client, "csv"))}
    Observation.objects.create(
        indicator=figures.indicator, organisation=old.organisation, period=old.period, period_end=old.period_end,
        kind="actual", state="confidential", source="Cổng dịch vụ công", corrects=old, available_on=date(2026, 11, 1),
        remark="Trước đây là 51",
    )  # fmt: skip
    rows = [
        line for line in lines(take(client, "csv", "?lich-su=1"))
        if (line["area"], line["period"]) == (old.organisation.code, "2026-07")
    ]  # fmt: skip
    assert [(line["state"], line["amount"], line["remark"]) for line in rows] == [("confidential", "", "")] * 2
    page = page_of(client, "value", code=CODE, unit=old.organisation.code, period="2026-07")
    assert "51" not in words(page.find_all("table")[-1]).replace(str(old.pk), "")


def test_a_value_hidden_beside_a_confidential_one_is_hidden_in_the_rows_too(client: Client, figures: Figures) -> None:
    RollupRule.objects.filter(unit="country").update(origin="source", operator="sum")
    Observation.objects.create(
        indicator=figures.indicator, period="2026-10", period_end=date(2026, 10, 31), kind="actual", state="number",
        amount=Decimal(2000), source="Tổng cục Thống kê", available_on=date(2026, 11, 10),
    )  # fmt: skip
    rows = [line for line in lines(take(client, "csv")) if line["period"] == "2026-10" and line["kind"] == "actual"]
    hidden = [line["area"] for line in rows if line["state"] == "confidential"]
    assert len(hidden) == 2
    assert all(line["amount"] == "" for line in rows if line["state"] == "confidential")
    page = page_of(
        client, "value", code=CODE, unit=next(area for area in hidden if area != "tinh-91"), period="2026-10"
    )
    assert "Số này được giấu." in words(page)
    assert "không công bố" in words(page.find_all("table")[-1])


def test_a_long_list_of_indicators_is_paged_and_says_how_many_there_are(client: Client) -> None:
    before = Indicator.objects.count()
    Indicator.objects.bulk_create(
        Indicator(code=f"dai-{n:03d}", name=f"Dài {n:03d}", unit="%", direction="rise", kind="ratio",
                  frequency="monthly") for n in range(120)
    )  # fmt: skip
    seen: list[str] = []
    for number, rows in ((1, 50), (2, 50), (3, 20)):
        page = page_of(client, "indicators", f"?tim=Dài&trang={number}")
        codes = list(dict.fromkeys(re.findall(r"/chi-tieu/(dai-\d{3})/", str(page.main))))
        assert len(codes) == rows
        assert f"{before + 120} chỉ tiêu." in words(page.main)
        assert "Tìm thấy 120 chỉ tiêu" in words(page.main)
        assert f"Trang {number} / 3" in words(page.main)
        seen += codes
    assert seen == [f"dai-{n:03d}" for n in range(120)]
