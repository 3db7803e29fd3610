"""The files of deploy/: read by what reads them, naming only settings that exist, keeping what was promised."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ha.places import DEPLOY, clean_environment

ROOT = DEPLOY.parent
CHART = DEPLOY / "kubernetes" / "chart"
_WORD = re.compile(r"\{\{ *\.(Values|Release)\.([A-Za-z.]+) *(\| *quote *)?\}\}")


def _rendered(template: Path, values: dict[str, Any]) -> list[dict[str, Any]]:
    """What helm makes of our templates, which use nothing but values and `quote`; KeyError for an unknown one."""

    def value(found: re.Match[str]) -> str:
        told: Any = values if found[1] == "Values" else {"Name": "thu"}
        for part in found[2].split("."):
            told = told[part]
        return f'"{told}"' if found[3] else str(told)

    text = _WORD.sub(value, template.read_text(encoding="utf-8"))
    assert "{{" not in text
    return [document for document in yaml.safe_load_all(text) if document]


def _chart() -> dict[tuple[str, str], dict[str, Any]]:
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    made = [document for path in sorted(CHART.glob("templates/*.yaml")) for document in _rendered(path, values)]
    return {(document["kind"], document["metadata"]["name"]): document for document in made}


def _env(path: Path) -> dict[str, str]:
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def test_the_chart_makes_these_things() -> None:
    assert sorted(_chart()) == [
        ("Cluster", "thu-database"),
        ("ConfigMap", "thu-settings"),
        ("Deployment", "thu-web"),
        ("Deployment", "thu-worker"),
        ("Pooler", "thu-pool"),
        ("Service", "thu-web"),
    ]


def test_every_value_of_the_chart_is_used_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    words = [found for path in CHART.glob("templates/*.yaml") for found in _WORD.finditer(path.read_text("utf-8"))]
    used = {found[2] for found in words if found[1] == "Values"}
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    given = {name for name, told in values.items() if not isinstance(told, dict)}
    given |= {f"{name}.{part}" for name, told in values.items() if isinstance(told, dict) for part in told}
    assert used == given
    planted = tmp_path / "planted.yaml"
    planted.write_text("name: {{ .Values.web.replica }}", encoding="utf-8")
    with pytest.raises(KeyError):
        _rendered(planted, values)


def test_the_settings_of_the_chart_exist() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    told = _chart()["ConfigMap", "thu-settings"]["data"]
    assert [name for name in told if name != "DJANGO_SETTINGS_MODULE" and f"`{name}`" not in documented] == []


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_pods_belong_to_their_deployment_and_do_not_run_as_root(kind: str) -> None:
    told = _chart()["Deployment", f"thu-{kind}"]["spec"]
    assert told["selector"]["matchLabels"] == told["template"]["metadata"]["labels"]
    assert told["template"]["spec"]["securityContext"]["runAsNonRoot"] is True


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_pods_keep_nothing_and_fetch_the_newest_issue_before_they_serve(kind: str) -> None:
    pod = _chart()["Deployment", f"thu-{kind}"]["spec"]["template"]["spec"]
    assert [next(iter(each.keys() - {"name"})) for each in pod["volumes"]] == ["emptyDir", "secret"]
    assert pod["initContainers"][-1]["command"] == ["thucthi", "fetch-issues"]
    assert [each["command"] for each in pod["containers"]][1:] == [["thucthi", "fetch-issues", "--every", "5"]]
    named = {mount["name"] for each in pod["containers"] for mount in each["volumeMounts"]}
    assert named == {each["name"] for each in pod["volumes"]}


def test_both_ways_keep_acknowledged_writes_on_two_machines() -> None:
    patroni = yaml.safe_load((DEPLOY / "patroni" / "patroni.yml").read_text(encoding="utf-8"))
    dcs, cluster = patroni["bootstrap"]["dcs"], _chart()["Cluster", "thu-database"]["spec"]
    assert (dcs["synchronous_mode"], dcs["synchronous_node_count"]) == (True, 1)
    assert cluster["postgresql"]["synchronous"] == {"method": "any", "number": 1, "dataDurability": "preferred"}
    safe = {name: dcs["postgresql"]["parameters"][name] for name in ("fsync", "full_page_writes", "synchronous_commit")}
    assert safe == {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    assert "data-checksums" in patroni["bootstrap"]["initdb"]
    assert cluster["bootstrap"]["initdb"]["dataChecksums"] is True


def test_patroni_gives_up_a_leader_in_time_and_not_too_early() -> None:
    dcs = yaml.safe_load((DEPLOY / "patroni" / "patroni.yml").read_text(encoding="utf-8"))["bootstrap"]["dcs"]
    assert dcs["ttl"] >= dcs["loop_wait"] + 2 * dcs["retry_timeout"]
    assert dcs["ttl"] <= 20


def test_secrets_are_left_empty() -> None:
    told = _env(DEPLOY / "patroni" / "node.env")
    assert {name: value for name, value in told.items() if name.endswith("_PASSWORD") and value} == {}


def test_haproxy_finds_all_its_words_and_accepts_the_file(tmp_path: Path) -> None:
    told = _env(DEPLOY / "haproxy" / "haproxy.env")
    text = (DEPLOY / "haproxy" / "haproxy.cfg").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+)\}", text)) == set(told)
    haproxy = shutil.which("haproxy", path=clean_environment()["PATH"])
    if haproxy is None:
        pytest.skip("there is no haproxy here (scripts/ha-packages)")
    environment = (
        clean_environment() | told | {"HAPROXY_SOCKET": str(tmp_path / "socket"), "WEB_BIND": "127.0.0.1:18080"}
    )
    done = subprocess.run(
        [haproxy, "-c", "-f", str(DEPLOY / "haproxy" / "haproxy.cfg")],
        env=environment,
        check=False,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr


def test_the_packages_are_named_where_they_may_not_be_installed(tmp_path: Path) -> None:
    """Somebody who is not root is told what to ask for; nothing is installed."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "id").write_text("#!/bin/sh\necho 1000\n", encoding="utf-8")
    (tools / "id").chmod(0o755)
    environment = {"PATH": str(tools), "LC_ALL": "C.UTF-8"}
    script = (ROOT / "scripts" / "ha-packages").read_text(encoding="utf-8").replace(":/usr/sbin:/sbin", "")
    done = subprocess.run(["/bin/sh", "-c", script], env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Còn thiếu các gói: patroni etcd-server haproxy pgbouncer nginx-light" in done.stderr
    assert os.listdir(tools) == ["id"]
