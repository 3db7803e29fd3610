"""Owed instruments: who registers what, the order of stages, clocks that freeze, contradictions and their answers."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from tests.documents.instruments_world import TODAY, Owing, make_owing
from tests.kept_states import Kept
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.documents.actions import (
    NewClock,
    NewStep,
    answer_conflict,
    edit_instrument,
    end_statutory_clock,
    enter_stage,
    link_issued_document,
    owe_instrument,
    owe_instruments,
    set_statutory_clock,
    state_conflict,
)
from thucthi.documents.models import ConflictAnswer, Instrument, InstrumentConflict, InstrumentStep, StatutoryClock
from thucthi.documents.selectors.instruments import drafters, instrument_page, pipeline, visible_instruments
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry


@pytest.fixture
def owing(kept: Kept[Owing]) -> Owing:
    return kept(make_owing)


def moved() -> tuple[int, ...]:
    tables = (Instrument, InstrumentStep, StatutoryClock, InstrumentConflict, ConflictAnswer, Entry)
    return tuple(table.objects.count() for table in tables)


def fields(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {fault.field for fault in refused.value.faults}


def test_a_resolution_owes_a_decree(owing: Owing) -> None:
    made = owing.owed()
    assert (made.code, made.due_on, made.version, made.new_procedures) == ("nq57-vb-01", date(2026, 6, 30), 1, None)
    assert owing.owed(title="Nghị định thứ hai").code == "nq57-vb-02"
    entry = Entry.objects.filter(event="instrument.owed").order_by("pk").first()
    assert entry.content["drafter"] == "bo-khoa-hoc"
    assert entry.content["clause"] == "1"


def test_a_deadline_by_an_event_has_no_day_and_keeps_its_words(owing: Owing) -> None:
    made = owing.owed(deadline_raw="sau khi Luật Dữ liệu được thông qua")
    assert (made.due_on, made.deadline_raw) == (None, "sau khi Luật Dữ liệu được thông qua")


def test_all_faults_at_once_and_nothing_moves(owing: Owing) -> None:
    other = owing.other_document("nd1", "1", date(2026, 1, 5))
    bad = owing.content(type="giay", title=" ", deadline_raw="lúc nào đó")
    before = moved()
    with pytest.raises(Refused) as refused:
        owe_instrument(other, by=owing.keeper, content=bad, on=TODAY)
    assert fields(refused) == {"type", "title", "clause", "deadline_raw"}
    assert moved() == before


def test_many_at_once_or_none(owing: Owing) -> None:
    twice = [owing.content(code="a"), owing.content(code="a"), owing.content(title="")]
    before = moved()
    with pytest.raises(Refused) as refused:
        owe_instruments(owing.document, by=owing.keeper, contents=twice, on=TODAY)
    assert fields(refused) == {"2.code", "3.title"}
    assert moved() == before
    made = owe_instruments(owing.document, by=owing.keeper, contents=[owing.content(), owing.content()], on=TODAY)
    assert [row.code for row in made] == ["nq57-vb-01", "nq57-vb-02"]
    assert Entry.objects.filter(event="instruments.owed").count() == 1


def test_only_the_register_owes_and_only_its_people_or_the_drafter_move(owing: Owing) -> None:
    instrument = owing.owed()
    before = moved()
    with pytest.raises(Forbidden):
        owe_instrument(owing.document, by=owing.drafter, content=owing.content(), on=TODAY)
    for stranger in (
        owing.state.viewer(Role.REPORTER, owing.state.finance),
        owing.state.viewer(Role.HEAD, owing.state.government),
        owing.state.viewer(Role.VERIFIER, owing.state.science),
    ):
        with pytest.raises(Forbidden):
            enter_stage(instrument, by=stranger, step=NewStep("proposal", TODAY), on=TODAY)
    assert moved() == before
    enter_stage(instrument, by=owing.keeper, step=NewStep("proposal", TODAY), on=TODAY)


def test_a_changed_deadline_needs_a_decision_and_the_old_one_stays_readable(owing: Owing) -> None:
    instrument = owing.owed()
    later = owing.content(deadline_raw="Quý IV/2026")
    before = moved()
    with pytest.raises(Refused) as refused:
        edit_instrument(instrument, by=owing.keeper, content=later, version=1, on=TODAY)
    assert fields(refused) == {"decision"}
    assert moved() == before
    changed = edit_instrument(
        instrument, by=owing.keeper, content=later, version=1, on=TODAY, decision="Công văn mẫu 5/CV"
    )
    assert (changed.due_on, changed.version) == (date(2026, 12, 31), 2)
    (edit,) = instrument_page(owing.keeper, changed, TODAY).edits
    assert (edit.decision, edit.fields) == ("Công văn mẫu 5/CV", [("deadline_raw", "30/6/2026", "Quý IV/2026")])
    with pytest.raises(Stale):
        edit_instrument(instrument, by=owing.keeper, content=later, version=1, on=TODAY)


def test_words_alone_need_no_decision(owing: Owing) -> None:
    instrument = owing.owed()
    said = owing.content(compliance_cost="Mỗi doanh nghiệp thêm 2 giờ một năm.", new_procedures=0)
    changed = edit_instrument(instrument, by=owing.keeper, content=said, version=1, on=TODAY)
    assert (changed.new_procedures, changed.compliance_cost) == (0, "Mỗi doanh nghiệp thêm 2 giờ một năm.")


def test_stages_in_order_to_force(owing: Owing) -> None:
    instrument = owing.owed()
    for month, stage in enumerate(("proposal", "drafting", "opinions", "appraisal", "submitted"), start=2):
        owing.enter(instrument, stage, date(2026, month, 2))
    owing.enter(instrument, "issued", date(2026, 7, 10), reference="07/2026/NĐ-CP")
    owing.enter(instrument, "in_force", date(2026, 9, 1), reference="07/2026/NĐ-CP")
    row = pipeline(visible_instruments(owing.drafter), TODAY).rows[0]
    assert (row.standing.days_late, row.standing.days_of_waiting) == (10, 253)
    assert row.standing.is_in_force
    assert Entry.objects.filter(event="instrument.stage_entered").count() == 7


def test_what_a_stage_refuses(owing: Owing) -> None:
    instrument = owing.owed()
    owing.enter(instrument, "proposal", date(2026, 3, 2))
    before = moved()
    for step, expected in (
        (NewStep("drafting", date(2026, 11, 3)), {"entered_on"}),
        (NewStep("drafting", date(2026, 3, 1)), {"entered_on"}),
        (NewStep("opinions", date(2026, 4, 1)), {"note"}),
        (NewStep("proposal", date(2026, 4, 1)), {"stage"}),
        (NewStep("issued", date(2026, 4, 1)), {"note", "reference"}),
        (NewStep("in_force", date(2026, 2, 1)), {"stage", "reference", "entered_on"}),
        (NewStep("xong", date(2026, 4, 1)), {"stage"}),
    ):
        with pytest.raises(Refused) as refused:
            enter_stage(instrument, by=owing.drafter, step=step, on=TODAY)
        assert fields(refused) == expected, step
    assert moved() == before


def test_going_back_before_the_issue_needs_a_reason(owing: Owing) -> None:
    instrument = owing.owed(type="circular")
    owing.enter(instrument, "drafting", date(2026, 3, 2))
    owing.enter(instrument, "opinions", date(2026, 4, 2))
    owing.enter(instrument, "drafting", date(2026, 5, 2), note="Tiếp thu ý kiến, viết lại chương II.")
    spans = pipeline(visible_instruments(owing.drafter), TODAY).rows[0].standing.spans
    assert [span.stage for span in spans] == ["drafting", "opinions", "drafting"]


def clock(days: int, counting: str, valid_from: date) -> NewClock:
    return NewClock("decree", "opinions", days, counting, "Luật mẫu, Điều 9", valid_from)


def test_the_clock_of_the_day_is_frozen(owing: Owing) -> None:
    centre = owing.keeper
    first = set_statutory_clock(by=centre, new=clock(20, "calendar", date(2026, 1, 1)))
    instrument = owing.owed()
    owing.enter(instrument, "proposal", date(2026, 2, 2))
    owing.enter(instrument, "drafting", date(2026, 2, 3))
    step = owing.enter(instrument, "opinions", date(2026, 3, 2))
    assert (step.days_allowed, step.clock_ends_on, step.clock_basis) == (20, date(2026, 3, 22), "Luật mẫu, Điều 9")
    second = set_statutory_clock(by=centre, new=clock(5, "working", date(2026, 5, 1)))
    first.refresh_from_db()
    assert (first.valid_to, second.valid_to) == (date(2026, 4, 30), None)
    step.refresh_from_db()
    assert step.days_allowed == 20
    other = owing.owed(title="Nghị định thứ hai")
    later = owing.enter(other, "opinions", date(2026, 6, 1), note="Thủ tục rút gọn")
    assert (later.days_allowed, later.clock_ends_on) == (5, date(2026, 6, 8))
    without = owing.enter(other, "appraisal", date(2026, 6, 9))
    assert (without.days_allowed, without.clock_ends_on, without.clock_basis) == (None, None, "")


def test_times_of_the_law_are_kept_at_the_centre_with_a_basis(owing: Owing) -> None:
    before = moved()
    for stranger in (owing.drafter, owing.state.viewer(Role.STEERING_OFFICE, owing.state.province)):
        with pytest.raises(Forbidden):
            set_statutory_clock(by=stranger, new=clock(20, "calendar", date(2026, 1, 1)))
    bad = NewClock("giay", "issued", 0, "nam", " ", None)
    with pytest.raises(Refused) as refused:
        set_statutory_clock(by=owing.keeper, new=bad)
    assert fields(refused) == {"type", "stage", "days", "counting", "legal_basis", "valid_from"}
    assert moved() == before
    made = set_statutory_clock(by=owing.keeper, new=clock(20, "calendar", date(2026, 1, 1)))
    with pytest.raises(Refused):
        set_statutory_clock(by=owing.keeper, new=clock(10, "calendar", date(2026, 1, 1)))
    end_statutory_clock(made, by=owing.keeper, on=date(2026, 6, 30), reason="Luật mới không quy định nữa")
    with pytest.raises(Stale):
        end_statutory_clock(made, by=owing.keeper, on=date(2026, 6, 30), reason="lần nữa")
    assert StatutoryClock.objects.get().valid_to == date(2026, 6, 30)


def test_no_clock_is_shipped(owing: Owing) -> None:
    assert StatutoryClock.objects.count() == 0


def test_the_issued_text_is_linked_once_and_its_day_must_agree(owing: Owing) -> None:
    instrument = owing.owed()
    right = owing.other_document("nd7", "7", date(2026, 7, 10))
    wrong = owing.other_document("nd8", "8", date(2026, 7, 11))
    before = moved()
    for text in (right, owing.document):
        with pytest.raises(Refused):
            link_issued_document(instrument, by=owing.drafter, issued=text)
    assert moved() == before
    owing.enter(instrument, "issued", date(2026, 7, 10), reference="7/NĐ-CP", note="Chưa ghi các bước trước")
    with pytest.raises(Refused):
        link_issued_document(instrument, by=owing.drafter, issued=wrong)
    assert link_issued_document(instrument, by=owing.drafter, issued=right).issued_document == right
    with pytest.raises(Refused):
        link_issued_document(instrument, by=owing.drafter, issued=right)


def test_a_contradiction_is_stated_and_answered_once(owing: Owing) -> None:
    instrument, other = owing.owed(), owing.other_document("nd1", "1", date(2025, 12, 30))
    finance, viewer = owing.state.finance, owing.state.viewer(Role.REPORTER, owing.state.finance)
    conflict = state_conflict(
        instrument, by=viewer, organisation=finance, text="Điều 3 trái Điều 8", on=TODAY, other_document=other
    )
    assert pipeline(visible_instruments(viewer), TODAY).rows[0].open_conflicts == 1
    before = moved()
    with pytest.raises(Forbidden):
        answer_conflict(conflict, by=viewer, text="Không trái", on=TODAY)
    with pytest.raises(Refused):
        answer_conflict(conflict, by=owing.drafter, text=" ", on=TODAY)
    assert moved() == before
    answer_conflict(conflict, by=owing.drafter, text="Đã bỏ Điều 3", on=TODAY)
    with pytest.raises(Stale):
        answer_conflict(conflict, by=owing.drafter, text="Lần nữa", on=TODAY)
    assert pipeline(visible_instruments(viewer), TODAY).rows[0].open_conflicts == 0


def test_a_contradiction_names_one_other_text_that_one_may_know_of(owing: Owing) -> None:
    instrument, second = owing.owed(), owing.owed(title="Nghị định thứ hai")
    hidden = owing.other_document("mat", "9", date(2026, 1, 5), security="secret")
    finance, viewer = owing.state.finance, owing.state.viewer(Role.REPORTER, owing.state.finance)
    before = moved()
    for named in (
        {},
        {"other_instrument": instrument},
        {"other_document": hidden},
        {"other_document": owing.document, "other_instrument": second},
    ):
        with pytest.raises(Refused):
            state_conflict(instrument, by=viewer, organisation=finance, text="Trái nhau", on=TODAY, **named)
    with pytest.raises(Forbidden):
        state_conflict(
            instrument, by=viewer, organisation=owing.state.science, text="x", on=TODAY, other_instrument=second
        )
    assert moved() == before
    state_conflict(instrument, by=viewer, organisation=finance, text="Trùng", on=TODAY, other_instrument=second)


def test_counts_per_stage_add_up_and_the_longest_wait_comes_first(owing: Owing) -> None:
    for number in range(3):
        owing.owed(title=f"Nghị định {number}")
    waiting, begun, issued = Instrument.objects.order_by("code")
    owing.enter(begun, "proposal", date(2026, 5, 4))
    owing.enter(issued, "issued", date(2026, 5, 4), reference="5/NĐ-CP", note="Chưa ghi các bước trước")
    found = pipeline(visible_instruments(owing.drafter), TODAY)
    assert [row.instrument for row in found.rows] == [waiting, begun, issued]
    assert [each.count for each in found.counts] == [1, 1, 0, 0, 0, 0, 1, 0]
    assert (found.total, found.issued, found.in_force, found.late, found.most_days_late) == (3, 1, 0, 2, 125)
    (row,) = drafters(owing.drafter, TODAY)
    assert (row.drafter, row.pipeline.late) == (owing.state.science, 2)


def test_what_a_hidden_resolution_owes_is_hidden(db: None) -> None:
    owing = make_owing("secret")
    owing.owed()
    assert visible_instruments(owing.keeper).count() == 1
    assert visible_instruments(owing.state.viewer(Role.REPORTER, owing.state.finance)).count() == 0


def test_facts_of_stages_stay(owing: Owing) -> None:
    owing.enter(owing.owed(), "proposal", date(2026, 5, 4))
    with pytest.raises(DatabaseError), transaction.atomic():
        InstrumentStep.objects.update(note="khác")
    assert InstrumentStep.objects.get().note == ""


def test_the_system_may_do_all_of_it(owing: Owing) -> None:
    made = owe_instrument(owing.document, by=SYSTEM, content=replace(owing.content(), is_simulated=True), on=TODAY)
    assert enter_stage(made, by=SYSTEM, step=NewStep("proposal", TODAY, is_simulated=True), on=TODAY).is_simulated
    with pytest.raises(Stale):
        enter_stage(made, by=SYSTEM, step=NewStep("drafting", TODAY), on=TODAY, after="")
