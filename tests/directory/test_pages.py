"""The pages of organisations and accounts: what is on them, for whom, and what a wrong input leaves behind."""

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import NewEvent, NewOrganisation, record_event, register_leaderships
from thucthi.directory.actions import register_organisations as register
from thucthi.directory.models import Account, Membership, Organisation, OrganisationEvent, Role, Succession
from thucthi.ledger.models import Entry

LIST = "/lam-viec/don-vi/"
LETTERS = "/lam-viec/thu-gui-di/"
TOKENS = "/lam-viec/khoa-api/"
ACCOUNTS = "/lam-viec/tai-khoan-don-vi/"
PASSWORD = "một câu dài chỉ để thử"
IN_DOUBT = (
    "Cơ quan tiếp nhận nhiệm vụ: “ubnd tinh an” chưa chỉ rõ một cơ quan. Hãy chép lại một trong các tên sau: "
    "UBND tỉnh An Bình (ubnd-an-binh); UBND tỉnh An Khê (ubnd-an-khe)."
)
BASIS = "Nghị quyết mô phỏng số 1"


@pytest.fixture
def desk(client: Client, state: State) -> Any:
    """Seats somebody with a role in an organisation before the screen."""

    def seat(role: Role, organisation: Organisation) -> Client:
        client.force_login(state.person(role, organisation), backend="django.contrib.auth.backends.ModelBackend")
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "vi"
        return client

    return seat


def _soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def _words(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split())


def _first_column(response: Any) -> list[str]:
    return [_words(cell) for cell in _soup(response).select("tbody th")]


def _faults(response: Any) -> list[str]:
    return [_words(item) for item in _soup(response).select("#error-summary li")]


def _ended(gone: Organisation, *heirs: Organisation) -> OrganisationEvent:
    event = NewEvent(
        code=f"end-{gone.code}",
        kind="merge",
        effective_on=date(2025, 7, 1),
        legal_basis=BASIS,
        predecessors=(gone,),
        successors=heirs,
    )
    return record_event(by=SYSTEM, event=event)


def _communes(state: State, how_many: int) -> None:
    specs = [
        NewOrganisation(
            code=f"xa-{number:03}",
            tree="state",
            level="commune",
            kind="commune",
            official_name=f"UBND xã Số {number:03}",
            parent_code=state.province.code,
        )
        for number in range(how_many)
    ]
    register(by=SYSTEM, specs=specs, on=date(2025, 1, 1))


def test_the_list_shows_living_ones_first_and_who_answers_for_the_ended(desk: Any, state: State) -> None:
    _ended(state.science, state.finance)
    page = desk(Role.REPORTER, state.commune).get(LIST)
    assert _first_column(page) == [
        "Chính phủ",
        "Đảng ủy Chính phủ",
        "Bộ Tài chính",
        "UBND tỉnh An Bình",
        "UBND tỉnh An Khê",
        "UBND xã Hòa",
        "Bộ Khoa học",
    ]
    assert _words(_soup(page).select("tbody tr")[-1].select("td")[-1]) == (
        "Kết thúc ngày 30/06/2025 Nay là: Bộ Tài chính"
    )


def test_search_heeds_no_accents_and_says_when_nothing_fits(desk: Any, state: State) -> None:
    client = desk(Role.REPORTER, state.commune)
    assert _first_column(client.get(LIST, {"q": "bo khoa"})) == ["Bộ Khoa học"]
    nothing = client.get(LIST, {"q": "zzzz qqqq"})
    assert (_first_column(nothing), _soup(nothing).select_one("#id_q")["value"]) == ([], "zzzz qqqq")
    assert "Không tìm thấy cơ quan nào" in _soup(nothing).text
    assert client.get(LIST, {"q": "\x00"}).status_code == 200


