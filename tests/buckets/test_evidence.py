"""Evidence in a bucket of a real server: it comes back, and nothing is lost when the store does not answer."""

import io
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse
from PIL import Image

from tests.buckets.server import EVIDENCE, Store
from tests.intake.app.world import World as Documents
from tests.intake.app.world import make_world as make_documents
from tests.kept_states import Kept
from tests.reporting.test_pages import address, faults_shown, form_of, signed_in
from tests.reporting.world import CSV, World, make_world
from thucthi.directory.models import Role
from thucthi.intake.models import ReadingStep, SourceFile
from thucthi.intake.tasks import read_file
from thucthi.kernel import buckets
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.errors import NotVisible, Refused
from thucthi.kernel.kept_files import keep, read
from thucthi.ledger.models import Entry
from thucthi.reporting.actions import store_evidence
from thucthi.reporting.models import Evidence

SORRY = (
    "Kho tệp của hệ thống hiện không nhận được tệp nên tệp chưa được lưu; những gì đã nhập vẫn còn nguyên. "
    "Xin thử lại sau ít phút; nếu vẫn vậy, xin báo người quản trị hệ thống."
)


def key_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def picture() -> bytes:
    made = io.BytesIO()
    Image.effect_noise((60, 40), 80).save(made, "PNG")
    return made.getvalue()


def upload(client: Any, world: World, content: bytes = CSV) -> Any:
    file = SimpleUploadedFile("số liệu.csv", content)
    return client.post(address("store_report_evidence", world.this_week), {"note": "Đang gõ dở.", "file": file})


def test_what_is_uploaded_lies_in_the_bucket_and_comes_back(world: World, store: Store, settings: Any) -> None:
    store.evidence(settings)
    client = signed_in(world)
    assert upload(client, world).status_code == 302
    kept = Evidence.objects.get()
    assert store.names(EVIDENCE) == [key_of(sha256_hex(CSV))]
    answer = client.get(reverse("reporting:evidence", args=[kept.pk]))
    assert b"".join(answer.streaming_content) == CSV
    assert (answer["Content-Length"], answer["Content-Type"]) == (str(len(CSV)), "text/csv; charset=utf-8")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''s%E1%BB%91")
    assert not settings.EVIDENCE_ROOT.exists()


def test_the_same_content_twice_is_one_object(world: World, store: Store, settings: Any) -> None:
    store.evidence(settings, location="bo-khoa-hoc")
    client = signed_in(world)
    assert [upload(client, world).status_code for _ in range(2)] == [302, 302]
    assert (Evidence.objects.count(), store.names(EVIDENCE)) == (1, [f"bo-khoa-hoc/{key_of(sha256_hex(CSV))}"])


def test_a_picture_is_drawn_anew_before_it_leaves_the_machine(world: World, store: Store, settings: Any) -> None:
    store.evidence(settings)
    content = picture() + b"PK\x03\x04 tail"
    kept = store_evidence(world.this_week, by=world.reporter(), file_name="anh.png", content=content)
    stored = store.client().get_object(Bucket=EVIDENCE, Key=key_of(kept.sha256))["Body"].read()
    assert (sha256_hex(stored), b"tail" in stored) == (kept.sha256, False)


def test_nobody_reaches_an_object_without_the_application(world: World, store: Store, settings: Any) -> None:
    store.evidence(settings)
    upload(signed_in(world), world)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{store.endpoint}/{EVIDENCE}/{key_of(sha256_hex(CSV))}", timeout=5)  # noqa: S310 - ours
    assert refused.value.code in {400, 403}
    with pytest.raises(NotImplementedError):
        default_storage.url(key_of(sha256_hex(CSV)))
    elsewhere = signed_in(world, Role.REPORTER, world.state.elsewhere)
    assert elsewhere.get(reverse("reporting:evidence", args=[Evidence.objects.get().pk])).status_code == 404


def nothing_moved(store: Store) -> None:
    assert (Evidence.objects.count(), Entry.objects.count(), store.names(EVIDENCE)) == (0, 0, [])


def refused_in_words(answer: Any, world: World) -> None:
    assert (answer.status_code, faults_shown(answer)) == (422, [f"Thêm minh chứng: {SORRY}"])
    assert form_of(answer, f"{world.this_week.period_key}/")["note"] == "Đang gõ dở."


@pytest.mark.parametrize("wrong", [{"secret_key": "sai"}, {"access_key": "ai-do"}, {"bucket_name": "khong-co"}])
def test_a_wrong_key_is_a_sentence_and_nothing_moves(
    world: World, store: Store, settings: Any, wrong: dict[str, str]
) -> None:
    store.evidence(settings, **wrong)
    refused_in_words(upload(signed_in(world), world), world)
    nothing_moved(store)


def test_a_server_that_is_down_is_a_sentence_and_afterwards_the_same_form_goes_through(
    world: World, store: Store, settings: Any
) -> None:
    store.evidence(settings)
    client = signed_in(world)
    store.stop()
    refused_in_words(upload(client, world), world)
    store.start()
    nothing_moved(store)
    assert upload(client, world).status_code == 302
    assert (Evidence.objects.count(), store.names(EVIDENCE)) == (1, [key_of(sha256_hex(CSV))])


