"""Merging, splitting, renaming, moving, dissolving: what follows, what is refused, who answers afterwards."""

from datetime import date
from typing import Any

import pytest

from tests.people import State
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.actions import NewEvent, NewHolder, create_posts_and_tenures, record_event, register_leaderships
from thucthi.directory.models import (
    Organisation,
    OrganisationEvent,
    OrganisationName,
    Placement,
    Role,
    Succession,
    Tenure,
)
from thucthi.directory.selectors import answering_for, heads_on, led_then, named_exactly, search_organisations
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.ledger.models import Entry

DAY = date(2026, 3, 1)
BEFORE = date(2026, 2, 28)


def happen(kind: str, *gone: Organisation, to: tuple[Organisation, ...] = (), on: date = DAY, **more: Any) -> Any:
    by = more.pop("by", SYSTEM)
    code = more.pop("code", f"{kind}-{gone[0].code if gone else 'none'}-{on:%Y%m%d}")
    basis = more.pop("legal_basis", "Nghị quyết mô phỏng số 1")
    event = NewEvent(code=code, kind=kind, effective_on=on, legal_basis=basis, predecessors=gone, successors=to, **more)
    return record_event(by=by, event=event)


def everything() -> tuple[Any, ...]:
    """All that an event may touch."""
    tables = (Organisation, OrganisationName, Placement, OrganisationEvent, Succession, Tenure, Entry)
    return tuple(list(table.objects.order_by("pk").values()) for table in tables)


def refused(*args: Any, **more: Any) -> list[tuple[str, str]]:
    before = everything()
    with pytest.raises(Refused) as refusal:
        happen(*args, **more)
    assert everything() == before
    return [(fault.field, fault.text) for fault in refusal.value.faults]


def again(organisation: Organisation) -> Organisation:
    return Organisation.objects.get(pk=organisation.pk)


def test_a_merger_ends_the_one_and_lets_its_subtree_follow_the_other(state: State) -> None:
    made = happen("merge", state.province, to=(state.elsewhere,))
    assert again(state.province).valid_to == BEFORE
    assert again(state.elsewhere).valid_to is None
    commune = again(state.commune)
    assert commune.parent == state.elsewhere
    assert commune.path == [state.government.pk, state.elsewhere.pk, commune.pk]
    assert list(commune.placements.values_list("parent", "valid_from", "valid_to")) == [(state.elsewhere.pk, DAY, None)]
    entry = Entry.objects.get()
    assert (entry.event, entry.subject_id) == ("organisation_event.recorded", made.pk)
    assert entry.content["followers"] == ["ubnd-hoa"]
    assert answering_for(again(state.province), BEFORE) == (state.province,)
    assert answering_for(again(state.province), DAY) == (state.elsewhere,)


def test_the_holders_of_posts_end_with_their_body(state: State) -> None:
    state.head_post(state.province)
    happen("merge", state.province, to=(state.elsewhere,))
    assert list(heads_on([state.province.pk], BEFORE)) == [state.province.pk]
    assert heads_on([state.province.pk], DAY) == {}


def test_leaderships_end_with_the_body(state: State) -> None:
    register_leaderships(by=SYSTEM, pairs=[(state.committee, state.science)])
    happen("dissolve", state.science)
    assert list(state.committee.leads.values_list("led", "valid_to")) == [(state.science.pk, BEFORE)]


def test_successions_are_followed_through_the_years(state: State) -> None:
    happen("split", state.science, to=(state.finance, state.elsewhere))
    happen("merge", state.finance, to=(state.province,), on=date(2026, 6, 1))
    first = again(state.science)
    assert answering_for(first, date(2026, 5, 31)) == (state.finance, state.elsewhere)
    assert set(answering_for(first, date(2026, 6, 1))) == {state.province, state.elsewhere}
    assert set(led_then(state.province, date(2025, 6, 1), date(2026, 6, 1))) == {
        state.science,
        state.finance,
        state.province,
    }
    assert set(led_then(state.province, date(2026, 4, 1), date(2026, 6, 1))) == {state.finance, state.province}
    assert led_then(state.province, date(2024, 12, 31), date(2026, 6, 1)) == ()


def test_nobody_answers_for_a_body_without_a_successor(state: State) -> None:
    happen("dissolve", state.science)
    assert answering_for(again(state.science), DAY) == ()


def test_a_new_name_keeps_the_old_ones_and_is_found_by_each(state: State) -> None:
    OrganisationName.objects.create(organisation=state.science, official_name="Bộ Khoa học", short_name="Bộ Khoa học")
    happen("rename", state.science, new_name="Bộ Khoa học và Sáng tạo", new_short_name="Bộ KH&ST")
    happen("rename", state.science, new_name="Bộ Tri thức", on=date(2026, 9, 1))
    renamed = again(state.science)
    assert (renamed.official_name, renamed.short_name, renamed.valid_to) == ("Bộ Tri thức", "Bộ Tri thức", None)
    assert list(renamed.names.order_by("pk").values_list("official_name", "valid_from", "valid_to")) == [
        ("Bộ Khoa học", None, BEFORE),
        ("Bộ Khoa học và Sáng tạo", DAY, date(2026, 8, 31)),
        ("Bộ Tri thức", date(2026, 9, 1), None),
    ]
    for text in ("bo khoa hoc", "BO KH&ST", "bộ tri thức", "bo-khoa-hoc"):
        assert named_exactly(text) == [renamed]
    assert search_organisations("sang tao", 5) == [renamed]


