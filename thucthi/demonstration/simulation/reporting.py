"""What was owed month by month, what was reported, and what became of it; most of it in the last days before the 25th.

Ids are places: an obligation is `round × tasks + task`, its first report and the verdict on it have the same number, a
second version stands `tasks × (months + 1)` further on. So no statement has to look anything up.
"""

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from thucthi.demonstration.simulation.aside import SCHEMA
from thucthi.demonstration.simulation.plan import Country, ReportedPeriod
from thucthi.demonstration.simulation.work import ONE_STUCK_IN, STUCK_PLACE, Values
from thucthi.kernel.working_days import Period, report_due_on

# A stopped task owes nothing for the month in which it was stopped, a completed one nothing after its completion.
_OWES = "NOT (life IN (1, 2) AND %(age)s < 2) AND NOT (life = 3 AND %(age)s < done_at)"
_OBLIGATIONS = f"""
INSERT INTO reporting_obligation (id, task_id, organisation_id, period_kind, period_key, period_start, period_end,
    due_on, created_at)
SELECT %(round)s::bigint * %(tasks)s + id, id, CASE WHEN %(age)s >= %(merged_at_age)s THEN lead ELSE heir END,
       'monthly', %(key)s, %(start)s, %(end)s, %(due)s, %(created)s
FROM {SCHEMA}.task WHERE {_OWES}
"""
# By how much worse it goes than planned: 0 to 2. What waits for an institution is worst, and has a cause of its own.
CLAIMS, CAUSES, STUCK = ("on_plan", "at_risk", "behind"), ("", "people", "own_fault"), "institution"
DONE = ("", *("Đã đôn đốc (mô phỏng)",) * 2)
# kernel.canonical.content_hash of the report's seal, written by hand: a test compares. What only a few values stand for
# comes as one text each: joining twenty pieces took longer than the hash.
_HASH = """encode(sha256(convert_to('{{"author_id":' || author
           || CASE WHEN stuck THEN %(of_stuck)s ELSE (%(of_claims)s::text[])[1 + worse] END || completes
           || (%(of_done)s::text[])[1 + worse] || CASE WHEN stuck THEN '"mp-vm-' || id || '"' ELSE 'null' END
           || (',"period":"' || %(key)s || '","progress":"') || progress
           || '","task":"mp-nv-' || id || '","version":{version}}}',
           'UTF8')), 'hex')"""
