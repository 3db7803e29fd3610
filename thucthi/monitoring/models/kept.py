"""What people said of signals, and forecasts kept because they take long to make."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation
from thucthi.indicators.models import Indicator


class SignalVerdict(models.Model):
    """What a person found when asked by a signal; the share confirmed judges the check. Fact: only inserted.

    `check_code` names the check, `period` the period it looked at, `subject` what the signal was about within it
    (a task or an indicator by code, "" for the organisation as a whole).
    """

    class Finding(models.TextChoices):
        CONFIRMED = "confirmed", _("Có vấn đề thật")
        EXPLAINED = "explained", _("Có lý do chính đáng")

    check_code = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    period = models.CharField(max_length=12)
    subject = models.CharField(max_length=100, blank=True)
    finding = models.CharField(max_length=10, choices=Finding)
    text = models.TextField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["check_code", "organisation", "period", "subject"], name="signal_verdict_once"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="signal_verdict_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.check_code} {self.organisation_id} {self.finding}"


class QuestionCount(models.Model):
    """Derived, and may be thrown away: when questions and cases of one kind of organisations and year were counted."""

    kind = models.CharField(max_length=40)
    year = models.IntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="question_count_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} {self.counted_at}"


class KeptQuestion(models.Model):
    """Derived: that a question of fact is asked, as counted; what it rests on is read when it is opened.

    `programmes`: it rests on tasks of these, and is told only to who may see them all. `shared` 0: the question itself.
    Otherwise one of the reports that share a file or a text, some of them about a programme that not everybody sees:
    whoever sees two or more of the same `shared` is asked under the latest of them by `told_on` and `report_id`.
    """

    count = models.ForeignKey(QuestionCount, models.CASCADE, db_index=False, related_name="questions")
    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    check_code = models.CharField(max_length=40)
    period = models.CharField(max_length=12)
    subject = models.CharField(max_length=100)
    programmes = ArrayField(models.BigIntegerField())
    shared = models.IntegerField(default=0)
    told_on = models.DateField(null=True)
    report_id = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["count", "organisation", "check_code"], name="kept_question_of_body")]

    def __str__(self) -> str:
        return f"{self.check_code} {self.organisation_id} {self.period} {self.subject}"


class PeerFinding(models.Model):
    """Derived: what one check found odd about one organisation among its peers, as counted; the numbers of `Tested`."""

    count = models.ForeignKey(QuestionCount, models.CASCADE, related_name="findings")
    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    matter = models.CharField(max_length=12)
    check_code = models.CharField(max_length=40)
    own = models.FloatField()
    peers = models.FloatField()
    counted = models.IntegerField()
    p = models.FloatField()

    def __str__(self) -> str:
        return f"{self.check_code} {self.organisation_id} {self.matter}"


class KeptCases(models.Model):
    """Derived: how many cases one part of an organisation's reliability has, where counting them takes long."""

    count = models.ForeignKey(QuestionCount, models.CASCADE, related_name="cases")
    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    part = models.CharField(max_length=12)
    good = models.IntegerField()
    counted = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.part} {self.good}/{self.counted}"


class Forecast(models.Model):
    """Derived, and may be thrown away: where a series is heading, as computed on a day.

    No organisation: the country. `points` lists [period, middle, low, high]; `errors` maps each method tried to its
    back-test error (mean absolute scaled error; the naive method is 1 by definition of the scale).
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="forecasts")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    computed_on = models.DateField()
    last_observation = models.BigIntegerField()
    method = models.CharField(max_length=20)
    points = models.JSONField()
    errors = models.JSONField()
    confidence = models.DecimalField(max_digits=4, decimal_places=1)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "organisation"], nulls_distinct=False, name="forecast_one_per_series"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.organisation_id} {self.method}"


class Statement(models.Model):
    """What an organisation says, in its own words, to what is shown of it: the right of reply. Only inserted.

    `is_public`: its head wants it beside the figures on the public pages as well (ADR 0045).
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="statements")
    period = models.CharField(max_length=10)
    text = models.TextField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    stated_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    is_simulated = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["organisation", "period"], name="statement_of_body")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="statement_says_something")]

    def __str__(self) -> str:
        return self.text[:200]
