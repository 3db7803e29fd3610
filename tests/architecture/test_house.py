"""The guards of the house, and for each a planted fault that turns it red."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture import house

EXEMPTIONS = Path(__file__).with_name("exemptions.txt")
ORDER = [
    "kernel", "ledger", "directory", "documents", "programmes", "indicators", "obstacles", "reporting", "intake",
    "monitoring",
    "publication", "workspace", "public_site", "demonstration", "config",
]  # fmt: skip


def exempted() -> set[str]:
    """Lines `what | reason | since` of the written list; a line without a reason or a date is itself a fault."""
    lines = [line for line in EXEMPTIONS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    parts = [line.split(" | ") for line in lines]
    assert [line for line in parts if len(line) != 3] == []
    return {line[0] for line in parts}


GUARDS: list[tuple[Callable[[Path], list[str]], str, str]] = [
    (house.writes_outside_actions, "views.py", "def view(request):\n    Thing.objects.create(name='x')\n"),
    (house.actions_without_one_entry, "actions.py", "def act(by):\n    Thing.objects.create()\n"),
    (
        house.actions_without_one_entry,
        "actions.py",
        "@transaction.atomic\ndef act(by):\n    record('a')\n    _more()\n\n\ndef _more():\n    record('b')\n",
    ),
    (house.imports_inside_functions, "views.py", "def view(request):\n    import json\n"),
    (house.functions_apart, "views.py", "apart('thucthi.programmes.views:missing')\n"),
    (house.functions_apart, "views.py", "def draw(): ...\n\n\napart('thucthi.kernel.press:printed')\n"),
    (house.functions_apart, "views.py", "def draw(): ...\n\n\napart(draw)\n"),
    (house.too_large, "views.py", "x = 1\n" * 401),
    (house.too_large, "views.py", "def long():\n" + "    x = 1\n" * 40),
    (house.misplaced_files, "utils.py", "x = 1\n"),
    (house.misplaced_files, "views.py.orig", "x = 1\n"),
    (house.signals_and_saves, "models.py", "class Thing:\n    def save(self):\n        pass\n"),
    (house.signals_and_saves, "models.py", "from django.db.models.signals import post_save\n"),
]


@pytest.mark.parametrize("guard", dict.fromkeys(row[0] for row in GUARDS), ids=lambda guard: guard.__name__)
def test_the_house_keeps_its_rules(guard: Callable[[Path], list[str]]) -> None:
    assert sorted(set(guard(house.PACKAGE)) - exempted()) == []


def test_no_exemption_outlives_its_cause() -> None:
    found = {violation for guard in {row[0] for row in GUARDS} for violation in guard(house.PACKAGE)}
    assert sorted(exempted() - found) == []


@pytest.mark.parametrize(("guard", "file", "text"), GUARDS, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_fault_is_found(guard: Callable[[Path], list[str]], file: str, text: str, tmp_path: Path) -> None:
    app = tmp_path / "programmes"
    app.mkdir()
    (app / file).write_text(text, encoding="utf-8")
    assert guard(tmp_path) != []
    assert all("programmes/" in violation for violation in guard(tmp_path))


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--config",
        str(root / "pyproject.toml"),
        "--no-cache",
    ]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture
def copied_house(tmp_path: Path) -> Path:
    root = house.PACKAGE.parent
    shutil.copy(root / "pyproject.toml", tmp_path)
    shutil.copytree(root / "thucthi", tmp_path / "thucthi", ignore=shutil.ignore_patterns("static", "data", "locale"))
    return tmp_path


def test_the_import_contracts_hold() -> None:
    done = lint_imports(house.PACKAGE.parent)
    assert done.returncode == 0, done.stdout


PLANTED_IMPORTS = [
    ("thucthi/programmes/upward.py", "import thucthi.reporting.models\n", "the order of the apps"),
    ("thucthi/newcomer/__init__.py", "", "the order of the apps"),
    ("thucthi/programmes/access.py", "import thucthi.programmes.actions\n", "the shelves inside an app"),
    ("thucthi/public_site/peep.py", "import thucthi.reporting.models\n", "the public site sees"),
    ("thucthi/kernel/values.py", "import django.db\n", "arithmetic is pure"),
]


@pytest.mark.parametrize(("file", "text", "contract"), PLANTED_IMPORTS, ids=lambda value: value[:30])
def test_a_planted_import_breaks_its_contract(copied_house: Path, file: str, text: str, contract: str) -> None:
    planted = copied_house / file
    planted.parent.mkdir(exist_ok=True)
    with planted.open("a", encoding="utf-8") as handle:
        handle.write(text)
    done = lint_imports(copied_house)
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if line.rstrip().endswith("BROKEN")]
    assert any(contract in line for line in broken), done.stdout


def upward_foreign_keys(order: list[str]) -> list[str]:
    rank = {name: place for place, name in enumerate(order)}
    return [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model.__module__.startswith("thucthi.")
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if field.related_model.__module__.startswith("thucthi.")
        if rank[field.related_model._meta.app_label] > rank[model._meta.app_label]
    ]


def test_foreign_keys_go_down_only() -> None:
    assert upward_foreign_keys(ORDER) == []


def test_a_planted_order_finds_foreign_keys_that_go_up() -> None:
    assert "reporting.Report.task → programmes.Task" in upward_foreign_keys([*reversed(ORDER)])
