"""Pages of sheets and targets: what stands on them, what they take, and what they refuse without losing a word."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.architecture.pages import faults_of_page
from tests.programmes.world import World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation, Role
from thucthi.documents.actions import NewDocument, register_document
from thucthi.documents.models import Document, DocumentType, Security
from thucthi.indicators.actions.definitions import NewIndicator, NewRule, define_indicators, set_rollup_rules
from thucthi.indicators.actions.observations import record_observations
from thucthi.indicators.actions.sheets import NewDimension, set_core_indicators, set_dimensions
from thucthi.indicators.actions.target_changes import change_target
from thucthi.indicators.actions.targets import NewTarget, set_targets
from thucthi.indicators.models import Indicator, IndicatorVersion, RollupRule, Target, TargetChange
from thucthi.indicators.selectors.stated import NewObservation
from thucthi.indicators.selectors.targets import terms_of
from thucthi.ledger.models import Entry

SEX = NewDimension("gioi", "Giới tính", {"nam": ("Nam", "Men"), "nu": ("Nữ", "Women")}, "Sex")


class Pages:
    """A document with a target by clause, another document that says it otherwise, a secret one, provinces."""

    def __init__(self, world: World) -> None:
        self.world = world
        specs = [
            NewIndicator("tfp", "Đóng góp của TFP", "rise", unit="%", source="Cục Thống kê", kind="stock"),
            NewIndicator("dan", "Dân số", "rise", unit="người", kind="stock"),
        ]
        self.tfp, self.people = define_indicators(by=world.steering, specs=specs)
        self.other, self.secret = self.document("03", "/NQ-CP"), self.document("9", "-KL/TW", Security.SECRET)
        clause = world.document.clauses.get(path="1")
        target = NewTarget("t57", self.tfp, world.document, ">", "2030", low=Decimal(55), year=2030, clause=clause)
        set_targets(
            by=world.steering,
            specs=[
                replace(target, baseline=Decimal(45), baseline_on=date(2025, 12, 31)),
                replace(target, code="t03", document=self.other, clause=None, operator=">="),
                replace(target, code="t9", document=self.secret, clause=None, low=Decimal(90)),
                replace(target, code="ab", document=self.other, clause=None, organisation=world.state.province),
            ],
        )
        self.target = Target.objects.get(code="t57")

    def document(self, number: str, symbol: str, security: str = Security.PUBLIC) -> Document:
        new = NewDocument(
            slug=f"vb{number}",
            number=number,
            symbol=symbol,
            year=2025,
            issuer=self.world.state.government,
            type=DocumentType.RESOLUTION,
            issued_on=date(2025, 1, 9),
            title=f"Văn bản {number}",
            register=self.world.state.elsewhere,
            text="",
            security=security,
        )
        return register_document(by=SYSTEM, new=new)

    def client(self, role: Role = Role.STEERING_OFFICE, organisation: Organisation | None = None) -> Client:
        client = Client()
        account = self.world.state.person(role, organisation or self.world.state.government)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture
def pages(db: None) -> Iterator[Pages]:
    with translation.override("vi"):
        yield Pages(make_world())


def text(answer: HttpResponse) -> str:
    assert faults_of_page(answer.content.decode()) == []
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def counts() -> tuple[int, ...]:
    rows = (Indicator, IndicatorVersion, RollupRule, Target, TargetChange, Entry)
    return tuple(model.objects.count() for model in rows)


def sheet(**other: str) -> dict[str, str]:
    plain = {"code": "moi", "name": "Chỉ tiêu mới", "direction": "fall", "kind": "ratio", "frequency": "yearly"}
    return {**plain, "delay_days": "45", "scale": "100", "low_limit": "0", "high_limit": "1.000,5", **other}


def terms(**other: str) -> dict[str, str]:
    return {"operator": ">=", "low": "8,5", "year": "2030", "path": "straight", **other}


def test_the_list_is_searched_without_accents(pages: Pages) -> None:
    said = text(pages.client().get(reverse("indicators:definitions"), {"q": "dong gop"}))
    assert "Đóng góp của TFP" in said
    assert "Dân số" not in said
    nothing = text(pages.client().get(reverse("indicators:definitions"), {"q": "không có"}))
    assert "Không có chỉ tiêu nào khớp" in nothing


def test_a_sheet_is_defined_with_its_optional_fields(pages: Pages) -> None:
    answer = pages.client().post(reverse("indicators:define"), sheet(**{"m-RATIONALE": "Vì sao", "same_as": "tfp"}))
    assert answer.status_code == 302
    made = Indicator.objects.get(code="moi")
    assert (made.direction, made.scale, made.high_limit) == ("fall", 100, Decimal("1000.5"))
    assert made.metadata == {"RATIONALE": "Vì sao", "same_as": "tfp"}
    said = text(pages.client().get(reverse("indicators:sheet", kwargs={"code": "moi"})))
    for part in ("Vì sao", "Càng giảm càng tốt", "45 ngày", "Đóng góp của TFP", "Chưa định cách tổng hợp"):
        assert part in said


def test_a_faulty_sheet_loses_nothing_that_was_typed(pages: Pages) -> None:
    before = counts()
    wanted = sheet(code="tfp", name="", low_limit="nhiều", **{"m-RATIONALE": "Giữ lại"})
    answer = pages.client().post(reverse("indicators:define"), wanted)
    said = text(answer)
    assert answer.status_code == 422
    for part in ("Đề nghị ghi tên chỉ tiêu", "Mã tfp đã dùng", "“nhiều” không phải là số", "Giữ lại"):
        assert part in said
    assert counts() == before


def test_only_a_steering_office_writes_and_everyone_who_works_reads(pages: Pages) -> None:
    reporter, before = pages.client(Role.REPORTER, pages.world.state.province), counts()
    for name, things in {
        "define": {}, "revise": {"code": "tfp"}, "rules": {"code": "tfp"}, "dimensions": {"code": "tfp"},
        "change_target": {"code": "t57"}, "add_target": {"slug": "nq57"}, "core_indicators": {"slug": "nq57"},
    }.items():  # fmt: skip
        address = reverse(f"indicators:{name}", kwargs=things)
        assert (reporter.get(address).status_code, reporter.post(address).status_code) == (403, 403)
    for name, things in {
        "definitions": {}, "sheet": {"code": "tfp"}, "versions": {"code": "tfp"}, "documents": {}, "drift": {},
        "targets": {"slug": "nq57"}, "target": {"code": "t57"}, "cascade": {"code": "t57"},
    }.items():  # fmt: skip
        assert reporter.get(reverse(f"indicators:{name}", kwargs=things)).status_code == 200
    assert counts() == before


def test_a_target_of_a_secret_document_does_not_exist_for_others(pages: Pages) -> None:
    client = pages.client()
    for name, things in {"target": {"code": "t9"}, "cascade": {"code": "t9"}, "targets": {"slug": "vb9"}}.items():
        assert client.get(reverse(f"indicators:{name}", kwargs=things)).status_code == 404
    for name, things in {"drift": {}, "documents": {}, "sheet": {"code": "tfp"}}.items():
        assert "9-KL/TW" not in text(client.get(reverse(f"indicators:{name}", kwargs=things)))
    assert client.get(reverse("indicators:sheet", kwargs={"code": "khong-co"})).status_code == 404


def test_a_sheet_is_revised_and_both_versions_stand_side_by_side(pages: Pages) -> None:
    client, address = pages.client(), reverse("indicators:revise", kwargs={"code": "tfp"})
    form = BeautifulSoup(client.get(address).content, "html.parser")
    assert form.select_one("[name=name]")["value"] == "Đóng góp của TFP"
    wanted = sheet(name="Đóng góp của TFP vào tăng trưởng", direction="rise", version="1", reason="Nói rõ")
    assert client.post(address, wanted).status_code == 302
    stale = client.post(address, wanted)
    assert stale.status_code == 409
    assert "vừa được người khác sửa" in text(stale)
    said = text(client.get(reverse("indicators:versions", kwargs={"code": "tfp"}), {"tu": "1", "den": "2"}))
    for part in ("Nói rõ", "Đóng góp của TFP Nay là: Đóng góp của TFP vào tăng trưởng", "Mức tại một thời điểm"):
        assert part in said
    assert IndicatorVersion.objects.filter(indicator=pages.tfp).count() == 2


def test_rules_are_set_one_row_per_kind_of_unit(pages: Pages) -> None:
    client, address = pages.client(), reverse("indicators:rules", kwargs={"code": "tfp"})
    set_rollup_rules(
        by=pages.world.steering, indicators=[pages.tfp], rules=[NewRule(pages.tfp, "country", "own", kind="sample")]
    )
    sent = {
        "country-origin": "children",
        "country-operator": "weighted_mean",
        "country-weight": "dan",
        "province-origin": "own",
        "province-operator": "none",
    }
    assert client.post(address, sent).status_code == 302
    made = RollupRule.objects.order_by("unit", "kind").values_list("unit", "kind", "operator", "weight__code")
    assert list(made) == [
        ("country", "", "weighted_mean", "dan"),
        ("country", "sample", "none", None),
        ("province", "", "none", None),
    ]
    before = counts()
    refused = client.post(address, {**sent, "country-weight": "dna", "province-operator": "sum"})
    assert refused.status_code == 422
    assert "“dna”" in text(refused)
    refused = client.post(address, {**sent, "province-operator": "sum"})
    assert "Tỉnh, thành phố: Số của riêng đơn vị thì không tổng hợp." in text(refused)
    assert counts() == before


def test_a_breakdown_is_added_changed_and_dropped(pages: Pages) -> None:
    client, address = pages.client(), reverse("indicators:dimensions", kwargs={"code": "tfp"})
    sent = {"code": "gioi", "name": "Giới", "parts": "nam | Nam | Men\nnu | Nữ", "is_exhaustive": "on"}
    assert client.post(address, sent).status_code == 302
    assert pages.tfp.dimensions.get().categories == {"nam": ["Nam", "Men"], "nu": ["Nữ", ""]}
    assert "nu | Nữ" in client.get(address, {"sua": "gioi"}).content.decode()
    assert client.post(address, {**sent, "name": ""}).status_code == 422
    drop = reverse("indicators:drop_dimension", kwargs={"code": "tfp", "dimension": "gioi"})
    assert client.get(drop).status_code == 405
    client.post(drop)
    assert not pages.tfp.dimensions.exists()


def test_a_breakdown_with_values_is_not_dropped(pages: Pages) -> None:
    set_dimensions(pages.tfp, by=pages.world.steering, dimensions=[SEX])
    row = NewObservation(
        pages.tfp, "2026-Q1", date(2026, 3, 31), "number", "N", date(2026, 4, 1), Decimal(1), breakdown="gioi:nu"
    )
    record_observations(by=pages.world.steering, rows=[row])
    before = counts()
    drop = reverse("indicators:drop_dimension", kwargs={"code": "tfp", "dimension": "gioi"})
    assert "đã có số liệu nên không bỏ được" in text(pages.client().post(drop, follow=True))
    assert counts() == before
    assert pages.tfp.dimensions.count() == 1


def test_core_indicators_are_chosen_by_code_or_name(pages: Pages) -> None:
    client, address = pages.client(), reverse("indicators:core_indicators", kwargs={"slug": "nq57"})
    assert client.post(address, {"indicators": "Dân số\ntfp"}).status_code == 302
    said = text(client.get(reverse("indicators:targets", kwargs={"slug": "nq57"})))
    assert said.index("Dân số") < said.index("Đóng góp của TFP")
    before = counts()
    refused = client.post(address, {"indicators": "tfp\ntfq"})
    assert (refused.status_code, "Có thể là mã: tfp" in text(refused)) == (422, True)
    assert counts() == before


def test_a_target_is_entered_as_the_document_writes_it(pages: Pages) -> None:
    client, address = pages.client(), reverse("indicators:add_target", kwargs={"slug": "nq57"})
    sent = terms(
        code="moi", indicator="tfp", clause="1", operator="<=", baseline="5", baseline_on="2025-12-31", path="custom"
    )
    points = {"path_points": "2027: 6\n30/06/2029: 7,5"}
    assert client.post(address, {**sent, **points}).status_code == 302
    made = Target.objects.get(code="moi")
    assert (made.low, made.high, made.clause.path) == (None, Decimal("8.5"), "1")
    assert made.path_points == [["2027-12-31", "6"], ["2029-06-30", "7.5"]]
    before = counts()
    refused = client.post(address, {**sent, "code": "", "indicator": "", "path_points": "mai: 3"})
    said = text(refused)
    assert refused.status_code == 422
    assert "Dòng “mai: 3” chưa rõ" in said
    assert "Đề nghị ghi mã hoặc tên chỉ tiêu" in said
    assert counts() == before


def test_a_target_is_changed_by_decision_and_the_lowering_is_marked(pages: Pages) -> None:
    client, address = pages.client(), reverse("indicators:change_target", kwargs={"code": "t57"})
    shown = BeautifulSoup(client.get(address).content, "html.parser")
    assert (shown.select_one("[name=low]")["value"], shown.select_one("[name=seen]")["value"]) == ("55", "0")
    sent = terms(low="50", decision="12/NQ-CP", decided_on="2026-05-01", reason="Thiếu vốn", seen="0")
    assert client.post(address, sent).status_code == 302
    assert client.post(address, {**sent, "low": "40"}).status_code == 409
    said = text(client.get(reverse("indicators:target", kwargs={"code": "t57"})))
    for part in ("Trước đây: > 55 % Nay là: ≥ 50 %", "Hạ mức", "12/NQ-CP", "Thiếu vốn"):
        assert part in said
    before = counts()
    refused = client.post(address, terms(low="", seen=str(TargetChange.objects.get().pk)))
    assert refused.status_code == 422
    assert "Đề nghị ghi số, ký hiệu của văn bản" in text(refused)
    assert counts() == before


def test_a_target_shows_its_path_year_by_year(pages: Pages) -> None:
    said = text(pages.client().get(reverse("indicators:target", kwargs={"code": "t57"})))
    for part in ("31/12/2025 45 %", "31/12/2030 55 %", "45 % (ngày 31/12/2025)", "Đều theo thời gian"):
        assert part in said
    alone = text(pages.client().get(reverse("indicators:target", kwargs={"code": "t03"})))
    assert "Chưa có mức xuất phát" in alone


def test_over_55_and_at_least_55_stand_side_by_side_with_both_citations(pages: Pages) -> None:
    said = text(pages.client().get(reverse("indicators:drift")))
    assert "> 55 % thành ≥ 55 %: hơi nới, đúng 55 cũng đạt." in said
    assert "57-NQ/TW , điểm 1" in said
    assert "03/NQ-CP" in said
    assert "Không có chỗ nào khác nhau" in text(pages.client().get(reverse("indicators:drift"), {"van-ban": "khac"}))


def test_a_cascade_says_its_gap_and_who_has_no_target(pages: Pages) -> None:
    address = reverse("indicators:cascade", kwargs={"code": "t57"})
    said = text(pages.client().get(address))
    assert "Cộng 1/2 đơn vị được 55 %, bảo đảm mức 55 %; 1 đơn vị chưa có chỉ tiêu." in said
    assert "Chưa có chỉ tiêu" in said
    province = Target.objects.get(code="ab")
    change_target(
        province,
        by=pages.world.steering,
        new=replace(terms_of(province), low=Decimal(40)),
        decision="1/QĐ",
        decided_on=date(2026, 1, 5),
        reason="Ước lại",
    )
    said = text(pages.client().get(address))
    assert "Cộng 1/2 đơn vị được 40 %, thiếu 15 điểm % so với 55 %; 1 đơn vị chưa có chỉ tiêu." in said
    assert "Chưa nói được" in said


def test_a_mean_is_weighed_with_the_values_of_the_weight(pages: Pages) -> None:
    state = pages.world.state
    weighed = NewRule(pages.tfp, "country", "children", "weighted_mean", weight=pages.people)
    set_rollup_rules(by=pages.world.steering, indicators=[pages.tfp], rules=[weighed])
    spec = NewTarget(
        "ak", pages.tfp, pages.other, ">=", "2030", low=Decimal(35), year=2030, organisation=state.elsewhere
    )
    set_targets(by=pages.world.steering, specs=[spec])
    people = NewObservation(
        pages.people, "2026-Q1", date(2026, 3, 31), "number", "N", date(2026, 4, 1), Decimal(3000),
        organisation=state.province,
    )  # fmt: skip
    other = replace(people, organisation=state.elsewhere, amount=Decimal(1000))
    record_observations(by=pages.world.steering, rows=[people, other])
    said = text(pages.client().get(reverse("indicators:cascade", kwargs={"code": "t57"})))
    assert "Trung bình của 2/2 đơn vị là 50 %, thiếu 5 điểm % so với 55 %." in said
    assert "Không đủ" in said


def test_a_floor_names_the_units_below_it(pages: Pages) -> None:
    floor = NewTarget("san", pages.tfp, pages.other, ">=", "2030", low=Decimal(60), year=2030, each_unit="province")
    set_targets(by=pages.world.steering, specs=[floor])
    said = text(pages.client().get(reverse("indicators:cascade", kwargs={"code": "san"})))
    assert "1 trong 1 đơn vị đã có chỉ tiêu chưa bảo đảm mức sàn 60 %: UBND tỉnh An Bình" in said
    assert "Mức sàn cho từng đơn vị: Tỉnh, thành phố" in text(
        pages.client().get(reverse("indicators:target", kwargs={"code": "san"}))
    )


def test_an_english_reader_sees_english_signs(pages: Pages) -> None:
    set_core_indicators(pages.world.document, by=pages.world.steering, indicators=[pages.tfp])
    with translation.override("en"):
        client = pages.client()
        client.cookies["django_language"] = "en"
        answer = client.get(reverse("indicators:target", kwargs={"code": "t57"}))
    assert "> 55%" in text(answer)
