"""Taking a file in: once, kept by its content, refused with a sentence."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.intake.app.world import World
from thucthi.intake.actions import take_in
from thucthi.intake.models import SourceFile
from thucthi.intake.selectors.files import Progress, name_of, standing_of
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.kernel.kept_files import read
from thucthi.ledger.models import Entry


def jobs() -> list[dict[str, object]]:
    return list(ProcrastinateJob.objects.filter(task_name="intake.read_file").values_list("args", flat=True))


def test_a_file_is_kept_and_its_reading_asked_for(world: World) -> None:
    file = world.file(b"Noi dung", "C:\\ho so\\Phu luc.docx")
    assert (file.file_name, file.size, file.uploaded_by_id) == ("Phu luc.docx", 8, world.editor.account_id)
    assert read(name_of(file)) == b"Noi dung"
    assert name_of(file) == f"intake/{file.sha256[:2]}/{file.sha256}.docx"
    assert jobs() == [{"file_id": file.pk}]
    assert standing_of(file).progress == Progress.WAITING
    entry = Entry.objects.get(event="source_file.taken_in")
    assert (entry.subject_id, entry.content["sha256"]) == (file.pk, file.sha256)


def test_the_same_bytes_again_create_nothing(world: World) -> None:
    first = world.file(b"mot", "mot.txt")
    entries = Entry.objects.count()
    assert world.file(b"mot", "ten khac.txt") == first
    assert (SourceFile.objects.count(), Entry.objects.count(), len(jobs())) == (1, entries, 1)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.txt", b" \n", "Tệp “a.txt” rỗng. Hãy chọn lại tệp có nội dung."),
        ("a.docm", b"x", "Tệp “a.docm” là loại có macro. Hãy lưu lại thành tệp không có macro rồi tải lại."),
        (
            "a.exe",
            b"x",
            "Tệp “a.exe” không thuộc loại đọc được. Hãy dùng DOCX, XLSX, XLS, ODS, PDF, TXT, MD hoặc HTML.",
        ),
        (
            "a.doc",
            b"x",
            "Tệp “a.doc” thuộc loại Word cũ. Hãy mở bằng Word, chọn “Lưu thành” loại .docx rồi tải lại.",
        ),
        ("a.pdf", b"x" * 11, "Tệp “a.pdf” lớn hơn 0 MB. Hãy tách phần cần đọc thành tệp nhỏ hơn rồi tải lại."),
    ],
)
def test_a_bad_file_is_refused_and_nothing_kept(
    world: World, settings: object, name: str, content: bytes, sentence: str
) -> None:
    settings.EVIDENCE_MAX_BYTES = 10  # type: ignore[attr-defined]
    entries = Entry.objects.count()
    with pytest.raises(Refused) as refusal:
        world.file(content, name)
    assert [(fault.field, fault.text) for fault in refusal.value.faults] == [("file", sentence)]
    assert (SourceFile.objects.count(), Entry.objects.count(), jobs()) == (0, entries, [])


def test_only_the_editors_of_the_organisation_take_in(world: World) -> None:
    with pytest.raises(Forbidden):
        take_in(world.programme, by=world.outsider, file_name="a.txt", content=b"x")
    assert (SourceFile.objects.count(), jobs()) == (0, [])


def test_an_issued_programme_takes_nothing_in(world: World) -> None:
    world.programme.issued_on, world.programme.issued_as = world.document.issued_on, "01/CTr"
    world.programme.save()
    with pytest.raises(Refused):
        world.file()
    assert SourceFile.objects.count() == 0
