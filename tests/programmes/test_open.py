"""Whether everybody sees a programme is said by the database alone, right after any order of writing (ADR 0029)."""

import threading
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, connections, transaction

from tests.programmes.world import ISSUED_ON, World, make_world
from thucthi.documents.models import Document, Security
from thucthi.programmes.actions import issue_programme
from thucthi.programmes.models import Programme, ProgrammeBasis


def is_open() -> bool:
    return Programme.objects.values_list("is_open", flat=True).get()


@pytest.mark.django_db
def test_open_begins_with_the_issue() -> None:
    world = make_world()
    programme = world.draft()
    assert not is_open()
    issue_programme(programme, by=world.head, issued_on=ISSUED_ON, issued_as="1/CTr")
    assert is_open()


@pytest.mark.django_db
def test_a_restricted_document_closes_and_nobody_opens_by_hand() -> None:
    make_world().issued()
    Document.objects.update(security=Security.INTERNAL)
    assert not is_open()
    title = Programme.objects.get().title
    Programme.objects.update(is_open=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_programme SET is_open = true")
    assert not is_open()
    with pytest.raises(DatabaseError), transaction.atomic():
        Programme.objects.update(title="Khác", is_open=True)
    assert Programme.objects.values_list("title", "is_open").get() == (title, False)


@pytest.mark.django_db
def test_it_follows_the_documents_and_what_the_programme_stands_on() -> None:
    world = make_world()
    programme = world.draft()
    issue_programme(programme, by=world.head, issued_on=ISSUED_ON, issued_as="1/CTr")
    first = programme.bases.get()
    Document.objects.filter(pk=first.pk).update(security=Security.INTERNAL)
    assert not is_open()
    Document.objects.filter(pk=first.pk).update(security=Security.PUBLIC)
    assert is_open()
    second = make_document_like(first, Security.INTERNAL)
    added = ProgrammeBasis.objects.create(programme=programme, document=second)
    assert not is_open()
    added.delete()
    assert is_open()


def make_document_like(document: Document, security: str) -> Document:
    copy = Document.objects.get(pk=document.pk)
    copy.pk, copy.slug, copy.number, copy.security = None, f"{document.slug}-b", "999", security
    copy.save(force_insert=True)
    return copy


@pytest.fixture
def world(fresh_database: str) -> World:
    return make_world()


@pytest.fixture
def waiting() -> Iterator[list[threading.Thread]]:
    started: list[threading.Thread] = []
    yield started
    for thread in started:
        thread.join()


def in_a_thread(act: object) -> threading.Thread:
    def run() -> None:
        try:
            act()  # type: ignore[operator]
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize("is_issue_first", [True, False])
def test_an_issue_and_a_restricted_base_at_once(
    world: World, waiting: list[threading.Thread], is_issue_first: bool
) -> None:
    """The second waits for the first, and then sees what it did."""
    programme = world.draft()
    hidden = make_document_like(programme.bases.get(), Security.INTERNAL)

    def issue() -> None:
        issue_programme(programme, by=world.head, issued_on=ISSUED_ON, issued_as="1/CTr")

    def base() -> None:
        ProgrammeBasis.objects.create(programme=programme, document=hidden)

    first, second = (issue, base) if is_issue_first else (base, issue)
    with transaction.atomic():
        first()
        waiting.append(in_a_thread(second))
        waiting[0].join(timeout=0.5)
        assert waiting[0].is_alive()
    waiting[0].join()
    assert Programme.objects.values_list("is_open", "issued_on").get() == (False, ISSUED_ON)


def test_a_document_closes_while_a_programme_comes_to_stand_on_it(
    world: World, waiting: list[threading.Thread]
) -> None:
    programme = world.draft()
    issue_programme(programme, by=world.head, issued_on=ISSUED_ON, issued_as="1/CTr")
    other = make_document_like(programme.bases.get(), Security.PUBLIC)
    with transaction.atomic():
        Document.objects.filter(pk=other.pk).update(security=Security.INTERNAL)
        waiting.append(in_a_thread(lambda: ProgrammeBasis.objects.create(programme=programme, document=other)))
        waiting[0].join(timeout=0.5)
        assert waiting[0].is_alive()
    waiting[0].join()
    assert (programme.bases.count(), is_open()) == (2, False)