def test_long_lists_are_turned_page_by_page(desk: Any, state: State) -> None:
    _communes(state, 60)
    client = desk(Role.REPORTER, state.commune)
    second = client.get(LIST, {"q": "ubnd xa so", "trang": "2"})
    assert _first_column(second) == [f"UBND xã Số {number:03}" for number in range(50, 60)]
    assert _soup(second).select_one("a[rel=prev]")["href"] == "?q=ubnd%20xa%20so&trang=1"
    of_the_province = _soup(client.get(f"{LIST}ubnd-an-binh/", {"trang": "2"})).select_one("#truc-thuoc")
    assert _words(of_the_province.h2) == "Cơ quan trực thuộc (61)"
    assert len(of_the_province.select("li")) == 11
    assert of_the_province.select_one("a[rel=prev]")["href"] == "?trang=1#truc-thuoc"


def test_one_organisation_with_everything_around_it(desk: Any, state: State) -> None:
    register_leaderships(by=SYSTEM, pairs=[(state.committee, state.government)])
    state.head_post(state.government)
    client = desk(Role.REPORTER, state.commune)
    page = _soup(client.get(f"{LIST}chinh-phu/"))
    assert page.h1.text == "Chính phủ"
    assert _words(page.select_one("#chuc-vu li")) == ("Người đứng đầu mẫu chinh-phu Nhân vật mô phỏng từ 01/01/2025")
    assert _words(page.select_one("#lanh-dao p")) == "Dưới sự lãnh đạo của Đảng ủy Chính phủ"
    assert [_words(row) for row in page.select("#truc-thuoc li")] == [
        "Bộ Khoa học",
        "Bộ Tài chính",
        "UBND tỉnh An Bình",
        "UBND tỉnh An Khê",
    ]
    commune = _soup(client.get(f"{LIST}ubnd-hoa/"))
    assert [_words(step) for step in commune.select(".tt-breadcrumb li")] == [
        "Cơ quan, đơn vị",
        "Chính phủ",
        "UBND tỉnh An Bình",
        "UBND xã Hòa",
    ]
    assert commune.select("#truc-thuoc, #lanh-dao, #ke-thua") == []


def test_an_ended_organisation_names_its_successor_and_the_legal_basis(desk: Any, state: State) -> None:
    _ended(state.science, state.finance)
    client = desk(Role.STEERING_OFFICE, state.government)
    gone = _soup(client.get(f"{LIST}bo-khoa-hoc/"))
    assert _words(gone.select_one(".tt-notice p")) == (
        "Đã kết thúc hoạt động ngày 30/06/2025. Nay chịu trách nhiệm: Bộ Tài chính ."
    )
    assert _words(gone.select_one("#ke-thua p")) == f"Chuyển giao cho Bộ Tài chính Hợp nhất, 01/07/2025 · {BASIS}"
    assert gone.select("a[href$='sap-xep/']") == []
    heir = _soup(client.get(f"{LIST}bo-tai-chinh/"))
    assert _words(heir.select_one("#ke-thua p")) == f"Tiếp nhận từ Bộ Khoa học Hợp nhất, 01/07/2025 · {BASIS}"
    assert [link["href"] for link in heir.select("a[href$='sap-xep/']")] == [f"{LIST}bo-tai-chinh/sap-xep/"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ACCOUNT_ADMIN])
def test_every_working_role_reads_the_tree(desk: Any, state: State, role: Role) -> None:
    client = desk(role, state.commune)
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}bo-khoa-hoc/").status_code == 200
    assert client.get(f"{LIST}khong-co/").status_code == 404
    assert client.get(f"{LIST}bo-khoa-hoc/sap-xep/").status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: Client, state: State) -> None:
    for page in (LIST, f"{LIST}bo-khoa-hoc/", f"{LIST}bo-khoa-hoc/sap-xep/", ACCOUNTS):
        assert client.get(page)["Location"] == f"/tai-khoan/login/?next={page}"


