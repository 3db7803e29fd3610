"""Duties to report with their standing, and the heads who answer for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Tenure
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.calculations.duties import (
    DutyStanding,
    DutyState,
    Holding,
    Version,
    days_in_office,
    state_of_duty,
)
from thucthi.reporting.models import Obligation, Report


@dataclass(frozen=True)
class Duty:
    """One obligation and where it stands."""

    obligation: Obligation
    standing: DutyStanding

    @property
    def word(self) -> str:
        return word_of(self.standing)

    @property
    def tone(self) -> str:
        return TONES[self.standing.state]


@dataclass(frozen=True)
class AnswerableHead:
    """A head in office, and the days for which he answers; both included."""

    tenure: Tenure
    since: date
    until: date
    days: int


TONES = {
    DutyState.DUE: "neutral",
    DutyState.OVERDUE: "bad",
    DutyState.RETURNED: "warn",
    DutyState.SUBMITTED: "info",
    DutyState.ACCEPTED: "good",
}


def word_of(standing: DutyStanding) -> str:
    """ "Quá hạn 12 ngày", "Chờ nghiệm thu, gửi muộn 3 ngày"."""
    words = {
        DutyState.DUE: _("Chưa đến hạn"),
        DutyState.OVERDUE: _("Quá hạn %(n)s ngày, chưa gửi") % {"n": standing.days_late},
        DutyState.RETURNED: _("Bị trả lại"),
        DutyState.SUBMITTED: _("Chờ nghiệm thu"),
        DutyState.ACCEPTED: _("Đã nghiệm thu"),
    }
    word = words[standing.state]
    if standing.is_late and standing.first_sent_on is not None:
        return _("%(word)s, gửi muộn %(n)s ngày") % {"word": word, "n": standing.days_late}
    return word


def standings_of(obligations: Collection[Obligation], on: date) -> dict[int, DutyStanding]:
    """Every obligation's standing, by id; one query."""
    versions: dict[int, list[Version]] = {obligation.pk: [] for obligation in obligations}
    sent = Report.objects.filter(obligation__in=versions).order_by("obligation", "version")
    for pk, at, verdict, decided in sent.values_list(
        "obligation_id", "submitted_at", "acceptance__verdict", "acceptance__decided_at"
    ):
        decided_on = timezone.localdate(decided) if decided else None
        versions[pk].append(Version(timezone.localdate(at), verdict, decided_on))
    return {
        row.pk: state_of_duty(
            period_start=row.period_start,
            due_on=row.due_on,
            grace_until=row.grace_until,
            versions=versions[row.pk],
            on=on,
        )
        for row in obligations
    }


def duties_of(task: Task, viewer: Viewer, on: date) -> list[Duty]:
    """Every period of a visible task, newest first: those nobody answered stay in the list for good."""
    rows = list(
        Obligation.objects.filter(task__in=visible_tasks(viewer).filter(pk=task.pk), period_start__lte=on)
        .select_related("organisation", "calendar")
        .order_by("-period_end", "-pk")
    )
    standings = standings_of(rows, on)
    return [Duty(row, standings[row.pk]) for row in rows]


def answerable(obligation: Obligation, on: date) -> tuple[AnswerableHead, ...]:
    """The heads of the body that owed the report, each with the days of the period that were his (D32).

    From the first day of the period to the day it was answered, or to `on` while it is not. A head who came later does
    not answer for the days before him; whoever left does not stop answering for his own.
    """
    first = Report.objects.filter(obligation=obligation).order_by("version").values_list("submitted_at", flat=True)
    answered = first.first()
    until = min(timezone.localdate(answered), on) if answered else on
    held = Tenure.objects.filter(post__organisation=obligation.organisation_id, post__is_head=True)
    tenures = {row.pk: row for row in held.select_related("person", "post")}
    holdings = (Holding(row.pk, row.valid_from, row.valid_to) for row in tenures.values())
    return tuple(
        AnswerableHead(tenures[part.holder_id], part.since, part.until, part.days)
        for part in days_in_office(holdings, obligation.period_start, until)
    )
