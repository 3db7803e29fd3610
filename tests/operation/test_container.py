"""What can be said of the image and the compose file by reading them; nobody builds them here."""

import re
from pathlib import Path
from typing import Any

import yaml
from django.urls import resolve

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "deploy/container"
FOREIGN = {"POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS", "OWNER_PASSWORD", "APP_PASSWORD", "HOST"}


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", (HERE / "Dockerfile").read_text(encoding="utf-8"), flags=re.M)
    lines = [line for line in re.sub(r"\\\n", " ", text).splitlines() if line.strip()]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((HERE / "compose.yml").read_text(encoding="utf-8"))
    return read


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(at for at, (word, _) in enumerate(found) if word == "FROM")
    return found[start:]


def test_what_runs_is_built_in_another_stage_and_is_not_root() -> None:
    assert [word for word, _ in instructions()].count("FROM") == 2
    stage = dict(last_stage())
    assert stage["USER"] == "10001"
    assert [word for word, _ in last_stage()].index("USER") < [word for word, _ in last_stage()].index("CMD")
    assert stage["CMD"].startswith('["')
    assert stage["STOPSIGNAL"] == "SIGTERM"
    assert [what for word, what in last_stage() if word == "COPY"] == ["--from=build /opt/thuc-thi /opt/thuc-thi"]


def test_every_copied_file_is_there_and_nothing_secret_is_baked_in() -> None:
    copied = [what.split()[:-1] for word, what in instructions() if word == "COPY" and not what.startswith("--from")]
    assert [name for names in copied for name in names if not (ROOT / name).exists()] == []
    told = " ".join(what for word, what in instructions() if word in ("ENV", "ARG"))
    assert not re.search(r"PASSWORD|SECRET|TOKEN|KEY", told)


def test_the_check_of_health_asks_an_address_that_exists() -> None:
    check = dict(last_stage())["HEALTHCHECK"]
    address = re.search(r"127\.0\.0\.1:8000(/\w+)", check)
    assert address
    assert resolve(address[1]).view_name == "operation:alive"


def test_every_word_to_fill_in_stands_in_the_example() -> None:
    text = (HERE / "compose.yml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{(\w+)", text))
    given = set(re.findall(r"^(\w+)=", (HERE / "example.env").read_text(encoding="utf-8"), flags=re.M))
    assert asked == given


def test_services_are_closed_to_the_outside_and_what_they_mount_is_there() -> None:
    services = compose()["services"]
    assert set(services) == {"database", "application", "front"}
    assert [name for name, each in services.items() if each.get("ports")] == ["application"]
    assert services["application"]["ports"] == ["127.0.0.1:8080:80"]
    assert services["application"]["read_only"] is True
    assert services["application"]["cap_drop"] == ["ALL"]
    mounted = [mount.split(":")[0] for each in services.values() for mount in each["volumes"]]
    assert [name for name in mounted if name.startswith(".") and not (HERE / name).exists()] == []
    assert {name for name in mounted if not name.startswith(".")} == set(compose()["volumes"])


def test_every_setting_in_the_compose_file_is_one_of_ours() -> None:
    told = {name for each in compose()["services"].values() for name in each.get("environment", {})}
    ours = set(re.findall(r"`((?:THUCTHI|DATABASE)_[A-Z_]+)`", (ROOT / "docs/settings.md").read_text(encoding="utf-8")))
    assert told - ours - FOREIGN == set()


def test_the_roles_are_those_that_the_application_expects() -> None:
    made = (HERE / "roles.sh").read_text(encoding="utf-8")
    for word in ("thucthi_owner", "thucthi_app", "pg_trgm", "unaccent", "btree_gist", "LC_COLLATE 'C'"):
        assert word in made
    assert not re.search(r"thucthi_app[^;]*\bSUPERUSER", made)