def test_a_steering_office_merges_two_bodies(desk: Any, state: State) -> None:
    client = desk(Role.STEERING_OFFICE, state.government)
    address = f"{LIST}bo-khoa-hoc/sap-xep/"
    assert client.get(address).status_code == 200
    form = {"kind": "merge", "effective_on": "01/07/2025", "legal_basis": BASIS, "successors": "bo tai chinh"}
    answer = client.post(address, form)
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}bo-khoa-hoc/")
    assert Organisation.objects.get(code="bo-khoa-hoc").valid_to == date(2025, 6, 30)
    step = Succession.objects.get()
    assert (step.predecessor, step.successor) == (state.science, state.finance)
    assert [entry.event for entry in Entry.objects.all()] == ["organisation_event.recorded"]
    assert "Đã ghi việc sắp xếp tổ chức." in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("form", "changed"),
    [
        ({"kind": "rename", "new_name": "Bộ Khoa học và Số"}, {"official_name": "Bộ Khoa học và Số"}),
        ({"kind": "move", "new_parent": "ubnd-an-khe"}, {"parent__code": "ubnd-an-khe"}),
        ({"kind": "dissolve"}, {"valid_to": date(2025, 6, 30)}),
        ({"kind": "split", "successors": "bo-tai-chinh\nubnd-an-khe"}, {"valid_to": date(2025, 6, 30)}),
    ],
)
def test_the_other_kinds_are_recorded_too(
    desk: Any, state: State, form: dict[str, str], changed: dict[str, Any]
) -> None:
    client = desk(Role.STEERING_OFFICE, state.government)
    given = {"effective_on": "2025-07-01", "legal_basis": BASIS, **form}
    assert client.post(f"{LIST}bo-khoa-hoc/sap-xep/", given).status_code == 302
    assert Organisation.objects.filter(code="bo-khoa-hoc", **changed).count() == 1
    assert Entry.objects.count() == 1


def test_all_faults_of_an_event_show_at_once_and_what_was_typed_stays(desk: Any, state: State) -> None:
    client = desk(Role.STEERING_OFFICE, state.government)
    before = list(Organisation.objects.order_by("pk").values())
    form = {"kind": "merge", "effective_on": "hôm qua", "legal_basis": " ", "successors": "ubnd tinh an", "note": "Ghi"}
    answer = client.post(f"{LIST}bo-khoa-hoc/sap-xep/", form)
    assert answer.status_code == 422
    assert _faults(answer) == [
        "Có hiệu lực từ ngày: Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 24/12/2026.",
        "Căn cứ pháp lý: Đề nghị ghi căn cứ pháp lý của việc sắp xếp.",
        IN_DOUBT,
    ]
    page = _soup(answer)
    assert page.title.text.startswith("Lỗi:")
    assert page.select_one("#id_effective_on")["value"] == "hôm qua"
    assert page.select_one("[name=kind][value=merge]").has_attr("checked")
    assert page.select_one("#id_successors").text.strip() == "ubnd tinh an"
    assert page.select_one("#id_note").text.strip() == "Ghi"
    assert list(Organisation.objects.order_by("pk").values()) == before
    assert not Entry.objects.exists()


def test_a_new_name_is_not_entered_before_its_day(desk: Any, state: State) -> None:
    client = desk(Role.STEERING_OFFICE, state.government)
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = {"kind": "rename", "effective_on": tomorrow.isoformat(), "legal_basis": BASIS, "new_name": "Bộ Mai"}
    answer = client.post(f"{LIST}bo-khoa-hoc/sap-xep/", form)
    assert answer.status_code == 422
    assert _faults(answer) == [
        "Có hiệu lực từ ngày: Việc đổi tên, chuyển cơ quan chủ quản được ghi khi đã có hiệu lực, không ghi trước."
    ]
    assert not OrganisationEvent.objects.exists()


