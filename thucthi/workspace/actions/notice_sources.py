# ruff: noqa: S608 - every part of these statements is a constant of ours; values are parameters
"""Where notices come from: one SELECT per source, giving account, subject, text and path.

Parameters: `on` (today), `since` (start of the window), `recent` (how many of the newest rows of a table of facts are
looked at), `first`/`last` (which bodies, where a source is read body by body), `late_from`/`late_to`, `soon`, `zone`,
and the addresses as patterns (`at_task`: "/…/CODE/").
"""

HOLDERS = """
holders AS MATERIALIZED (
    SELECT m.account_id, m.organisation_id, m.role
    FROM directory_membership m JOIN directory_account a ON a.id = m.account_id AND a.is_active
    WHERE m.valid_from <= %(on)s AND (m.valid_to IS NULL OR m.valid_to > %(on)s)
    UNION
    SELECT d.receiver_id, m.organisation_id, m.role
    FROM directory_delegation d
    JOIN directory_membership m ON m.account_id = d.giver_id AND m.organisation_id = d.organisation_id
        AND m.role = d.role AND m.valid_from <= %(on)s AND (m.valid_to IS NULL OR m.valid_to > %(on)s)
    JOIN directory_account g ON g.id = d.giver_id AND g.is_active
    JOIN directory_account r ON r.id = d.receiver_id AND r.is_active
    WHERE d.revoked_on IS NULL AND d.valid_from <= %(on)s AND d.valid_to >= %(on)s
)"""

# The heads of the bodies above `g`; of them, `_NEAREST` keeps those of the lowest such body. Joined in sets: asking
# for each body by itself would walk through all holders every time.
_HEADS_ABOVE = """
CROSS JOIN LATERAL unnest(g.path) WITH ORDINALITY above(id, place)
JOIN holders h ON h.organisation_id = above.id AND h.role = 'head' AND above.id <> g.id"""
_NEAREST = "WHERE place_from_below = 1"

# Stands for what reporting.selectors.tasks_that_report says of the task `t`; whoever runs a source puts it in.
STILL_REPORTS = "<still reports>"

_REPORT_FORM = "replace(replace(%(at_report)s, 'CODE', t.code), 'PERIOD', o.period_key)"

# A report came back: its author, and whoever reports there.
RETURNED = f"""
WITH back AS (
    (SELECT report_id, note FROM reporting_acceptance
     WHERE verdict = 'returned' AND decided_at >= %(since)s ORDER BY id DESC LIMIT %(recent)s)
    UNION ALL
    (SELECT report_id, note FROM reporting_endorsement
     WHERE verdict = 'returned' AND decided_at >= %(since)s ORDER BY id DESC LIMIT %(recent)s)
), news AS (
    SELECT o.organisation_id, r.author_id, 'report:' || r.id AS subject,
        t.code || ' · ' || o.period_key || ': ' || back.note AS text, {_REPORT_FORM} AS path
    FROM back
    JOIN reporting_report r ON r.id = back.report_id
    JOIN reporting_obligation o ON o.id = r.obligation_id
    JOIN programmes_task t ON t.id = o.task_id
    WHERE NOT EXISTS (
        SELECT 1 FROM reporting_report later WHERE later.obligation_id = r.obligation_id AND later.version > r.version
    )
)
SELECT h.account_id, news.subject, news.text, news.path FROM news
JOIN holders h ON h.organisation_id = news.organisation_id AND h.role IN ('reporter', 'head')
UNION ALL
SELECT a.id, news.subject, news.text, news.path FROM news
JOIN directory_account a ON a.id = news.author_id AND a.is_active"""

