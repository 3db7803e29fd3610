"""What tasks are found by is kept by the database alone (ADR 0052): of every programme that all see, of no other."""

from collections.abc import Sequence

import pytest
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import DatabaseError, connection, transaction
from django.db.models import Q, QuerySet

from tests.programmes.world import ISSUED_ON, World, make_world
from thucthi.directory.access import ANONYMOUS, SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.documents.models import Document, Security
from thucthi.kernel.vietnamese_text import fold
from thucthi.programmes.actions import issue_programme
from thucthi.programmes.actions.changes import change_product
from thucthi.programmes.models import Programme, Task, TaskWords
from thucthi.programmes.selectors import search_programmes, visible_programmes, visible_tasks
from thucthi.programmes.selectors.finding import tasks_holding, tasks_near

MOST, NEAR = 2, 0.6
ASKED = ("kết nối", "Kết  NỐI dữ", "ct57", "trung", "không có", "ket noii", "xyz kết", "bộ khoa học", "%", "_", "")


def kept() -> list[tuple[int, int, str, str]]:
    return list(TaskWords.objects.order_by("pk").values_list("pk", "programme_id", "code", "search_text"))


def of_open() -> list[tuple[int, int, str, str]]:
    tasks = Task.objects.filter(programme__is_open=True).order_by("pk")
    return list(tasks.values_list("pk", "programme_id", "code", "search_text"))


@pytest.mark.django_db
def test_they_come_with_the_issue_and_go_with_a_restricted_document() -> None:
    world = make_world()
    programme = world.draft()
    assert kept() == []
    issue_programme(programme, by=world.head, issued_on=ISSUED_ON, issued_as="1/CTr")
    assert kept() == of_open() != []
    Document.objects.update(security=Security.INTERNAL)
    assert kept() == []
    Document.objects.update(security=Security.PUBLIC)
    assert kept() == of_open() != []


@pytest.mark.django_db
def test_they_follow_a_decision_about_a_task() -> None:
    world = make_world()
    task = world.issued()
    before = kept()
    change_product(
        task, by=world.head, new_product="Hệ thống mới", decision="9/QĐ", decided_on=ISSUED_ON, reason="Đổi."
    )
    assert kept() == of_open() != before
    assert "he thong moi" in kept()[0][3]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", [
    "UPDATE programmes_taskwords SET search_text = ''", "DELETE FROM programmes_taskwords",
    "INSERT INTO programmes_taskwords VALUES (1, 1, 'a', 'a')", "TRUNCATE programmes_taskwords",
])  # fmt: skip
def test_nobody_writes_them_by_hand(statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def holding(rows: QuerySet[Task], words: Sequence[str]) -> QuerySet[Task]:
    holds = Q()
    for word in words:
        holds &= Q(search_text__contains=word)
    return rows.filter(holds)


def named_or_holding(viewer: Viewer, words: Sequence[str]) -> list[str]:
    by_task = set(holding(visible_tasks(viewer), words).values_list("programme_id", flat=True))
    rows = visible_programmes(viewer).select_related("organisation")
    said = {row: fold(f"{row.code} {row.title} {row.organisation.official_name}") for row in rows}
    return [row.code for row in rows if row.pk in by_task or all(word in said[row] for word in words)]


def three_programmes(world: World) -> None:
    """One that all see, a draft, and one that was issued under a document closed since; a few tasks in each."""
    texts = ("Kết nối cơ sở dữ liệu", "Kết nối trung tâm", "Đào tạo cán bộ")
    for n, name in enumerate(("mo", "dong", "thao")):
        tasks = [world.clear_task(code=f"{name}-{k}", text=text, product="", group="") for k, text in enumerate(texts)]
        made = world.draft(*tasks, code=f"ct-{name}", groups=(), title=f"Chương trình {name}")
        if n < 2:
            Programme.objects.filter(pk=made.pk).update(issued_on=ISSUED_ON, issued_as="1/CTr")
        if name == "dong":
            closed = replace_document(world.document)
            made.programmebasis_set.update(document=closed)


def replace_document(document: Document) -> Document:
    copy = Document.objects.get(pk=document.pk)
    copy.pk, copy.slug, copy.number, copy.security = None, "kin", "99", Security.INTERNAL
    copy.save(force_insert=True)
    return copy


@pytest.mark.django_db
def test_what_is_found_is_what_one_by_one_would_be() -> None:
    world = make_world()
    three_programmes(world)
    assert sorted(Programme.objects.values_list("code", "is_open")) == [
        ("ct-dong", False), ("ct-mo", True), ("ct-thao", False),
    ]  # fmt: skip
    other = world.state.viewer(Role.REPORTER, world.state.finance)
    for viewer in (SYSTEM, world.head, other, ANONYMOUS):
        for asked in ASKED:
            text, words = fold(asked), fold(asked).split()
            seen = visible_tasks(viewer)
            assert tasks_holding(viewer, words, MOST) == list(holding(seen, words).order_by("code")[:MOST])
            near = seen.annotate(nearness=TrigramWordSimilarity(text, "search_text")).filter(nearness__gte=NEAR)
            assert tasks_near(viewer, text, MOST, NEAR) == list(near.order_by("-nearness", "pk")[:MOST])
            found = [row.code for row in search_programmes(viewer, asked)]
            assert found == named_or_holding(viewer, words), (viewer.label, asked)
