"""Every change of the register of documents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents import access
from thucthi.documents.calculations.texts import NewClause
from thucthi.documents.models import Clause, Document, DocumentRelation, DocumentType, RelationKind, Security
from thucthi.kernel.canonical import content_hash
from thucthi.kernel.errors import Fault, Refused, refuse_if, require
from thucthi.kernel.sight import seeing_everything
from thucthi.kernel.vietnamese_text import fold
from thucthi.ledger.actions import record

__all__ = ["NewClause", "NewDocument", "register_document", "relate_documents"]

# Words of addresses next to `van-ban/<slug>/`.
RESERVED_SLUGS = frozenset({"them"})
_SLUG = re.compile(r"[A-Za-z0-9-]+")


@dataclass(frozen=True)
class NewDocument:
    """`symbol` carries its own separator: 57 + -NQ/TW, 03 + /NQ-CP. `type` is a DocumentType, `security` a Security."""

    slug: str
    number: str
    symbol: str
    year: int
    issuer: Organisation
    type: str
    issued_on: date
    title: str
    register: Organisation
    text: str = ""
    text_is_summary: bool = False
    source: str = ""
    security: str = Security.PUBLIC
    clauses: tuple[NewClause, ...] = ()


@transaction.atomic
def register_document(*, by: Viewer, new: NewDocument) -> Document:
    """Enter a document and its clauses. Raises Refused with all faults, Forbidden outside one's own register."""
    require(access.can_keep_in(by, new.register.path), _("Ông/bà chỉ đăng ký được văn bản vào sổ của cơ quan mình."))
    refuse_if([*_faults_of_identity(new), *_faults_of_words(new), *_faults_of_clauses(new.text, new.clauses)])
    document = _insert(new)
    Clause.objects.bulk_create(
        Clause(document=document, path=clause.path, start=clause.start, end=clause.end) for clause in new.clauses
    )
    record(
        "document.registered",
        by=by,
        subject=document,
        slug=new.slug,
        code=document.code,
        security=str(new.security),
        register=new.register.code,
        text_hash=content_hash(new.text),
        clauses=[clause.path for clause in new.clauses],
    )
    return document


@transaction.atomic
def relate_documents(*, by: Viewer, source: Document, target: Document, kind: str) -> DocumentRelation:
    """Record that `source` implements, amends, replaces or rests on `target`. A fact: it is never taken back."""
    require(
        access.can_keep_in(by, source.register.path),
        _("Ông/bà chỉ ghi được quan hệ của văn bản trong sổ của cơ quan mình."),
    )
    refuse_if(_faults_of_relation(by, source, target, kind))
    relation = DocumentRelation.objects.create(source=source, target=target, kind=kind)
    record("document.related", by=by, subject=source, kind=str(kind), target=target.slug)
    return relation


def _insert(new: NewDocument) -> Document:
    """The unique constraints have the last word when two people register the same document at once."""
    try:
        with transaction.atomic():
            return Document.objects.create(
                slug=new.slug,
                number=new.number.strip(),
                symbol=new.symbol.strip(),
                year=new.year,
                issuer=new.issuer,
                type=new.type,
                issued_on=new.issued_on,
                title=new.title.strip(),
                text=new.text,
                text_is_summary=new.text_is_summary,
                source=new.source.strip(),
                security=new.security,
                register=new.register,
                search_text=fold(f"{new.number}{new.symbol} {new.slug} {new.title} {new.text}"),
            )
    except IntegrityError as error:
        raise Refused([_already_registered()]) from error


def _already_registered() -> Fault:
    return Fault(
        "number",
        _("Văn bản có số, ký hiệu, năm, cơ quan ban hành và loại này đã có trong sổ. Đề nghị kiểm tra lại."),
    )


def _faults_of_identity(new: NewDocument) -> list[Fault]:
    faults = []
    if not _SLUG.fullmatch(new.slug) or new.slug in RESERVED_SLUGS:
        faults.append(Fault("slug", _("Đề nghị đặt mã bằng chữ không dấu, số và dấu gạch ngang, ví dụ: nq57.")))
    elif _is_kept(slug=new.slug):
        faults.append(Fault("slug", _("Mã này đã dùng cho văn bản khác. Đề nghị chọn mã khác.")))
    if not new.number.strip():
        faults.append(Fault("number", _("Đề nghị ghi số của văn bản.")))
    if not new.symbol.strip():
        faults.append(Fault("symbol", _("Đề nghị ghi ký hiệu của văn bản, ví dụ: -NQ/TW hoặc /NQ-CP.")))
    if new.year != new.issued_on.year:
        faults.append(Fault("year", _("Năm của văn bản phải trùng với năm của ngày ban hành.")))
    same = {"number": new.number.strip(), "symbol": new.symbol.strip(), "year": new.year}
    if _is_kept(**same, issuer=new.issuer, type=new.type):
        faults.append(_already_registered())
    return faults


def _is_kept(**identity: Any) -> bool:
    """In any register, also in one that the viewer may not open: two documents never share an identity."""
    with seeing_everything():
        return Document.objects.filter(**identity).exists()


def _faults_of_words(new: NewDocument) -> list[Fault]:
    faults = []
    if not new.title.strip():
        faults.append(Fault("title", _("Đề nghị ghi tên (trích yếu) của văn bản.")))
    if new.type not in DocumentType.values:
        faults.append(Fault("type", _("Đề nghị chọn loại văn bản trong danh sách.")))
    if new.security not in Security.values:
        faults.append(Fault("security", _("Đề nghị chọn độ mật trong danh sách.")))
    return faults


def _faults_of_clauses(text: str, clauses: Sequence[NewClause]) -> list[Fault]:
    faults = []
    seen: set[str] = set()
    for clause in clauses:
        named = {"path": clause.path or "?"}
        if not clause.path.strip():
            faults.append(Fault("clauses", _("Có một điều khoản chưa ghi vị trí, ví dụ: II.1.")))
        elif clause.path in seen:
            faults.append(Fault("clauses", _("Vị trí %(path)s ghi hai lần; mỗi điều khoản chỉ ghi một lần.") % named))
        seen.add(clause.path)
        if not 0 <= clause.start < clause.end <= len(text):
            faults.append(Fault("clauses", _("Điều khoản %(path)s không nằm trong nội dung văn bản.") % named))
    return faults


def _faults_of_relation(by: Viewer, source: Document, target: Document, kind: str) -> list[Fault]:
    faults = []
    if not access.can_see_document(by, is_public=target.is_public, register_id=target.register_id):
        return [Fault("target", _("Không tìm thấy văn bản liên quan. Đề nghị kiểm tra lại mã văn bản."))]
    if source.pk == target.pk:
        faults.append(Fault("target", _("Văn bản không thể liên quan với chính nó. Đề nghị chọn văn bản khác.")))
    if kind not in RelationKind.values:
        faults.append(Fault("kind", _("Đề nghị chọn loại quan hệ trong danh sách.")))
    if DocumentRelation.objects.filter(source=source, target=target, kind=kind).exists():
        faults.append(Fault("target", _("Quan hệ này đã được ghi.")))
    return faults
