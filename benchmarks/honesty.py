"""How often the questions of honesty are put to honest units, and how often a planted fault is found.

`python -m benchmarks.honesty` invents the societies of `benchmarks.values.invented_units`, puts them through the very
functions the product uses, prints a table, and writes `benchmarks/values/honesty.md` and the rates the product shows.
"""

import json
import platform
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.values.invented_units import WAYS, Society, invent
from thucthi.monitoring.calculations import honesty
from thucthi.monitoring.calculations.honesty import distributions, peers
from thucthi.monitoring.calculations.honesty.shapes import Panel, Tested

OUT = Path(__file__).with_name("values") / "honesty.md"
# One large society as of all communes, and many small ones as of the provinces.
SIZES = {"3500": [(3500, 60, 1)], "34": [(34, 60, seed) for seed in range(100)]}
SHARE_DISHONEST = 0.05


def main() -> None:
    rates = {size: measure([invent(n, m, share_dishonest=SHARE_DISHONEST, seed=s) for n, m, s in wanted])
             for size, wanted in SIZES.items()}  # fmt: skip
    day = datetime.now(UTC).date().isoformat()
    data = {"measured_on": day, "series": 60, "periods": 12, "share_dishonest": SHARE_DISHONEST, "sizes": rates}
    honesty.RATES_FILE.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    text = report(rates, day)
    OUT.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def measure(societies: list[Society]) -> dict[str, dict[str, int]]:
    """For each check and for "shown" (two agree): honest, honest flagged, planted, found, honest flagged naively."""
    rates: dict[str, Counter[str]] = {name: Counter() for name in [*WAYS, honesty.SHOWN]}
    for society in societies:
        found = honesty.peer_findings(society.panel)
        tested = {check: set(units) for check, units in honesty.tested_units(society.panel).items()}
        for check, units in found.items():
            _count(rates[check], society, check, tested[check], set(units))
            rates[check]["naive"] += len(naive(check, society.panel) & tested[check] - set(society.dishonest))
        shown = set(honesty.agreed(found))
        _count(rates[honesty.SHOWN], society, "", {unit.unit_id for unit in society.panel.units}, shown)
    return {check: dict(counts) for check, counts in rates.items()}


def _count(into: Counter[str], society: Society, way: str, tested: set[int], flagged: set[int]) -> None:
    honest = tested - set(society.dishonest)
    planted = {unit for unit, ways in society.dishonest.items() if way in ways or (not way and len(ways) == 2)} & tested
    into["honest"] += len(honest)
    into["flagged"] += len(flagged & honest)
    into["planted"] += len(planted)
    into["found"] += len(flagged & planted)


def naive(check: str, panel: Panel) -> set[int]:
    """What a test without peers would flag at 5 per cent: digits spread evenly, one to one, a plain z of all units."""
    tested = honesty.tested_units(panel)[check]
    if check in EVEN_CHANCE:
        return {unit for unit, row in tested.items() if _binomial(row, EVEN_CHANCE[check]) < 0.05}
    numbers = np.array([row.own for row in tested.values()])
    if not len(numbers):
        return set()
    middle, spread = float(numbers.mean()), float(numbers.std()) or 1.0
    return {unit for unit, row in tested.items() if (row.own - middle) / spread > 1.645}


EVEN_CHANCE = {"heaped_digits": 0.02, "bunched_at_target": 0.5, "upward_revisions": 0.5}


def _binomial(row: Tested, chance: float) -> float:
    hits = round(row.own * row.counted)
    wide = (hits - 0.5 - row.counted * chance) / (row.counted * chance * (1 - chance)) ** 0.5
    return distributions.student_upper_tail(wide, 2000)


def report(rates: dict[str, dict[str, dict[str, int]]], day: str) -> str:
    lines = [
        "# How sound the questions about values are",
        "",
        f"`python -m benchmarks.honesty`, {day}, {platform.machine()}, 2 cores, Python {platform.python_version()},",
        f"numpy {np.__version__}. Invented units ({' and '.join(f'{k} peers' for k in rates)}) of 60 series and 12",
        "months, 5 % of them dishonest in one of eight ways, half of these in two; the effects are large, so the power",
        "is optimistic. Fixed seeds: another run gives the same table.",
    ]
    for size, table in rates.items():
        lines += ["", f"## {size} peers", ""]
        lines += ["| check | honest asked | naive test would ask | planted fault found |", "|---|---|---|---|"]
        for check, row in table.items():
            naive_share = "–" if check == honesty.SHOWN else _share(row.get("naive", 0), row["honest"])
            asked, found = _share(row["flagged"], row["honest"]), _share(row["found"], row["planted"])
            lines.append(f"| {check} | {asked} | {naive_share} | {found} |")
    lines += ["", *NOTES]
    return "\n".join(lines) + "\n"


NOTES = [
    "`shown`: two checks that do not measure the same thing agree; an organisation is shown only then, or when a check",
    "without statistics fires. Its last column counts units planted with two ways: a unit that is dishonest in one way",
    "only is rarely shown by statistics alone; that is the price of not asking honest people. The checks without",
    "statistics state facts and have no such rate.",
    "",
    f"Fewest values asked of a unit: {peers.FEWEST_DIGITS} figures (digits), {peers.FEWEST_COURSES} series of",
    f"{peers.FEWEST_PERIODS} periods (jump, smoothness), {peers.FEWEST_AT_THE_TARGET} figures near the target,",
    f"{peers.FEWEST_ENTRIES} entries, {peers.FEWEST_REVISIONS} corrections; fewest peers {distributions.FEWEST_PEERS}.",
]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} % ({part}/{whole})" if whole else "–"


if __name__ == "__main__":
    main()
