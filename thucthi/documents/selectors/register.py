"""Reading documents, always with a viewer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from thucthi.directory.access import Viewer, may_work
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import named_exactly
from thucthi.documents import access
from thucthi.documents.models import Clause, Document, DocumentRelation, Security
from thucthi.kernel.composed import Composed, given_id, given_text
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.vietnamese_text import fold


@dataclass(frozen=True)
class Passage:
    """A stretch of a document's text; `clause` is None between the clauses."""

    clause: Clause | None
    words: str


def visible_documents(viewer: Viewer) -> QuerySet[Document]:
    """The documents this viewer may know of; the rule is access.can_see_document."""
    documents = Document.objects.order_by("-issued_on", "slug")
    if viewer.is_system:
        return documents
    if not may_work(viewer):
        return documents.none()
    return documents.filter(Q(security=Security.PUBLIC) | Q(register__in=viewer.organisation_ids()))


def search_documents(viewer: Viewer, text: str) -> QuerySet[Document]:
    """Visible documents that hold every word of `text`, with or without accents."""
    found = visible_documents(viewer).select_related("issuer")
    for word in fold(text).split():
        found = found.filter(search_text__contains=word)
    return found


def document_for(viewer: Viewer, slug: str) -> Document:
    """Raises NotVisible for an unknown slug and for a document that the viewer may not know of."""
    document = _DOCUMENT.row(slug=slug)
    if document is None or not access.can_see_document(
        viewer, is_public=document.is_public, register_id=document.register_id
    ):
        raise NotVisible
    return document


def words_of(clause: Clause) -> str:
    """The words a clause points at; `clause.document` should be at hand."""
    return clause.document.text[clause.start : clause.end]


def passages_of(document: Document) -> list[Passage]:
    """The whole text in order, cut at the clauses; clauses that overlap an earlier one are kept inside it."""
    passages: list[Passage] = []
    position = 0
    for clause in _CLAUSES.rows(document=document.pk):
        if clause.start < position:
            continue
        _append(passages, None, document.text[position : clause.start])
        _append(passages, clause, document.text[clause.start : clause.end])
        position = clause.end
    _append(passages, None, document.text[position:])
    return passages


def _append(passages: list[Passage], clause: Clause | None, words: str) -> None:
    if words.strip():
        passages.append(Passage(clause, words.strip()))


def relations_of(viewer: Viewer, document: Document) -> list[DocumentRelation]:
    """How the document relates to others that the viewer may know of, either way."""
    rows = _RELATIONS.rows(document=document.pk)
    if not rows:
        return []
    seen = set(visible_documents(viewer).values_list("pk", flat=True).filter(pk__in=_others(document, rows)))
    return [row for row in rows if (row.target_id if row.source_id == document.pk else row.source_id) in seen]


def _others(document: Document, rows: Sequence[DocumentRelation]) -> list[int]:
    return [row.target_id if row.source_id == document.pk else row.source_id for row in rows]


def open_programmes_under(document: Document) -> list[Any]:
    """The issued programmes that carry out this document and stand on public documents alone: every account sees them.

    With their organisations. Programmes lie above documents; they are read through the relation they declare.
    """
    return _OPEN_PROGRAMMES.rows(document=document.pk)


def _open_programmes() -> QuerySet[Any]:
    programmes: Any = Document._meta.get_field("programmes").related_model
    issued = programmes._default_manager.filter(bases=given_id("document"), issued_on__isnull=False)
    public = issued.exclude(bases__in=Document.objects.exclude(security=Security.PUBLIC))
    rows: QuerySet[Any] = public.select_related("organisation").order_by("-issued_on", "code")
    return rows


def _relations() -> QuerySet[DocumentRelation]:
    either = Q(source=given_id("document")) | Q(target=given_id("document"))
    return DocumentRelation.objects.filter(either).select_related("source", "target").order_by("kind", "pk")


_DOCUMENT = Composed(
    "documents_document",
    lambda: Document.objects.select_related("issuer", "register").filter(slug=given_text("slug")),
)
_CLAUSES = Composed(
    "documents_clauses", lambda: Clause.objects.filter(document=given_id("document")).order_by("start", "-end")
)
_RELATIONS = Composed("documents_relations", _relations)
_OPEN_PROGRAMMES = Composed("documents_open_programmes", _open_programmes)


def registers_of(viewer: Viewer) -> list[Organisation]:
    """The organisations in whose register the viewer may enter documents."""
    return list(Organisation.objects.filter(pk__in=viewer.organisation_ids(*access.KEEPERS)).order_by("sort_key"))


_CODE_AT_THE_END = re.compile(r"\(([A-Za-z0-9-]+)\)\s*$")


def organisation_typed(typed: str) -> Organisation | None:
    """The one organisation that was typed: its code, any name, or "name (code)"; None when unknown or unclear."""
    coded = _CODE_AT_THE_END.search(typed)
    code = coded[1] if coded else typed.strip()
    exact = Organisation.objects.filter(code__iexact=code).first()
    if exact is not None:
        return exact
    found = [row for row in named_exactly(typed) if row.valid_to is None]
    return found[0] if len(found) == 1 else None
