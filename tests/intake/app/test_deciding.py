"""What people make of drafts."""

from datetime import date
from decimal import Decimal

import pytest

from tests.intake.app.world import TODAY, World, reading_of, task_of
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import NewEvent, record_event
from thucthi.intake.actions import (
    accept_above,
    accept_draft,
    assign_bodies,
    correct_draft,
    drop_draft,
    merge_drafts,
    restore_draft,
    split_draft,
)
from thucthi.intake.actions.deciding import Correction
from thucthi.intake.models import Quotation, TaskDraft
from thucthi.intake.reading.shapes import Succession
from thucthi.intake.selectors.drafts import judged, rows_of
from thucthi.intake.selectors.review import tally_of
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import remove_draft_task
from thucthi.programmes.models import Task

CONNECT = "Kết nối mười hai cơ sở dữ liệu."


def entries() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("event", flat=True))


def test_an_accepted_draft_is_a_task_that_cites_its_words(world: World) -> None:
    (draft,) = world.drafts(task_of(CONNECT, coordinators=("UBND tỉnh An Bình", "Các bộ, ngành"), group="DỮ LIỆU"))
    before = len(entries())
    task = accept_draft(draft, by=world.editor, on=TODAY)
    assert (task.text, task.lead, task.product, task.deadline_raw) == (
        CONNECT,
        world.state.finance,
        "Báo cáo",
        "Quý IV/2026",
    )
    assert task.resolved_end == date(2026, 12, 31)
    assert task.group is not None
    assert task.group.title == "Dữ liệu"
    assert list(task.coordinators.all()) == [world.state.province]
    assert [row.path for row in task.clauses.all()] == ["1"]
    quotation = Quotation.objects.get(task=task)
    assert quotation.reading.text[quotation.start : quotation.end] == CONNECT
    assert entries()[before:] == ["tasks.added", "draft.accepted"]
    draft.refresh_from_db()
    assert draft.task == task


def test_the_lead_of_the_documents_day_is_followed_to_todays(world: World) -> None:
    world.dissolve_finance()
    (draft,) = world.drafts(task_of(CONNECT))
    (row,) = rows_of([draft], draft.reading, TODAY)
    assert row.bodies.lead.rule == (
        "Bộ Tài chính nay là Bộ Khoa học (hợp nhất từ 01/01/2026, theo Nghị quyết mẫu 176)."
    )
    assert accept_draft(draft, by=world.editor, on=TODAY).lead == world.state.science


def test_a_deadline_that_only_the_documents_day_explains_is_written_as_a_day(world: World) -> None:
    (draft,) = world.drafts(task_of(CONNECT, deadline=None))
    draft.deadline_raw = "Quý IV"
    draft.save()
    task = accept_draft(draft, by=world.editor, on=TODAY)
    assert (task.deadline_raw, task.resolved_end) in [("31/12/2024", date(2024, 12, 31)), ("Quý IV", None)]


@pytest.mark.parametrize(
    ("lead", "collective", "sentence"),
    [
        ((), False, "Chưa thấy cơ quan chủ trì. Đề nghị ghi một cơ quan."),
        (("Bộ Vô Danh",), False, "Danh mục chưa có cơ quan “Bộ Vô Danh”."),
        (
            ("Các bộ, ngành",),
            True,
            "“Các bộ, ngành” là một tập thể. Đề nghị chọn từng cơ quan, mỗi cơ quan một nhiệm vụ.",
        ),
        (
            ("Bộ Tài chính", "Bộ Khoa học"),
            False,
            "Có 2 cơ quan cùng chủ trì: Bộ Tài chính; Bộ Khoa học. Đề nghị giữ một, hoặc tách thành từng nhiệm vụ.",
        ),
    ],
)
def test_without_one_lead_nothing_is_accepted(
    world: World, lead: tuple[str, ...], collective: bool, sentence: str
) -> None:
    (draft,) = world.drafts(task_of(CONNECT, lead=lead, collective_lead=collective))
    before = entries()
    with pytest.raises(Refused) as refusal:
        accept_draft(draft, by=world.editor, on=TODAY)
    assert [(fault.field, fault.text) for fault in refusal.value.faults] == [("lead", sentence)]
    assert (Task.objects.count(), Quotation.objects.count(), entries()) == (0, 0, before)