# A duty was let pass: whoever reports for the body that owes it; for a body that ended, for the lead of today.
OVERDUE = f"""
SELECT h.account_id, 'obligation:' || o.id AS subject,
    t.code || ' · ' || o.period_key || ' · ' || to_char(o.due_on, 'DD/MM/YYYY') AS text, {_REPORT_FORM} AS path
FROM reporting_openduty d
JOIN reporting_obligation o ON o.id = d.obligation_id
JOIN directory_organisation g ON g.id = d.organisation_id
JOIN programmes_task t ON t.id = d.task_id
JOIN holders h ON h.role IN ('reporter', 'head')
    AND h.organisation_id = CASE WHEN g.valid_to < %(on)s THEN t.lead_id ELSE g.id END
WHERE d.state <> 'waiting' AND d.organisation_id BETWEEN %(first)s AND %(last)s
    AND d.due_on BETWEEN %(late_from)s AND %(on)s AND d.last_day BETWEEN %(since)s::date AND %(on)s - 1
    AND {STILL_REPORTS}"""

# Nobody answered for some working days: the nearest head above is told once per body and period.
SILENT = f"""
SELECT account_id, subject, text, path FROM (
    SELECT h.account_id, 'silent:' || g.id || ':' || late.period_key AS subject,
        g.short_name || ' · ' || late.period_key || ' · ' || late.number AS text,
        replace(%(at_body)s, 'CODE', g.code) AS path,
        rank() OVER (PARTITION BY g.id, late.period_key ORDER BY above.place DESC) AS place_from_below
    FROM (
        SELECT d.organisation_id, o.period_key, count(*) AS number
        FROM reporting_openduty d
        JOIN reporting_obligation o ON o.id = d.obligation_id
        JOIN programmes_task t ON t.id = d.task_id
        WHERE d.state <> 'waiting' AND d.organisation_id BETWEEN %(first)s AND %(last)s
            AND d.due_on BETWEEN %(late_from)s AND %(late_to)s AND d.last_day BETWEEN %(since)s::date AND %(late_to)s
            AND {STILL_REPORTS}
        GROUP BY d.organisation_id, o.period_key
    ) late
    JOIN directory_organisation g ON g.id = late.organisation_id
    {_HEADS_ABOVE}
) heads {_NEAREST}"""

# Called by name, or as one of those who work for a body; nobody calls himself.
MENTIONED = """
WITH called AS (
    SELECT m.account_id, m.organisation_id, k.author_id, 'remark:' || k.id AS subject, t.code || ': ' || k.text AS text,
        replace(%(at_remarks)s, 'CODE', t.code) || '#y-' || k.id AS path
    FROM (SELECT * FROM programmes_remark WHERE written_at >= %(since)s ORDER BY id DESC LIMIT %(recent)s) k
    JOIN programmes_remarkmention m ON m.remark_id = k.id
    JOIN programmes_task t ON t.id = k.task_id
)
SELECT a.id AS account_id, called.subject, called.text, called.path FROM called
JOIN directory_account a ON a.id = called.account_id AND a.is_active AND a.id <> called.author_id
UNION ALL
SELECT h.account_id, called.subject, called.text, called.path FROM called
JOIN holders h ON h.organisation_id = called.organisation_id AND h.role <> 'account_admin'
    AND h.account_id <> called.author_id"""

