"""Rows of the database as the API tells them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from thucthi.indicators.models import Observation
from thucthi.monitoring.selectors import task_states
from thucthi.obstacles.models import Obstacle
from thucthi.obstacles.selectors import standings
from thucthi.programmes.models import Task
from thucthi.reporting.models import OpenDuty, Report
from thucthi.workspace.selectors.for_programs import Own


def amount(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def tasks(rows: list[Task], own: Own, on: date) -> list[dict[str, Any]]:
    chosen = Task.objects.filter(pk__in=[row.pk for row in rows])
    states = {state.task_id: state for state in task_states(chosen, on)}
    return [_task(row, states[row.pk], own) for row in rows]


def _task(row: Task, state: Any, own: Own) -> dict[str, Any]:
    return {
        "code": row.code,
        "text": row.text,
        "product": row.product,
        "programme": row.programme.code,
        "lead": row.lead.code if row.lead else None,
        "coordinators": sorted(body.code for body in row.coordinators.all()),
        "role": "lead" if row.lead_id in own.bodies else "coordinate",
        "is_issued": row.is_issued,
        "due_on": state.due_on,
        "stage": state.stage.value,
        "schedule": state.schedule.value,
        "reported": state.reported.value,
        "declared": amount(state.declared),
        "accepted": amount(state.accepted),
        "measured": amount(state.measured),
    }


def duties(rows: Iterable[OpenDuty], on: date) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "task": row.obligation.task.code,
            "period_kind": row.obligation.period_kind,
            "period": row.obligation.period_key,
            "due_on": row.due_on,
            "last_day": row.last_day,
            "is_overdue": row.last_day < on,
            "state": row.state,
        }
        for row in rows
    ]


def report(row: Report) -> dict[str, Any]:
    verdict = getattr(row, "acceptance", None) or next(
        (each for each in row.endorsements.all() if each.verdict == "returned"), None
    )
    return {
        "id": row.pk,
        "task": row.task.code,
        "period": row.obligation.period_key,
        "version": row.version,
        "claim": row.claim,
        "declared": amount(row.progress_declared),
        "claims_completion": row.claims_completion,
        "note": row.note,
        "submitted_at": row.submitted_at,
        "content_hash": row.content_hash,
        "state": verdict.verdict if verdict else "waiting",
        "accepted": amount(getattr(verdict, "progress_accepted", None)),
        "decided_at": verdict.decided_at if verdict else None,
        "review_note": verdict.note if verdict else "",
        "is_simulated": row.is_simulated,
    }


def obstacles(rows: QuerySet[Obstacle], on: date) -> list[dict[str, Any]]:
    return [
        {
            "code": found.obstacle.code,
            "task": found.obstacle.task.code if found.obstacle.task else None,
            "raised_by": found.obstacle.raised_by_organisation.code,
            "raised_on": found.obstacle.raised_on,
            "cause": found.obstacle.cause,
            "condition": found.obstacle.condition,
            "asked_of": found.obstacle.asked_of.code,
            "asked_what": found.obstacle.asked_what,
            "due_on": found.obstacle.due_on,
            "state": found.state.value,
            "closed_on": found.closed_on,
            "working_days": found.working_days,
            "holders": sorted(body.code for body in found.holders),
        }
        for found in standings(rows, on)
    ]


def value(row: Observation) -> dict[str, Any]:
    plain = ("period", "kind", "breakdown", "state", "source", "available_on", "is_simulated")
    return (
        {"id": row.pk, "indicator": row.indicator.code}
        | {name: getattr(row, name) for name in plain}
        | {name: amount(getattr(row, name)) for name in ("amount", "numerator", "denominator")}
    )