# Of a hundred reports six are late by up to ten days, sixty-four come on the last three days, the others earlier.
_SAID = f"""
WITH sent AS (
    SELECT *, %(round)s::bigint * %(tasks)s + id AS number, {SCHEMA}.draw(id, %(salt)s + 10 + %(age)s) AS x,
           mod(turn + %(age)s * (%(ordinary)s / 7 + 1), greatest(%(ordinary)s, 1)) AS place
    FROM {SCHEMA}.task WHERE life <> 4 AND {_OWES}
), dated AS (
    SELECT *, least(%(due)s::date + CASE WHEN mod(x, 100) < 6 THEN 1 + mod(x / 128, 10)
                                         WHEN mod(x, 100) < 70 THEN -mod(x / 128, 3) ELSE -mod(x / 128, 12) END::int,
                    %(until)s::date - 1)
              + time '08:00' + mod(x / 64, 540) * interval '1 minute' AS at,
           life = 3 AND done_at = %(age)s AS completes,
           life = 0 AND place < %(again)s AS again, life = 0 AND place >= %(again)s AND place < 2 * %(again)s AS back,
           life = 0 AND %(age)s = 1 AND mod(id, %(one_stuck_in)s) = %(stuck_place)s AS stuck
    FROM sent WHERE life <> 0 OR place < %(first)s
), judged AS (
    SELECT *, at + (1 + mod(x / 512, 4)) * interval '1 day' AS decided,
           CASE WHEN completes THEN 100
                ELSE least(95, mod(id, 20) + (%(ages)s - %(age)s) * (3 + mod(id, 10))) END AS progress,
           CASE WHEN stuck THEN 2 WHEN completes OR mod(x / 1024, 100) < 80 THEN 0
                WHEN mod(x / 1024, 100) < 94 THEN 1 ELSE 2 END AS worse,
           CASE WHEN %(age)s > %(merged_at_age)s THEN lead ELSE heir END AS author
    FROM dated
), said AS MATERIALIZED (
    SELECT id, number, author, reviewer, at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS at,
           decided AT TIME ZONE 'Asia/Ho_Chi_Minh' AS decided, completes, again, back, stuck, progress, worse,
           {_HASH.format(version=1)} AS hash,
           decided::date < %(until)s AND (again OR back OR completes OR %(age)s > 2 OR mod(x / 2048, 100) >= 6)
               AS is_judged
    FROM judged
)
"""
_REPORTS = """
INSERT INTO reporting_report (id, obligation_id, task_id, version, author_id, claim, progress_declared, note,
    claims_completion, cause, done_about_it, submitted_at, recorded_at, idempotency_key, content_hash, is_simulated,
    obstacle_id, route, rungs_skipped, correction_reason)
SELECT number + {further}, number, id, {version}, author, (%(claims)s::text[])[1 + worse], progress,
       %(note)s, completes, CASE WHEN stuck THEN %(stuck)s ELSE (%(causes)s::text[])[1 + worse] END,
       (%(done)s::text[])[1 + worse], {at}, {at}, md5(%(salt)s || ' ' || number || ' {version}')::uuid, {hash}, true,
       CASE WHEN stuck THEN id / %(one_stuck_in)s + 1 END, '{{}}', '{{}}', ''
FROM said {where}
"""
_ACCEPTANCES = """
INSERT INTO reporting_acceptance (id, report_id, verdict, progress_accepted, note, author_id, reviewer_id, content_hash,
    decided_at, recorded_at, is_simulated)
SELECT number + {further}, number + {further}, CASE WHEN {returned} THEN 'returned' ELSE 'accepted' END,
       CASE WHEN {returned} THEN NULL ELSE progress END,
       CASE WHEN {returned} THEN 'Đề nghị bổ sung số liệu (mô phỏng)' ELSE '' END, author, reviewer, {hash},
       {at}, {at}, true
FROM said WHERE is_judged {where}
"""
_OBSTACLES = """
INSERT INTO obstacles_obstacle (id, code, task_id, raised_by_organisation_id, raised_by_id, raised_on, cause, condition,
    asked_of_id, asked_what, due_on, information, field, proposed_solution, authority, is_simulated, recorded_at)
SELECT s.id / %(one_stuck_in)s + 1, 'mp-vm-' || s.id, s.id, s.author, s.author,
       (s.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'institution', 'Vướng quy định (mô phỏng)',
       %(first_ministry)s + mod(s.id, %(ministries)s), 'Đề nghị hướng dẫn (mô phỏng)',
       (s.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + 7, 'Thông tin mô phỏng', 'Lĩnh vực mô phỏng',
       'Giải pháp mô phỏng', 'Thẩm quyền mô phỏng', true, s.at
FROM said s WHERE s.stuck
"""
# The first versions with their verdicts, then the second versions of what came back, out of what was drawn once.
_FIRST = {"version": 1, "further": 0, "hash": "hash"}
_SECOND = {"version": 2, "further": "%(further)s::bigint", "hash": _HASH.format(version=2)}
_MONTH = f"""{_SAID}, first_reports AS ({_REPORTS.format(at="at", where="", **_FIRST)}
), first_verdicts AS ({_ACCEPTANCES.format(returned="(again OR back)", at="decided", where="", **_FIRST)}
), second_reports AS ({_REPORTS.format(at="decided + interval '2 days'", where="WHERE again", **_SECOND)}
), obstacles AS ({_OBSTACLES}
)
{_ACCEPTANCES.format(returned="false", at="decided + interval '4 days'", where="AND again", **_SECOND)}
"""
_REMOVED = """
INSERT INTO obstacles_obstaclestep (id, obstacle_id, kind, text, happened_on, organisation_id, round, recorded_at)
SELECT id, id, 'removed', 'Đã hướng dẫn (mô phỏng)', raised_on + 1, asked_of_id, 1, recorded_at + interval '1 day'
FROM obstacles_obstacle WHERE mod(id, 5) < 2 AND raised_on + 1 < %(until)s
"""
# As reporting_rebuild_open_duties() would write it, in sets instead of looking each obligation up; a test compares.
_OPEN_COLUMNS = """
INSERT INTO reporting_openduty (obligation_id, task_id, organisation_id, programme_id, period_end, due_on, last_day,
    state, report_id, rung, author_id, submitted_at, period_kind, task_code)
"""
_OWED = f"""{_OPEN_COLUMNS}
SELECT o.id, o.task_id, o.organisation_id, t.programme, o.period_end, o.due_on, o.due_on, 'owed', NULL, '', NULL, NULL,
       o.period_kind, 'mp-nv-' || o.task_id
FROM reporting_obligation o JOIN {SCHEMA}.task t ON t.id = o.task_id
WHERE NOT EXISTS (SELECT FROM reporting_report r WHERE r.obligation_id = o.id)
"""
_SENT = f"""{_OPEN_COLUMNS}
SELECT o.id, o.task_id, o.organisation_id, t.programme, o.period_end, o.due_on, o.due_on,
       CASE WHEN a.id IS NULL THEN 'waiting' ELSE 'returned' END, r.id, '', r.author_id, r.submitted_at,
       o.period_kind, 'mp-nv-' || r.task_id
FROM reporting_report r
LEFT JOIN reporting_acceptance a ON a.report_id = r.id
JOIN reporting_obligation o ON o.id = r.obligation_id
JOIN {SCHEMA}.task t ON t.id = r.task_id
WHERE a.verdict IS DISTINCT FROM 'accepted'
  AND NOT EXISTS (SELECT FROM reporting_report v WHERE v.obligation_id = r.obligation_id AND v.version > r.version)
  AND (a.id IS NOT NULL OR NOT EXISTS (SELECT FROM reporting_report later WHERE later.task_id = r.task_id
       AND later.version = 1 AND later.id > r.obligation_id))
"""