# Reports that wait for a verdict: once per body on whose behalf one accepts, and day on which they were sent.
TO_ACCEPT = """
SELECT h.account_id,
    'waiting:' || desk.organisation_id || ':' || (r.submitted_at AT TIME ZONE %(zone)s)::date AS subject,
    b.short_name || ' · ' || to_char(r.submitted_at AT TIME ZONE %(zone)s, 'DD/MM/YYYY') AS text,
    %(at_queue)s AS path
FROM (SELECT * FROM reporting_report WHERE submitted_at >= %(since)s ORDER BY id DESC LIMIT %(recent)s) r
JOIN reporting_obligation o ON o.id = r.obligation_id
JOIN programmes_task t ON t.id = r.task_id
JOIN programmes_programme p ON p.id = t.programme_id
JOIN directory_organisation g ON g.id = o.organisation_id
LEFT JOIN LATERAL (
    SELECT step.rung FROM unnest(r.route) WITH ORDINALITY step(rung, place)
    WHERE NOT EXISTS (SELECT 1 FROM reporting_endorsement e WHERE e.report_id = r.id AND e.rung = step.rung)
    ORDER BY step.place LIMIT 1
) next ON true
CROSS JOIN LATERAL (VALUES
    ('own_head', o.organisation_id, 'head'), ('superior', g.parent_id, 'head'), ('superior', g.parent_id, 'approver'),
    ('owner', p.organisation_id, 'head'), ('owner', p.organisation_id, 'approver'),
    ('verifier', p.organisation_id, 'verifier')
) desk(rung, organisation_id, role)
JOIN holders h ON h.organisation_id = desk.organisation_id AND h.role = desk.role AND h.account_id <> r.author_id
JOIN directory_organisation b ON b.id = desk.organisation_id
WHERE (desk.rung = next.rung OR cardinality(r.route) = 0 AND desk.rung IN ('superior', 'owner'))
    AND NOT EXISTS (SELECT 1 FROM reporting_acceptance c WHERE c.report_id = r.id)
    AND NOT EXISTS (SELECT 1 FROM reporting_endorsement e WHERE e.report_id = r.id AND e.verdict = 'returned')
    AND NOT EXISTS (
        SELECT 1 FROM reporting_report later WHERE later.obligation_id = r.obligation_id AND later.version > r.version
    )"""

_OBSTACLE_OPEN = """
COALESCE((
    SELECT s.kind FROM obstacles_obstaclestep s WHERE s.obstacle_id = b.id ORDER BY s.round DESC, s.id DESC LIMIT 1
), '') NOT IN ('removed', 'withdrawn')"""
_REQUEST_OPEN = """
COALESCE((
    SELECT s.kind FROM obstacles_requeststep s WHERE s.request_id = q.id ORDER BY s.id DESC LIMIT 1
), '') NOT IN ('full', 'withdrawn')"""
_DECIDES = "h.role IN ('head', 'approver', 'steering_office')"

# It came onto a desk by the ladder, or it was put to a body before any clock ran.
HOPS = f"""
SELECT h.account_id, 'hop:' || hop.id AS subject,
    COALESCE(b.code || ' · ' || b.condition, q.code || ' · ' || q.text) AS text,
    CASE WHEN b.id IS NULL THEN replace(%(at_request)s, 'CODE', q.code)
        ELSE replace(%(at_obstacle)s, 'CODE', b.code) END AS path
FROM (SELECT * FROM obstacles_hop WHERE started_on >= %(since)s::date ORDER BY id DESC LIMIT %(recent)s) hop
LEFT JOIN obstacles_obstacle b ON b.id = hop.obstacle_id
LEFT JOIN obstacles_coordinationrequest q ON q.id = hop.request_id
JOIN holders h ON h.organisation_id = hop.organisation_id AND {_DECIDES}
WHERE NOT EXISTS (SELECT 1 FROM obstacles_hop x WHERE x.obstacle_id = hop.obstacle_id AND x.number > hop.number)
    AND NOT EXISTS (SELECT 1 FROM obstacles_hop x WHERE x.request_id = hop.request_id AND x.number > hop.number)
    AND NOT EXISTS (SELECT 1 FROM obstacles_decision d WHERE d.hop_id = hop.id AND d.kind <> 'defer')
    AND CASE WHEN b.id IS NULL THEN {_REQUEST_OPEN} ELSE {_OBSTACLE_OPEN} END"""

OBSTACLES = f"""
SELECT h.account_id, 'obstacle:' || b.id AS subject, b.code || ' · ' || b.condition AS text,
    replace(%(at_obstacle)s, 'CODE', b.code) AS path
FROM (SELECT * FROM obstacles_obstacle WHERE raised_on >= %(since)s::date ORDER BY id DESC LIMIT %(recent)s) b
JOIN holders h ON h.organisation_id = b.asked_of_id AND {_DECIDES}
WHERE NOT EXISTS (SELECT 1 FROM obstacles_hop x WHERE x.obstacle_id = b.id) AND {_OBSTACLE_OPEN}"""

