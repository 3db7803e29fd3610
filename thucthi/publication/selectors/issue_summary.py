"""An issue read back from its own file, as far as its reviewer compares it."""

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from thucthi.kernel.errors import NotVisible
from thucthi.monitoring.states import Schedule, Stage
from thucthi.publication import files
from thucthi.publication.calculations.comparison import BodyLine, FigureLine, IssueSummary, ObstacleLine, TaskLine
from thucthi.publication.fetching import bring_here
from thucthi.publication.models import Snapshot
from thucthi.publication.sheets import told_tasks


def summary_of(snapshot: Snapshot) -> IssueSummary:
    """Raises NotVisible when the files of the issue are not to be had on this machine, StoreSilent."""
    bring_here(snapshot.manifest_hash)
    try:
        return _summary(snapshot)
    except OSError as error:
        raise NotVisible(_("Tệp của kỳ này không có trên máy chủ; đề nghị chuẩn bị lại kỳ.")) from error


def _summary(snapshot: Snapshot) -> IssueSummary:
    data = json.loads(files.read_file(snapshot.manifest_hash, files.DATA))
    tasks: dict[str, TaskLine] = {}
    facts: dict[tuple[str, str], str] = {}
    for each in told_tasks(data, partial(files.read_file, snapshot.manifest_hash)):
        tasks[each["code"]] = _line(each)
        facts |= dict(_facts(each))
    return IssueSummary(
        issue=snapshot.name,
        counts=_counts(data),
        tasks=tasks,
        figures={each["code"]: _figure(each) for each in data["indicators"]},
        bodies={each["code"]: _body(each) for each in data["organisations"]},
        obstacles={
            each["code"]: ObstacleLine(each["code"], each["condition"], each["state"]) for each in data["obstacles"]
        },
        facts=facts,
    )


def _counts(data: dict[str, Any]) -> dict[str, int]:
    tally = data["tally"]
    counts = {"total": tally["total"], "owed": tally["owed"], "reported": tally["reported"]}
    counts |= {f"schedule.{each.value}": tally["schedules"][each.value] for each in Schedule}
    counts |= {f"stage.{each.value}": tally["stages"][each.value] for each in Stage}
    return counts


def _line(task: dict[str, Any]) -> TaskLine:
    now = task["standing"]
    return TaskLine(task["code"], task["text"], now["stage"], now["schedule"], now["reported"])


def _figure(row: dict[str, Any]) -> FigureLine:
    amounts = {each["period"]: None if each["amount"] is None else Decimal(each["amount"]) for each in row["figures"]}
    known = [period for period, amount in amounts.items() if amount is not None]
    period = known[-1] if known else ""
    return FigureLine(row["code"], row["name"], period, amounts.get(period), row["direction"], amounts)


def _body(row: dict[str, Any]) -> BodyLine:
    tally = row["subtree"]
    name = row["short_name"] or row["official_name"]
    overdue, silent = tally["schedules"]["overdue"], tally["owed"] - tally["reported"]
    return BodyLine(row["code"], name, tally["total"], overdue, silent)


def _facts(task: dict[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """What was accepted of a period; a later decision about the same period is a revision."""
    for row in task["history"]:
        if row["verdict"] is not None:
            yield (task["code"], row["period"]), f"{row['verdict']} {row['accepted'] or ''}".strip()
