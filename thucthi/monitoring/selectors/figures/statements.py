"""The statement that computes figures: a chain of sub-queries, one per depth of ruled units, from the leaves up.

Written from the rules of one shape; everything a person may name goes in as a parameter. Each step does in sets what
`calculations.figures.combine` does for one unit, and a property test holds the two equal.
"""

# ruff: noqa: S608 - what is put into the text are words of this module and numbers of places, never what people wrote

from dataclasses import dataclass
from functools import lru_cache

from thucthi.monitoring.calculations.figures.shapes import READS_MEMBERS, Operator, Origin

# Of a line the newest known row stands: each row corrects the one before it (ADR 0016).
_ACROSS = """
cell AS MATERIALIZED (
    SELECT DISTINCT ON (o.indicator_id, o.period, o.organisation_id)
           o.indicator_id AS indicator, o.period, coalesce(o.organisation_id, 0) AS unit, o.state, o.amount,
           o.numerator, o.denominator, ARRAY[(o.available_on - DATE '2000-01-01')::bigint, o.id] AS stamp
      FROM indicators_observation o
     WHERE o.indicator_id = ANY(%(indicators)s) AND o.period = ANY(%(periods)s) AND o.kind = %(kind)s
       AND o.breakdown = %(breakdown)s AND o.available_on <= %(as_of)s AND o.recorded_at < %(known_by)s
     ORDER BY o.indicator_id, o.period, o.organisation_id, o.id DESC
)"""
# One correction at most follows a row; the limit keeps the planner from reading all corrections there are.
_COLUMNS = """o.id, o.indicator_id, o.organisation_id, o.period, o.state, o.amount, o.numerator, o.denominator,
           o.available_on, o.recorded_at"""
_OPENED = """
        SELECT {columns} FROM indicators_observation o
         WHERE o.indicator_id = ANY(%(indicators)s) AND {whose} AND o.kind = %(kind)s
           AND o.breakdown = %(breakdown)s AND o.corrects_id IS NULL
           AND o.period >= %(first)s AND o.period <= %(last)s AND o.period = ANY(%(periods)s)"""
_BY_LINE = f"""
line AS (
    ({_OPENED.format(columns=_COLUMNS, whose="o.organisation_id = ANY(%(bodies)s)")}
     UNION ALL
     {_OPENED.format(columns=_COLUMNS, whose="o.organisation_id IS NULL AND %(with_country)s")})
    UNION ALL
    SELECT o.* FROM line CROSS JOIN LATERAL (
        SELECT {_COLUMNS} FROM indicators_observation o WHERE o.corrects_id = line.id LIMIT 1
    ) o
), cell AS MATERIALIZED (
    SELECT DISTINCT ON (indicator_id, period, organisation_id)
           indicator_id AS indicator, period, coalesce(organisation_id, 0) AS unit, state, amount, numerator,
           denominator, ARRAY[(available_on - DATE '2000-01-01')::bigint, id] AS stamp
      FROM line WHERE available_on <= %(as_of)s AND recorded_at < %(known_by)s
     ORDER BY indicator_id, period, organisation_id, id DESC
)"""
_TERMS = """
term AS MATERIALIZED (
    SELECT * FROM unnest(%(t_indicator)s::bigint[], %(t_period)s::text[], %(t_version)s::int[])
               AS t(indicator, period, version)
)"""
# Each step has its own list of units: the planner sees how many there are, which a filter would hide from it.
_NODES = """
n{depth}_{rule} AS MATERIALIZED (
    SELECT * FROM unnest(%(n{depth}_{rule}_version)s::int[], %(n{depth}_{rule}_unit)s::bigint[],
                         %(n{depth}_{rule}_anchor)s::bigint[], %(n{depth}_{rule}_above)s::int[])
               AS n(version, unit, anchor, above)
)"""
_SETTINGS = """
s{rule} AS MATERIALIZED (
    SELECT * FROM unnest(%(s{rule}_indicator)s::bigint[], %(s{rule}_scale)s::numeric[], %(s{rule}_floor)s::numeric[],
                         %(s{rule}_falls)s::boolean[]) AS s(indicator, scale, floor, falls)
)"""
_SCHEMES = """
c{rule} AS MATERIALIZED (
    SELECT * FROM unnest(%(c{rule}_indicator)s::bigint[], %(c{rule}_period)s::text[], %(c{rule}_scheme)s::int[])
               AS c(indicator, period, scheme)
)"""
_WEIGHTS = """
weighing AS MATERIALIZED (
    SELECT * FROM unnest(%(w_scheme)s::int[], %(w_unit)s::bigint[], %(w_weight)s::numeric[])
               AS w(scheme, unit, weight)
)"""
_NOTHING_BELOW = """
f{depth} AS (
    SELECT NULL::bigint AS indicator, NULL::text AS period, NULL::bigint AS unit, NULL::bigint AS anchor,
           NULL::int AS above, NULL::numeric AS amount, NULL::numeric AS numerator, NULL::numeric AS denominator,
           NULL::numeric AS own, NULL::numeric AS contributed, 0::bigint AS counted, 0::bigint AS expected,
           0::bigint AS provisional, 0::bigint AS confidential, 0::bigint AS not_applicable, NULL::bigint[] AS stamp
     WHERE false
)"""
_STATED = """
           (c.amount IS NOT NULL)::int::bigint AS counted,
           (c.state IS DISTINCT FROM 'not_applicable')::int::bigint AS expected,
           coalesce(c.state = 'provisional', false)::int::bigint AS provisional,
           coalesce(c.state = 'confidential', false)::int::bigint AS confidential,
           coalesce(c.state = 'not_applicable', false)::int::bigint AS not_applicable,
           CASE WHEN c.amount IS NOT NULL THEN c.stamp END AS stamp"""
