"""What the background worker does, with the sandbox in its place."""

from datetime import date
from pathlib import Path

import pytest

from tests.intake.app.world import World, reading_of, task_of
from thucthi.intake.models import DocumentReading, ReadingStep, TaskDraft
from thucthi.intake.reading.files.faults import WITH_PASSWORD, Unreadable
from thucthi.intake.reading.shapes import Reading
from thucthi.intake.selectors.files import Progress, standing_of
from thucthi.intake.tasks import read_file
from thucthi.ledger.models import Entry


def answering(monkeypatch: pytest.MonkeyPatch, answer: Reading | Exception) -> list[Path]:
    asked: list[Path] = []

    def read(path: Path, *, as_of: date | None = None) -> Reading:
        assert as_of is not None
        asked.append(path)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("thucthi.intake.tasks.read_in_sandbox", read)
    return asked


def test_a_file_is_read_once_however_often_it_is_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file = world.file()
    asked = answering(monkeypatch, reading_of(task_of("Kết nối dữ liệu.")))
    read_file(file_id=file.pk)
    read_file(file_id=file.pk)
    assert [(path.name, path.exists()) for path in asked] == [(f"{file.sha256}.txt", False)]
    assert TaskDraft.objects.get().text == "Kết nối dữ liệu."
    assert list(Entry.objects.filter(event__startswith="reading.").order_by("pk").values_list("event", flat=True)) == [
        "reading.started",
        "reading.kept",
    ]


def test_what_cannot_be_read_is_told_in_its_sentence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file = world.file()
    answering(monkeypatch, Unreadable(WITH_PASSWORD))
    read_file(file_id=file.pk)
    standing = standing_of(file)
    assert (standing.progress, standing.sentence) == (Progress.FAILED, WITH_PASSWORD)
    assert not DocumentReading.objects.exists()


def test_an_unforeseen_fault_leaves_nobody_waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file = world.file()
    answering(monkeypatch, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        read_file(file_id=file.pk)
    assert standing_of(file).progress == Progress.FAILED
    assert "lỗi của hệ thống" in ReadingStep.objects.latest("pk").sentence


def test_the_sandbox_reads_a_stored_file(world: World) -> None:
    broken = world.file(b"PK\x03\x04 nothing", "hong.docx")
    read_file(file_id=broken.pk)
    assert standing_of(broken).progress == Progress.FAILED
    assert not TaskDraft.objects.exists()
