"""What is brought to an official's attention: notices, letters on their way, keys of calendars."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation
from thucthi.documents.models import Document


class Reason(models.TextChoices):
    """Why somebody is told. Being returned to, mentioned or overdue is told at once; the rest waits for Monday."""

    RETURNED = "returned", _("Báo cáo bị trả lại")
    OVERDUE = "overdue", _("Quá hạn")
    MENTIONED = "mentioned", _("Được nhắc tên")
    TO_ACCEPT = "to_accept", _("Chờ ông/bà nghiệm thu")
    TO_DECIDE = "to_decide", _("Chờ ông/bà quyết định")
    ASKED = "asked", _("Được đề nghị phối hợp")
    DUE_SOON = "due_soon", _("Sắp đến hạn")
    DIGEST = "digest", _("Bản tin đầu tuần")


class Notice(models.Model):
    """One thing brought to one account's attention, once. Derived from facts; `subject` is the key of the fact.

    `text` holds the thing's own words and figures, so that it reads in every language; `path` leads to it.
    `letter`: the immediate mail that told of it.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="notices")
    reason = models.CharField(max_length=12, choices=Reason)
    subject = models.CharField(max_length=120)
    text = models.CharField(max_length=500)
    path = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(null=True)
    letter = models.ForeignKey("Letter", models.PROTECT, null=True, related_name="notices")

    class Meta:
        indexes = [
            models.Index(fields=["account", "-created_at"], name="notice_newest"),
            models.Index(fields=["account"], condition=Q(seen_at__isnull=True), name="notice_unseen"),
            models.Index(
                fields=["created_at"],
                condition=Q(letter__isnull=True, reason__in=["returned", "overdue", "mentioned"]),
                name="notice_without_letter",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "reason", "subject"], name="notice_once"),
        ]

    def __str__(self) -> str:
        return self.text


class NoticeChoice(models.Model):
    """An account wants no mail for a reason. No row: mail is sent."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="notice_choices")
    reason = models.CharField(max_length=12, choices=Reason)
    by_mail = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "reason"], name="notice_choice_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.reason} {self.by_mail}"


class Letter(models.Model):
    """A mail on its way: kept before it is sent, tried again until it is, visible while it is not.

    `key` makes it once: a digest per account and week, an immediate letter per notice.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="letters")
    key = models.CharField(max_length=160)
    reason = models.CharField(max_length=12, choices=Reason)
    to = models.EmailField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    made_at = models.DateTimeField(db_default=Now())
    try_after = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["try_after"], condition=Q(sent_at__isnull=True), name="letter_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="letter_once"),
        ]

    def __str__(self) -> str:
        return self.subject


class CalendarKey(models.Model):
    """The secret part of the address of an iCalendar feed, kept as a hash; revoked, never deleted.

    Shows the dates of one account, and of one organisation or document if named, with that account's rights.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="calendar_keys")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | Q(document__isnull=True), name="calendar_key_of_one_scope"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("created_at")),
                name="calendar_key_revoked_after_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.pk}"
