"""What officials say to each other about a task. Internal: never published."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from thucthi.directory.models import Account, Organisation
from thucthi.programmes.models.tasks import Task


class Remark(models.Model):
    """A remark on a task, or an answer to one. Fact: only inserted."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="remarks")
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    text = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["task", "written_at"], name="remark_of_task")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remark_says_something")]

    def __str__(self) -> str:
        return self.text[:200]


class RemarkMention(models.Model):
    """Who is called upon: an account, or everyone who works for an organisation. Fact: only inserted."""

    remark = models.ForeignKey(Remark, models.PROTECT, related_name="mentions")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False, organisation__isnull=True)
                | Q(account__isnull=True, organisation__isnull=False),
                name="remark_mention_of_one",
            ),
            models.UniqueConstraint(fields=["remark", "account"], name="remark_mention_account_once"),
            models.UniqueConstraint(fields=["remark", "organisation"], name="remark_mention_body_once"),
        ]

    def __str__(self) -> str:
        return f"{self.remark_id} @{self.account_id or self.organisation_id}"


class RemarkClosing(models.Model):
    """The thread that starts with `remark` is settled. Fact: only inserted."""

    remark = models.OneToOneField(Remark, models.PROTECT, related_name="closing")
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.remark_id}"