def test_a_move_takes_the_subtree_along_and_remembers_the_old_place(state: State) -> None:
    Placement.objects.create(organisation=state.province, parent=state.government)
    happen("move", state.province, new_parent=state.science)
    lineage = [state.government.pk, state.science.pk, state.province.pk]
    assert again(state.province).path == lineage
    assert again(state.commune).path == [*lineage, state.commune.pk]
    assert set(Organisation.objects.under(state.science.pk)) == {state.science, state.province, state.commune}
    assert list(state.province.placements.order_by("pk").values_list("parent", "valid_to")) == [
        (state.government.pk, BEFORE),
        (state.science.pk, None),
    ]


@pytest.mark.parametrize("below", ["commune", "province"])
def test_no_circle(state: State, below: str) -> None:
    faults = refused("move", state.province, new_parent=getattr(state, below))
    name = getattr(state, below).official_name
    assert faults == [
        (
            "new_parent",
            f"{name} đang ở dưới UBND tỉnh An Bình nên không thể làm cơ quan chủ quản. Đề nghị chọn cơ quan khác.",
        )
    ]


def test_a_circle_is_refused_on_the_state_of_the_database_not_of_the_caller(state: State) -> None:
    stale = Organisation.objects.get(pk=state.science.pk)
    happen("move", state.science, new_parent=state.province)
    assert refused("move", state.province, new_parent=stale, on=date(2026, 4, 1))[0][0] == "new_parent"


def test_all_faults_come_at_once(state: State) -> None:
    faults = refused("merge", code="Không dấu", legal_basis=" ")
    assert [field for field, _ in faults] == ["code", "legal_basis", "predecessors", "successors"]


@pytest.mark.parametrize(
    ("kind", "heirs", "field"),
    [("merge", 0, "successors"), ("merge", 2, "successors"), ("split", 1, "successors"), ("unknown", 0, "kind")],
)
def test_each_kind_has_its_number_of_successors(state: State, kind: str, heirs: int, field: str) -> None:
    to = (state.finance, state.elsewhere)[:heirs]
    assert [found for found, _ in refused(kind, state.science, to=to)] == [field]


def test_a_body_with_others_below_ends_only_towards_one_successor(state: State) -> None:
    text = "Còn 1 cơ quan trực thuộc (UBND xã Hòa…). Đề nghị chuyển cơ quan chủ quản của họ trước."
    assert refused("dissolve", state.province) == [("predecessors", text)]
    assert refused("split", state.province, to=(state.finance, state.elsewhere)) == [("predecessors", text)]


def test_a_body_cannot_be_taken_over_by_one_below_or_by_itself(state: State) -> None:
    assert [field for field, _ in refused("merge", state.province, to=(state.commune,))] == ["successors"]
    assert [field for field, _ in refused("merge", state.science, to=(state.science,))] == ["successors"]


def test_an_ended_body_names_its_successors(state: State) -> None:
    happen("merge", state.science, to=(state.finance,))
    faults = refused("rename", state.science, new_name="Bộ mới", on=date(2026, 6, 1))
    text = "Bộ Khoa học đã kết thúc hoạt động ngày 28/02/2026. Cơ quan tiếp nhận: Bộ Tài chính."
    assert faults == [("predecessors", text)]
    assert refused("merge", state.finance, to=(state.science,), on=date(2026, 6, 1)) == [
        ("successors", "Bộ Khoa học không hoạt động vào ngày này nên không thể tiếp nhận nhiệm vụ.")
    ]


def test_an_end_entered_beforehand_is_confirmed_by_the_event_of_that_day(state: State) -> None:
    Organisation.objects.filter(pk=state.science.pk).update(valid_to=BEFORE)
    assert [field for field, _ in refused("merge", state.science, to=(state.finance,), on=date(2026, 4, 1))] == [
        "predecessors"
    ]
    happen("merge", state.science, to=(state.finance,))
    assert answering_for(again(state.science), DAY) == (state.finance,)


def test_history_is_written_in_its_order(state: State) -> None:
    happen("rename", state.science, new_name="Bộ Tri thức", on=date(2026, 9, 1))
    assert [field for field, _ in refused("rename", state.science, new_name="Bộ Sớm")] == ["effective_on"]
    assert [field for field, _ in refused("dissolve", state.finance, on=date(2025, 1, 1))] == ["effective_on"]


def test_a_code_is_used_once(state: State) -> None:
    happen("dissolve", state.science, code="mot-viec")
    assert [field for field, _ in refused("dissolve", state.finance, code="MOT-VIEC")] == ["code"]


def test_who_may_rearrange_what(state: State) -> None:
    before = everything()
    others = [role for role in Role if role != Role.STEERING_OFFICE]
    outsiders: list[Viewer] = [state.viewer(role, state.government) for role in others]
    outsiders += [state.viewer(Role.STEERING_OFFICE, state.elsewhere)]
    for viewer in outsiders:
        with pytest.raises(Forbidden):
            happen("rename", state.commune, new_name="UBND xã Mới", by=viewer)
        with pytest.raises(Forbidden):
            happen("rename", by=viewer) if viewer is not outsiders[-1] else happen("rename", state.commune, by=viewer)
    assert everything() == before
    happen("rename", state.commune, new_name="UBND xã Mới", by=state.viewer(Role.STEERING_OFFICE, state.province))
    with pytest.raises(Forbidden):
        happen("merge", state.commune, to=(state.elsewhere,), by=state.viewer(Role.STEERING_OFFICE, state.province))
    happen("merge", state.science, to=(state.finance,), by=state.viewer(Role.STEERING_OFFICE, state.committee))


def test_events_and_successions_cannot_be_rewritten(state: State) -> None:
    made = happen("merge", state.science, to=(state.finance,))
    assert made.successions.count() == 1
    holders = [NewHolder(state.finance, "Bộ trưởng", True, "Người mẫu", True, DAY)]
    assert create_posts_and_tenures(by=SYSTEM, holders=holders)[0].post.is_head