def write_obligations(cursor: CursorWrapper, country: Country, values: Values) -> None:
    """Month by month from the oldest, so that the rows lie in the order of time."""
    for reported in reversed(country.periods):
        cursor.execute(_OBLIGATIONS, values | _of(country, reported.period, reported.age))
    if country.open_period:
        cursor.execute(_OBLIGATIONS, values | _of(country, country.open_period, 0))


def write_reports(cursor: CursorWrapper, country: Country, values: Values, reported: ReportedPeriod) -> None:
    """Of one month; the older months come before."""
    known = values | _of(country, reported.period, reported.age) | _how_many(country, reported)
    cursor.execute(_MONTH, known)
    if reported.age == 1:
        cursor.execute(_REMOVED, known)


def write_open_duties(cursor: CursorWrapper, values: Values) -> None:
    """When all of the three tables is there: what is still owed, waits or came back."""
    with transaction.atomic():
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_OWED, values)
        cursor.execute(_SENT, values)


def write_pauses(cursor: CursorWrapper) -> None:
    """The days on which a task owes nothing, from its steps and from what was accepted as complete."""
    cursor.execute("SELECT reporting_rebuild_pauses()")


def _of(country: Country, period: Period, age: int) -> Values:
    return {
        "age": age,
        "round": country.ages - age,
        "merged_at_age": country.merged_at_age,
        "key": period.key,
        "start": period.start,
        "end": period.end,
        "due": report_due_on(period),
        "created": max(period.start, country.issued_on),
    }


def _how_many(country: Country, reported: ReportedPeriod) -> Values:
    note = "Đúng tiến độ, số liệu kèm theo (mô phỏng)."
    after = f'","evidence":[],"note":"{note}","obstacle":'
    return {
        "first": reported.first,
        "again": reported.again,
        "ordinary": country.ordinary,
        "until": country.sizes.until,
        "further": country.sizes.tasks * (country.ages + 1),
        "one_stuck_in": ONE_STUCK_IN,
        "stuck_place": STUCK_PLACE,
        "note": note,
        "claims": list(CLAIMS),
        "causes": list(CAUSES),
        "done": list(DONE),
        "stuck": STUCK,
        "of_claims": [_of_claim(cause, claim) for cause, claim in zip(CAUSES, CLAIMS, strict=True)],
        "of_stuck": _of_claim(STUCK, CLAIMS[-1]),
        "of_done": [f',"done_about_it":"{done}{after}' for done in DONE],
    }


def _of_claim(cause: str, claim: str) -> str:
    """The part of the seal between the author and whether it claims completion."""
    return f',"cause":"{cause}","claim":"{claim}","claims_completion":'
