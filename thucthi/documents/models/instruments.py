"""Institutionalisation: the laws, decrees, circulars… that a resolution still owes, and how far each has come (D8)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thucthi.directory.models import Account, Organisation
from thucthi.documents.models.texts import Clause, Document


class InstrumentType(models.TextChoices):
    LAW = "law", _("Luật")
    ASSEMBLY_RESOLUTION = "na_resolution", _("Nghị quyết của Quốc hội")
    ORDINANCE = "ordinance", _("Pháp lệnh")
    DECREE = "decree", _("Nghị định")
    GOVERNMENT_RESOLUTION = "gov_resolution", _("Nghị quyết của Chính phủ")
    PRIME_DECISION = "pm_decision", _("Quyết định của Thủ tướng Chính phủ")
    CIRCULAR = "circular", _("Thông tư")
    COUNCIL_RESOLUTION = "council_res", _("Nghị quyết của Hội đồng nhân dân")
    COMMITTEE_DECISION = "committee_dec", _("Quyết định của Ủy ban nhân dân")
    PARTY_REGULATION = "party_reg", _("Quy định của Đảng")


class Stage(models.TextChoices):
    """The stages of law-making, in their order; some types skip some."""

    PROPOSAL = "proposal", _("Đề nghị xây dựng")
    DRAFTING = "drafting", _("Soạn thảo")
    OPINIONS = "opinions", _("Lấy ý kiến")
    APPRAISAL = "appraisal", _("Thẩm định")
    SUBMITTED = "submitted", _("Đã trình")
    ISSUED = "issued", _("Đã ban hành")
    IN_FORCE = "in_force", _("Có hiệu lực")


class Instrument(models.Model):
    """One text owed by `document`; `issued_document` is the text itself once it stands in the register.

    `new_procedures`: how many administrative procedures it adds, null: not yet counted (D10).
    """

    code = models.SlugField(max_length=64, unique=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="owed_instruments")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="owed_instruments")
    type = models.CharField(max_length=16, choices=InstrumentType)
    title = models.CharField(max_length=500)
    drafter = models.ForeignKey(Organisation, models.PROTECT, related_name="drafted_instruments")
    due_on = models.DateField(null=True)
    deadline_raw = models.CharField(max_length=300, blank=True)
    legal_basis = models.CharField(max_length=500, blank=True)
    compliance_cost = models.TextField(blank=True)
    new_procedures = models.PositiveSmallIntegerField(null=True)
    issued_document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="settles")
    is_simulated = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["document", "due_on"], name="instrument_owed")]
        constraints = [
            models.CheckConstraint(condition=~Q(issued_document=F("document")), name="instrument_is_another_text"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}: {self.title}"[:300]


class InstrumentStep(models.Model):
    """The instrument entered a stage. The statutory clock of that stage is frozen here. Fact: only inserted.

    `days_allowed` and `clock_ends_on` null: the law sets no time for this stage.
    """

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=10, choices=Stage)
    entered_on = models.DateField()
    days_allowed = models.PositiveSmallIntegerField(null=True)
    clock_ends_on = models.DateField(null=True)
    clock_basis = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    is_simulated = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["instrument", "entered_on"], name="instrument_step_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(days_allowed__isnull=True, clock_ends_on__isnull=True)
                | Q(days_allowed__isnull=False, clock_ends_on__gte=F("entered_on")) & ~Q(clock_basis=""),
                name="instrument_clock_has_a_basis",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.stage}"


class StatutoryClock(models.Model):
    """How many days the law gives a stage of this type of text. A change ends the row and opens another."""

    class Counting(models.TextChoices):
        WORKING = "working", _("ngày làm việc")
        CALENDAR = "calendar", pgettext_lazy("cách đếm ngày", "ngày")

    type = models.CharField(max_length=16, choices=InstrumentType)
    stage = models.CharField(max_length=10, choices=Stage)
    days = models.PositiveSmallIntegerField()
    counting = models.CharField(max_length=8, choices=Counting)
    legal_basis = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "stage", "valid_from"], name="statutory_clock_once"),
            models.UniqueConstraint(
                fields=["type", "stage"], condition=Q(valid_to__isnull=True), name="statutory_clock_one_open"
            ),
            models.CheckConstraint(condition=~Q(legal_basis=""), name="statutory_clock_has_a_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.stage} {self.days}"


class InstrumentConflict(models.Model):
    """Somebody says that the draft contradicts or repeats another text. Fact: only inserted."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="conflicts")
    other_document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    other_instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    stated_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(other_document__isnull=False, other_instrument__isnull=True)
                | Q(other_document__isnull=True, other_instrument__isnull=False),
                name="instrument_conflict_with_one_text",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="instrument_conflict_says_what"),
        ]

    def __str__(self) -> str:
        return self.text[:200]


class ConflictAnswer(models.Model):
    """What the drafter did about a stated conflict; it ends it. Fact: only inserted."""

    conflict = models.OneToOneField(InstrumentConflict, models.PROTECT, related_name="answer")
    text = models.TextField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.text[:200]
