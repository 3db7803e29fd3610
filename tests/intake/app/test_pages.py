"""The pages of documents taken in, through the client."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.architecture.pages import faults_of_page
from tests.intake.app.world import TODAY, WARNING, World, clause, reading_of, task_of
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.intake.actions import accept_draft, fail_reading, start_reading
from thucthi.intake.models import SourceFile, TaskDraft
from thucthi.intake.selectors.files import name_of
from thucthi.kernel.kept_files import read
from thucthi.programmes.models import Task

CONNECT = "Kết nối mười hai cơ sở dữ liệu."


@pytest.fixture
def editor(world: World, client: Client) -> Client:
    return signed_in(client, world, Role.PROGRAMME_EDITOR, "bo-khoa-hoc")


def signed_in(client: Client, world: World, role: Role, code: str) -> Client:
    places = {row.code: row for row in (world.state.science, world.state.finance, world.state.government)}
    account = world.state.person(role, places[code])
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def soup(answer: Any) -> BeautifulSoup:
    html = answer.content.decode()
    assert faults_of_page(html) == []
    return BeautifulSoup(html, "html.parser")


def words(answer: Any) -> str:
    return " ".join(soup(answer).main.get_text(" ").split())  # type: ignore[union-attr]


def upload(client: Client, name: str = "phu-luc.txt", content: bytes = b"noi dung", **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/lam-viec/chuong-trinh/ct57/doc-van-ban/", {"file": file, **more})


def test_an_uploaded_file_waits_is_read_and_reviewed(world: World, editor: Client) -> None:
    answer = upload(editor)
    file = SourceFile.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/lam-viec/doc-van-ban/{file.pk}/")
    waiting = editor.get(answer["Location"])
    assert (waiting.status_code, soup(waiting).select_one("[data-waiting]")["data-waiting"]) == (200, "waiting")  # type: ignore[index]
    assert "Chờ đến lượt" in words(waiting)
    start_reading(file, by=SYSTEM)
    assert "Đang đọc" in words(editor.get(answer["Location"]))


def test_the_same_file_leads_to_the_one_that_is_there(world: World, editor: Client) -> None:
    first, second = upload(editor), upload(editor, name="ban-sao.txt")
    assert second["Location"] == first["Location"]
    assert "không tạo thêm gì mới" in words(editor.get(second["Location"]))
    assert SourceFile.objects.count() == 1


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"MZ"), ("a.txt", b"")])
def test_a_bad_file_is_answered_with_its_sentence(world: World, editor: Client, name: str, content: bytes) -> None:
    answer = upload(editor, name, content)
    assert answer.status_code == 422
    assert f"Tệp “{name}”" in words(answer)
    assert SourceFile.objects.count() == 0


def test_without_a_file_the_form_asks_for_one(world: World, editor: Client) -> None:
    answer = editor.post("/lam-viec/chuong-trinh/ct57/doc-van-ban/", {})
    assert (answer.status_code, "Hãy chọn tệp" in words(answer)) == (422, True)


def test_a_file_that_cannot_be_read_says_why_and_may_be_read_again(world: World, editor: Client) -> None:
    file = world.file()
    fail_reading(file, by=SYSTEM, sentence="Tệp được bảo vệ bằng mật khẩu.")
    answer = editor.get(f"/lam-viec/doc-van-ban/{file.pk}/")
    assert answer.status_code == 422
    assert "Tệp được bảo vệ bằng mật khẩu." in words(answer)
    assert editor.get(f"/lam-viec/doc-van-ban/{file.pk}/duyet/").status_code == 404
    assert editor.post(f"/lam-viec/doc-van-ban/{file.pk}/doc-lai/").status_code == 302
    assert editor.post(f"/lam-viec/doc-van-ban/{file.pk}/doc-lai/").status_code == 422


def test_the_result_shows_header_warnings_and_what_is_left_out(world: World, editor: Client) -> None:
    clauses = (clause("I", 0, 8, "PHỤ LỤC"),)
    kept = world.read(reading_of(task_of(CONNECT), number="99-NQ/TW", clauses=clauses, warnings=(WARNING,)))
    said = words(editor.get(f"/lam-viec/doc-van-ban/{kept.file.pk}/"))
    assert "99-NQ/TW" in said
    assert "Văn bản nêu 10 nhóm, đọc được 7 nhóm." in said
    assert "không phải văn bản mà chương trình thực hiện" in said
    assert "1 mục chưa có nhiệm vụ nào dẫn" in said
    assert "PHỤ LỤC" in words(editor.get(f"/lam-viec/doc-van-ban/{kept.file.pk}/chua-dan/"))


def test_the_review_lights_each_draft_in_the_source_doubts_first(world: World, editor: Client) -> None:
    kept = world.read(reading_of(task_of(CONNECT), task_of("Ban hành quy chế.", lead=("Bộ Vô Danh",))))
    sure, doubtful = kept.drafts.all()
    page = soup(editor.get(f"/lam-viec/doc-van-ban/{kept.file.pk}/duyet/"))
    assert [row["id"] for row in page.select("article")] == [f"ban-{doubtful.pk}", f"ban-{sure.pk}"]
    lit = {row["id"]: row.get_text() for row in page.select("mark")}
    assert lit == {f"doan-{sure.pk}": CONNECT, f"doan-{doubtful.pk}": "Ban hành quy chế."}
    assert "Danh mục chưa có cơ quan “Bộ Vô Danh”." in page.select_one(f"#ban-{doubtful.pk}").get_text(" ")  # type: ignore[union-attr]


def test_presses_accept_drop_and_take_back(world: World, editor: Client) -> None:
    kept = world.read(reading_of(task_of(CONNECT), task_of("Ban hành quy chế.")))
    first, second = kept.drafts.all()
    review = f"/lam-viec/doc-van-ban/{kept.file.pk}/duyet/"
    answer = editor.post(f"/lam-viec/ban-doc/{first.pk}/nhan/", {"trang": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{review}?trang=1#danh-sach")
    task = Task.objects.get()
    assert task.text == CONNECT
    editor.post(f"/lam-viec/ban-doc/{second.pk}/bo/")
    assert "Ban hành quy chế." in words(editor.get(f"{review}?xem=bo"))
    assert task.code in words(editor.get(f"{review}?xem=nhan"))
    editor.post(f"/lam-viec/ban-doc/{second.pk}/lay-lai/")
    assert "Ban hành quy chế." in words(editor.get(review))
    assert editor.post(f"/lam-viec/ban-doc/{first.pk}/nhan/").status_code == 409
    assert Task.objects.count() == 1


def test_a_refused_press_shows_the_draft_with_what_to_do(world: World, editor: Client) -> None:
    draft = world.read(reading_of(task_of(CONNECT, lead=()))).drafts.get()
    answer = editor.post(f"/lam-viec/ban-doc/{draft.pk}/nhan/")
    assert answer.status_code == 422
    assert "Chưa thấy cơ quan chủ trì." in words(answer)
    assert not Task.objects.exists()


def test_a_correction_is_judged_anew_and_a_clash_keeps_what_was_typed(world: World, editor: Client) -> None:
    draft = world.read(reading_of(task_of(CONNECT))).drafts.get()
    address = f"/lam-viec/ban-doc/{draft.pk}/"
    assert editor.get(address).status_code == 200
    typed = {"version": "1", "text": "Kết nối 15 kho", "lead": "Bộ Khoa học", "deadline_raw": "30/6/2026"}
    assert editor.post(address, typed).status_code == 302
    draft.refresh_from_db()
    assert (draft.text, draft.lead, draft.version) == ("Kết nối 15 kho", world.state.science, 2)
    clash = editor.post(address, {**typed, "text": "Kết nối 16 kho"})
    assert clash.status_code == 409
    page = soup(clash)
    assert "Kết nối 16 kho" in page.select_one("textarea[name=text]").get_text()  # type: ignore[union-attr]
    assert page.select_one("input[name=version]")["value"] == "2"  # type: ignore[index]
    assert editor.post(address, {**typed, "version": "2", "text": ""}).status_code == 422


def test_split_merge_and_one_record_per_body(world: World, editor: Client) -> None:
    group = task_of(CONNECT, lead=("Các địa phương",), collective_lead=True)
    kept = world.read(reading_of(group, task_of("Đào tạo; kết nối")))
    first, second = kept.drafts.all()
    assert "UBND tỉnh An Bình" in words(editor.get(f"/lam-viec/ban-doc/{first.pk}/"))
    empty = editor.post(f"/lam-viec/ban-doc/{first.pk}/co-quan/", {})
    assert (empty.status_code, "Đề nghị chọn ít nhất một cơ quan" in words(empty)) == (422, True)
    chosen = [world.state.province.pk, world.state.elsewhere.pk]
    assert editor.post(f"/lam-viec/ban-doc/{first.pk}/co-quan/", {"chosen": chosen}).status_code == 302
    assert sorted(str(row.lead) for row in TaskDraft.objects.filter(lead__isnull=False)) == [
        "UBND tỉnh An Bình",
        "UBND tỉnh An Khê",
    ]
    parts = {"parts": "Đào tạo\r\n\r\nkết nối"}
    assert editor.post(f"/lam-viec/ban-doc/{second.pk}/tach/", {"parts": "Đào tạo"}).status_code == 422
    assert editor.post(f"/lam-viec/ban-doc/{second.pk}/tach/", parts).status_code == 302
    other = TaskDraft.objects.get(text="kết nối")
    assert editor.post(f"/lam-viec/ban-doc/{second.pk}/gop/", {}).status_code == 422
    assert editor.post(f"/lam-viec/ban-doc/{second.pk}/gop/", {"others": [other.pk]}).status_code == 302
    second.refresh_from_db()
    assert second.text == "Đào tạo; kết nối"


def test_many_are_accepted_at_once_and_the_rest_named(world: World, editor: Client) -> None:
    kept = world.read(reading_of(*[task_of(f"Xây dựng kho {n}.") for n in range(3)], task_of("Việc.", lead=())))
    answer = editor.post(f"/lam-viec/doc-van-ban/{kept.file.pk}/nhan-nhieu/", {"least": "0.9"}, follow=True)
    said = words(answer)
    assert "Đã nhận 3 nhiệm vụ" in said
    assert "Chưa nhận 1 bản: 4: Chưa thấy cơ quan chủ trì." in said
    assert Task.objects.count() == 3
    assert editor.post(f"/lam-viec/doc-van-ban/{kept.file.pk}/nhan-nhieu/", {"least": "x"}).status_code == 422


def test_the_task_page_leads_to_the_lit_words(world: World, editor: Client) -> None:
    draft = world.read(reading_of(task_of(CONNECT))).drafts.get()
    task = accept_draft(draft, by=world.editor, on=TODAY)
    page = soup(editor.get(f"/lam-viec/nhiem-vu/{task.code}/"))
    link = page.find("a", string=lambda text: bool(text and text.startswith("Trích từ")))
    answer = editor.get(link["href"].partition("#")[0])  # type: ignore[index, union-attr]
    assert soup(answer).select_one("mark#doan-0").get_text() == CONNECT  # type: ignore[union-attr]


def test_a_pasted_table_becomes_a_file_to_read(world: World, editor: Client) -> None:
    address = "/lam-viec/chuong-trinh/ct57/dan-bang/"
    assert editor.get(address).status_code == 200
    nothing = editor.post(address, {"table": "một dòng chữ"})
    assert (nothing.status_code, "một dòng chữ" in words(nothing)) == (422, True)
    rows = [
        ("1", 'Kết nối "mười hai" kho', "Bộ Tài chính", "", "Quý IV/2026", "Hệ thống"),
        ("2", "<b>Đào tạo</b>", "Bộ Khoa học", "", "2027", "Lớp học"),
    ]
    table = "\r\n".join("\t".join(row) for row in rows)
    assert editor.post(address, {"table": table}).status_code == 302
    file = SourceFile.objects.get()
    kept = BeautifulSoup(read(name_of(file)).decode(), "html.parser")
    assert [[cell.get_text() for cell in row.select("td")] for row in kept.select("tr")] == [
        ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm, kết quả"],
        *map(list, rows),
    ]
    assert file.is_pasted
    assert editor.post(address, {"table": table}, follow=True).status_code == 200
    assert SourceFile.objects.count() == 1


def test_a_new_version_shows_its_changes(world: World, editor: Client) -> None:
    world.read(reading_of(task_of(CONNECT), task_of("Tổ chức hội thảo.")))
    new = world.read(reading_of(task_of(CONNECT, product="Hệ thống"), task_of("Ban hành quy chế."), heading="Bản hai"))
    said = words(editor.get(f"/lam-viec/doc-van-ban/{new.file.pk}/thay-doi/"))
    assert "Sản phẩm: Báo cáo Hệ thống" in said
    assert said.index("Ban hành quy chế.") < said.index("Tổ chức hội thảo.")


@pytest.mark.parametrize("where", ["", "duyet/", "nguon/", "chua-dan/", "thay-doi/"])
def test_the_papers_are_seen_by_the_organisation_and_auditors_above(world: World, client: Client, where: str) -> None:
    kept = world.read(reading_of(task_of(CONNECT)))
    address = f"/lam-viec/doc-van-ban/{kept.file.pk}/{where}"
    for role, code, status in (
        (Role.REPORTER, "bo-khoa-hoc", 200),
        (Role.AUDITOR, "chinh-phu", 200),
        (Role.PROGRAMME_EDITOR, "bo-tai-chinh", 404),
        (Role.STEERING_OFFICE, "chinh-phu", 404),
    ):
        assert signed_in(client, world, role, code).get(address).status_code == status


def test_a_large_annex_asks_no_more_than_a_small_one(world: World, editor: Client) -> None:
    kept = world.read(
        reading_of(*[task_of(f"Xây dựng kho dữ liệu số {n}.", coordinators=("Bộ Khoa học",)) for n in range(140)])
    )
    with CaptureQueriesContext(connection) as queries:
        answer = editor.get(f"/lam-viec/doc-van-ban/{kept.file.pk}/duyet/?trang=7")
    assert len(soup(answer).select("article")) == 20
    assert sum("SAVEPOINT" not in row["sql"] for row in queries.captured_queries) <= 20
