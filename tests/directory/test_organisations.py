"""Entering organisations, finding them, and the whole country at once."""

from datetime import date

import pytest

from tests.people import State
from thucthi.demonstration.loading_organisations import load_events, load_organisations
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import NewOrganisation, register_leaderships, register_organisations
from thucthi.directory.models import Leadership, Organisation, OrganisationName, Placement, Role
from thucthi.directory.selectors import answering_for, named_exactly, organisation_page, search_organisations
from thucthi.kernel.errors import Forbidden, NotVisible, Refused
from thucthi.kernel.vietnamese_text import sort_key
from thucthi.ledger.models import Entry

ON = date(2026, 1, 1)


def new(code: str, name: str, parent: str = "", **more: str) -> NewOrganisation:
    return NewOrganisation(
        code=code, tree="state", level="commune", kind="commune", official_name=name, parent_code=parent, **more
    )


@pytest.mark.django_db
def test_one_call_enters_a_tree_with_everything_computed() -> None:
    made = register_organisations(
        by=SYSTEM, specs=[new("BO-A", " Bộ Ánh sáng "), new("Vu-B", "Vụ Đèn", "bo-a", short_name="Vụ Đ")], on=ON
    )
    top, below = made
    assert [row.code for row in made] == ["bo-a", "vu-b"]
    assert (top.path, below.path) == ([top.pk], [top.pk, below.pk])
    assert (below.official_name, below.short_name) == ("Vụ Đèn", "Vụ Đ")
    assert below.search_text == "vu-b | vu den | vu d"
    assert top.sort_key == sort_key("Bộ Ánh sáng")
    assert list(OrganisationName.objects.order_by("pk").values_list("official_name", flat=True)) == [
        "Bộ Ánh sáng",
        "Vụ Đèn",
    ]
    assert list(Placement.objects.order_by("pk").values_list("parent", flat=True)) == [None, top.pk]
    entry = Entry.objects.get()
    assert (entry.event, entry.content) == (
        "organisations.registered",
        {"on": "2026-01-01", "codes": ["bo-a", "vu-b"]},
    )


@pytest.mark.django_db
def test_one_fault_enters_nothing_and_all_faults_are_told(state: State) -> None:
    before = Organisation.objects.count()
    with pytest.raises(Refused) as refusal:
        register_organisations(
            by=SYSTEM, specs=[new("a", "A"), new("A", "A lần nữa"), new("b", " "), new("c", "C", "khong-co")], on=ON
        )
    assert [fault.text for fault in refusal.value.faults] == [
        "Mã a đã dùng. Đề nghị chọn mã khác.",
        "Đề nghị ghi tên chính thức của b.",
        "Cơ quan cấp trên khong-co chưa có. Đề nghị đăng ký trước.",
    ]
    assert (Organisation.objects.count(), Entry.objects.count()) == (before, 0)


@pytest.mark.django_db
def test_a_steering_office_enters_bodies_below_itself_only(state: State) -> None:
    office = state.viewer(Role.STEERING_OFFICE, state.province)
    assert register_organisations(by=office, specs=[new("moi", "UBND xã Mới", "ubnd-an-binh")], on=ON)[0].path[:2] == [
        state.government.pk,
        state.province.pk,
    ]
    for parent in ("ubnd-an-khe", ""):
        with pytest.raises(Forbidden):
            register_organisations(by=office, specs=[new("khac", "UBND xã Khác", parent)], on=ON)
    with pytest.raises(Forbidden):
        register_organisations(by=state.viewer(Role.AUDITOR, state.government), specs=[new("khac", "X")], on=ON)
    assert not Organisation.objects.filter(code="khac").exists()


@pytest.mark.django_db
def test_the_two_trees_meet_in_who_leads_whom(state: State) -> None:
    register_leaderships(by=SYSTEM, pairs=[(state.committee, state.government)])
    page = organisation_page(SYSTEM, "chinh-phu", ON)
    assert [row.leader for row in page.led_by] == [state.committee]
    assert [row.led for row in organisation_page(SYSTEM, "DANG-UY-CHINH-PHU", ON).leads] == [state.government]
    with pytest.raises(Forbidden):
        register_leaderships(by=state.viewer(Role.HEAD, state.science), pairs=[(state.committee, state.science)])
    assert (Leadership.objects.count(), Entry.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_the_tree_is_no_secret_to_those_who_work_here_and_to_nobody_else(state: State) -> None:
    assert organisation_page(state.viewer(Role.REPORTER, state.elsewhere), "bo-khoa-hoc", ON).lineage == [
        state.government
    ]
    with pytest.raises(NotVisible):
        organisation_page(state.viewer(Role.ACCOUNT_ADMIN, state.government), "bo-khoa-hoc", ON)
    with pytest.raises(NotVisible):
        organisation_page(SYSTEM, "khong-co", ON)


FOUND = {
    "bo kh&cn": "bkhcn",
    "BỘ KHOA HỌC VÀ CÔNG NGHỆ": "bkhcn",
    "bo khoa hoc va cong nghe": "bkhcn",
    "gtvt": "bgtvt-cu",
    "ubnd phuong ba dinh": "ubnd-00004",
    "dac khu phu quoc": "ubnd-31078",
    "UBND tinh Dong Nai": "ubnd-75",
    "bo khoa hocc": "bkhcn",
}


@pytest.mark.django_db
def test_the_whole_country() -> None:
    made = load_organisations()
    assert sum(row.level == "commune" for row in made.values()) == 3321
    load_events(made)
    assert {text: search_organisations(text, 5)[0].code for text in FOUND} == FOUND
    assert search_organisations("không có cơ quan nào tên thế này", 5) == []
    assert search_organisations("  ", 5) == []
    assert [row.code for row in named_exactly("bo khoa hoc va cong nghe")] == ["bkhcn"]
    today = date(2026, 11, 23)
    heirs = answering_for(Organisation.objects.get(code="btttt-cu"), today)
    assert [row.code for row in heirs] == ["bca", "bkhcn", "bvhttdl"]
    assert [row.code for row in answering_for(Organisation.objects.get(code="ubnd-cu-yenbai"), today)] == ["ubnd-15"]
    assert list(made["ubnd-75"].names.order_by("-pk").values_list("official_name", "valid_to")) == [
        ("UBND thành phố Đồng Nai", None),
        ("UBND tỉnh Đồng Nai", date(2026, 4, 29)),
    ]
