"""The pages: what they answer, to whom, and what they keep when refusing."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.programmes.world import ISSUED_ON, TODAY, World, make_world
from thucthi.directory.models import Account, Role
from thucthi.documents.models import Security
from thucthi.programmes.actions import add_tasks, edit_task, move_checkpoint
from thucthi.programmes.models import Checkpoint, ControlFrame, Programme, Task, TaskChange, TaskEvent

pytestmark = pytest.mark.django_db
PROGRAMME = "/lam-viec/chuong-trinh/ct57/"
TASK = "/lam-viec/nhiem-vu/ct57-01/"


def signed_in(client: Client, account: Account) -> Client:
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def editor(client: Client, world: World) -> Client:
    return signed_in(client, world.state.person(Role.PROGRAMME_EDITOR, world.state.science))


@pytest.fixture
def head(world: World) -> Client:
    return signed_in(Client(), world.state.person(Role.HEAD, world.state.science))


@pytest.fixture
def steering(world: World) -> Client:
    return signed_in(Client(), world.state.person(Role.STEERING_OFFICE, world.state.government))


def text_of(response: object) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def typed(page: object) -> dict[str, object]:
    """What a browser would send back from the first big form of a page."""
    form = max(
        BeautifulSoup(page.content, "html.parser").find_all("form", method="post"), key=lambda f: len(f.find_all(True))
    )
    sent: dict[str, object] = {}
    for control in form.find_all(["input", "textarea", "select"]):
        if control.name == "select":
            sent[control["name"]] = [row["value"] for row in control.find_all("option", selected=True)]
        elif control.get("type") not in {"checkbox", "radio"} or control.has_attr("checked"):
            sent[control["name"]] = (
                control.text.removeprefix("\n") if control.name == "textarea" else control.get("value", "")
            )
    return sent


def test_a_draft_is_seen_by_its_own_people_and_nobody_else(world: World, editor: Client) -> None:
    world.draft()
    stranger = signed_in(Client(), world.state.person(Role.REPORTER, world.state.finance))
    for address in (PROGRAMME, TASK, f"{PROGRAMME}sua/"):
        assert editor.get(address).status_code == 200
    for address in (PROGRAMME, TASK):
        assert stranger.get(address).status_code == 404
    assert "0 chương trình" in text_of(stranger.get("/lam-viec/chuong-trinh/"))
    assert "1 chương trình" in text_of(editor.get("/lam-viec/chuong-trinh/"))


def test_an_issued_programme_on_public_documents_is_open_to_every_account(world: World) -> None:
    world.issued()
    stranger = signed_in(Client(), world.state.person(Role.REPORTER, world.state.elsewhere))
    assert stranger.get(PROGRAMME).status_code == 200
    assert "Kết nối mười hai cơ sở dữ liệu." in text_of(stranger.get(TASK))
    admin = signed_in(Client(), world.state.person(Role.ACCOUNT_ADMIN, world.state.science))
    assert admin.get(TASK).status_code == 403
    assert Client().get(TASK).status_code == 302


def test_a_restricted_basis_keeps_even_an_issued_programme_inside() -> None:
    world = make_world(Security.CONFIDENTIAL)
    world.state.viewer(Role.PROGRAMME_EDITOR, world.state.science)
    document = world.document
    document.register = world.state.science
    document.save()
    world.issued()
    statuses = {
        name: signed_in(Client(), world.state.person(role, organisation)).get(TASK).status_code
        for name, role, organisation in [
            ("own", Role.REPORTER, world.state.science),
            ("auditor above", Role.AUDITOR, world.state.government),
            ("steering above", Role.STEERING_OFFICE, world.state.government),
            ("lead", Role.REPORTER, world.state.finance),
        ]
    }
    assert statuses == {"own": 200, "auditor above": 200, "steering above": 404, "lead": 404}


def test_lists_are_found_without_accents(world: World, editor: Client) -> None:
    world.issued()
    assert "Chương trình hành động thực hiện Nghị quyết 57" in text_of(
        editor.get("/lam-viec/chuong-trinh/?tim=trung+tam+du+lieu")
    )
    assert "0 chương trình" in text_of(editor.get("/lam-viec/chuong-trinh/?tim=khong+co"))
    assert "1 chương trình" in text_of(editor.get("/lam-viec/chuong-trinh/?van-ban=nq57"))
    assert editor.get("/lam-viec/chuong-trinh/?van-ban=khac").status_code == 404


def test_a_programme_is_drafted_filled_and_issued_in_the_browser(world: World, editor: Client, head: Client) -> None:
    world.state.head_post(world.state.finance)
    made = editor.post(
        "/lam-viec/chuong-trinh/them/",
        {"organisation": world.state.science.pk, "code": "ct57", "title": "Chương trình", "documents": ["nq57"],
         "groups": "Dữ liệu\nCon người", "profile": "seven", "rhythm": "weekly", "authority_basis": "Nghị quyết 57",
         "resource_source": "3 % chi ngân sách"},
    )  # fmt: skip
    assert (made.status_code, made["Location"]) == (302, f"{PROGRAMME}sua/")
    clause = world.document.clauses.get(path="2")
    task = {
        "text": "Đào tạo 500 cán bộ", "kind": "nhiem_vu", "group": "Con người", "lead": "Bộ Tài chính",
        "coordinators": "ubnd-an-binh\nBộ Khoa học", "start_on": "01/04/2026", "deadline_raw": "Quý IV/2026",
        "milestones": "30/06/2026: 200 cán bộ", "product": "500 chứng nhận", "acceptance_criterion": "Danh sách đạt",
        "weight": "3", "money_vnd_million": "1200", "clauses": [clause.pk],
    }  # fmt: skip
    assert editor.post(f"{PROGRAMME}them-nhiem-vu/", task).status_code == 302
    stored = Task.objects.get()
    assert (stored.code, stored.lead, stored.resolved_end, stored.weight, list(stored.clauses.all())) == (
        "ct57-01", world.state.finance, date(2026, 12, 31), 3, [clause],
    )  # fmt: skip
    assert [row.code for row in stored.coordinators.order_by("pk")] == ["bo-khoa-hoc", "ubnd-an-binh"]
    page = head.get(f"{PROGRAMME}sua/")
    assert "Sẵn sàng ban hành." in text_of(page)
    done = head.post(f"{PROGRAMME}ban-hanh/", {"version": "2", "issued_as": "12/CTr", "issued_on": "2026-03-10"})
    assert (done.status_code, done["Location"]) == (302, PROGRAMME)
    assert Programme.objects.get().issued_on == ISSUED_ON


def test_the_gate_shows_every_fault_on_one_page(world: World, head: Client) -> None:
    world.draft(world.clear_task(lead=None, lead_text="Các bộ, ngành", coordinators=(), deadline_raw="Thường xuyên"))
    page = head.get(f"{PROGRAMME}sua/")
    assert "1 trên 1 nhiệm vụ còn thiếu ít nhất một rõ." in text_of(page)
    refused = head.post(f"{PROGRAMME}ban-hanh/", {"version": "2", "issued_as": "", "issued_on": "2026-03-10"})
    assert refused.status_code == 422
    links = BeautifulSoup(refused.content, "html.parser").select(".tt-error-summary a")
    assert [link["href"] for link in links] == ["#id_issued_as", "#nv-ct57-01", "#nv-ct57-01", "#nv-ct57-01"]
    assert not TaskEvent.objects.exists()
    stale = head.post(f"{PROGRAMME}ban-hanh/", {"version": "1", "issued_as": "1", "issued_on": "2026-03-10"})
    assert stale.status_code == 409


def test_a_form_with_faults_keeps_every_word_and_names_them_all(world: World, editor: Client) -> None:
    world.draft()
    sent = {"text": "", "coordinators": "Bộ Không Có", "milestones": "hôm nào: gì", "start_on": "32/13/2026",
            "weight": "0", "lead": "Các bộ, ngành", "kind": "nhiem_vu", "code": "ct57-01"}  # fmt: skip
    page = editor.post(f"{PROGRAMME}them-nhiem-vu/", sent)
    assert page.status_code == 422
    assert len(BeautifulSoup(page.content, "html.parser").select(".tt-error-summary li")) == 6
    kept = typed(page)
    assert {name: kept[name] for name in ("coordinators", "milestones", "lead")} == {
        name: sent[name] for name in ("coordinators", "milestones", "lead")
    }
    assert Task.objects.count() == 1


def test_the_second_editor_sees_both_versions_and_may_then_decide(world: World, editor: Client) -> None:
    task = world.draft().tasks.get()
    form = typed(editor.get(f"{TASK}sua/"))
    edit_task(
        task, by=world.editor, content=world.clear_task(text="Bản của người trước"), version=1, on=date(2026, 3, 2)
    )
    form["text"] = "Bản của người sau"
    clash = editor.post(f"{TASK}sua/", form)
    assert clash.status_code == 409
    assert "Bản của người trước" in text_of(clash)
    assert typed(clash)["text"] == "Bản của người sau"
    assert typed(clash)["version"] == "2"
    assert Task.objects.get().text == "Bản của người trước"
    assert editor.post(f"{TASK}sua/", typed(clash)).status_code == 302
    assert Task.objects.get().text == "Bản của người sau"


def test_an_untouched_form_changes_nothing(world: World, editor: Client) -> None:
    task = world.draft().tasks.get()
    assert editor.post(f"{TASK}sua/", typed(editor.get(f"{TASK}sua/"))).status_code == 302
    after = Task.objects.get()
    assert (after.text, after.money_vnd_million, after.deadline_raw, after.lead, after.version) == (
        task.text, task.money_vnd_million, task.deadline_raw, task.lead, 2,
    )  # fmt: skip
    assert (after.coordinators.count(), after.clauses.count(), after.milestones.count()) == (1, 1, 1)


def test_a_draft_task_is_removed(world: World, editor: Client) -> None:
    world.draft()
    assert editor.get(f"{TASK}bo/").status_code == 405
    assert editor.post(f"{TASK}bo/", {"version": "9"}).status_code == 409
    assert editor.post(f"{TASK}bo/", {"version": "1"}).status_code == 302
    assert not Task.objects.exists()


def test_the_head_grants_an_exception_with_a_reason(world: World, head: Client) -> None:
    task = world.draft(world.clear_task(product="")).tasks.get()
    address = f"{TASK}ngoai-le/"
    assert head.get(address).status_code == 200
    assert head.post(address, {"criterion": "ket_qua", "reason": ""}).status_code == 422
    assert head.post(address, {"criterion": "ket_qua", "reason": "Chờ chuẩn"}).status_code == 302
    assert task.clarity_exceptions.get().reason == "Chờ chuẩn"
    assert "Chờ chuẩn" in text_of(head.get(f"{PROGRAMME}sua/"))


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("thoi-han", {"new_deadline": "30/06/2027"}),
        ("chu-tri", {"new_lead": "UBND tỉnh An Bình"}),
        ("san-pham", {"new_product": "Hệ thống 10 kết nối"}),
        ("noi-dung", {"new_text": "Kết nối 10 cơ sở dữ liệu"}),
    ],
)
def test_an_issued_task_changes_by_decision_and_keeps_the_old_words(
    world: World, head: Client, what: str, values: dict[str, str]
) -> None:
    world.issued()
    address = f"{TASK}thay-doi/?gi={what}"
    assert head.get(address).status_code == 200
    empty = head.post(address, {})
    assert empty.status_code == 422
    assert not TaskChange.objects.exists()
    decided = {"decision": "45/QĐ", "decided_on": "2026-06-01", "reason": "Chờ vốn", **values}
    assert head.post(address, decided).status_code == 302
    change = TaskChange.objects.get()
    page = head.get(TASK)
    assert change.old_value in [tag.text for tag in BeautifulSoup(page.content, "html.parser").find_all("s")]
    assert "45/QĐ: Chờ vốn" in text_of(page)


def test_a_task_is_received_and_suspended(world: World, head: Client) -> None:
    world.issued()
    lead = signed_in(Client(), world.state.person(Role.REPORTER, world.state.finance))
    assert "Xác nhận tiếp nhận" in text_of(lead.get(TASK))
    assert lead.post(f"{TASK}tiep-nhan/").status_code == 302
    assert "Xác nhận tiếp nhận" not in text_of(lead.get(TASK))
    assert lead.post(f"{TASK}buoc/", {}).status_code == 403
    assert head.post(f"{TASK}buoc/", {}).status_code == 422
    decided = {"kind": "suspended", "decision": "1/QĐ", "decided_on": "2026-06-01", "reason": "Bão"}
    assert head.post(f"{TASK}buoc/", decided).status_code == 302
    assert "Đang tạm dừng." in text_of(head.get(TASK))
    assert list(TaskEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["issued", "received", "suspended"]


def test_a_resolution_without_a_frame_says_so_and_gets_one(world: World, steering: Client) -> None:
    world.state.head_post(world.state.committee)
    assert "chưa có khung kiểm soát thực thi" in text_of(steering.get("/lam-viec/van-ban/nq57/"))
    assert "Chưa có khung kiểm soát thực thi" in text_of(steering.get("/lam-viec/van-ban/nq57/khung/"))
    address = "/lam-viec/van-ban/nq57/khung/lap/"
    faulty = {
        "benefit_country": "A",
        "responsibilities": "Toàn bộ",
        "goals": "",
        "checkpoints": "hôm nào | x | y | chinh-phu",
    }
    page = steering.post(address, faulty)
    assert page.status_code == 422
    assert typed(page)["checkpoints"] == "hôm nào | x | y | chinh-phu"
    assert len(BeautifulSoup(page.content, "html.parser").select(".tt-error-summary li")) == 5
    assert not ControlFrame.objects.exists()
    good = {
        "benefit_country": "A", "benefit_people": "B", "benefit_future": "C",
        "responsibilities": "Toàn bộ | Đảng ủy Chính phủ",
        "goals": "Tỷ lệ hồ sơ trực tuyến\nNgười dân hài lòng | thấp; vừa; cao",
        "checkpoints": "31/12/2026 | Kết nối xong | Biên bản | chinh-phu",
    }  # fmt: skip
    assert steering.post(address, good).status_code == 302
    assert list(ControlFrame.objects.get().goals.order_by("code").values_list("kind", "rubric")) == [
        ("indicator", []), ("qualitative", ["thấp", "vừa", "cao"]),
    ]  # fmt: skip
    assert "Người đứng đầu mẫu dang-uy-chinh-phu" in text_of(steering.get("/lam-viec/van-ban/nq57/khung/"))


def test_a_moved_checkpoint_shows_its_old_day_struck(world: World, steering: Client, editor: Client) -> None:
    checkpoint = world.frame().checkpoints.get()
    address = "/lam-viec/van-ban/nq57/khung/moc/nq57-m1/"
    assert editor.get(address).status_code == 403
    assert steering.get(address).status_code == 200
    assert steering.post(address, {"decision": "9/KL"}).status_code == 422
    assert Checkpoint.objects.get().due_on == date(2026, 12, 31)
    moved = {"new_due_on": "2027-06-30", "decision": "9/KL", "decided_on": "2026-06-01", "reason": "Chờ hạ tầng"}
    assert steering.post(address, moved).status_code == 302
    move_checkpoint(
        checkpoint,
        by=world.steering,
        new_due_on=date(2027, 9, 30),
        decision="10/KL",
        decided_on=date(2027, 1, 5),
        reason="x",
    )
    page = editor.get("/lam-viec/van-ban/nq57/khung/")
    assert [tag.text for tag in BeautifulSoup(page.content, "html.parser").find_all("s")] == ["31/12/2026"]
    assert "30/09/2027" in text_of(page)


def test_more_tasks_ask_the_database_no_more_often(world: World, editor: Client) -> None:
    programme = world.draft()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert editor.get(f"{PROGRAMME}sua/").status_code == 200
        return len(asked)

    queries()
    few = queries()
    add_tasks(
        programme, by=world.editor, contents=[world.clear_task(code=f"t-{number}") for number in range(20)], on=TODAY
    )
    assert queries() == few
    assert few <= 25


def test_forms_of_others_do_not_open(world: World, head: Client) -> None:
    world.issued()
    elsewhere = signed_in(Client(), world.state.person(Role.PROGRAMME_EDITOR, world.state.finance))
    other_head = signed_in(Client(), world.state.person(Role.HEAD, world.state.finance))
    assert elsewhere.get(f"{PROGRAMME}them-nhiem-vu/").status_code == 403
    assert elsewhere.get(f"{TASK}sua/").status_code == 403
    assert [other_head.get(f"{TASK}{end}/").status_code for end in ("thay-doi", "buoc", "ngoai-le")] == [403, 403, 403]
    assert head.get(f"{TASK}sua/").status_code == 403


def test_a_long_programme_is_paged_and_says_how_many_tasks_it_has(world: World, editor: Client) -> None:
    world.draft(*(world.clear_task(code=f"ct57-{number:03d}", group="Dữ liệu") for number in range(120)))
    shown = []
    for number in (1, 2, 3):
        page = editor.get(PROGRAMME, {"trang": number})
        rows = BeautifulSoup(page.content, "html.parser").select("main tbody th[scope=row]")
        shown.append([row.get_text(strip=True) for row in rows])
        assert "Chương trình có 120 nhiệm vụ" in text_of(page)
        assert f"{len(rows)} trong 120 nhiệm vụ" in text_of(page)
        assert f"Trang {number} / 3" in text_of(page)
        assert ("Con người" in text_of(page)) == (number == 1)
    assert [len(rows) for rows in shown] == [50, 50, 20]
    assert [code for rows in shown for code in rows] == [f"ct57-{number:03d}" for number in range(120)]
