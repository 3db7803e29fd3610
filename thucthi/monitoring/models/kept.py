"""What people said of signals, and forecasts kept because they take long to make."""

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