_GRID = "\n      FROM term t JOIN n{depth}_{rule} n ON {versions}"
_WITH_SETTING = "\n      LEFT JOIN s{rule} s ON s.indicator = {row}.indicator"
_WITH_CELL = "\n      LEFT JOIN cell c ON c.indicator = t.indicator AND c.period = t.period AND c.unit = n.unit"
_WITH_MEMBERS = """
      LEFT JOIN m{depth}_{rule} m ON m.indicator = t.indicator AND m.period = t.period AND m.unit = n.unit"""
_WITH_WEIGHT = """
      LEFT JOIN c{rule} h ON h.indicator = {row}.indicator AND h.period = {row}.period
      LEFT JOIN weighing w ON w.scheme = h.scheme AND w.unit = {unit}"""


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that occurs at one depth."""

    depth: int
    rule: int
    origin: Origin
    operator: Operator
    is_weighted: bool


@dataclass(frozen=True, slots=True)
class _Operation:
    """An operator in SQL: when the row `{r}` enters, its two running terms, and how two of each become one."""

    enters: str
    x: str
    y: str
    gather: str
    merge: str


_HAS_AMOUNT = "{r}.amount IS NOT NULL"
_MEETS = "(CASE WHEN s.falls THEN {r}.amount <= s.floor ELSE {r}.amount >= s.floor END)::int::numeric"
_ADD = ("sum({x}) FILTER (WHERE {enters})", "{a} + {b}")
_OPERATIONS = {
    Operator.SUM: _Operation(_HAS_AMOUNT, "{r}.amount", "1::numeric", *_ADD),
    Operator.WEIGHTED_MEAN: _Operation(_HAS_AMOUNT, "{r}.amount", "1::numeric", *_ADD),
    Operator.RATIO_OF_SUMS: _Operation(
        f"{_HAS_AMOUNT} AND {{r}}.numerator IS NOT NULL AND {{r}}.denominator IS NOT NULL",
        "{r}.numerator",
        "{r}.denominator",
        *_ADD,
    ),
    Operator.MIN: _Operation(
        _HAS_AMOUNT, "{r}.amount", "1::numeric", "min({x}) FILTER (WHERE {enters})", "least({a}, {b})"
    ),
    Operator.MAX: _Operation(
        _HAS_AMOUNT, "{r}.amount", "1::numeric", "max({x}) FILTER (WHERE {enters})", "greatest({a}, {b})"
    ),
    Operator.LATEST: _Operation(
        _HAS_AMOUNT,
        "{r}.amount",
        "1::numeric",
        "(array_agg({x} ORDER BY f.stamp DESC) FILTER (WHERE {enters}))[1]",
        "CASE WHEN c.stamp > m.stamp THEN {b} ELSE {a} END",
    ),
    Operator.COUNT_MEETING_FLOOR: _Operation(_HAS_AMOUNT, _MEETS, "1::numeric", *_ADD),
}
_WEIGHED = _Operation(f"{_HAS_AMOUNT} AND w.weight > 0", "{r}.amount * w.weight", "w.weight", *_ADD)
# Forty decimals before dividing, so that rounding to six is rounding of the exact quotient.
_FINAL = {
    Operator.WEIGHTED_MEAN: ("round(round({x}, 40) / {y}, 6)", "NULL::numeric", "NULL::numeric"),
    Operator.RATIO_OF_SUMS: (
        "round(round({x} * s.scale, 40) / nullif({y}, 0), 6)",
        "CASE WHEN {y} <> 0 THEN {x} END",
        "CASE WHEN {y} <> 0 THEN {y} END",
    ),
    Operator.COUNT_MEETING_FLOOR: ("{x}", "{x}", "{y}"),
}
_PLAIN = ("{x}", "NULL::numeric", "NULL::numeric")


STATED_VALUES = f"""WITH RECURSIVE {_BY_LINE}
SELECT indicator, period, unit, state, amount, numerator, denominator, stamp[1], stamp[2] FROM cell"""


@lru_cache(maxsize=256)
def figures_statement(steps: tuple[Step, ...], *, by_line: bool, one_tree: bool) -> str:
    """The whole statement for nodes with those rules at those depths.

    `by_line`: values are found by organisation, for few of them; otherwise all of a period are read at once.
    `one_tree`: all periods are added up on the same tree.
    """
    depths = sorted({step.depth for step in steps}, reverse=True)
    parts = [_BY_LINE if by_line else _ACROSS, _TERMS, *(_NODES.format(depth=s.depth, rule=s.rule) for s in steps)]
    parts += [_SETTINGS.format(rule=rule) for rule in sorted({step.rule for step in steps if _has_setting(step)})]
    weighted = sorted({step.rule for step in steps if step.is_weighted})
    parts += [_SCHEMES.format(rule=rule) for rule in weighted] + ([_WEIGHTS] if weighted else [])
    for depth in depths:
        here = [step for step in steps if step.depth == depth]
        if depth + 1 not in depths:
            parts.append(_NOTHING_BELOW.format(depth=depth + 1))
        parts += [_members(step, is_alone=len(here) == 1) for step in here if _adds_up(step)]
        parts.append(f"\nf{depth} AS (" + "\n    UNION ALL".join(_units(step, one_tree) for step in here) + "\n)")
    whole = " UNION ALL ".join(f"SELECT * FROM f{depth}" for depth in depths)
    return (
        f"WITH RECURSIVE {','.join(parts)}\n"
        "SELECT indicator, period, unit, amount, numerator, denominator, own, contributed, counted, expected,\n"
        "       provisional, confidential, not_applicable, stamp[1], stamp[2]\n"
        f"  FROM ({whole}) f WHERE %(units)s::bigint[] IS NULL OR unit = ANY(%(units)s::bigint[])"
    )


def _adds_up(step: Step) -> bool:
    return step.origin in READS_MEMBERS and step.operator is not Operator.NONE


def _has_setting(step: Step) -> bool:
    return step.operator in {Operator.RATIO_OF_SUMS, Operator.COUNT_MEETING_FLOOR}


def _setting(step: Step, row: str) -> str:
    return _WITH_SETTING.format(rule=step.rule, row=row) if _has_setting(step) else ""


def _operation(step: Step) -> _Operation:
    return _WEIGHED if step.is_weighted else _OPERATIONS[step.operator]


def _members(step: Step, *, is_alone: bool) -> str:
    """What the members of each unit give together, before it is made one amount."""
    does = _operation(step)
    enters, x, y = (text.format(r="f") for text in (does.enters, does.x, does.y))
    weight = _WITH_WEIGHT.format(row="f", rule=step.rule, unit="f.unit") if step.is_weighted else ""
    mine = "" if is_alone else f"\n     WHERE f.above = {step.rule}"
    return f"""