def test_a_group_becomes_one_record_per_body(world: World) -> None:
    (draft,) = world.drafts(task_of(CONNECT, lead=("UBND các tỉnh",), collective_lead=True))
    made = assign_bodies(draft, by=world.editor, bodies=[world.state.province, world.state.elsewhere])
    assert [row.lead for row in made] == [world.state.province, world.state.elsewhere]
    tasks = [accept_draft(row, by=world.editor, on=TODAY) for row in made]
    assert [task.lead for task in tasks] == [world.state.province, world.state.elsewhere]
    assert entries().count("draft.assigned") == 1


def test_many_are_accepted_and_the_others_named(world: World) -> None:
    drafts = world.drafts(
        task_of("Xây dựng kho dữ liệu."),
        task_of("Ban hành quy chế.", lead=("Các bộ, ngành",), collective_lead=True),
        task_of("Rà soát danh mục.", confidence=0.4),
        task_of("Đào tạo cán bộ.", lead=("Bộ Khoa học",)),
        task_of("Công bố số liệu.", product="x" * 10, resources="n" * 301),
    )
    before = len(entries())
    done = accept_above(drafts[0].reading, by=world.editor, least=Decimal("0.8"), on=TODAY)
    assert [task.text for task in done.tasks] == ["Xây dựng kho dữ liệu.", "Đào tạo cán bộ."]
    assert [(row.draft, row.reason) for row in done.left] == [
        (drafts[1], "“Các bộ, ngành” là một tập thể. Đề nghị chọn từng cơ quan, mỗi cơ quan một nhiệm vụ."),
        (drafts[4], "Nội dung này dài quá 300 chữ. Đề nghị rút gọn."),
    ]
    assert entries()[before:] == ["tasks.added", "drafts.accepted"]
    tally = tally_of(list(drafts[0].reading.drafts.all()))
    assert (tally.waiting, tally.accepted, tally.dropped) == (3, 2, 0)
    again = accept_above(drafts[0].reading, by=world.editor, least=Decimal("0.8"), on=TODAY)
    assert (again.tasks, Task.objects.count()) == ((), 2)


def test_a_draft_whose_task_was_taken_out_waits_again(world: World) -> None:
    (draft,) = world.drafts(task_of(CONNECT))
    remove_draft_task(accept_draft(draft, by=world.editor, on=TODAY), by=world.editor)
    draft.refresh_from_db()
    assert (draft.task, Quotation.objects.count()) == (None, 0)
    assert accept_draft(draft, by=world.editor, on=TODAY).text == CONNECT


def test_an_accepted_draft_is_not_decided_on_twice(world: World) -> None:
    (draft,) = world.drafts(task_of(CONNECT))
    accept_draft(draft, by=world.editor, on=TODAY)
    for act in (
        lambda: accept_draft(draft, by=world.editor, on=TODAY),
        lambda: drop_draft(draft, by=world.editor),
        lambda: split_draft(draft, by=world.editor, parts=["a", "b"]),
    ):
        with pytest.raises(Stale):
            act()
    assert Task.objects.count() == 1


def test_verdicts_follow_the_words_of_the_draft(world: World) -> None:
    (draft,) = world.drafts(task_of("Kết nối 12 cơ sở dữ liệu", deadline=None))

    def verdicts() -> dict[str, str]:
        row = judged(rows_of([draft], draft.reading, TODAY), world.programme, TODAY)[0]
        return {mark.criterion: mark.state for mark in row.marks}

    assert (verdicts()["thoi_gian"], verdicts()["tham_quyen"]) == ("missing", "met")
    said = Correction(text=draft.text, lead_text="Bộ Tài chính", deadline_raw="31/12/2026", product="Báo cáo")
    draft = correct_draft(draft, by=world.editor, correction=said, version=1)
    assert verdicts()["thoi_gian"] == "doubtful"


