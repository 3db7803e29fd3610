"""What the expressions answer in DuckDB, held against plain loops; `make spark-test` holds Spark against DuckDB."""

from pathlib import Path
from typing import Any

import pytest

from tests.publication.analysis import recount, synthetic
from thucthi.publication.analysis import classes, copies, honesty, words
from thucthi.publication.analysis.engines import ANSWERS, Engine, Row, all_rows, connection

# Ibis 12 calls what DuckDB 2 has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
ISSUES = {f"seed {seed}": synthetic.issue(seed) for seed in (1, 2)} | {"village": synthetic.village()}


@pytest.fixture(scope="module", params=ISSUES)
def answered(request: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[synthetic.Rows, dict[str, list[Row]]]:
    rows = ISSUES[request.param]
    directory = synthetic.written(rows, tmp_path_factory.mktemp("issue"))
    return rows, all_rows(connection(Engine.DUCKDB), directory)


def told(rows: list[Row], name: str) -> list[dict[str, Any]]:
    columns = next(answer.columns for answer in ANSWERS if answer.name == name)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_classes_are_those_of_a_loop(answered: Any) -> None:
    rows, found = answered
    assert sorted(found["reference_classes"]) == recount.classes(rows)


def test_the_narrowest_class_with_enough_tasks_speaks(answered: Any) -> None:
    _, found = answered
    known = {
        (row["kind"], row["level"], row["length"]): row for row in told(found["reference_classes"], "reference_classes")
    }
    used = told(found["reference_classes_to_use"], "reference_classes_to_use")
    assert len(used) == sum(row["width"] == 0 for row in known.values())
    for row in used:
        own = (row["own_kind"], row["own_level"], row["own_length"])
        ladder = [known[(*own[: 3 - width], *("*" * width))] for width in range(4)]
        first = next((each for each in ladder if each["due"] >= classes.LEAST), ladder[-1])
        assert {name: row[name] for name in first} == first


def test_signals_are_those_of_a_loop(answered: Any) -> None:
    rows, found = answered
    own = told(found["honesty_signals"], "honesty_signals")
    assert {(row["organisation"], row["signal"]): (row["cases"], row["of"]) for row in own} == recount.signals(rows)
    for row in own:
        peers = [
            each
            for each in own
            if (each["tree"], each["level"], each["signal"]) == (row["tree"], row["level"], row["signal"])
            and each is not row
        ]
        assert (row["peers"], row["peers_cases"], row["peers_of"]) == (
            len(peers),
            sum(each["cases"] for each in peers),
            sum(each["of"] for each in peers),
        )


def test_copies_are_those_found_when_every_pair_is_compared(answered: Any) -> None:
    rows, found = answered
    exact, near = recount.copies(rows)
    assert (sorted(found["copies_exact"]), sorted(found["copies_near"])) == (sorted(exact), sorted(near))


def test_the_invented_issues_hold_what_is_looked_for() -> None:
    exact, near = recount.copies(ISSUES["seed 1"])
    assert (len(exact) > 3, len(near) > 3) == (True, True)
    cases = {name for rows in ISSUES.values() for (_, name), (case, _) in recount.signals(rows).items() if case}
    assert cases == set(honesty.FAMILY_OF)


def test_one_signal_alone_is_not_asked_about_and_two_of_a_family_neither(tmp_path: Path) -> None:
    rows = _alike(21)
    # Odd: one body is late, and reports on the last day too, which measures the same thing.
    for report in rows["reports"]:
        if report["task"] == "ct-0000":
            report |= {"punctuality": "late", "first_reported_on": report["due_on"]}
    found = told(_signals(rows, tmp_path / "one"), "honesty_signals")
    out = {(row["organisation"], row["signal"]) for row in found if row["stands_out"]}
    assert out == {("b-00", "late_reports"), ("b-00", "last_day_bursts")}
    assert [row for row in found if row["asked"]] == []
    for report in rows["reports"]:
        if report["task"] == "ct-0000":
            report["declared"] = 45
    found = told(_signals(rows, tmp_path / "two"), "honesty_signals")
    assert {row["organisation"] for row in found if row["asked"]} == {"b-00"}


def _signals(rows: synthetic.Rows, directory: Path) -> list[Row]:
    return all_rows(connection(Engine.DUCKDB), synthetic.written(rows, directory), honesty.ANSWERS)["honesty_signals"]


def _alike(bodies: int) -> synthetic.Rows:
    """Bodies with one task and 20 punctual reports each, whose figures rise by one."""
    day = synthetic.AS_OF - synthetic.timedelta(days=1)
    rows: synthetic.Rows = {"organisations": [], "tasks": [], "reports": [], "task_changes": []}
    for body in range(bodies):
        code, task = f"b-{body:02}", f"ct-{body:04}"
        rows["organisations"].append({"code": code, "tree": "state", "level": "commune"})
        rows["tasks"].append({"code": task, "answering": code, "lead": code, "stage": "in_progress", "text": "Việc"})
        for week in range(22):
            due = day - synthetic.timedelta(days=7 * (22 - week))
            rows["reports"].append(
                {
                    "task": task,
                    "period": f"2026-W{week:02}",
                    "due_on": due,
                    "punctuality": "on_time",
                    "first_reported_on": due - synthetic.timedelta(days=1),
                    "declared": 1 + week,
                }
            )
    return rows


def test_every_signal_has_its_words() -> None:
    assert [each.code for each in words.SIGNALS] == sorted(
        honesty.FAMILY_OF, key=[each.code for each in words.SIGNALS].index
    )


def test_letters_go_one_for_one_to_plain_ones() -> None:
    assert len(copies._FROM) == len(copies._TO)
    assert {copies.LETTERS[letter] for letter in "ĐđẮặƠữỷ"} == set("daouy")
    assert set(copies._TO) <= set("abcdefghijklmnopqrstuvwxyz")
