"""python -m tests.publication.analysis [ISSUE…]: DuckDB and Spark are asked the same; status 1: they differ.

Spark is a cluster of two workers on this machine. At the end an expression that must differ (each engine has its own
hash) is asked too: a comparison that does not see it proves nothing.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.publication.analysis import synthetic
from thucthi.publication.analysis.engines import ANSWERS, Engine, Row, all_rows, connection
from thucthi.publication.analysis.shapes import Answer, Opened

SEEDS = (1, 2, 3)
# The Java process of each worker lives and dies with the driver; no page, nothing open but loopback.
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
    "spark.log.level": "ERROR",
}


def _marked(issue: Opened) -> Any:
    return issue.tasks.select("code", mark=issue.tasks.code.hash() % 1000)


PLANTED = Answer("planted", ("code",), ("code",), ("mark",), _marked)


def main(issues: Sequence[str]) -> int:
    settings = " ".join(f"--conf {name}={value}" for name, value in SETTINGS.items())
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"--master local-cluster[2,1,1024] {settings} pyspark-shell"
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    engines = {engine: connection(engine) for engine in Engine}
    differ = 0
    with tempfile.TemporaryDirectory() as folder:
        # What Spark leaves in the directory it is started from belongs to nobody.
        os.chdir(folder)
        for name, tables in [*_invented(Path(folder)), *((each, Path(each) / "data") for each in issues)]:
            differ += _compare(name, engines, tables, ANSWERS)
        if not _compare("planted", engines, Path(folder) / "village", (PLANTED,)):
            print("✗ Không thấy khác biệt cài sẵn · the planted difference was not seen")  # noqa: T201
            differ += 1
    return 1 if differ else 0


def _invented(folder: Path) -> Iterator[tuple[str, Path]]:
    yield "village", synthetic.written(synthetic.village(), folder / "village")
    for seed in SEEDS:
        yield f"seed {seed}", synthetic.written(synthetic.issue(seed), folder / f"seed-{seed}")


def _compare(name: str, engines: dict[Engine, object], tables: Path, answers: Sequence[Answer]) -> int:
    """How many answers differ, each with its first row that does."""
    found: dict[Engine, dict[str, list[Row]]] = {}
    took = {}
    for engine, connected in engines.items():
        began = time.monotonic()
        found[engine] = all_rows(connected, tables, answers)
        took[engine] = time.monotonic() - began
    differ = 0
    for answer in answers:
        one, other = (found[engine][answer.name] for engine in Engine)
        same = one == other
        differ += not same
        print(f"{name:10} {answer.name:26} {len(one):6} {'=' if same else '≠'}", flush=True)  # noqa: T201
        if not same:
            print(f"   {sorted(set(one) ^ set(other), key=str)[:2]}")  # noqa: T201
    print(f"{name:10} " + ", ".join(f"{engine} {seconds:.1f} s" for engine, seconds in took.items()), flush=True)  # noqa: T201
    return differ


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