# A body says that a duty is not its own: the nearest head above rules on it.
REFUSALS = f"""
SELECT account_id, subject, text, path FROM (
    SELECT h.account_id, 'refusal:' || f.id AS subject, g.short_name || ': ' || f.reason AS text,
        CASE WHEN %(at_refusal)s <> '' THEN replace(%(at_refusal)s, '/0/', '/' || f.id || '/')
            WHEN f.obstacle_id IS NOT NULL THEN replace(%(at_obstacle)s, 'CODE', b.code)
            WHEN f.request_id IS NOT NULL THEN replace(%(at_request)s, 'CODE', q.code)
            ELSE replace(%(at_task)s, 'CODE', t.code) END AS path,
        rank() OVER (PARTITION BY f.id ORDER BY above.place DESC) AS place_from_below
    FROM (SELECT * FROM obstacles_refusal WHERE refused_on >= %(since)s::date ORDER BY id DESC LIMIT %(recent)s) f
    LEFT JOIN obstacles_obstacle b ON b.id = f.obstacle_id
    LEFT JOIN obstacles_coordinationrequest q ON q.id = f.request_id
    LEFT JOIN programmes_task t ON t.id = f.task_id
    JOIN directory_organisation g ON g.id = f.organisation_id
    {_HEADS_ABOVE}
    WHERE NOT EXISTS (SELECT 1 FROM obstacles_refusalruling u WHERE u.refusal_id = f.id)
) heads {_NEAREST}"""

AFTER_CHECKS = """
SELECT h.account_id, 'after-check:' || k.id AS subject, t.code || ': ' || k.what AS text,
    replace(%(at_task)s, 'CODE', t.code) AS path
FROM reporting_aftercheck k
JOIN programmes_task t ON t.id = k.task_id
JOIN holders h ON h.organisation_id = k.examiner_id AND h.role IN ('head', 'approver', 'verifier')
WHERE k.due_on BETWEEN %(since)s::date AND %(soon)s
    AND NOT EXISTS (SELECT 1 FROM reporting_aftercheckresult u WHERE u.check_of_id = k.id)"""

ASKED = f"""
SELECT h.account_id, 'request:' || q.id AS subject, b.short_name || ': ' || q.text AS text,
    replace(%(at_request)s, 'CODE', q.code) AS path
FROM (SELECT * FROM obstacles_coordinationrequest WHERE asked_on >= %(since)s::date ORDER BY id DESC LIMIT %(recent)s) q
JOIN directory_organisation b ON b.id = q.asking_id
JOIN holders h ON h.organisation_id = q.asked_id AND h.role IN ('reporter', 'head')
WHERE {_REQUEST_OPEN}"""

# Once per body and day, however many reports are due then.
DUE_SOON = f"""
SELECT h.account_id, 'due:' || g.id || ':' || due.due_on AS subject,
    g.short_name || ' · ' || to_char(due.due_on, 'DD/MM/YYYY') || ' · ' || due.number AS text, %(at_home)s AS path
FROM (
    SELECT d.organisation_id, d.due_on, count(*) AS number
    FROM reporting_openduty d JOIN programmes_task t ON t.id = d.task_id
    WHERE d.state <> 'waiting' AND d.organisation_id BETWEEN %(first)s AND %(last)s
        AND d.due_on BETWEEN %(on)s AND %(soon)s AND {STILL_REPORTS}
    GROUP BY d.organisation_id, d.due_on
) due
JOIN directory_organisation g ON g.id = due.organisation_id
JOIN holders h ON h.organisation_id = g.id AND h.role IN ('reporter', 'head')"""
