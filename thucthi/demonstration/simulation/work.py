"""Programmes, tasks and what happened to them, made by the database itself: one statement per table.

Whatever looks random is `draw(id, salt)`: a hash that the seed turns, so that the same seed gives the same rows.
"""

from datetime import date, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper

from thucthi.demonstration.simulation.aside import SCHEMA
from thucthi.demonstration.simulation.bodies import MARK
from thucthi.demonstration.simulation.papers import CLAUSES
from thucthi.demonstration.simulation.plan import Country
from thucthi.kernel.vietnamese_text import fold

Values = dict[str, Any]
VERBS = ("Hoàn thành", "Xây dựng", "Rà soát", "Triển khai", "Ban hành", "Nâng cấp", "Tổ chức", "Kiểm tra")
THINGS = (
    *("cơ sở dữ liệu dùng chung", "quy chế phối hợp", "đề án nguồn nhân lực", "trạm y tế", "tuyến đường liên xã"),
    *("dịch vụ công trực tuyến", "chương trình đào tạo", "vùng nguyên liệu", "trường học", "hệ thống cấp nước"),
    "khu công nghiệp",
)
PRODUCT = f"Báo cáo kết quả ({MARK})"
# Of 250 tasks one is stuck on a ministry; of five obstacles two are removed.
ONE_STUCK_IN, STUCK_PLACE = 250, 7

