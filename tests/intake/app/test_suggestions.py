"""Suggestions of a model: off by default, only about public documents, kept with their mark."""

import pytest
from django.test import Client

from tests.intake.app.world import World, clause, reading_of
from tests.intake.assistance.test_assistance import answer_of, model, saying
from thucthi.directory.models import Role
from thucthi.documents.models import Document, Security
from thucthi.intake.actions import ask_for_suggestions
from thucthi.intake.assistance.grounding import MARK
from thucthi.intake.models import DocumentReading
from thucthi.intake.tasks import suggest
from thucthi.kernel.errors import Forbidden, Refused

pytestmark = pytest.mark.django_db
WORDS = "Bộ Tài chính xây dựng đề án thử nghiệm, hoàn thành trước ngày 30/6/2027."
SUGGESTION = {
    "quote": WORDS, "lead": "Bộ Tài chính", "coordinators": [], "deadline": "trước ngày 30/6/2027", "product": "đề án",
}  # fmt: skip


def read_of(world: World) -> DocumentReading:
    text = f"PHẦN\n{WORDS}"
    places = (clause("I", 0, 4, "PHẦN"), clause("I.1", 5, len(text), WORDS, parent=0))
    return world.read(reading_of(heading=text, clauses=places))


def test_without_an_address_nothing_is_asked_and_nothing_offered(world: World, client: Client) -> None:
    reading = read_of(world)
    with pytest.raises(Refused):
        ask_for_suggestions(reading, by=world.editor)
    account = world.state.person(Role.PROGRAMME_EDITOR, world.state.science)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/lam-viec/doc-van-ban/{reading.file_id}/chua-dan/")
    assert "Xin gợi ý" not in page.content.decode()


def test_a_suggestion_becomes_a_draft_with_its_mark(world: World, settings: object, client: Client) -> None:
    with model(saying(answer_of([SUGGESTION]))) as (url, asked):
        settings.ASSIST_URL, settings.ASSIST_MODEL = url, "mau"  # type: ignore[attr-defined]
        reading = read_of(world)
        account = world.state.person(Role.PROGRAMME_EDITOR, world.state.science)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        assert "Xin gợi ý" in client.get(f"/lam-viec/doc-van-ban/{reading.file_id}/chua-dan/").content.decode()
        assert client.post(f"/lam-viec/doc-van-ban/{reading.file_id}/goi-y/").status_code == 302
        suggest.func(reading.pk)
        suggest.func(reading.pk)
    draft = reading.drafts.get()
    assert (draft.lead_text, draft.deadline_raw, draft.doubts) == ("Bộ Tài chính", "trước ngày 30/6/2027", [MARK])
    assert reading.text[draft.start : draft.end] == WORDS
    assert len(asked) == 2


def test_a_document_above_public_is_not_sent(world: World, settings: object) -> None:
    with model(saying(answer_of([SUGGESTION]))) as (url, asked):
        settings.ASSIST_URL = url  # type: ignore[attr-defined]
        reading = read_of(world)
        Document.objects.filter(pk=world.document.pk).update(security=Security.INTERNAL)
        with pytest.raises(Refused):
            ask_for_suggestions(reading, by=world.editor)
        suggest.func(reading.pk)
        assert (asked, reading.drafts.count()) == ([], 0)


def test_an_unregistered_text_is_not_sent(world: World, settings: object) -> None:
    settings.ASSIST_URL = "http://127.0.0.1:1/v1"  # type: ignore[attr-defined]
    reading = world.read(reading_of(number="99-XX/YY", heading=WORDS))
    with pytest.raises(Refused):
        ask_for_suggestions(reading, by=world.editor)


def test_a_model_that_does_not_answer_changes_nothing(world: World, settings: object) -> None:
    settings.ASSIST_URL = "http://127.0.0.1:1/v1"  # type: ignore[attr-defined]
    reading = read_of(world)
    suggest.func(reading.pk)
    assert reading.drafts.count() == 0


def test_people_of_other_organisations_do_not_ask(world: World, settings: object) -> None:
    settings.ASSIST_URL = "http://127.0.0.1:1/v1"  # type: ignore[attr-defined]
    with pytest.raises(Forbidden):
        ask_for_suggestions(read_of(world), by=world.outsider)
