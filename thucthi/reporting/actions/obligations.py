"""Creating the obligations to report: the system does it every day, nobody has to ask for them."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role
from thucthi.kernel.errors import require
from thucthi.ledger.actions import record
from thucthi.reporting import access
from thucthi.reporting.calculations.calendars import Plan
from thucthi.reporting.models import Obligation
from thucthi.reporting.selectors.calendars import Span, plans_of_programmes
from thucthi.reporting.selectors.obligations import heirs_of_ended_leads, leads_then, tasks_that_report, within_subtree

OBLIGATIONS_LOCK = 7201
# For this transaction only: a million obligations are one statement of half a minute, and their keys are checked last.
TIME_FOR_ALL = "300s"
# The planner takes the rows of `unnest` for few and would look up a million tasks one by one; some it may.
ALL_AT_ONCE = "SELECT set_config('enable_nestloop', %s, true)"

EVERY_PROGRAMME = Span(0, 2**63 - 1)

# One row per programme and level of the lead: which report it owes. `then`: who led on that day, where a later
# decision says otherwise; `heirs`: the one body that answers for a lead that has ended.
_INSERT = """
WITH led AS MATERIALIZED (
    SELECT t.id, t.programme_id, lead.level, coalesce(heirs.heir, lead.id) AS organisation
    FROM programmes_task t
    LEFT JOIN unnest(%s::bigint[], %s::bigint[]) AS then_led(task, organisation) ON then_led.task = t.id
    JOIN directory_organisation lead ON lead.id = coalesce(then_led.organisation, t.lead_id)
    LEFT JOIN unnest(%s::bigint[], %s::bigint[]) AS heirs(ended, heir) ON heirs.ended = lead.id
    WHERE t.programme_id BETWEEN %s AND %s AND t.id IN ({tasks})
)
INSERT INTO reporting_obligation
    (task_id, organisation_id, period_kind, period_key, period_start, period_end, due_on, grace_until, calendar_id)
SELECT led.id, led.organisation, %s, %s, %s, %s, plan.due_on, plan.grace_until, plan.calendar
FROM led
JOIN unnest(%s::bigint[], %s::text[], %s::date[], %s::date[], %s::bigint[])
     AS plan(programme, level, due_on, grace_until, calendar)
     ON plan.programme = led.programme_id AND plan.level = led.level
WHERE EXISTS (SELECT 1 FROM programmes_taskevent issued WHERE issued.task_id = led.id AND issued.kind = 'issued'
              AND issued.happened_on <= coalesce(plan.grace_until, plan.due_on))
  AND NOT EXISTS (SELECT 1 FROM reporting_obligation made WHERE made.task_id = led.id AND made.period_start = %s
                  AND made.period_kind = %s AND made.period_key = %s)
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def create_obligations(*, by: Viewer, on: date, among: Span | None = None) -> int:
    """What every reporting task owes for the periods that hold `on`; returns how many obligations are new (D42).

    By the calendars of the programme's documents, else by the programme's own rhythm. An obligation belongs to its
    period and to whoever led the task on that day; it is never moved afterwards. A task issued after the last day of a
    period owes nothing for it. Safe to repeat. By hand a steering office does it for its own subtree. `among`: only of
    these programmes, so that a country is not one transaction for which everybody who reports would wait.
    """
    require(
        access.may_create_obligations(by), _("Chỉ hệ thống hoặc cơ quan thường trực chỉ đạo được lập nghĩa vụ báo cáo.")
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OBLIGATIONS_LOCK])
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [TIME_FOR_ALL])
    owed = _by_period(plans_of_programmes(on, among))
    created = sum(_insert(by, on, plans, among) for plans in owed.values())
    if created:
        newest = Obligation.objects.order_by("-pk")[0]
        record(
            "obligations.created",
            by=by,
            subject=newest,
            count=created,
            on=on,
            periods=[key for _kind, key in owed],
        )
    return created


_Place = tuple[int, str, Plan]


def _by_period(plans: Iterable[_Place]) -> dict[tuple[str, str], list[_Place]]:
    grouped: dict[tuple[str, str], list[_Place]] = {}
    for place in plans:
        period = place[2].period
        grouped.setdefault((period.kind.value, period.key), []).append(place)
    return grouped


def _insert(by: Viewer, on: date, plans: Sequence[_Place], among: Span | None) -> int:
    tasks = tasks_that_report(on)
    if among is not None:
        tasks = tasks.filter(programme__pk__range=among)
    if not by.is_system:
        tasks = within_subtree(tasks, by.organisation_ids(Role.STEERING_OFFICE))
    which, parameters = tasks.order_by().values("pk").query.sql_with_params()
    period = plans[0][2].period
    then, heirs = leads_then(on), heirs_of_ended_leads(on)
    with connection.cursor() as cursor:
        cursor.execute(ALL_AT_ONCE, ["off" if among is None else "on"])
        cursor.execute(
            _INSERT.format(tasks=which),
            [
                *(list(then), list(then.values()), list(heirs), list(heirs.values())),
                *(among or EVERY_PROGRAMME),
                *parameters,
                *(period.kind.value, period.key, period.start, period.end),
                [programme for programme, _level, _plan in plans],
                [level for _programme, level, _plan in plans],
                [plan.due_on for _programme, _level, plan in plans],
                [plan.grace_until for _programme, _level, plan in plans],
                [plan.calendar_id for _programme, _level, plan in plans],
                *(period.start, period.kind.value, period.key),
            ],
        )
        made = int(cursor.rowcount)
        cursor.execute(ALL_AT_ONCE, ["on"])
        return made
