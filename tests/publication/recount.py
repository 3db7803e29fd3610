"""Recomputes every total of a published issue from its published rows. Imports nothing of the product.

    python recount.py DIRECTORY       prints one line for each difference; exit 1 when there is any

Reads index.json, nhiem-vu/index.csv and the pages' JSON and CSV only, as any reader could.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def read_json(path: Path) -> Any:
    return json.loads(path.read_bytes())


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows below the notes at the top, which begin with #."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def counted(tasks: Iterable[Row]) -> Row:
    """Totals as an issue states them, from its rows."""
    rows = list(tasks)
    standing = [row["standing"] for row in rows]
    owed = [each for each in standing if each["owed_period"] is not None and each["reported"] != "not_owed"]
    return {
        "total": len(rows),
        "stages": dict(Counter(each["stage"] for each in standing)),
        "schedules": dict(Counter(each["schedule"] for each in standing)),
        "owed": len(owed),
        "reported": sum(each["reported"] == "reported" for each in owed),
    }


def stated(tally: Row) -> Row:
    found = {name: tally[name] for name in ("total", "owed", "reported")}
    for name in ("stages", "schedules"):
        found[name] = {key: count for key, count in tally[name].items() if count}
    return found


def subtree_of(code: str, children: dict[str, list[str]]) -> Iterator[str]:
    yield code
    for child in children.get(code, []):
        yield from subtree_of(child, children)


def differences(root: Path) -> list[str]:
    data = read_json(root / "issue.json")
    tasks = {row["code"]: row for row in data["tasks"]}
    found = list(_compare("home", data["tally"], tasks.values()))
    for document in data["documents"]:
        rows = [row for row in tasks.values() if document["slug"] in row["documents"]]
        found += _compare(f"document {document['slug']}", document["tally"], rows)
    for programme in data["programmes"]:
        rows = [row for row in tasks.values() if row["programme"] == programme["code"]]
        found += _compare(f"programme {programme['code']}", programme["tally"], rows)
        groups = sum(group["tally"]["total"] for group in programme["groups"])
        found += [] if groups == len(rows) else [f"programme {programme['code']}: groups {groups}, rows {len(rows)}"]
    found += _organisations(data["organisations"], tasks)
    found += _obstacles(data, tasks)
    found += _histories(tasks)
    found += _figures(data["indicators"])
    if data["trend"]:
        found += _compare("the last point of the trend", data["trend"][-1]["tally"], tasks.values())
    return found + _list_of_tasks(root, tasks)


def _compare(what: str, tally: Row, rows: Iterable[Row]) -> Iterator[str]:
    said, real = stated(tally), counted(rows)
    for name in said:
        if said[name] != real[name]:
            yield f"{what}: {name} is {said[name]}, the rows give {real[name]}"


def _organisations(organisations: list[Row], tasks: dict[str, Row]) -> Iterator[str]:
    children = {row["code"]: row["children"] for row in organisations}
    for row in organisations:
        own = [task for task in tasks.values() if row["code"] in task["answering"]]
        yield from _compare(f"organisation {row['code']} itself", row["own"], own)
        below = set(subtree_of(row["code"], children))
        led = [task for task in tasks.values() if below.intersection(task["answering"])]
        yield from _compare(f"organisation {row['code']} with all below", row["subtree"], led)


def _obstacles(data: Row, tasks: dict[str, Row]) -> Iterator[str]:
    by_task: dict[str, list[str]] = {}
    for row in data["obstacles"]:
        by_task.setdefault(row["task"], []).append(row["code"])
    for code, task in tasks.items():
        if sorted(task["obstacles"]) != sorted(by_task.get(code, [])):
            yield f"task {code}: obstacles {task['obstacles']}, the list gives {by_task.get(code, [])}"


def _histories(tasks: dict[str, Row]) -> Iterator[str]:
    """Whether the period owed was reported, and what was declared last, stand twice: counted, and in the history."""
    for code, task in tasks.items():
        standing = task["standing"]
        rows = {row["period"]: row for row in task["history"]}
        owed = rows.get(standing["owed_period"])
        was_reported = owed is not None and owed["first_reported_on"] is not None
        if standing["reported"] == ("not_reported" if was_reported else "reported"):
            yield f"task {code}: {standing['owed_period']} is {standing['reported']}, its history says otherwise"
        declared = [row["declared"] for row in task["history"] if row["declared"] is not None]
        if standing["declared"] is not None and standing["declared"] not in declared:
            yield f"task {code}: declared {standing['declared']} stands in no period"
        accepted = [row["accepted"] for row in task["history"] if row["accepted"] is not None]
        if bool(accepted) and standing["accepted"] is None:
            yield f"task {code}: accepted in its history, not in its standing"


def _figures(indicators: list[Row]) -> Iterator[str]:
    """The country's own part of a figure is its standing value of that period."""
    for row in indicators:
        values = {each["period"]: each["amount"] for each in row["observations"] if each["kind"] == "actual"}
        for figure in row["figures"]:
            if figure["own"] is not None and values.get(figure["period"]) != figure["own"]:
                yield (
                    f"indicator {row['code']}: {figure['period']} is {figure['own']}, "
                    f"the values give {values.get(figure['period'])}"
                )


def _list_of_tasks(root: Path, tasks: dict[str, Row]) -> list[str]:
    """The CSV that people download says the same as the data behind the pages."""
    rows = read_csv(root / "nhiem-vu" / "index.csv")
    found = [] if len(rows) == len(tasks) else [f"list of tasks: {len(rows)} rows, {len(tasks)} tasks"]
    for row in rows:
        task = tasks.get(row["code"])
        if task is None or row["schedule"] != task["standing"]["schedule"] or row["stage"] != task["standing"]["stage"]:
            found.append(f"list of tasks: {row['code']} stands otherwise in the data")
    return found


def main(directory: str) -> int:
    found = differences(Path(directory))
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