def test_correcting_keeps_the_place_and_the_words_before_in_the_ledger(world: World) -> None:
    (draft,) = world.drafts(task_of(CONNECT, doubts=("Xem lại.",)))
    place = (draft.start, draft.end)
    said = Correction(text="Kết nối 15 cơ sở dữ liệu", lead=world.state.science, lead_text="bo-khoa-hoc")
    saved = correct_draft(draft, by=world.editor, correction=said, version=1)
    assert (saved.text, saved.lead, (saved.start, saved.end), saved.doubts, saved.version) == (
        "Kết nối 15 cơ sở dữ liệu",
        world.state.science,
        place,
        [],
        2,
    )
    assert Entry.objects.latest("pk").content["before"]["text"] == CONNECT
    with pytest.raises(Stale):
        correct_draft(draft, by=world.editor, correction=said, version=1)
    with pytest.raises(Refused):
        correct_draft(draft, by=world.editor, correction=Correction(text=" "), version=2)
    assert TaskDraft.objects.get().text == "Kết nối 15 cơ sở dữ liệu"


def test_dropping_can_be_taken_back(world: World) -> None:
    (draft,) = world.drafts(task_of(CONNECT))
    assert drop_draft(draft, by=world.editor).state == "dropped"
    with pytest.raises(Stale):
        accept_draft(draft, by=world.editor, on=TODAY)
    assert restore_draft(draft, by=world.editor).state == "kept"
    with pytest.raises(Stale):
        restore_draft(draft, by=world.editor)
    assert entries()[-2:] == ["draft.dropped", "draft.restored"]


def test_the_parts_of_a_split_are_lit_at_their_own_words(world: World) -> None:
    (draft,) = world.drafts(task_of("Kết nối dữ liệu; đào tạo cán bộ; việc khác"))
    made = split_draft(draft, by=world.editor, parts=["Kết nối dữ liệu", "đào tạo cán bộ", "Viết khác hẳn"])
    text = draft.reading.text
    assert [text[row.start : row.end] for row in made] == ["Kết nối dữ liệu", "đào tạo cán bộ", draft.text]
    assert [row.lead_text for row in made] == ["Bộ Tài chính"] * 3
    assert TaskDraft.objects.count() == 3
    with pytest.raises(Refused):
        split_draft(made[0], by=world.editor, parts=["một phần"])
    assert TaskDraft.objects.count() == 3


def test_merged_drafts_are_one_from_the_first_word_to_the_last(world: World) -> None:
    first, second, other = world.drafts(
        task_of("Kết nối dữ liệu.", product="Hệ thống"),
        task_of("Đào tạo cán bộ.", lead=("Bộ Khoa học",), product="500 cán bộ", confidence=0.7),
        task_of("Việc thứ ba."),
    )
    kept = merge_drafts(first, by=world.editor, others=[second])
    assert kept.reading.text[kept.start : kept.end] == "Kết nối dữ liệu.\nĐào tạo cán bộ."
    assert (kept.text, kept.product, kept.lead_text, str(kept.confidence)) == (
        "Kết nối dữ liệu; Đào tạo cán bộ",
        "Hệ thống; 500 cán bộ",
        "Bộ Tài chính",
        "0.700",
    )
    second.refresh_from_db()
    assert second.state == "merged"
    with pytest.raises(Refused):
        merge_drafts(other, by=world.editor, others=[])
    with pytest.raises(Stale):
        merge_drafts(other, by=world.editor, others=[second])
    assert [row.state for row in TaskDraft.objects.order_by("position")] == ["kept", "merged", "kept"]


def test_different_deadlines_are_named_when_merged(world: World) -> None:
    first, second = world.drafts(task_of("Kết nối dữ liệu."), task_of("Đào tạo cán bộ.", deadline=None))
    second.deadline_raw = "Năm 2027"
    second.save()
    kept = merge_drafts(first, by=world.editor, others=[second])
    assert (kept.deadline_raw, kept.doubts) == (
        "Quý IV/2026",
        ["Các bản gộp có thời hạn khác nhau: Quý IV/2026; Năm 2027."],
    )


