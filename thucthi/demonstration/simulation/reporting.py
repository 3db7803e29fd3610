"""What was owed month by month, what was reported, and what became of it; most of it in the last days before the 25th.

Ids are places: an obligation is `round × tasks + task`, its first report and the verdict on it have the same number, a
second version stands `tasks × (months + 1)` further on. So no statement has to look anything up.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db.backends.utils import CursorWrapper

from thucthi.demonstration.simulation.plan import Country, ReportedPeriod
from thucthi.demonstration.simulation.work import ONE_STUCK_IN, STUCK_PLACE, Values
from thucthi.kernel.working_days import Period, report_due_on

Tell = Callable[[], None]

# A stopped task owes nothing for the month in which it was stopped, a completed one nothing after its completion.
_OWES = "NOT (life IN (1, 2) AND %(age)s < 2) AND NOT (life = 3 AND %(age)s < done_at)"
_OBLIGATIONS = f"""
INSERT INTO reporting_obligation (id, task_id, organisation_id, period_kind, period_key, period_start, period_end,
    due_on, created_at)
SELECT %(round)s::bigint * %(tasks)s + id, id, CASE WHEN %(age)s >= %(merged_at_age)s THEN lead ELSE heir END,
       'monthly', %(key)s, %(start)s, %(end)s, %(due)s, %(created)s
FROM simulated_task WHERE {_OWES}
"""
# kernel.canonical.content_hash of the report's seal, written by hand: a test compares. Of the second version anew.
_HASH = """encode(sha256(convert_to('{"author_id":' || author || ',"cause":"' || cause || '","claim":"' || claim
           || '","claims_completion":' || completes || ',"done_about_it":"' || done_about_it
           || '","evidence":[],"note":"' || %(note)s || '","obstacle":'
           || CASE WHEN stuck THEN '"mp-vm-' || id || '"' ELSE 'null' END || ',"period":"' || %(key)s
           || '","progress":"' || progress || '","task":"mp-nv-' || id || '","version":' || %(version)s || '}',
           'UTF8')), 'hex')"""
# Of a hundred reports six are late by up to ten days, sixty-four come on the last three days, the others earlier.
_SAID = """
CREATE TEMPORARY TABLE simulated_report ON COMMIT DROP AS
WITH sent AS (
    SELECT *, %(round)s::bigint * %(tasks)s + id AS number, pg_temp.draw(id, %(salt)s + 10 + %(age)s) AS x,
           mod(turn + %(age)s * (%(ordinary)s / 7 + 1), greatest(%(ordinary)s, 1)) AS place
    FROM simulated_task WHERE life <> 4 AND {owes}
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
), said AS (
    SELECT *, (ARRAY['on_plan', 'at_risk', 'behind'])[1 + worse] AS claim,
           CASE WHEN stuck THEN 'institution' ELSE (ARRAY['', 'people', 'own_fault'])[1 + worse] END AS cause,
           CASE worse WHEN 0 THEN '' ELSE 'Đã đôn đốc (mô phỏng)' END AS done_about_it
    FROM judged
)
SELECT id, number, author, reviewer, at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS at,
       decided AT TIME ZONE 'Asia/Ho_Chi_Minh' AS decided, completes, again, back, stuck, progress, claim, cause,
       done_about_it,
       {hash} AS hash,
       decided::date < %(until)s AND (again OR back OR completes OR %(age)s > 2 OR mod(x / 2048, 100) >= 6) AS is_judged
FROM said
"""
_REPORTS = """
INSERT INTO reporting_report (id, obligation_id, task_id, version, author_id, claim, progress_declared, note,
    claims_completion, cause, done_about_it, submitted_at, recorded_at, idempotency_key, content_hash, is_simulated,
    obstacle_id, route, rungs_skipped, correction_reason)
SELECT number + %(further)s, number, id, %(version)s, author, claim, progress, %(note)s, completes, cause,
       done_about_it, {at}, {at}, md5(%(salt)s || ' ' || number || ' ' || %(version)s)::uuid,
       {hash},
       true, CASE WHEN stuck THEN id / %(one_stuck_in)s + 1 END, '{{}}', '{{}}', ''
FROM simulated_report {where}
"""
_ACCEPTANCES = """
INSERT INTO reporting_acceptance (id, report_id, verdict, progress_accepted, note, author_id, reviewer_id, content_hash,
    decided_at, recorded_at, is_simulated)
SELECT number + %(further)s, number + %(further)s, CASE WHEN {returned} THEN 'returned' ELSE 'accepted' END,
       CASE WHEN {returned} THEN NULL ELSE progress END,
       CASE WHEN {returned} THEN 'Đề nghị bổ sung số liệu (mô phỏng)' ELSE '' END, author, reviewer, {hash},
       {at}, {at}, true
FROM simulated_report WHERE is_judged {where}
"""
# As reporting_rebuild_open_duties() would write it, in sets instead of looking each obligation up; a test compares.
_OPEN_COLUMNS = """
INSERT INTO reporting_openduty (obligation_id, task_id, organisation_id, programme_id, period_end, due_on, last_day,
    state, report_id, rung, author_id, submitted_at)
