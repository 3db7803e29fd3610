"""Opens the tables of an issue in an engine, and brings an answer home in an order of ours."""

import os
import tempfile
from collections.abc import Sequence
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any

import ibis

from thucthi.publication.analysis import classes, copies, honesty
from thucthi.publication.analysis.shapes import TABLES, Answer, Opened, Row

ANSWERS: tuple[Answer, ...] = (*classes.ANSWERS, *honesty.ANSWERS, *copies.ANSWERS)
_NUMBERS = count()


class Engine(StrEnum):
    DUCKDB = "duckdb"
    SPARK = "spark"


def connection(engine: Engine) -> Any:
    """Spark takes its master and its settings from PYSPARK_SUBMIT_ARGS, as each of its programs does."""
    if engine is Engine.SPARK:
        return ibis.pyspark.connect()
    # What does not fit in memory goes there; the default is the current directory, which may not be ours.
    return ibis.duckdb.connect(temp_directory=Path(tempfile.gettempdir()) / f"thucthi-analysis-{os.getpid()}")


def opened(connected: Any, tables: Path) -> Opened:
    """The Parquet files of one issue in the directory `tables`. What is kept goes with the connection."""

    def keep(expression: Any) -> Any:
        if connected.name == Engine.DUCKDB:
            # Not cache(): the sentence with which Ibis 12 drops such a table names no table, and is refused.
            return connected.create_table(f"kept_{next(_NUMBERS)}", expression, temp=True)
        return expression.cache()

    return Opened(**{name: connected.read_parquet(tables / f"{name}.parquet") for name in TABLES}, keep=keep)


def rows_of(answer: Answer, issue: Opened) -> list[Row]:
    """Sorted here, by code points and numbers: engines have their own ideas about the order of words."""
    expression = answer.expression(issue)
    expression = expression.select(
        **{name: expression[name].cast("string") for name in answer.texts},
        **{name: expression[name].cast("int64") for name in answer.counts},
    )
    rows = [tuple(row[name] for name in answer.columns) for row in expression.to_pyarrow().to_pylist()]
    places = [answer.columns.index(name) for name in answer.key]
    return sorted(rows, key=lambda row: [row[place] for place in places])


def all_rows(connected: Any, tables: Path, answers: Sequence[Answer] = ANSWERS) -> dict[str, list[Row]]:
    issue = opened(connected, tables)
    return {answer.name: rows_of(answer, issue) for answer in answers}