_DRAW = f"""
CREATE FUNCTION {SCHEMA}.draw(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT hashint8extended($1, $2) & 2147483647 $$
"""
# lives: 0 ordinary, 1 suspended, 2 cancelled, 3 completed, 4 silent. `turn`: place among the ordinary; `done_at`: the
# age of the month in which it was completed. The lead is drawn squared: the first bodies lead many, the last few.
_TASKS_TO_BE = f"""
CREATE UNLOGGED TABLE {SCHEMA}.task AS
WITH drawn AS (
    SELECT i::bigint AS id, {SCHEMA}.draw(i, %(salt)s) AS u, {SCHEMA}.draw(i, %(salt)s + 1) AS v,
           {SCHEMA}.draw(i, %(salt)s + 2) AS w, mod(i::bigint * %(factor)s + %(offset)s, %(tasks)s) AS rank
    FROM generate_series(1, %(tasks)s) i
), led AS (
    SELECT *, 2 + ((((u * u) >> 31) * (%(bodies)s - 1)) >> 31) AS lead,
           ((((v * v) >> 31) * %(documents)s) >> 31) AS document
    FROM drawn
), placed AS (
    SELECT led.*, o.parent_id AS owner, coalesce(s.successor_id, o.id) AS heir,
           CASE WHEN rank < %(suspended)s THEN 1 WHEN rank < %(cancelled)s THEN 2 WHEN rank < %(completed)s THEN 3
                WHEN rank < %(silent)s THEN 4 ELSE 0 END AS life
    FROM led JOIN directory_organisation o ON o.id = led.lead
    LEFT JOIN directory_succession s ON s.predecessor_id = o.id
)
SELECT id, lead, heir, owner, life, w, rank - %(silent)s AS turn,
       CASE WHEN life = 3 THEN 1 + mod(rank - %(cancelled)s, greatest(%(ages)s, 1)) ELSE 0 END AS done_at,
       CASE WHEN owner < %(first_commune)s THEN (owner - 1) * %(documents)s + document + 1
            ELSE (%(first_commune)s - 1) * %(documents)s + owner - %(first_commune)s + 1 END AS programme,
       %(bodies)s + owner AS reviewer
FROM placed ORDER BY id
"""
_PROGRAMMES = """
INSERT INTO programmes_programme (id, code, organisation_id, head_id, title, profile, rhythm, authority_basis,
    resource_source, issued_on, issued_as, version, is_open)
SELECT n, 'mp-ct-' || n, o, o, 'Chương trình mô phỏng ' || n, 'seven', 'monthly', 'Thẩm quyền mô phỏng',
       'Ngân sách mô phỏng', %(issued_on)s, n || '/CTr-MP', 1,
       NOT EXISTS (SELECT 1 FROM documents_document WHERE security <> 'public')
FROM (SELECT n, CASE WHEN n <= (%(first_commune)s - 1) * %(documents)s THEN 1 + (n - 1) / %(documents)s
                     ELSE %(first_commune)s + n - 1 - (%(first_commune)s - 1) * %(documents)s END AS o
      FROM generate_series(1, %(programmes)s) n) numbered
"""
_BASES = """
INSERT INTO programmes_programmebasis (programme_id, document_id)
SELECT n, mod(n - 1, %(documents)s) + 1 FROM generate_series(1, %(programmes)s) n
UNION ALL
SELECT n, mod(n, %(documents)s) + 1 FROM generate_series(1, %(programmes)s) n
WHERE mod(n, 10) = 0 AND %(documents)s > 1
"""
# Six of ten ends lie on the 20th to the 24th; one of 25 tasks has no deadline. `end_before`: of the one in twenty
# whose deadline was moved by a decision.
_TASKS = """
INSERT INTO programmes_task (id, programme_id, code, kind, text, product, acceptance_criterion, lead_id, lead_text,
    start_on, deadline_raw, deadline_kind, deadline_precision, deadline_recurrence, deadline_trigger, resolved_end,
    yearly_deliverable, weight, money_vnd_million, money_source, people, facilities, authority_basis, is_issued,
    version, search_text)
SELECT id, programme, 'mp-nv-' || id,
       (ARRAY['nhiem_vu','nhiem_vu','nhiem_vu','de_an','van_ban','du_an'])[1 + mod(w, 6)],
       (%(verbs)s::text[])[1 + mod(w, %(of_verbs)s)] || ' ' || (%(things)s::text[])[1 + mod(id, %(of_things)s)]
       || ' (mô phỏng)', %(product)s, 'Có biên bản nghiệm thu mô phỏng', lead, '', %(issued_on)s,
       coalesce(to_char(ends, 'DD/MM/YYYY'), ''), CASE WHEN ends IS NULL THEN 'none' ELSE 'date' END,
       CASE WHEN ends IS NULL THEN '' ELSE 'day' END, '', '', ends, '', 1 + mod(w, 5)::int,
       CASE WHEN mod(w, 4) = 0 THEN mod(w, 90000) + 100 END, 'Ngân sách mô phỏng', 'Biên chế hiện có', 'Trụ sở hiện có',
       '', true, 1, 'mp-nv-' || id || ' ' || (%(folded_verbs)s::text[])[1 + mod(w, %(of_verbs)s)] || ' '
       || (%(folded_things)s::text[])[1 + mod(id, %(of_things)s)] || ' (mo phong) ' || %(folded_product)s
FROM (SELECT *, CASE WHEN mod(w, 25) > 0 THEN {ends} + CASE WHEN mod(id, 20) = 0 THEN 61 ELSE 0 END END AS ends
      FROM {SCHEMA}.task) ending
"""
_ENDS = """(%(first_end)s::date + (mod(w / 7, %(months_of_ends)s) || ' months')::interval)::date
    + CASE WHEN mod(w, 10) < 6 THEN 19 + mod(w / 11, 5)::int ELSE mod(w / 13, 28)::int END"""
