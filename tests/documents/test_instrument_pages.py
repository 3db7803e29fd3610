"""Pages of owed instruments, through the client."""

from datetime import date

import pytest
from django.test import Client

from tests.documents.instruments_world import Owing, make_owing
from tests.kept_states import Kept
from thucthi.directory.models import Account, Role
from thucthi.documents.models import Instrument, InstrumentStep, StatutoryClock

ONE = "/lam-viec/the-che/van-ban/nq57-vb-01/"
OWED = "/lam-viec/van-ban/nq57/con-phai-ban-hanh/"
CLOCKS = "/lam-viec/the-che/thoi-han-luat-dinh/"
TYPED = {"type": "decree", "title": "Nghị định mới", "drafter": "bo-khoa-hoc", "deadline_raw": "30/6/2026"}


@pytest.fixture
def owing(kept: Kept[Owing]) -> Owing:
    return kept(make_owing)


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def keeper(owing: Owing) -> Client:
    return client_of(owing.state.person(Role.STEERING_OFFICE, owing.state.government))


def drafter(owing: Owing) -> Client:
    return client_of(owing.state.person(Role.REPORTER, owing.state.science))


def test_register_what_is_owed_then_read_it(owing: Owing) -> None:
    client = keeper(owing)
    faulty = client.post(OWED + "them/", {**TYPED, "title": "", "drafter": ""})
    assert faulty.status_code == 422
    assert Instrument.objects.count() == 0
    assert "cơ quan chủ trì soạn thảo" in faulty.content.decode()
    answer = client.post(OWED + "them/", TYPED)
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == ONE
    page = client.get(OWED).content.decode()
    assert "Nghị định mới" in page
    assert "0 trên 1 văn bản đã ban hành" in page
    for address in ("/lam-viec/the-che/", "/lam-viec/the-che/co-quan/bo-khoa-hoc/", ONE, CLOCKS, OWED + "them/"):
        assert client.get(address).status_code == 200, address
    assert "Luật không quy định" not in client.get(ONE).content.decode()


def test_change_it_with_a_decision(owing: Owing) -> None:
    owing.owed()
    client = keeper(owing)
    assert client.get(ONE + "sua/").status_code == 200
    typed = {**TYPED, "title": "Nghị định về dữ liệu dùng chung", "deadline_raw": "Quý IV/2026", "version": 1}
    assert client.post(ONE + "sua/", typed).status_code == 422
    assert client.post(ONE + "sua/", {**typed, "decision": "Công văn 5/CV"}).status_code == 302
    assert client.post(ONE + "sua/", {**typed, "decision": "Công văn 6/CV"}).status_code == 409
    page = client.get(ONE).content.decode()
    assert "30/6/2026" in page
    assert "Quý IV/2026" in page
    assert "Công văn 5/CV" in page


def test_enter_a_stage_and_lose_nothing_on_a_fault(owing: Owing) -> None:
    owing.owed()
    client = drafter(owing)
    faulty = client.post(ONE + "giai-doan/", {"after": "", "stage": "opinions", "entered_on": "2026-05-04"})
    assert faulty.status_code == 422
    assert "ghi lý do" in faulty.content.decode()
    assert client.post(ONE + "giai-doan/", {"after": "", "stage": "proposal", "entered_on": ""}).status_code == 422
    assert InstrumentStep.objects.count() == 0
    sent = {"after": "", "stage": "proposal", "entered_on": "2026-05-04"}
    assert client.post(ONE + "giai-doan/", sent).status_code == 302
    assert client.post(ONE + "giai-doan/", {**sent, "stage": "drafting"}).status_code == 409
    assert InstrumentStep.objects.count() == 1
    page = client.get(ONE).content.decode()
    assert "Luật không quy định thời hạn" in page


def test_link_the_issued_text(owing: Owing) -> None:
    instrument = owing.owed()
    owing.enter(instrument, "issued", date(2026, 7, 10), reference="7/NĐ-CP", note="Chưa ghi các bước trước")
    owing.other_document("nd7", "7", date(2026, 7, 10))
    client = drafter(owing)
    assert client.post(ONE + "ban-hanh/", {"document": "khong-co"}).status_code == 422
    assert client.post(ONE + "ban-hanh/", {"document": "nd7"}).status_code == 302
    assert "Nghị định 7/NĐ-CP" in client.get(ONE).content.decode()


def test_a_contradiction_and_its_answer(owing: Owing) -> None:
    owing.owed()
    finance = client_of(owing.state.person(Role.REPORTER, owing.state.finance))
    typed = {"organisation": owing.state.finance.pk, "other": "nq57", "text": "Điều 3 trái điểm 1"}
    assert finance.post(ONE + "mau-thuan/", {**typed, "other": "khong-co"}).status_code == 422
    assert finance.post(ONE + "mau-thuan/", typed).status_code == 302
    conflict = Instrument.objects.get().conflicts.get()
    address = f"{ONE}mau-thuan/{conflict.pk}/tra-loi/"
    assert finance.post(address, {"text": "không"}).status_code == 403
    assert drafter(owing).post(address, {"text": ""}).status_code == 422
    assert drafter(owing).post(address, {"text": "Đã bỏ Điều 3"}).status_code == 302
    assert drafter(owing).post(address, {"text": "Lần nữa"}).status_code == 409
    assert "Đã bỏ Điều 3" in finance.get(ONE).content.decode()
    assert finance.post(f"{ONE}mau-thuan/999/tra-loi/", {"text": "x"}).status_code == 404


def test_times_of_the_law(owing: Owing) -> None:
    client = keeper(owing)
    typed = {"type": "decree", "stage": "opinions", "days": "20", "counting": "calendar", "valid_from": "2026-01-01"}
    assert client.post(CLOCKS + "ghi/", typed).status_code == 422
    assert client.post(CLOCKS + "ghi/", {**typed, "legal_basis": "Luật mẫu, Điều 9"}).status_code == 302
    clock = StatutoryClock.objects.get()
    assert client.post(f"{CLOCKS}{clock.pk}/ket-thuc/", {"on": "", "reason": ""}).status_code == 422
    assert client.post(f"{CLOCKS}{clock.pk}/ket-thuc/", {"on": "2026-09-30", "reason": "Luật mới"}).status_code == 302
    assert client.post(f"{CLOCKS}{clock.pk}/ket-thuc/", {"on": "2026-09-30", "reason": "Luật"}).status_code == 409
    assert client.post(f"{CLOCKS}999/ket-thuc/", {"on": "2026-09-30", "reason": "Luật"}).status_code == 404
    assert "30/09/2026" in client.get(CLOCKS).content.decode()
    other = client_of(owing.state.person(Role.STEERING_OFFICE, owing.state.province))
    assert other.post(CLOCKS + "ghi/", {**typed, "legal_basis": "Luật"}).status_code == 403


def test_strangers_see_nothing_of_a_hidden_resolution(db: None) -> None:
    owing = make_owing("secret")
    owing.owed()
    finance = client_of(owing.state.person(Role.REPORTER, owing.state.finance))
    for address in (ONE, OWED, ONE + "giai-doan/"):
        method = finance.post if address.endswith("giai-doan/") else finance.get
        assert method(address).status_code == 404, address
    assert "Nghị định" not in finance.get("/lam-viec/the-che/co-quan/bo-khoa-hoc/").content.decode()