m{step.depth}_{step.rule} AS MATERIALIZED (
    SELECT f.indicator, f.period, f.anchor AS unit,
           {does.gather.format(x=x, enters=enters)} AS x, sum({y}) FILTER (WHERE {enters}) AS y,
           sum(f.counted) FILTER (WHERE {enters})::bigint AS counted, sum(f.expected)::bigint AS expected,
           sum(f.provisional) FILTER (WHERE {enters})::bigint AS provisional,
           sum(f.confidential)::bigint AS confidential, sum(f.not_applicable)::bigint AS not_applicable,
           max(f.stamp) FILTER (WHERE {enters}) AS stamp
      FROM f{step.depth + 1} f{_setting(step, "f")}{weight}{mine}
     GROUP BY f.indicator, f.period, f.anchor
)"""


def _units(step: Step, one_tree: bool) -> str:
    versions = "true" if one_tree else "n.version = t.version"
    grid = _GRID.format(depth=step.depth, rule=step.rule, versions=versions)
    if step.origin in {Origin.OWN, Origin.SOURCE}:
        return _units_that_state(step, grid)
    return _units_made_of_parts(step, grid)


def _units_that_state(step: Step, grid: str) -> str:
    members = _WITH_MEMBERS.format(depth=step.depth, rule=step.rule) if _adds_up(step) else ""
    contributed = _final(step, "m.x", "m.y")[0] if _adds_up(step) else "NULL::numeric"
    setting = _setting(step, "t") if _adds_up(step) else ""
    return f"""
    SELECT t.indicator, t.period, n.unit, n.anchor, n.above, c.amount, c.numerator, c.denominator,
           c.amount AS own, {contributed} AS contributed,{_STATED}{grid}{setting}{_WITH_CELL}{members}"""


def _units_made_of_parts(step: Step, grid: str) -> str:
    """Nothing of the coverage counts where no amount could be made."""
    amount, numerator, denominator = _final(step, "k.x", "k.y")
    return f"""
    SELECT indicator, period, unit, anchor, above, amount, numerator, denominator, own, contributed,
           CASE WHEN amount IS NULL THEN 0 ELSE counted END AS counted, expected,
           CASE WHEN amount IS NULL THEN 0 ELSE provisional END AS provisional, confidential, not_applicable,
           CASE WHEN amount IS NOT NULL THEN stamp END AS stamp
      FROM (SELECT k.*, {amount} AS amount, {numerator} AS numerator, {denominator} AS denominator
              FROM ({_parts_together(step, grid)}
                   ) k{_setting(step, "k")}) made"""


def _parts_together(step: Step, grid: str) -> str:
    members = _setting(step, "t") + _WITH_MEMBERS.format(depth=step.depth, rule=step.rule)
    contributed = _final(step, "m.x", "m.y")[0]
    head = f"SELECT t.indicator, t.period, n.unit, n.anchor, n.above, {contributed} AS contributed,"
    if step.origin is Origin.CHILDREN:
        counts = ", ".join(
            f"coalesce(m.{name}, 0) AS {name}"
            for name in ("counted", "expected", "provisional", "confidential", "not_applicable")
        )
        return f"""
            {head} NULL::numeric AS own, m.x, m.y, m.stamp, {counts}{grid}{members}"""
    does = _operation(step)
    enters, x, y = (text.format(r="c") for text in (does.enters, does.x, does.y))
    merged = does.merge.format(a="m.x", b=x)
    weight = _WITH_WEIGHT.format(row="t", rule=step.rule, unit="n.unit") if step.is_weighted else ""
    return f"""
            {head} c.amount AS own,
           CASE WHEN ({enters}) IS NOT TRUE THEN m.x WHEN m.x IS NULL THEN {x} ELSE {merged} END AS x,
           CASE WHEN ({enters}) IS NOT TRUE THEN m.y WHEN m.y IS NULL THEN {y} ELSE m.y + {y} END AS y,
           CASE WHEN ({enters}) IS TRUE THEN greatest(m.stamp, c.stamp) ELSE m.stamp END AS stamp,
           coalesce(m.counted, 0) + coalesce({enters}, false)::int AS counted,
           coalesce(m.expected, 0) + (c.state IS DISTINCT FROM 'not_applicable')::int AS expected,
           coalesce(m.provisional, 0) + coalesce(c.state = 'provisional' AND {enters}, false)::int AS provisional,
           coalesce(m.confidential, 0) + coalesce(c.state = 'confidential', false)::int AS confidential,
           coalesce(m.not_applicable, 0) + coalesce(c.state = 'not_applicable', false)::int AS not_applicable
           {grid}{_WITH_CELL}{weight}{members}"""


def _final(step: Step, x: str, y: str) -> tuple[str, str, str]:
    amount, numerator, denominator = _FINAL.get(step.operator, _PLAIN)
    return amount.format(x=x, y=y), numerator.format(x=x, y=y), denominator.format(x=x, y=y)
