"""What the documents say is what the code does."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def settings_read() -> set[str]:
    source = (ROOT / "thucthi/config/settings.py").read_text(encoding="utf-8")
    return set(re.findall(r'"((?:THUCTHI|DATABASE)_[A-Z_]+)"', source))


def settings_documented(text: str) -> set[str]:
    return set(re.findall(r"^\| `((?:THUCTHI|DATABASE)_[A-Z_]+)`", text, flags=re.MULTILINE))


def test_every_setting_is_documented_and_none_is_invented() -> None:
    assert settings_documented((ROOT / "docs/settings.md").read_text(encoding="utf-8")) == settings_read()


def test_a_planted_gap_in_the_settings_is_found() -> None:
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8").replace("| `THUCTHI_DEBUG`", "| `THUCTHI_BUGS`")
    assert settings_documented(text) ^ settings_read() == {"THUCTHI_DEBUG", "THUCTHI_BUGS"}


def apps_in_the_tree(text: str) -> set[str]:
    tree = re.search(r"```\nthucthi/\n(.*?)```", text, flags=re.DOTALL)
    assert tree, "ARCHITECTURE.md shows the tree in a block that starts with thucthi/"
    return set(re.findall(r"^  (\w+)/", tree.group(1), flags=re.MULTILINE))


def folders() -> set[str]:
    package = ROOT / "thucthi"
    return {path.name for path in package.iterdir() if path.is_dir() and path.name != "__pycache__"}


def test_the_tree_in_the_architecture_is_the_tree() -> None:
    assert apps_in_the_tree((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")) == folders()


def test_a_planted_folder_is_missed_by_the_tree() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").replace("  ledger/", "  diary/")
    assert apps_in_the_tree(text) ^ folders() == {"ledger", "diary"}


def test_every_file_named_in_the_architecture_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:thucthi|tests|docs|frontend|requirements)/[\w./-]+)`", text))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_what_we_carry_from_others_comes_with_its_notice() -> None:
    notices = (ROOT / "NOTICE.md").read_text(encoding="utf-8")
    carried = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert f"Bootstrap {carried['bootstrap']}" in notices
    for owner in ("The Bootstrap Authors", "The Be Vietnam Pro Project Authors", "Google Inc.", "Thang Le Quoc"):
        assert owner in notices
