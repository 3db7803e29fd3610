"""Reference classes: how tasks of the same kind, level and planned length ended, counted against their first deadline.

Only tasks whose first deadline has passed count (`due`): counting early finishers of a later year without those who are
still at work would make every class look better than it is. A task still open stands with the days it is late so far,
so each quantile of the slip is a lower bound.
"""

from functools import reduce

import ibis
import ibis.expr.types as ir

from thucthi.publication.analysis.shapes import NOT_COUNTABLE, Answer, Opened, per_mille

LEAST = 20
"""Fewer tasks that fell due say too little: the next wider class speaks for them."""
ANY = "*"
QUANTILES = (25, 50, 75, 90)
PARTS = ("kind", "level", "length")
WIDTHS = 4
COUNTED = ("tasks", "not_due", "due", "on_time", "late", "open", "moved", "on_time_per_mille")
SLIPS = tuple(f"slip_p{each}" for each in QUANTILES)


def _first_deadlines(changes: ir.Table) -> ir.Table:
    """Of each task whose deadline was moved: the deadline before the first move."""
    moved = changes.filter(changes.field == "deadline", changes.old_end.notnull())
    place = ibis.row_number().over(group_by=moved.task, order_by=[moved.decided_on, moved.old_end])
    ranked = moved.select(code=moved.task, first_end=moved.old_end, place=place)
    return ranked.filter(ranked.place == 0).select("code", "first_end")


def _length(start: ir.Value, end: ir.Value) -> ir.Value:
    days = end.delta(start, unit="day")
    return ibis.cases((start.isnull(), "unknown"), (days <= 90, "to_90"), (days <= 365, "to_365"), else_="longer")


def tasks_in_classes(opened: Opened) -> ir.Table:
    """Each countable task with a deadline: its finest class, whether it fell due, and the days it slipped."""
    tasks = opened.tasks
    levels = opened.organisations.select(lead="code", lead_level="level")
    known = (
        tasks.filter(tasks.stage.notin(NOT_COUNTABLE), tasks.due_on.notnull())
        .left_join(levels, "lead")
        .drop("lead_right")
        .left_join(_first_deadlines(opened.task_changes), "code")
        .drop("code_right")
    )
    known = known.mutate(first_due=known.first_end.fill_null(known.due_on))
    due = (known.first_due <= known.as_of).cast("int64")
    return known.select(
        code=known.code,
        kind=known.kind.fill_null("unknown"),
        level=known.lead_level.fill_null("unknown"),
        length=_length(known.start_on, known.first_due),
        due=due,
        moved=known.first_end.notnull().cast("int64"),
        ended=known.completed_on.notnull().cast("int64"),
        slip=known.completed_on.fill_null(known.as_of).delta(known.first_due, unit="day").cast("int64"),
    )


def _in_all_widths(tasks: ir.Table) -> ir.Table:
    """Every task once in each class it belongs to; width 0 is the finest, 3 is everything."""
    widths = [
        tasks.mutate(width=ibis.literal(width, "int64"), **{part: ibis.literal(ANY) for part in PARTS[3 - width :]})
        for width in range(WIDTHS)
    ]
    columns = ["width", *tasks.columns]
    return reduce(lambda one, other: one.union(other), [each.select(*columns) for each in widths])


def reference_classes(opened: Opened) -> ir.Table:
    """One row per class of each width, with denominators and the quantiles of the slip in days (nearest rank)."""
    rows = _in_all_widths(tasks_in_classes(opened))
    window = ibis.window(group_by=["width", *PARTS, "due"], order_by=["slip", "code"])
    whole = ibis.window(group_by=["width", *PARTS, "due"])
    ranked = rows.mutate(rank=ibis.row_number().over(window) + 1, size=rows.code.count().over(whole))
    due = ranked.due == 1
    counted = ranked.group_by("width", *PARTS).agg(
        tasks=ranked.count(),
        not_due=(1 - ranked.due).sum(),
        due=ranked.due.sum(),
        on_time=(due & (ranked.ended == 1) & (ranked.slip <= 0)).cast("int64").sum(),
        late=(due & (ranked.ended == 1) & (ranked.slip > 0)).cast("int64").sum(),
        open=(due & (ranked.ended == 0)).cast("int64").sum(),
        moved=ranked.moved.sum(),
        **{
            name: ranked.slip.max(where=due & (ranked["rank"] == (ranked["size"] * each + 99) // 100))
            for name, each in zip(SLIPS, QUANTILES, strict=True)
        },
    )
    return counted.mutate(on_time_per_mille=per_mille(counted.on_time, counted.due))


def classes_to_use(opened: Opened) -> ir.Table:
    """For each finest class: the narrowest class around it in which at least LEAST tasks fell due, else everything."""
    classes = opened.keep(reference_classes(opened))
    finest = classes.filter(classes.width == 0).select(**{f"own_{part}": part for part in PARTS}, own_due="due")
    wide_enough = classes.filter((classes.due >= LEAST) | (classes.width == WIDTHS - 1))
    fits = [(wide_enough[part] == ANY) | (wide_enough[part] == finest[f"own_{part}"]) for part in PARTS]
    joined = finest.join(wide_enough, fits)
    place = ibis.row_number().over(group_by=[f"own_{part}" for part in PARTS], order_by="width")
    ranked = joined.mutate(place=place)
    return ranked.filter(ranked.place == 0).drop("place")


ANSWERS = (
    Answer("reference_classes", ("width", *PARTS), PARTS, ("width", *COUNTED, *SLIPS), reference_classes),
    Answer(
        "reference_classes_to_use",
        tuple(f"own_{part}" for part in PARTS),
        (*(f"own_{part}" for part in PARTS), *PARTS),
        ("own_due", "width", *COUNTED, *SLIPS),
        classes_to_use,
    ),
)