def test_who_may_not_rearrange_one_is_told_at_the_door_and_nothing_moves(desk: Any, state: State) -> None:
    client = desk(Role.STEERING_OFFICE, state.province)
    assert client.get(f"{LIST}ubnd-hoa/sap-xep/").status_code == 200
    outside = f"{LIST}ubnd-an-khe/sap-xep/"
    assert client.get(outside).status_code == 403
    form = {"kind": "dissolve", "effective_on": "2025-07-01", "legal_basis": BASIS}
    assert client.post(outside, form).status_code == 403
    taken = {"kind": "merge", "effective_on": "2025-07-01", "legal_basis": BASIS, "successors": "ubnd-an-khe"}
    assert client.post(f"{LIST}ubnd-hoa/sap-xep/", taken).status_code == 403
    assert not OrganisationEvent.objects.exists()
    assert not Entry.objects.exists()
    assert _soup(client.get(f"{LIST}ubnd-an-khe/")).select("a[href$='sap-xep/']") == []


ACCOUNT_FORM = {
    "username": "can-bo.moi",
    "display_name": "Cán bộ mẫu",
    "password": PASSWORD,
    "organisation": "ubnd xa hoa",
    "role": "reporter",
}


def test_an_administrator_opens_an_account(desk: Any, state: State) -> None:
    client = desk(Role.ACCOUNT_ADMIN, state.province)
    assert client.get(f"{ACCOUNTS}them/").status_code == 200
    answer = client.post(f"{ACCOUNTS}them/", ACCOUNT_FORM)
    assert (answer.status_code, answer["Location"]) == (302, f"{ACCOUNTS}ten/can-bo.moi/")
    held = Membership.objects.get(account__username="can-bo.moi")
    assert (held.organisation, held.role, held.valid_from) == (state.commune, "reporter", timezone.localdate())
    assert [entry.event for entry in Entry.objects.all()] == ["account.opened"]
    page = _soup(client.get(answer["Location"]))
    assert page.h1.text == "Cán bộ mẫu"
    assert _first_column(client.get(answer["Location"])) == ["Người báo cáo"]


def test_all_faults_of_an_account_show_at_once_and_the_password_is_not_sent_back(desk: Any, state: State) -> None:
    client = desk(Role.ACCOUNT_ADMIN, state.province)
    form = {"username": "Có Dấu", "display_name": "", "password": "ngắn", "organisation": "bo khoa hoc", "role": "vua"}
    before = Account.objects.count()
    answer = client.post(f"{ACCOUNTS}them/", form)
    assert answer.status_code == 422
    assert _faults(answer) == [
        "Tên đăng nhập: Đề nghị ghi tên đăng nhập bằng chữ thường, chữ số và dấu . - _, không có khoảng trắng.",
        "Họ và tên: Đề nghị ghi họ tên của người dùng tài khoản.",
        "Mật khẩu ban đầu: Mật khẩu quá ngắn. Đề nghị đặt ít nhất 12 ký tự.",
        "Cơ quan: Không tìm thấy cơ quan “bo khoa hoc”. Hãy ghi tên chính thức.",
        "Vai trò: Đề nghị chọn vai trò trong danh sách.",
    ]
    page = _soup(answer)
    assert page.select_one("#id_username")["value"] == "Có Dấu"
    assert page.select_one("#id_organisation")["value"] == "bo khoa hoc"
    assert page.select_one("#id_password")["value"] == ""
    assert (Account.objects.count(), Entry.objects.count()) == (before, 0)


def test_the_administrator_sees_her_accounts_and_no_others(desk: Any, state: State) -> None:
    inside, outside = state.person(Role.REPORTER, state.commune), state.person(Role.HEAD, state.elsewhere)
    client = desk(Role.ACCOUNT_ADMIN, state.province)
    assert _first_column(client.get(ACCOUNTS)) == ["account_admin-ubnd-an-binh", inside.username]
    assert _first_column(client.get(ACCOUNTS, {"q": "REPORTER"})) == [inside.username]
    assert client.get(f"{ACCOUNTS}ten/{inside.username}/").status_code == 200
    assert client.get(f"{ACCOUNTS}ten/{outside.username}/").status_code == 404
    assert client.get(f"{ACCOUNTS}ten/khong-co/").status_code == 404


