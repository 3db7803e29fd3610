"""The register of documents: identity, clauses that lie in the text, who may read what is not public."""

from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_states import Kept
from tests.people import State, make_state
from thucthi.directory.access import ANONYMOUS
from thucthi.directory.models import Role
from thucthi.documents.actions import NewClause, NewDocument, register_document, relate_documents
from thucthi.documents.calculations import compose_text, paragraphs_of
from thucthi.documents.models import Clause, Document, DocumentRelation
from thucthi.documents.selectors import document_for, passages_of, search_documents, visible_documents, words_of
from thucthi.kernel.errors import Forbidden, NotVisible, Refused
from thucthi.ledger.models import Entry

TEXT = "Mở đầu.\nKết nối dữ liệu.\nĐào tạo cán bộ."
LIST = "/lam-viec/van-ban/"


@pytest.fixture
def state(kept: Kept[State]) -> State:
    return kept(make_state)


def new(state: State, **other: object) -> NewDocument:
    document = NewDocument(
        slug="nq57",
        number="57",
        symbol="-NQ/TW",
        year=2024,
        issuer=state.committee,
        type="resolution",
        issued_on=date(2024, 12, 22),
        title="Nghị quyết về đột phá khoa học",
        register=state.science,
        text=TEXT,
        clauses=(NewClause("I.1", 8, 24), NewClause("I.2", 25, 40)),
    )
    return replace(document, **other)


def keeper(state: State) -> object:
    return state.viewer(Role.PROGRAMME_EDITOR, state.science)


def test_a_document_keeps_its_words_and_clauses(state: State) -> None:
    document = register_document(by=keeper(state), new=new(state))
    assert (document.code, str(document)) == ("57-NQ/TW", "Nghị quyết 57-NQ/TW")
    assert [words_of(clause) for clause in document.clauses.all()] == ["Kết nối dữ liệu.", "Đào tạo cán bộ."]
    assert [(part.clause and part.clause.path, part.words) for part in passages_of(document)] == [
        (None, "Mở đầu."), ("I.1", "Kết nối dữ liệu."), ("I.2", "Đào tạo cán bộ."),
    ]  # fmt: skip
    entry = Entry.objects.get()
    assert (entry.event, entry.content["clauses"], entry.content["register"]) == (
        "document.registered", ["I.1", "I.2"], "bo-khoa-hoc",
    )  # fmt: skip


def test_numbers_collide_and_identity_does_not(state: State) -> None:
    register_document(by=keeper(state), new=new(state, number="71"))
    register_document(
        by=keeper(state), new=new(state, slug="nqcp71", number="71", symbol="/NQ-CP", issuer=state.government)
    )
    with pytest.raises(Refused) as refusal:
        register_document(by=keeper(state), new=new(state, slug="khac", number=" 71 "))
    assert [fault.field for fault in refusal.value.faults] == ["number"]
    assert (Document.objects.count(), Entry.objects.count()) == (2, 2)


