"""Honesty signals that the published rows can answer: counts with denominators and the rate of peers, never a verdict.

An organisation stands out in a signal when at least LEAST of its own rows and LEAST peers can be counted, and at least
95 of 100 peers have a strictly smaller share; so honest peers stand out once in twenty times. It is asked only when
two signals of different families agree (ADR 0020).
"""

from functools import reduce

import ibis
import ibis.expr.types as ir

from thucthi.publication.analysis.shapes import NOT_COUNTABLE, Answer, Opened, per_mille, per_million

LEAST = 20
OF_A_HUNDRED = 95
FAMILIES = 2
# Progress is counted in millionths of a per cent, as exact as it is published.
ONE = 1_000_000
FULL, FAR_FROM_FULL = 100 * ONE, 80 * ONE
DAYS_BEFORE_THE_DEADLINE = 7
FAMILY_OF = {
    "done_without_evidence": "evidence",
    "reused_evidence": "evidence",
    "falling_progress": "course",
    "unchanged_progress": "course",
    "jump_at_deadline": "course",
    "round_progress": "digits",
    "declared_above_accepted": "acceptance",
    "late_reports": "timing",
    "last_day_bursts": "timing",
}


def _reports(opened: Opened) -> ir.Table:
    """Reports of countable tasks; with a figure they know the figure before."""
    tasks = opened.tasks.filter(opened.tasks.stage.notin(NOT_COUNTABLE))
    tasks = tasks.select(task="code", answering="answering", deadline="due_on")
    reports = opened.reports
    joined = reports.select(
        *("task", "period", "due_on", "first_reported_on", "punctuality", "verdict", "evidence"),
        declared=(reports.declared * ONE).cast("int64"),
        accepted=(reports.accepted * ONE).cast("int64"),
        figured=reports.declared.notnull(),
    ).join(tasks, "task")
    course = ibis.window(group_by=["task", "figured"], order_by=["due_on", "period"])
    back = ibis.window(group_by=["task", "figured"], order_by=[ibis.desc("due_on"), ibis.desc("period")])
    return joined.mutate(
        before=joined.declared.lag().over(course),
        verdict_before=joined.verdict.lag().over(course),
        from_last=ibis.row_number().over(back),
    )


def _signal(rows: ir.Table, name: str, counted: ir.Value, case: ir.Value) -> ir.Table:
    found = rows.filter(counted)
    return found.select(
        answering=found.answering,
        signal=ibis.literal(name),
        found=case.fill_null(False).cast("int64"),
    )


def _of_rows(rows: ir.Table) -> ir.Table:
    """One row for each thing that a signal looks at; `found` 1 where it is as asked about."""
    has_before = rows.figured & rows.before.notnull()
    days_left = rows.deadline.delta(rows.first_reported_on, unit="day")
    is_near = rows.first_reported_on.notnull() & (days_left >= 0) & (days_left <= DAYS_BEFORE_THE_DEADLINE)
    reported = rows.first_reported_on.notnull()
    # A figure of 0 or 100 is no rounding.
    between = rows.figured & (rows.declared > 0) & (rows.declared < FULL)
    signals = {
        "done_without_evidence": (
            rows.figured & (rows.from_last == 0) & (rows.declared >= FULL),
            (rows.evidence.fill_null("") == "") | (rows.verdict.fill_null("") == "returned"),
        ),
        "falling_progress": (
            has_before,
            (rows.declared < rows.before) & (rows.verdict_before.fill_null("") != "returned"),
        ),
        "unchanged_progress": (has_before & (rows.before < FULL), rows.declared == rows.before),
        "jump_at_deadline": (
            has_before & (rows.before < FULL) & (rows.declared >= FULL) & rows.deadline.notnull(),
            (rows.before <= FAR_FROM_FULL) & is_near,
        ),
        "round_progress": (between, rows.declared % (5 * ONE) == 0),
        "declared_above_accepted": (rows.figured & rows.accepted.notnull(), rows.declared > rows.accepted),
        "late_reports": (rows.punctuality.notnull(), rows.punctuality != "on_time"),
        "last_day_bursts": (reported, rows.first_reported_on == rows.due_on),
    }
    each = [_signal(rows, name, counted, case) for name, (counted, case) in signals.items()]
    return reduce(lambda one, other: one.union(other), each)


def _by_organisation(found: ir.Table) -> ir.Table:
    """A task for which two organisations answer counts for both."""
    split = found.mutate(organisation=found.answering.split("; ")).unnest("organisation")
    return split.filter(split.organisation.fill_null("") != "").drop("answering")


def _reused_evidence(rows: ir.Table) -> ir.Table:
    """One row for each file of an organisation; found when it stands under more than one report."""
    filed = rows.filter(rows.evidence.fill_null("") != "")
    filed = filed.select("answering", "evidence", report=filed.task + "|" + filed.period)
    files = _by_organisation(filed.mutate(file=filed.evidence.split("; ")).unnest("file").drop("evidence"))
    counted = files.group_by("organisation", "file").agg(reports=files.report.nunique())
    return counted.select(
        signal=ibis.literal("reused_evidence"),
        found=(counted.reports > 1).cast("int64"),
        organisation=counted.organisation,
    )


def honesty_signals(opened: Opened) -> ir.Table:
    rows = opened.keep(_reports(opened))
    every = _by_organisation(_of_rows(rows)).union(_reused_evidence(rows))
    own = every.group_by("organisation", "signal").agg(cases=every.found.sum(), of=every.count())
    bodies = opened.organisations.select(organisation="code", tree="tree", level="level")
    known = opened.keep(own.join(bodies, "organisation"))
    return _asked(_held_against_peers(known))


def _held_against_peers(known: ir.Table) -> ir.Table:
    """Peers are the other organisations of the same tree and level with rows of the same signal."""
    enough = known.of >= LEAST
    known = known.mutate(enough=enough.cast("int64"), share=per_million(known.cases, known.of))
    peers = ibis.window(group_by=["tree", "level", "signal"])
    comparable = ibis.window(group_by=["tree", "level", "signal", "enough"], order_by="share")
    known = known.mutate(
        peers=known.organisation.count().over(peers) - 1,
        peers_cases=known.cases.sum().over(peers) - known.cases,
        peers_of=known.of.sum().over(peers) - known.of,
        comparable=known.enough.sum().over(peers) - known.enough,
        below=ibis.rank().over(comparable),
    )
    stands_out = (
        (known.enough == 1) & (known.comparable >= LEAST) & (known.below * 100 >= known.comparable * OF_A_HUNDRED)
    )
    return known.mutate(
        per_mille=per_mille(known.cases, known.of),
        peers_per_mille=per_mille(known.peers_cases, known.peers_of),
        stands_out=stands_out.cast("int64"),
    )


def _asked(known: ir.Table) -> ir.Table:
    family = known.signal.cases(*FAMILY_OF.items(), else_="")
    known = known.mutate(family=family)
    out = known.filter(known.stands_out == 1)
    families = out.group_by("organisation").agg(families=out.family.nunique())
    joined = known.left_join(families, "organisation").drop("organisation_right")
    asked = (joined.stands_out == 1) & (joined.families.fill_null(0) >= FAMILIES)
    return joined.mutate(asked=asked.cast("int64"))


ANSWERS = (
    Answer(
        "honesty_signals",
        ("organisation", "signal"),
        ("organisation", "tree", "level", "signal", "family"),
        (
            *("cases", "of", "per_mille", "peers", "peers_cases", "peers_of", "peers_per_mille"),
            *("comparable", "stands_out", "asked"),
        ),
        honesty_signals,
    ),
)