def test_who_only_administers_accounts_is_offered_nothing_else(desk: Any, state: State) -> None:
    """But the keys of programs, and whether mail goes out: a page that counts letters, without texts or addresses."""
    page = _soup(desk(Role.ACCOUNT_ADMIN, state.province).get(ACCOUNTS))
    assert {link["href"] for link in page.select("nav.tt-nav a")} == {ACCOUNTS, LETTERS, TOKENS}


def test_who_also_works_is_offered_both(desk: Any, state: State) -> None:
    Membership.objects.create(
        account=state.person(Role.ACCOUNT_ADMIN, state.province),
        organisation=state.province,
        role=Role.HEAD,
        valid_from=date(2025, 1, 1),
    )
    page = _soup(desk(Role.ACCOUNT_ADMIN, state.province).get(LIST))
    offered = [link["href"] for link in page.select("nav.tt-nav a")]
    assert (offered[0], offered[-2:]) == ("/lam-viec/", [ACCOUNTS, TOKENS])


def test_of_many_links_nine_stand_in_the_row_and_the_menu_says_where_the_reader_is(desk: Any, state: State) -> None:
    client = desk(Role.STEERING_OFFICE, state.government)
    page = _soup(client.get(LIST))
    rows = page.select_one("nav.tt-nav .tt-nav-list").find_all("li", recursive=False)
    assert [row.a.get_text() for row in rows[:9]] == [
        "Việc của tôi", "Thông báo", "Tình hình", "Văn bản", "Chương trình", "Chỉ tiêu", "Chờ duyệt", "Điểm nghẽn",
        "Trách nhiệm",
    ]  # fmt: skip
    assert len(rows) == 10
    assert [link.get_text() for link in rows[9].select("a")][:3] == ["Phụ thuộc", "Cơ quan", "Công bố"]
    summary = rows[9].summary
    assert (summary.get_text(), summary["class"]) == ("Mục khác: Cơ quan", ["tt-nav-here"])
    assert [link.get_text() for link in page.select("nav.tt-nav [aria-current]")] == ["Cơ quan"]
    of_a_phone = [link.get_text() for link in page.select(".tt-menu-phone nav a")]
    assert sorted({*of_a_phone} - {link.get_text() for link in page.select("nav.tt-nav a")}) == ["Tìm kiếm"]
    plain = _soup(client.get("/lam-viec/chuong-trinh/"))
    assert (plain.select_one("nav.tt-nav summary").get_text(), plain.select(".tt-nav-here")) == ("Mục khác", [])


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ACCOUNT_ADMIN])
def test_no_other_role_opens_the_accounts(desk: Any, state: State, role: Role) -> None:
    client = desk(role, state.government)
    someone = state.person(Role.REPORTER, state.commune)
    of_one = f"{ACCOUNTS}ten/{someone.username}/"
    assert [client.get(page).status_code for page in (ACCOUNTS, f"{ACCOUNTS}them/", of_one)] == [403] * 3
    deeds = ("giao-vai-tro/", f"thoi-vai-tro/{someone.memberships.get().pk}/", "mat-khau/", "khoa/")
    assert [client.post(of_one + deed, {}).status_code for deed in deeds] == [403] * 4
    assert Account.objects.get(pk=someone.pk).is_active
    assert not Entry.objects.exists()


