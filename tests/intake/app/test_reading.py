"""The steps of a reading, and a new version of a document."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from tests.intake.app.world import TODAY, WARNING, World, clause, reading_of, task_of
from thucthi.directory.access import SYSTEM
from thucthi.intake.actions import (
    accept_draft,
    drop_draft,
    fail_reading,
    keep_reading,
    read_again,
    split_draft,
    start_reading,
)
from thucthi.intake.models import DocumentReading, Quotation, SourceFile, TaskDraft
from thucthi.intake.selectors.files import Progress, standing_of
from thucthi.intake.selectors.review import changes_of, left_out
from thucthi.kernel.deadlines import parse_deadline
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry

FIRST = task_of("Kết nối mười hai cơ sở dữ liệu dùng chung.")
SECOND = task_of("Đào tạo 500 cán bộ về an toàn thông tin.")


def events() -> list[str]:
    return list(Entry.objects.filter(event__startswith="reading.").order_by("pk").values_list("event", flat=True))


def test_the_steps_are_told_one_after_the_other(world: World) -> None:
    file = world.file()
    start_reading(file, by=SYSTEM)
    assert standing_of(file).progress == Progress.READING
    fail_reading(file, by=SYSTEM, sentence="Tệp bị hỏng.")
    failed = standing_of(file)
    assert (failed.progress, failed.sentence) == (Progress.FAILED, "Tệp bị hỏng.")
    assert not TaskDraft.objects.exists()
    read_again(file, by=world.editor)
    assert standing_of(file).progress == Progress.WAITING
    keep_reading(file, by=SYSTEM, reading=reading_of(FIRST))
    assert standing_of(SourceFile.objects.get()).progress == Progress.READY
    assert events() == ["reading.started", "reading.failed", "reading.asked_again", "reading.kept"]


def test_a_reading_is_asked_again_only_when_it_failed(world: World) -> None:
    file = world.file()
    with pytest.raises(Refused):
        read_again(file, by=world.editor)
    assert standing_of(file).progress == Progress.WAITING
    assert events() == []


def test_what_was_read_is_kept_whole(world: World) -> None:
    clauses = (clause("I", 0, 10, "PHỤ LỤC"),)
    task = replace(FIRST, coordinators=("UBND tỉnh An Bình",), cell="bảng 1 dòng 2", index="1", doubts=("Xem lại.",))
    kept = world.read(reading_of(task, SECOND, clauses=clauses, warnings=(WARNING,)))
    assert (kept.number, kept.title, kept.issued_on.isoformat()) == ("57-NQ/TW", "Về đột phá", "2024-12-22")
    assert kept.warnings == [{"where": "Phụ lục", "text": "Văn bản nêu 10 nhóm, đọc được 7 nhóm."}]
    first, second = kept.drafts.all()
    assert kept.text[first.start : first.end] == FIRST.text
    assert (first.lead_text, first.coordinators_text, first.deadline_raw) == (
        "Bộ Tài chính",
        "UBND tỉnh An Bình",
        "Quý IV/2026",
    )
    assert (first.cell, first.index, first.doubts, str(first.confidence)) == (
        "bảng 1 dòng 2",
        "1",
        ["Xem lại."],
        "0.950",
    )
    assert second.position == 1
    assert kept.tasks[0]["deadline"]["end"] == "2026-12-31"


def test_a_letter_that_the_database_cannot_keep_moves_no_place(world: World) -> None:
    kept = world.read(reading_of(task_of("Kết nối\x00 dữ liệu")))
    draft = kept.drafts.get()
    assert draft.text == "Kết nối\ufffd dữ liệu" == kept.text[draft.start : draft.end]


def test_a_file_is_read_once(world: World) -> None:
    kept = world.read(reading_of(FIRST))
    with pytest.raises(Stale):
        keep_reading(kept.file, by=SYSTEM, reading=reading_of(SECOND))
    assert (DocumentReading.objects.count(), TaskDraft.objects.count()) == (1, 1)


def test_nobody_else_writes_a_reading(world: World) -> None:
    file = world.file()
    with pytest.raises(Forbidden):
        keep_reading(file, by=world.outsider, reading=reading_of(FIRST))
    assert not DocumentReading.objects.exists()


@pytest.mark.parametrize("model", [SourceFile, DocumentReading])
def test_files_and_readings_are_facts(world: World, model: type) -> None:
    world.read(reading_of(FIRST))
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().delete()  # type: ignore[attr-defined]
    assert model.objects.count() == 1  # type: ignore[attr-defined]


def test_clauses_that_no_task_cites_are_listed(world: World) -> None:
    heading, text = "I. NHIỆM VỤ", FIRST.text
    begin = len(heading) + 1
    end = begin + len(text)
    clauses = (
        clause("I", 0, begin, heading),
        clause("I.1", begin, end, text, parent=0),
        clause("I.2", end, end + 1 + len(SECOND.text), SECOND.text, parent=0),
    )
    kept = world.read(reading_of(FIRST, SECOND, heading=heading, clauses=clauses))
    assert [row.path for row in left_out(kept)] == ["I", "I.1", "I.2"]
    accept_draft(kept.drafts.first(), by=world.editor, on=TODAY)
    assert [(row.path, row.words) for row in left_out(kept)] == [("I.2", SECOND.text)]


def test_a_new_version_carries_decisions_over_and_shows_what_changed(world: World) -> None:
    third, fourth = task_of("Xây dựng cổng dữ liệu mở quốc gia."), task_of("Tổ chức hội thảo tổng kết.")
    old = world.read(reading_of(FIRST, SECOND, third, fourth))
    one, two, three, four = old.drafts.order_by("position")
    tasks = [accept_draft(row, by=world.editor, on=TODAY) for row in (one, two, four)]
    drop_draft(three, by=world.editor)
    later = replace(SECOND, deadline=parse_deadline("Quý I/2027"))
    added = task_of("Ban hành quy chế quản lý dữ liệu chuyên ngành.")
    new = world.read(reading_of(added, third, later, FIRST, heading="PHỤ LỤC (thay thế)"))
    assert new.earlier == old
    drafts = {row.text: row for row in new.drafts.all()}
    assert [drafts[row.text].task for row in (FIRST, later, third, added)] == [tasks[0], tasks[1], None, None]
    assert [drafts[row.text].state for row in (third, added)] == ["dropped", "kept"]
    quoted = {row.task: new.text[row.start : row.end] for row in Quotation.objects.filter(reading=new)}
    assert quoted == {tasks[0]: FIRST.text, tasks[1]: SECOND.text}
    changes = changes_of(new)
    assert [row.text for row in changes.added] == [added.text]
    assert [(row.draft.text, row.differences) for row in changes.changed] == [
        (SECOND.text, (("Thời hạn", "Quý IV/2026", "Quý I/2027"),))
    ]
    assert [(row.text, row.task) for row in changes.gone] == [(fourth.text, tasks[2])]
    assert changes.same == 2
    kept = Entry.objects.filter(event="reading.kept").latest("pk").content
    assert {name: kept[name] for name in ("same", "changed", "added", "removed", "remapped")} == {
        "same": 2,
        "changed": 1,
        "added": 1,
        "removed": 1,
        "remapped": 2,
    }


def test_the_parts_of_a_split_draft_find_their_words_again(world: World) -> None:
    whole = task_of("Kết nối mười hai cơ sở dữ liệu. Đào tạo 500 cán bộ.")
    old = world.read(reading_of(whole))
    parts = split_draft(
        old.drafts.get(), by=world.editor, parts=["Kết nối mười hai cơ sở dữ liệu.", "Đào tạo 500 cán bộ."]
    )
    tasks = [accept_draft(part, by=world.editor, on=TODAY) for part in parts]
    new = world.read(reading_of(whole, heading="PHỤ LỤC mới"))
    quoted = {row.task: new.text[row.start : row.end] for row in Quotation.objects.filter(reading=new)}
    assert quoted == dict.fromkeys(tasks, whole.text)


def test_a_chosen_earlier_file_counts_without_a_number(world: World) -> None:
    old = world.read(reading_of(FIRST, number=None))
    new = world.read(reading_of(FIRST, number=None, heading="Bản hai"), replaces=old.file)
    assert new.earlier == old
    assert changes_of(new).same == 1
