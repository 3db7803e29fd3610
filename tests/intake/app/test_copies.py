"""A programme beside the others that carry out the same document."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.intake.app.world import TODAY, World
from tests.intake.copying.invented import SENTENCES
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation, Role
from thucthi.intake.actions import sign_tasks
from thucthi.intake.models import TaskSignature
from thucthi.intake.selectors.copies import copies_of
from thucthi.kernel.errors import Forbidden
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import NewProgramme, TaskContent, TaskEdit, add_tasks, create_programme, revise_tasks
from thucthi.programmes.models import Programme

pytestmark = pytest.mark.django_db
PAGE = "/lam-viec/chuong-trinh/ct57/trung-lap/"


def programme(world: World, code: str, owner: Organisation, texts: list[str]) -> Programme:
    new = NewProgramme(code=code, organisation=owner, title=f"Chương trình {code}", documents=(world.document,))
    made = create_programme(by=SYSTEM, new=new)
    fill(made, texts)
    return made


def fill(made: Programme, texts: list[str]) -> None:
    contents = [TaskContent(text=text, product="Báo cáo", lead_text="Bộ A") for text in texts]
    add_tasks(made, by=SYSTEM, contents=contents, on=TODAY)


def signed(*, by: object = SYSTEM) -> int:
    return sign_tasks(by=by).number  # type: ignore[arg-type]


def test_tasks_are_signed_once_and_anew_when_their_words_change(world: World) -> None:
    fill(world.programme, list(SENTENCES[:3]))
    assert (signed(), TaskSignature.objects.count()) == (3, 3)
    entries = Entry.objects.count()
    assert (signed(), Entry.objects.count()) == (0, entries)
    task = world.programme.tasks.order_by("code").first()
    edit = TaskEdit(task, 1, TaskContent(text=SENTENCES[5]))
    revise_tasks(world.programme, by=SYSTEM, edits=[edit], added=[], on=TODAY)
    before = list(TaskSignature.objects.get(task=task).keys)
    assert signed() == 1
    assert TaskSignature.objects.get(task=task).keys != before


def test_only_the_system_signs(world: World) -> None:
    fill(world.programme, list(SENTENCES[:1]))
    with pytest.raises(Forbidden):
        signed(by=world.editor)
    assert TaskSignature.objects.count() == 0


def test_a_sibling_is_named_and_the_programme_above_is_put_aside(world: World) -> None:
    programme(world, "tren", world.state.government, list(SENTENCES[:2]))
    programme(world, "ngang", world.state.finance, [f"{text} tại tỉnh An Bình" for text in SENTENCES[:8]])
    fill(world.programme, [*SENTENCES[:8], "Mở bến xe buýt mới trước cổng bệnh viện nhi"])
    while signed():
        continue
    found = copies_of(world.programme, SYSTEM)
    assert (found.likeness.total, len(found.likeness.handed_down), found.likeness.own) == (9, 2, 7)
    assert [(row.programme.code, len(row.sibling.keys)) for row in found.siblings] == [("ngang", 6)]
    assert (found.compared, found.tasks, found.signed) == (2, 10, 10)
    assert len(found.pairs) == 8
    pair = found.pairs[0]
    assert "".join(piece.words for piece in pair.ours) == pair.task.text
    assert "".join(piece.words for piece in pair.theirs) == pair.other.text


def test_what_is_not_signed_yet_is_said(world: World) -> None:
    programme(world, "ngang", world.state.finance, list(SENTENCES[:2]))
    fill(world.programme, list(SENTENCES[:2]))
    found = copies_of(world.programme, SYSTEM)
    assert (found.likeness.siblings, found.compared, found.tasks, found.signed) == ((), 1, 2, 0)
    assert found.statement.startswith("Chưa so được")


def test_with_nothing_to_compare_that_is_said(world: World) -> None:
    fill(world.programme, list(SENTENCES[:2]))
    assert copies_of(world.programme, SYSTEM).statement == (
        "Chưa có chương trình nào khác cùng thực hiện văn bản để so."
    )


def test_the_page_shows_pairs_and_empty_tasks_to_the_authors_only(client: Client, world: World) -> None:
    programme(world, "tren", world.state.government, list(SENTENCES[:2]))
    fill(world.programme, [SENTENCES[0]])
    contents = [TaskContent(text="Tăng cường công tác tuyên truyền")]
    add_tasks(world.programme, by=SYSTEM, contents=contents, on=TODAY)
    signed()
    account = world.state.person(Role.PROGRAMME_EDITOR, world.state.science)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    shown = " ".join(BeautifulSoup(client.get(PAGE).content, "html.parser").get_text(" ").split())
    assert "1 trên 2 nhiệm vụ để ngỏ từ hai điều trở lên." in shown
    assert "Chưa có một cơ quan chịu trách nhiệm." in shown
    other = Client()
    account = world.state.person(Role.PROGRAMME_EDITOR, world.state.finance)
    other.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert other.get(PAGE).status_code == 404