def test_all_faults_come_at_once_and_nothing_is_written(state: State) -> None:
    faulty = new(
        state, slug="có dấu", number="", symbol=" ", year=2023, title="", type="x", security="x",
        clauses=(NewClause("", 0, 1), NewClause("a", 5, 5), NewClause("a", 0, 99)),
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        register_document(by=keeper(state), new=faulty)
    assert [fault.field for fault in refusal.value.faults] == [
        "slug", "number", "symbol", "year", "title", "type", "security", "clauses", "clauses", "clauses", "clauses",
    ]  # fmt: skip
    assert [model.objects.count() for model in (Document, Clause, Entry)] == [0, 0, 0]


@pytest.mark.parametrize(("start", "end"), [(0, len(TEXT) + 1), (5, 4), (5, 5), (-1, 3)])
def test_a_clause_lies_in_the_text(state: State, start: int, end: int) -> None:
    with pytest.raises(Refused):
        register_document(by=keeper(state), new=new(state, clauses=(NewClause("a", start, end),)))
    assert not Document.objects.exists()


def test_the_address_of_the_form_is_no_slug(state: State) -> None:
    with pytest.raises(Refused):
        register_document(by=keeper(state), new=new(state, slug="them"))


def test_only_keepers_of_the_register_write_into_it(state: State) -> None:
    for viewer in (
        state.viewer(Role.PROGRAMME_EDITOR, state.finance),
        state.viewer(Role.STEERING_OFFICE, state.government),
        state.viewer(Role.REPORTER, state.science),
        ANONYMOUS,
    ):
        with pytest.raises(Forbidden):
            register_document(by=viewer, new=new(state))
    assert not Document.objects.exists()


def test_what_is_not_public_is_known_inside_its_register_alone(state: State) -> None:
    register_document(by=keeper(state), new=new(state, security="confidential"))
    register_document(by=keeper(state), new=new(state, slug="mo", number="1"))
    inside = state.viewer(Role.REPORTER, state.science)
    outside = [
        state.viewer(Role.AUDITOR, state.government),
        state.viewer(Role.STEERING_OFFICE, state.government),
        state.viewer(Role.REPORTER, state.finance),
    ]
    assert {row.slug for row in visible_documents(inside)} == {"nq57", "mo"}
    for viewer in outside:
        assert [row.slug for row in visible_documents(viewer)] == ["mo"]
        with pytest.raises(NotVisible):
            document_for(viewer, "nq57")
    assert not visible_documents(state.viewer(Role.ACCOUNT_ADMIN, state.science)).exists()
    assert not visible_documents(ANONYMOUS).exists()
    with pytest.raises(NotVisible):
        document_for(inside, "khong-co")


def test_search_needs_no_accents(state: State) -> None:
    register_document(by=keeper(state), new=new(state))
    viewer = state.viewer(Role.REPORTER, state.finance)
    for words in ("dot pha khoa hoc", "ĐÀO TẠO", "57-nq/tw", "ket noi", ""):
        assert search_documents(viewer, words).count() == 1
    assert search_documents(viewer, "dot pha nong nghiep").count() == 0


def test_relations_are_facts(state: State) -> None:
    first = register_document(by=keeper(state), new=new(state))
    second = register_document(by=keeper(state), new=new(state, slug="kh", number="9"))
    relation = relate_documents(by=keeper(state), source=second, target=first, kind="implements")
    assert Entry.objects.get(event="document.related").content == {"kind": "implements", "target": "nq57"}
    for target, kind in ((first, "implements"), (second, "amends"), (first, "x")):
        with pytest.raises(Refused):
            relate_documents(by=keeper(state), source=second, target=target, kind=kind)
    with pytest.raises(Forbidden):
        relate_documents(
            by=state.viewer(Role.PROGRAMME_EDITOR, state.finance), source=second, target=first, kind="amends"
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentRelation.objects.all().delete()
    assert DocumentRelation.objects.get() == relation


def test_a_hidden_document_cannot_be_probed_by_relating(state: State) -> None:
    hidden = register_document(by=keeper(state), new=new(state, security="secret"))
    other = state.viewer(Role.PROGRAMME_EDITOR, state.finance)
    own = register_document(by=other, new=new(state, slug="a", number="2", register=state.finance))
    with pytest.raises(Refused):
        relate_documents(by=other, source=own, target=hidden, kind="amends")
    assert not DocumentRelation.objects.exists()


@given(st.lists(st.tuples(st.sampled_from(["", "I.1", "II"]), st.text(min_size=1).filter(lambda s: "\n" not in s))))
def test_composed_clauses_point_at_their_own_words(paragraphs: list[tuple[str, str]]) -> None:
    text, clauses = compose_text(paragraphs)
    pointed = [(clause.path, text[clause.start : clause.end]) for clause in clauses]
    assert pointed == [row for row in paragraphs if row[0]]


def test_lines_are_read_as_path_and_words() -> None:
    assert paragraphs_of("Mở đầu\n\nII.1: Đến năm 2030: đạt\nGhi chú chung: không phải điều khoản") == [
        ("", "Mở đầu"), ("II.1", "Đến năm 2030: đạt"), ("", "Ghi chú chung: không phải điều khoản"),
    ]  # fmt: skip


@pytest.fixture
def browser(client: Client, state: State) -> Client:
    account = state.person(Role.PROGRAMME_EDITOR, state.science)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_document_is_registered_and_read_in_the_browser(state: State, browser: Client) -> None:
    typed = {
        "register": state.science.pk, "number": "03", "symbol": "/NQ-CP", "type": "resolution",
        "issued_on": "09/01/2025",
        "issuer": "Chính phủ", "title": "Chương trình của Chính phủ", "words": "I.1: Kết nối dữ liệu.\nI.2: Đào tạo.",
        "security": "public", "text_is_summary": "on",
    }  # fmt: skip
    done = browser.post(f"{LIST}them/", typed)
    assert (done.status_code, done["Location"]) == (302, f"{LIST}nqcp03-2025/")
    page = BeautifulSoup(browser.get(f"{LIST}nqcp03-2025/").content, "html.parser")
    assert page.find(id="dk-I.1").p.text == "Kết nối dữ liệu."
    assert "chưa có khung kiểm soát thực thi" in page.text
    assert "Bản tóm lược, không phải nguyên văn." in page.text
    assert "1 văn bản" in BeautifulSoup(browser.get(f"{LIST}?tim=dao+tao").content, "html.parser").text
    related = browser.post(f"{LIST}nqcp03-2025/lien-ket/", {"kind": "implements", "target": "khong-co"})
    assert related.status_code == 422


def test_a_faulty_form_keeps_what_was_typed_and_names_all_faults(state: State, browser: Client) -> None:
    typed = {"register": state.science.pk, "number": "", "symbol": "", "issued_on": "hôm qua", "issuer": "Cơ quan X",
             "title": "", "type": "resolution", "security": "public", "words": "I.1: Kết nối"}  # fmt: skip
    answer = browser.post(f"{LIST}them/", typed)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert [link["href"] for link in page.select(".tt-error-summary a")] == [
        "#id_number", "#id_symbol", "#id_issued_on", "#id_issuer", "#id_title",
    ]  # fmt: skip
    assert page.find("textarea", id="id_words").text.strip() == "I.1: Kết nối"
    assert not Document.objects.exists()


def test_readers_cannot_open_the_form_and_strangers_nothing(state: State) -> None:
    reader = Client()
    reader.force_login(state.person(Role.REPORTER, state.finance), backend="django.contrib.auth.backends.ModelBackend")
    assert (reader.get(LIST).status_code, reader.get(f"{LIST}them/").status_code) == (200, 403)
    assert reader.get(f"{LIST}khong-co/").status_code == 404
    assert Client().get(LIST).status_code == 302
