"""Downloading a programme's workbook, rehearsing the one that comes back, applying it."""

from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.programmes.world import TODAY, World, make_world
from thucthi.directory.models import Role
from thucthi.intake.worksheets.columns import COLUMNS, IDENTITY, VERSION, SheetRow
from thucthi.intake.worksheets.reading import SheetRead, read_sheet
from thucthi.intake.worksheets.writing import Sheet, workbook_of
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import edit_task
from thucthi.programmes.models import Task
from thucthi.programmes.selectors.contents import content_of

pytestmark = pytest.mark.django_db
PAGE = "/lam-viec/chuong-trinh/ct57/bang-tinh/"
EMPTY = {column.key: "" for column in COLUMNS}


@pytest.fixture
def world() -> World:
    world = make_world()
    world.draft(world.clear_task(), world.clear_task(code="ct57-02", text="Ban hành quy chế dữ liệu dùng chung"))
    return world


@pytest.fixture
def editor(client: Client, world: World) -> Client:
    account = world.state.person(Role.PROGRAMME_EDITOR, world.state.science)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def downloaded(client: Client, tmp_path: Path) -> SheetRead:
    path = tmp_path / "tai-ve.xlsx"
    path.write_bytes(client.get(PAGE + "tai/").content)
    return read_sheet(path)


def rewritten(read: SheetRead, rows: list[SheetRow]) -> SimpleUploadedFile:
    identified = [
        with_values(
            row, **EMPTY | dict(row.values) | {IDENTITY: str(row.identity or ""), VERSION: str(row.version or "")}
        )
        for row in rows
    ]
    headings = {column.key: column.heading for column in COLUMNS}
    return SimpleUploadedFile("bang.xlsx", workbook_of(Sheet(read.programme, "", "", headings, identified)))


def with_values(row: SheetRow, **values: str) -> SheetRow:
    return replace(row, values={**row.values, **values})


def text_of(response: object) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def sealed_in(response: object) -> str:
    return str(BeautifulSoup(response.content, "html.parser").find("input", {"name": "sealed"})["value"])


def test_the_sheet_untouched_changes_nothing(editor: Client, tmp_path: Path) -> None:
    read = downloaded(editor, tmp_path)
    assert [row.values["code"] for row in read.rows] == ["ct57-01", "ct57-02"]
    assert read.rows[0].values["money_vnd_million"] == "1200,5"
    response = editor.post(PAGE + "doi-chieu/", {"file": rewritten(read, list(read.rows))})
    assert response.status_code == 200
    assert "Cả 2 nhiệm vụ trong bảng giống hệ thống." in text_of(response)
    assert b"sealed" not in response.content


def test_what_is_confirmed_is_what_was_shown_and_is_one_entry(editor: Client, world: World, tmp_path: Path) -> None:
    read = downloaded(editor, tmp_path)
    changed = with_values(read.rows[0], product="Hệ thống 14 kết nối", money_vnd_million="1.300,25", weight="5")
    new = SheetRow(6, None, None, {**EMPTY, "text": "Công bố bộ chỉ số dữ liệu", "lead": "Bộ Tài chính"})
    rehearsal = editor.post(PAGE + "doi-chieu/", {"file": rewritten(read, [changed, read.rows[1], new])})
    assert rehearsal.status_code == 200
    shown = text_of(rehearsal)
    assert "sửa 1, thêm 1, giữ nguyên 1 nhiệm vụ" in shown
    assert "I4 Sản phẩm, kết quả Hệ thống 12 kết nối hoạt động Hệ thống 14 kết nối" in shown
    assert Task.objects.get(code="ct57-01").version == 1
    entries = Entry.objects.count()
    applied = editor.post(PAGE + "ap-dung/", {"sealed": sealed_in(rehearsal)})
    assert (applied.status_code, applied["Location"]) == (302, "/lam-viec/chuong-trinh/ct57/sua/")
    task = Task.objects.get(code="ct57-01")
    assert (task.product, f"{task.money_vnd_million}", task.weight, task.version) == (
        "Hệ thống 14 kết nối", "1300.25", 5, 2,
    )  # fmt: skip
    assert content_of(task).clauses == world.clear_task().clauses
    added = Task.objects.get(code="ct57-03")
    assert (added.text, added.lead) == ("Công bố bộ chỉ số dữ liệu", world.state.finance)
    assert (Entry.objects.count(), Entry.objects.latest("pk").event) == (entries + 1, "tasks.revised")


def test_every_fault_names_its_cell_and_nothing_moves(editor: Client, tmp_path: Path) -> None:
    read = downloaded(editor, tmp_path)
    bad = with_values(
        read.rows[0], text="", money_vnd_million="nhiều", weight="0", coordinators="Sở Không Có", group="Lạ"
    )
    response = editor.post(PAGE + "doi-chieu/", {"file": rewritten(read, [bad])})
    assert response.status_code == 422
    table = BeautifulSoup(response.content, "html.parser").find("table")
    cells = [row.find(["th", "td"]).get_text(strip=True) for row in table.tbody.find_all("tr")]
    assert sorted(cells) == ["D4", "E4", "G4", "K4", "M4"]
    assert b"sealed" not in response.content
    assert Task.objects.filter(version=1).count() == 2


def test_somebody_who_saved_between_rehearsal_and_confirmation_is_not_overwritten(
    editor: Client, world: World, tmp_path: Path
) -> None:
    read = downloaded(editor, tmp_path)
    rehearsal = editor.post(
        PAGE + "doi-chieu/", {"file": rewritten(read, [with_values(read.rows[0], product="Theo bảng")])}
    )
    task = Task.objects.get(code="ct57-01")
    edit_task(task, by=world.editor, content=world.clear_task(product="Sửa tay"), version=1, on=TODAY)
    response = editor.post(PAGE + "ap-dung/", {"sealed": sealed_in(rehearsal)})
    assert response.status_code == 409
    assert "đã được sửa trên hệ thống sau khi tải bảng này" in text_of(response)
    assert Task.objects.get(code="ct57-01").product == "Sửa tay"


@pytest.mark.parametrize("sealed", ["", "made:up"])
def test_what_was_not_rehearsed_is_not_applied(editor: Client, sealed: str) -> None:
    response = editor.post(PAGE + "ap-dung/", {"sealed": sealed})
    assert response.status_code == 422
    assert "Bản đối chiếu không còn dùng được." in text_of(response)


def test_another_file_and_no_file_are_answered_with_a_sentence(editor: Client) -> None:
    response = editor.post(PAGE + "doi-chieu/", {"file": SimpleUploadedFile("x.xlsx", b"no workbook")})
    assert response.status_code == 422
    assert "Tệp mang đuôi .xlsx nhưng nội dung là văn bản thuần" in text_of(response)
    response = editor.post(PAGE + "doi-chieu/", {})
    assert response.status_code == 422
    assert "Hãy chọn bảng đã sửa" in text_of(response)


def test_the_sheet_of_another_programme_is_refused(editor: Client, tmp_path: Path) -> None:
    read = replace(downloaded(editor, tmp_path), programme="ct99")
    response = editor.post(PAGE + "doi-chieu/", {"file": rewritten(read, list(read.rows))})
    assert response.status_code == 422
    assert "Bảng này là của chương trình ct99." in text_of(response)


def test_people_of_other_organisations_get_no_sheet(world: World) -> None:
    other = Client()
    account = world.state.person(Role.PROGRAMME_EDITOR, world.state.finance)
    other.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert other.get(PAGE).status_code == 404
    assert other.get(PAGE + "tai/").status_code == 404
