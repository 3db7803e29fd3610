"""What was decided: documents, their clauses, and how they relate."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thucthi.directory.models import Organisation


class DocumentType(models.TextChoices):
    RESOLUTION = "resolution", pgettext_lazy("loại văn bản", "Nghị quyết")
    DIRECTIVE = "directive", _("Chỉ thị")
    CONCLUSION = "conclusion", pgettext_lazy("loại văn bản", "Kết luận")
    DECISION = "decision", _("Quyết định")
    REGULATION = "regulation", _("Quy định")
    DECREE = "decree", _("Nghị định")
    LAW = "law", _("Luật")
    PROGRAMME = "programme", _("Chương trình hành động")
    PLAN = "plan", _("Kế hoạch")
    NOTICE = "notice", _("Thông báo")


# The words of a type as `get_type_display` has them, which weighs every word of the list each time.
_TYPES = dict(DocumentType.choices)


class Security(models.TextChoices):
    """Anything but public stays in the register of its organisation and reaches no snapshot."""

    PUBLIC = "public", _("Công khai")
    INTERNAL = "internal", _("Nội bộ")
    CONFIDENTIAL = "confidential", _("Mật")
    SECRET = "secret", _("Tối mật")
    TOP_SECRET = "top_secret", _("Tuyệt mật")


class Document(models.Model):
    """A legal text. Numbers collide (71-NQ/TW is not 71/NQ-CP): identity is number, symbol, year, issuer and type."""

    slug = models.SlugField(max_length=80, unique=True)
    number = models.CharField(max_length=20)
    symbol = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="issued_documents")
    type = models.CharField(max_length=12, choices=DocumentType)
    issued_on = models.DateField()
    title = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    text_is_summary = models.BooleanField(default=False)
    source = models.CharField(max_length=500, blank=True)
    security = models.CharField(max_length=12, choices=Security, default=Security.PUBLIC)
    register = models.ForeignKey(Organisation, models.PROTECT, related_name="registered_documents")
    search_text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "symbol", "year", "issuer", "type"], name="document_identity"),
        ]
        indexes = [GinIndex(fields=["search_text"], name="document_search", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return f"{_TYPES.get(self.type, self.type)} {self.code}"

    @property
    def code(self) -> str:
        """As written on the document: 57-NQ/TW (Party) or 03/NQ-CP (State); the symbol carries its own separator."""
        return f"{self.number}{self.symbol}"

    @property
    def is_public(self) -> bool:
        return self.security == Security.PUBLIC


class Clause(models.Model):
    """A place in the text: `document.text[start:end]`."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="clauses")
    path = models.CharField(max_length=60)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "path"], name="clause_path_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="clause_has_extent"),
        ]
        ordering = ["document_id", "start"]

    def __str__(self) -> str:
        return self.path


class RelationKind(models.TextChoices):
    IMPLEMENTS = "implements", _("Thực hiện")
    AMENDS = "amends", _("Sửa đổi, bổ sung")
    REPLACES = "replaces", _("Thay thế")
    BASED_ON = "based_on", _("Căn cứ")


class DocumentRelation(models.Model):
    source = models.ForeignKey(Document, models.PROTECT, related_name="relations")
    target = models.ForeignKey(Document, models.PROTECT, related_name="back_relations")
    kind = models.CharField(max_length=12, choices=RelationKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="document_relation_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="document_relation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
