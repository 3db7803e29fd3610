"""The alert rules name metrics that exist, and each alert is explained where people look at night."""

import re
from pathlib import Path

import yaml

from tests.operation.readers import names
from thucthi.config.operation.exposition import exposition, of_database, of_disks, of_store, of_traffic
from thucthi.config.operation.measures import Measures, rooms
from thucthi.config.operation.traffic import Traffic

ROOT = Path(__file__).resolve().parents[2]
NOTHING = Measures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def rules() -> list[dict[str, str]]:
    read = yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def unknown(expressions: list[str], known: set[str]) -> set[str]:
    named = {name for each in expressions for name in re.findall(r"\bthucthi_\w+", each)}
    return named - known


def known(tmp_path: Path) -> set[str]:
    families = [*of_traffic(Traffic(tmp_path / "traffic").read()), *of_database(NOTHING)]
    families += [*of_disks(rooms()), *of_store(answers=True)]
    return names(exposition(families))


def test_every_metric_of_a_rule_exists(tmp_path: Path) -> None:
    assert unknown([rule["expr"] for rule in rules()], known(tmp_path)) == set()
    assert len(rules()) >= 10


def test_planted_a_metric_that_nobody_tells_is_found(tmp_path: Path) -> None:
    assert unknown(["rate(thucthi_requests_total[5m]) > thucthi_wishes"], known(tmp_path)) == {"thucthi_wishes"}


def test_every_alert_is_explained_for_the_night() -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(ThucThi\w+)` \|", text, flags=re.MULTILINE))
    assert explained == {rule["alert"] for rule in rules()}  # type: ignore[comparison-overlap]


def test_the_names_of_metrics_keep_the_rules_of_prometheus(tmp_path: Path) -> None:
    for name in known(tmp_path):
        assert re.fullmatch(r"thucthi_[a-z_]+", name)