def test_a_role_is_given_and_ended(desk: Any, state: State) -> None:
    someone = state.person(Role.REPORTER, state.commune)
    of_one = f"{ACCOUNTS}ten/{someone.username}/"
    client = desk(Role.ACCOUNT_ADMIN, state.province)
    given = client.post(f"{of_one}giao-vai-tro/", {"organisation": "ubnd tinh an binh", "role": "auditor"})
    assert (given.status_code, given["Location"]) == (302, of_one)
    held = Membership.objects.get(account=someone, role="auditor")
    assert (held.organisation, held.valid_from) == (state.province, timezone.localdate())
    assert client.post(f"{of_one}thoi-vai-tro/{held.pk}/").status_code == 302
    held.refresh_from_db()
    assert held.valid_to == timezone.localdate()
    assert [entry.event for entry in Entry.objects.order_by("pk")] == ["role.granted", "role.ended"]
    again = client.post(f"{of_one}thoi-vai-tro/{held.pk}/")
    assert (again.status_code, _faults(again)) == (422, ["Vai trò này đã thôi từ trước ngày đó."])
    assert Entry.objects.count() == 2


def test_faults_of_a_role_show_at_once(desk: Any, state: State) -> None:
    someone = state.person(Role.REPORTER, state.commune)
    client = desk(Role.ACCOUNT_ADMIN, state.province)
    answer = client.post(f"{ACCOUNTS}ten/{someone.username}/giao-vai-tro/", {"organisation": "", "role": "vua"})
    assert answer.status_code == 422
    assert _faults(answer) == [
        "Cơ quan: Hãy ghi tên hoặc mã cơ quan.",
        "Vai trò: Đề nghị chọn vai trò trong danh sách.",
    ]
    assert Membership.objects.filter(account=someone).count() == 1
    assert not Entry.objects.exists()


def test_the_role_of_another_account_is_not_ended_by_a_forged_address(desk: Any, state: State) -> None:
    someone, other = state.person(Role.REPORTER, state.commune), state.person(Role.HEAD, state.elsewhere)
    client = desk(Role.ACCOUNT_ADMIN, state.province)
    forged = f"{ACCOUNTS}ten/{someone.username}/thoi-vai-tro/{other.memberships.get().pk}/"
    assert client.post(forged).status_code == 404
    assert other.memberships.get().valid_to is None


def test_a_password_is_replaced_and_an_account_is_shut(desk: Any, state: State) -> None:
    someone = state.person(Role.REPORTER, state.commune)
    of_one = f"{ACCOUNTS}ten/{someone.username}/"
    client = desk(Role.ACCOUNT_ADMIN, state.province)
    weak = client.post(f"{of_one}mat-khau/", {"password": "ngắn"})
    assert (weak.status_code, _faults(weak)) == (
        422,
        ["Mật khẩu mới: Mật khẩu quá ngắn. Đề nghị đặt ít nhất 12 ký tự."],
    )
    assert client.post(f"{of_one}mat-khau/", {"password": PASSWORD}).status_code == 302
    assert Account.objects.get(pk=someone.pk).check_password(PASSWORD)
    assert client.get(f"{of_one}khoa/").status_code == 405
    assert client.post(f"{of_one}khoa/").status_code == 302
    assert not Account.objects.get(pk=someone.pk).is_active
    page = _soup(client.get(of_one))
    assert "Tài khoản này không đăng nhập được nữa." in page.text
    assert page.select("form[action$='khoa/'], form[action$='giao-vai-tro/']") == []
    assert [entry.event for entry in Entry.objects.order_by("pk")] == ["password.replaced", "account.deactivated"]


def test_ones_own_account_offers_nothing_to_press(desk: Any, state: State) -> None:
    own = state.person(Role.ACCOUNT_ADMIN, state.province)
    client = desk(Role.ACCOUNT_ADMIN, state.province)
    of_own = f"{ACCOUNTS}ten/{own.username}/"
    page = _soup(client.get(of_own))
    assert page.main.select("form") == []
    assert client.post(f"{of_own}khoa/").status_code == 403
    assert Account.objects.get(pk=own.pk).is_active