_CHANGES = """
INSERT INTO programmes_taskchange (id, task_id, field, old_value, new_value, old_end, new_end, decision, decided_on,
    reason, recorded_at)
SELECT id / 20, id, 'deadline', to_char(resolved_end - 61, 'DD/MM/YYYY'), deadline_raw, resolved_end - 61, resolved_end,
       id || '/QĐ-MP', %(changed_on)s, 'Lý do mô phỏng', %(changed_on)s
FROM programmes_task WHERE mod(id, 20) = 0 AND resolved_end IS NOT NULL
"""
_EVENTS = f"""
INSERT INTO programmes_taskevent (id, task_id, kind, happened_on, decision, reason, recorded_at)
SELECT id, id, 'issued', %(issued_on)s, '', '', %(issued_on)s FROM {SCHEMA}.task
UNION ALL SELECT %(tasks)s + id, id, 'received', d, '', '', d FROM (
    SELECT id, %(issued_on)s::date + 1 + mod(w, 3)::int AS d FROM {SCHEMA}.task) received
UNION ALL SELECT 2 * %(tasks)s + id, id, CASE life WHEN 1 THEN 'suspended' ELSE 'cancelled' END, %(stopped_on)s,
       id || '/QĐ-MP', 'Lý do mô phỏng', %(stopped_on)s FROM {SCHEMA}.task WHERE life IN (1, 2)
"""
_COORDINATIONS = f"""
INSERT INTO programmes_coordination (id, task_id, organisation_id)
SELECT id, id, %(first_ministry)s + mod(w, %(ministries)s) FROM {SCHEMA}.task
WHERE mod(id, 5) = 1 AND lead <> %(first_ministry)s + mod(w, %(ministries)s)
"""
_CITATIONS = f"""
INSERT INTO programmes_citation (id, task_id, clause_id)
SELECT id, id, mod(programme - 1, %(documents)s) * %(clauses)s + 1 + mod(w, %(clauses)s) FROM {SCHEMA}.task
WHERE mod(id, 3) = 0
"""


def values_of(country: Country) -> Values:
    """Everything the statements ask for."""
    sizes, bodies, lives = country.sizes, country.bodies, country.lives
    factor, offset = country.step
    back = min(3, max(country.ages - 1, 0))
    return {
        "salt": sizes.seed * 1000,
        "tasks": sizes.tasks,
        "bodies": sizes.organisations,
        "documents": sizes.documents,
        "programmes": country.programmes,
        "factor": factor,
        "offset": offset,
        "ages": country.ages,
        "suspended": lives.suspended,
        "cancelled": lives.suspended + lives.cancelled,
        "completed": lives.suspended + lives.cancelled + lives.completed,
        "silent": lives.extraordinary,
        "first_ministry": bodies.first_ministry,
        "ministries": bodies.ministries,
        "first_commune": bodies.first_commune,
        "issued_on": country.issued_on,
        "stopped_on": country.stopped_on,
        "changed_on": country.issued_on + timedelta(days=10),
        "first_end": months_before(sizes.until, back),
        "months_of_ends": back + 15,
        "verbs": list(VERBS),
        "things": list(THINGS),
        "folded_verbs": [fold(verb) for verb in VERBS],
        "folded_things": [fold(thing) for thing in THINGS],
        "of_verbs": len(VERBS),
        "of_things": len(THINGS),
        "product": PRODUCT,
        "folded_product": fold(PRODUCT),
        "clauses": CLAUSES,
    }


def months_before(day: date, count: int) -> date:
    """The first day of the month that lies `count` months before that of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, 1)


def make_draw(cursor: CursorWrapper) -> None:
    """For both connections; it goes with the mark."""
    cursor.execute(_DRAW)


def draw_tasks(cursor: CursorWrapper, values: Values) -> None:
    """What each task will be: the other statements read it."""
    cursor.execute(_TASKS_TO_BE, values)
    cursor.execute(f"ANALYZE {SCHEMA}.task")


def write_tasks(cursor: CursorWrapper, values: Values) -> None:
    for statement in (_PROGRAMMES, _BASES, _TASKS.format(ends=_ENDS, SCHEMA=SCHEMA)):
        cursor.execute(statement, values)
    cursor.execute("ANALYZE programmes_programme, programmes_programmebasis")


def write_events(cursor: CursorWrapper, values: Values) -> None:
    for statement in (_EVENTS, _CHANGES, _COORDINATIONS, _CITATIONS):
        cursor.execute(statement, values)
