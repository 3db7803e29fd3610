"""Which owed texts a task is to bring into force: editors before the issue, a decision afterwards."""

import pytest
from django.test import Client

from tests.kept_states import Kept
from tests.programmes.world import TODAY, World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.documents.actions import InstrumentContent, owe_instrument
from thucthi.documents.models import Instrument
from thucthi.documents.selectors.instruments import instrument_page
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import Decided, link_task_instrument, unlink_task_instrument
from thucthi.programmes.models import TaskInstrument

ADDRESS = "/lam-viec/nhiem-vu/ct57-01/van-ban/"
DECIDED = Decided("QĐ 5", "Nghị quyết giao thêm")


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def owed(world: World) -> Instrument:
    content = InstrumentContent("decree", "Nghị định mẫu", world.state.science)
    return owe_instrument(world.document, by=SYSTEM, content=content, on=TODAY)


def moved() -> tuple[int, int]:
    return TaskInstrument.objects.count(), Entry.objects.count()


def test_an_editor_links_a_draft(world: World) -> None:
    task, instrument = world.draft().tasks.get(), owed(world)
    link_task_instrument(task, instrument, by=world.editor)
    assert Entry.objects.get(event="task.instrument_linked").content["instrument"] == "nq57-vb-01"
    before = moved()
    with pytest.raises(Refused):
        link_task_instrument(task, instrument, by=world.editor)
    with pytest.raises(Forbidden):
        unlink_task_instrument(task, instrument, by=world.steering)
    assert moved() == before
    unlink_task_instrument(task, instrument, by=world.editor)
    assert TaskInstrument.objects.count() == 0
    assert Entry.objects.filter(event="task.instrument_unlinked").count() == 1
    with pytest.raises(Refused):
        unlink_task_instrument(task, instrument, by=world.editor)


def test_an_issued_task_needs_a_decision_of_the_head(world: World) -> None:
    task, instrument = world.issued(), owed(world)
    before = moved()
    with pytest.raises(Forbidden):
        link_task_instrument(task, instrument, by=world.editor, decided=DECIDED)
    with pytest.raises(Refused) as refused:
        link_task_instrument(task, instrument, by=world.head)
    assert {fault.field for fault in refused.value.faults} == {"decision", "reason"}
    assert moved() == before
    link_task_instrument(task, instrument, by=world.head, decided=DECIDED)
    assert instrument_page(world.head, instrument, TODAY).tasks == (task,)


def test_the_page(world: World) -> None:
    world.issued()
    owed(world)
    head, other = Client(), Client()
    for client, role, organisation in ((head, Role.HEAD, "science"), (other, Role.REPORTER, "finance")):
        account = world.state.person(role, getattr(world.state, organisation))
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"instrument": "nq57-vb-01", "decision": "QĐ 5", "reason": "Giao thêm", "viec": "gan"}
    assert other.get(ADDRESS).status_code == 200
    assert other.post(ADDRESS, sent).status_code == 403
    assert head.post(ADDRESS, {**sent, "instrument": "khong-co"}).status_code == 422
    assert head.post(ADDRESS, sent).status_code == 302
    assert "Nghị định mẫu" in other.get(ADDRESS).content.decode()
    assert head.post(ADDRESS, {**sent, "viec": "bo"}).status_code == 302
    assert TaskInstrument.objects.count() == 0