def test_a_server_that_says_nothing_is_given_up_in_time(world: World, store: Store, settings: Any) -> None:
    assert buckets.LONGEST < 15
    store.evidence(settings, longest=0.5)
    with store.frozen():
        answer = upload(signed_in(world), world)
        refused_in_words(answer, world)
        assert (Evidence.objects.count(), Entry.objects.count()) == (0, 0)


def test_what_cannot_be_read_now_is_not_called_lost(world: World, store: Store, settings: Any) -> None:
    store.evidence(settings)
    client = signed_in(world)
    upload(client, world)
    where = reverse("reporting:evidence", args=[Evidence.objects.get().pk])
    store.stop()
    answer = client.get(where)
    assert answer.status_code == 503
    assert "Kho tệp của hệ thống hiện không trả lời; tệp vẫn được giữ nguyên trong kho." in answer.content.decode()
    store.start()
    assert client.get(where).status_code == 200


@pytest.mark.parametrize("change", ["changed", "cut", "gone"])
def test_an_object_that_is_not_what_was_kept_is_not_handed_out(
    world: World, store: Store, settings: Any, change: str
) -> None:
    store.evidence(settings)
    client = signed_in(world)
    upload(client, world)
    at = {"Bucket": EVIDENCE, "Key": key_of(sha256_hex(CSV))}
    if change == "gone":
        store.client().delete_object(**at)
    else:
        store.client().put_object(**at, Body=CSV.replace(b"3", b"9", 1) if change == "changed" else CSV[:-1])
    answer = client.get(reverse("reporting:evidence", args=[Evidence.objects.get().pk]))
    assert answer.status_code == 404
    assert "Tệp này hiện không đọc được trong kho. Hãy báo người quản trị hệ thống." in answer.content.decode()


def test_whoever_waits_for_the_store_holds_nobody_up(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    seen = []

    def locked_meanwhile(name: str, content: bytes) -> None:
        with psycopg.connect(fresh_database) as another:
            another.execute("SELECT set_config('thucthi.viewer', 'system', false)")
            row = another.execute(
                "SELECT id FROM programmes_task WHERE id = %s FOR UPDATE NOWAIT", [world.this_week.task_id]
            ).fetchone()
            seen.append(row == (world.this_week.task_id,))

    monkeypatch.setattr("thucthi.reporting.actions.evidence.keep", locked_meanwhile)
    store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=CSV)
    assert (seen, Evidence.objects.count()) == ([True], 1)
    connections.close_all()


NODE = "import sys, django; django.setup(); from thucthi.kernel.kept_files import keep, read; "


def on_another_node(store: Store, state: Path, program: str) -> bytes:
    """A process that knows the settings of the environment and has an empty disk."""
    told = store.whole_environment() | {"THUCTHI_STATE": str(state)}
    done = subprocess.run([sys.executable, "-c", NODE + program], env=told, check=True, capture_output=True)
    return done.stdout


def test_two_nodes_share_the_bucket_and_keep_nothing(store: Store, settings: Any, tmp_path: Path) -> None:
    store.evidence(settings)
    first, second = key_of(sha256_hex(b"mot")), key_of(sha256_hex(b"hai"))
    keep(first, b"mot")
    program = f"keep({second!r}, b'hai'); sys.stdout.buffer.write(read({first!r}))"
    assert on_another_node(store, tmp_path / "node", program) == b"mot"
    assert read(second) == b"hai"
    assert not (tmp_path / "node" / "evidence").exists()


@pytest.fixture
def documents(kept: Kept[Documents]) -> Documents:
    return kept(make_documents)


def test_a_document_is_read_out_of_the_bucket(documents: Documents, store: Store, settings: Any) -> None:
    store.evidence(settings)
    text = "Bộ Tài chính chủ trì kết nối mười hai cơ sở dữ liệu, hoàn thành trong quý IV năm 2026.".encode()
    file = documents.file(text, "phu-luc.txt")
    assert store.names(EVIDENCE) == [f"intake/{key_of(file.sha256)}.txt"]
    read_file(file_id=file.pk)
    assert "mười hai cơ sở dữ liệu" in SourceFile.objects.get().reading.text


def test_a_document_that_cannot_be_had_is_told_and_read_later(
    documents: Documents, store: Store, settings: Any
) -> None:
    store.evidence(settings)
    file = documents.file("Bộ Tài chính chủ trì.".encode(), "phu-luc.txt")
    store.stop()
    read_file(file_id=file.pk)
    last = ReadingStep.objects.order_by("-pk")[0]
    assert last.sentence == "Kho tệp của hệ thống hiện không trả lời; tệp vẫn được giữ nguyên trong kho."
    with pytest.raises(Refused, match="Kho tệp của hệ thống hiện không nhận được tệp"):
        documents.file(b"khac", "khac.txt")
    assert SourceFile.objects.count() == 1
    store.start()
    read_file(file_id=file.pk)
    assert SourceFile.objects.get().reading.text.strip() == "Bộ Tài chính chủ trì."


def test_planted_a_store_that_forgets_is_noticed(store: Store, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that is acknowledged before the store has it would be lost; the tests above look into the bucket."""
    store.evidence(settings)
    name = key_of(sha256_hex(b"mot"))
    with monkeypatch.context() as planted:
        planted.setattr(buckets.Bucket, "_save", lambda self, name, content: name)
        keep(name, b"mot")
    assert store.names(EVIDENCE) == []
    with pytest.raises(NotVisible):
        read(name)