def test_nobody_else_decides(world: World) -> None:
    first, second = world.drafts(task_of(CONNECT), task_of("Đào tạo cán bộ."))
    before = entries()
    said = Correction(text="Khác")
    for act in (
        lambda: accept_draft(first, by=world.outsider, on=TODAY),
        lambda: accept_above(first.reading, by=world.outsider, least=Decimal(0), on=TODAY),
        lambda: correct_draft(first, by=world.outsider, correction=said, version=1),
        lambda: drop_draft(first, by=world.outsider),
        lambda: restore_draft(first, by=world.outsider),
        lambda: split_draft(first, by=world.outsider, parts=["a", "b"]),
        lambda: merge_drafts(first, by=world.outsider, others=[second]),
        lambda: assign_bodies(first, by=world.outsider, bodies=[world.state.science]),
    ):
        with pytest.raises(Forbidden):
            act()
    assert (Task.objects.count(), entries()) == (0, before)


def test_two_readings_are_not_merged(world: World) -> None:
    (first,) = world.drafts(task_of(CONNECT))
    other = world.read(reading_of(task_of("Đào tạo cán bộ."), number="58-NQ/TW", heading="Khác")).drafts.get()
    with pytest.raises(Refused):
        merge_drafts(first, by=world.editor, others=[other])
    assert TaskDraft.objects.filter(state="merged").count() == 0


def followed(world: World, *heirs: str, is_certain: bool = True) -> TaskDraft:
    """A draft whose reader knew what became of the ministry of finance."""
    said = Succession("Bộ Tài chính", heirs, date(2026, 1, 1), "Theo nội dung việc.", is_certain)
    return world.drafts(task_of(CONNECT, successions=(said,)))[0]


def lead_of(draft: TaskDraft) -> tuple[object, str, str]:
    found = rows_of([draft], draft.reading, TODAY)[0].bodies.lead
    return found.organisation, found.rule, found.trouble


def test_among_several_heirs_the_reader_may_know_which_one(world: World) -> None:
    record_event(
        by=SYSTEM,
        event=NewEvent(
            code="chia",
            kind="split",
            effective_on=date(2026, 1, 1),
            legal_basis="Nghị quyết mẫu",
            predecessors=(world.state.finance,),
            successors=(world.state.science, world.state.province),
        ),
    )
    assert lead_of(followed(world, "Bộ Khoa học")) == (world.state.science, "Theo nội dung việc.", "")


def test_an_heir_of_whom_nobody_is_certain_is_chosen_by_a_person(world: World) -> None:
    record_event(
        by=SYSTEM,
        event=NewEvent(
            code="chia",
            kind="split",
            effective_on=date(2026, 1, 1),
            legal_basis="Nghị quyết mẫu",
            predecessors=(world.state.finance,),
            successors=(world.state.science, world.state.province),
        ),
    )
    organisation, _rule, trouble = lead_of(followed(world, "Bộ Khoa học", is_certain=False))
    assert (organisation, trouble) == (
        None,
        "Bộ Tài chính nay do nhiều cơ quan tiếp nhận: Bộ Khoa học; UBND tỉnh An Bình. Đề nghị chọn một.",
    )


def test_where_directory_and_reader_differ_a_person_chooses(world: World) -> None:
    world.dissolve_finance()
    organisation, _rule, trouble = lead_of(followed(world, "UBND tỉnh An Bình"))
    assert (organisation, trouble) == (
        None,
        "Danh mục ghi Bộ Khoa học tiếp nhận, còn theo nội dung việc thì có thể là UBND tỉnh An Bình. Đề nghị chọn một.",
    )


def test_a_body_that_the_directory_lacks_is_followed_by_the_readers_rule(world: World) -> None:
    said = Succession("Bộ Cũ", ("Bộ Khoa học",), date(2025, 3, 1), "Bộ Cũ nay là Bộ Khoa học.", True)
    (draft,) = world.drafts(task_of(CONNECT, lead=("Bộ Cũ",), successions=(said,)))
    assert lead_of(draft) == (world.state.science, "Bộ Cũ nay là Bộ Khoa học.", "")
