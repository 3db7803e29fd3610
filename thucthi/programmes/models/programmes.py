"""The action programme of one organisation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Organisation, Post
from thucthi.documents.models import Document


class Programme(models.Model):
    """One organisation's plan under one or more documents (D68, D69).

    What it says once — head, authority, source of resources — its tasks inherit.
    """

    class Profile(models.TextChoices):
        FIVE = "five", _("5 rõ")
        SIX_PARTY = "six_party", _("6 rõ (Đảng)")
        SIX_GOVERNMENT = "six_government", _("6 rõ (Chính phủ)")
        SEVEN = "seven", _("7 rõ")

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", _("Hằng tuần")
        MONTHLY = "monthly", _("Hằng tháng, trước ngày 25")

    code = models.SlugField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    title = models.CharField(max_length=500)
    profile = models.CharField(max_length=16, choices=Profile, default=Profile.SEVEN)
    rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.WEEKLY)
    head = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    authority_basis = models.CharField(max_length=500, blank=True)
    resource_source = models.CharField(max_length=500, blank=True)
    issued_on = models.DateField(null=True)
    issued_as = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    bases = models.ManyToManyField(Document, through="ProgrammeBasis", related_name="programmes")
    # Issued, and on public documents alone: every working account sees it. A trigger says so, whatever is written here.
    is_open = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | ~Q(issued_as=""), name="programme_issued_under_a_number"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation"], name="programme_closed", condition=Q(issued_on__isnull=False, is_open=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_issued(self) -> bool:
        return self.issued_on is not None


class ProgrammeBasis(models.Model):
    """The programme carries out this document."""

    programme = models.ForeignKey(Programme, models.PROTECT)
    document = models.ForeignKey(Document, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "document"], name="programme_basis_once")]

    def __str__(self) -> str:
        return f"{self.programme_id} ← {self.document_id}"


class TaskGroup(models.Model):
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="groups")
    title = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["programme_id", "position"]
        constraints = [models.UniqueConstraint(fields=["programme", "position"], name="task_group_position")]

    def __str__(self) -> str:
        return self.title