"""
_OWED = f"""{_OPEN_COLUMNS}
SELECT o.id, o.task_id, o.organisation_id, t.programme, o.period_end, o.due_on, o.due_on, 'owed', NULL, '', NULL, NULL
FROM reporting_obligation o JOIN simulated_task t ON t.id = o.task_id
WHERE NOT EXISTS (SELECT FROM reporting_report r WHERE r.obligation_id = o.id)
"""
_SENT = f"""{_OPEN_COLUMNS}
SELECT o.id, o.task_id, o.organisation_id, t.programme, o.period_end, o.due_on, o.due_on,
       CASE WHEN a.id IS NULL THEN 'waiting' ELSE 'returned' END, r.id, '', r.author_id, r.submitted_at
FROM reporting_report r
LEFT JOIN reporting_acceptance a ON a.report_id = r.id
JOIN reporting_obligation o ON o.id = r.obligation_id
JOIN simulated_task t ON t.id = r.task_id
WHERE a.verdict IS DISTINCT FROM 'accepted'
  AND NOT EXISTS (SELECT FROM reporting_report v WHERE v.obligation_id = r.obligation_id AND v.version > r.version)
  AND (a.id IS NOT NULL OR NOT EXISTS (SELECT FROM reporting_report later WHERE later.task_id = r.task_id
       AND later.version = 1 AND later.id > r.obligation_id))
"""
_OBSTACLES = """
INSERT INTO obstacles_obstacle (id, code, task_id, raised_by_organisation_id, raised_by_id, raised_on, cause, condition,
    asked_of_id, asked_what, due_on, information, field, proposed_solution, authority, is_simulated, recorded_at)
SELECT s.id / %(one_stuck_in)s + 1, 'mp-vm-' || s.id, s.id, s.author, s.author,
       (s.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'institution', 'Vướng quy định (mô phỏng)',
       %(first_ministry)s + mod(s.id, %(ministries)s), 'Đề nghị hướng dẫn (mô phỏng)',
       (s.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + 7, 'Thông tin mô phỏng', 'Lĩnh vực mô phỏng',
       'Giải pháp mô phỏng', 'Thẩm quyền mô phỏng', true, s.at
FROM simulated_report s WHERE s.stuck
"""
_REMOVED = """
INSERT INTO obstacles_obstaclestep (id, obstacle_id, kind, text, happened_on, organisation_id, round, recorded_at)
SELECT id, id, 'removed', 'Đã hướng dẫn (mô phỏng)', raised_on + 1, asked_of_id, 1, recorded_at + interval '1 day'
FROM obstacles_obstacle WHERE mod(id, 5) < 2 AND raised_on + 1 < %(until)s
"""


def write_reports(cursor: CursorWrapper, country: Country, values: Values, tell: Tell) -> None:
    """Month by month from the oldest, so that the rows lie in the order of time; `tell` after each."""
    for reported in reversed(country.periods):
        known = values | _of(country, reported.period, reported.age) | _how_many(country, reported)
        cursor.execute(_OBLIGATIONS, known)
        cursor.execute("DROP TABLE IF EXISTS simulated_report")
        cursor.execute(_SAID.format(owes=_OWES, hash=_HASH), known | {"version": 1})
        _send(cursor, known, second=False)
        if reported.again:
            _send(cursor, known, second=True)
        if reported.age == 1:
            cursor.execute(_OBSTACLES, known)
            cursor.execute(_REMOVED, known)
        tell()
    if country.open_period:
        cursor.execute(_OBLIGATIONS, values | _of(country, country.open_period, 0))


def write_open_duties(cursor: CursorWrapper, values: Values) -> None:
    """After indexes and keys are back: what is still owed, waits or came back."""
    for table in ("reporting_obligation", "reporting_report", "reporting_acceptance"):
        cursor.execute(f"ANALYZE {table}")
    cursor.execute("SET LOCAL enable_nestloop = off")
    cursor.execute(_OWED, values)
    cursor.execute(_SENT, values)
    cursor.execute("SET LOCAL enable_nestloop = on")


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
    return {
        "first": reported.first,
        "again": reported.again,
        "ordinary": country.ordinary,
        "until": country.sizes.until,
        "one_stuck_in": ONE_STUCK_IN,
        "stuck_place": STUCK_PLACE,
        "note": "Đúng tiến độ, số liệu kèm theo (mô phỏng).",
    }


def _send(cursor: CursorWrapper, known: Values, *, second: bool) -> None:
    """The first versions with their verdicts, or the second versions of what came back."""
    further = int(str(known["tasks"])) * (int(str(known["ages"])) + 1) if second else 0
    known = known | {"version": 2 if second else 1, "further": further, "days": timedelta(days=2)}
    at, decided = ("decided + %(days)s", "decided + 2 * %(days)s") if second else ("at", "decided")
    hashed = _HASH if second else "hash"
    cursor.execute(_REPORTS.format(at=at, hash=hashed, where="WHERE again" if second else ""), known)
    returned, where = ("false", "AND again") if second else ("(again OR back)", "")
    cursor.execute(_ACCEPTANCES.format(returned=returned, at=decided, hash=hashed, where=where), known)
