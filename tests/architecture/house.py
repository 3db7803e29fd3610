"""The rules of the house that no ready tool checks, as functions over a tree of files; each returns its violations."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "thucthi"
WRITE_METHODS = {
    "create", "save", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "acreate", "asave", "adelete", "aupdate",
}  # fmt: skip
# Names whose `.update(…)`, `.delete(…)`, `.save(…)` is not a write to the database.
HARMLESS_OWNERS = re.compile(
    r"(options|globals|filters|context|kwargs|settings_dict|environ|hash|digest|sha256|image|docx_file|storage(\(\))?)$"
)
SHELVES = {
    "__init__", "apps", "models", "calculations", "access", "selectors", "actions", "forms", "views", "api", "tasks",
    "urls", "notices",
}  # fmt: skip
BANNED_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "manager",
    "service",
    "services",
    "core",
}
# What records, and what gives records their places, cannot record itself (docs/adr/0027).
THE_LEDGER_ITSELF = {"ledger/actions/recording.py", "ledger/actions/tree.py"}
# What derives counts anew states nothing and decides nothing (docs/adr/0020, 0035).
NOTHING_STATED = {"monitoring/actions/rollups.py", "monitoring/actions/question_counts.py"}
# What editing and merging leave beside the file.
LEFT_OVER = {".orig", ".rej", ".bak", ".swp"}
LARGEST_FILE = 400
LONGEST_FUNCTION = 40


def sources(root: Path) -> Iterator[tuple[str, Path, ast.Module]]:
    """(name relative to the package, path, parsed file) of every module but migrations."""
    for path in sorted(root.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(root).as_posix(), path, _parsed(path, path.stat().st_mtime_ns)


@cache
def _parsed(path: Path, _written_at: int) -> ast.Module:
    """Each guard reads the whole house: it is parsed once for all of them."""
    return ast.parse(path.read_text(encoding="utf-8"))


def writes_outside_actions(root: Path) -> list[str]:
    """Every ORM write must stand in an `actions` file."""
    found = []
    for name, _, tree in sources(root):
        if re.search(r"(^|/)actions(/|\.py)", name) or name.startswith("config/supervisor"):
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = ast.unparse(node.func.value)
            if node.func.attr in WRITE_METHODS and not HARMLESS_OWNERS.search(owner):
                found.append(f"{name}:{node.lineno} {owner}.{node.func.attr}")
    return found


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def _calls(function: ast.FunctionDef) -> list[str]:
    return [ast.unparse(n.func) for n in ast.walk(function) if isinstance(n, ast.Call)]


def _record_calls(function: ast.FunctionDef, functions: dict[str, ast.FunctionDef], seen: frozenset[str]) -> int:
    """How many times the source says `record(…)` on the way through this function and the private ones it calls."""
    total = 0
    for called in _calls(function):
        if called in {"record", "ledger.record"}:
            total += 1
        elif called.startswith("_") and called in functions and called not in seen:
            total += _record_calls(functions[called], functions, seen | {called})
    return total


def actions_without_one_entry(root: Path) -> list[str]:
    """Each public function of an actions file is atomic and records exactly once."""
    found = []
    for name, _, tree in sources(root):
        if not re.search(r"(^|/)actions(/|\.py)", name) or name in THE_LEDGER_ITSELF | NOTHING_STATED:
            continue
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for function in public_functions(tree):
            decorators = {ast.unparse(d).split("(")[0] for d in function.decorator_list}
            if not decorators & {"transaction.atomic", "atomic"}:
                found.append(f"{name}:{function.lineno} {function.name} is not atomic")
            entries = _record_calls(function, functions, frozenset({function.name}))
            if entries != 1:
                found.append(f"{name}:{function.lineno} {function.name} records {entries} times")
    return found


def imports_inside_functions(root: Path) -> list[str]:
    found = []
    for name, _, tree in sources(root):
        for outer in ast.walk(tree):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [
                    f"{name}:{node.lineno} {outer.name}"
                    for node in ast.walk(outer)
                    if isinstance(node, ast.Import | ast.ImportFrom)
                ]
    return found


def functions_apart(root: Path) -> list[str]:
    """What `apart(…)` names is said in full, stands in the same app, and is a function there."""
    found = []
    for name, _, tree in sources(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "apart":
                work = node.args[0]
                if not (isinstance(work, ast.Constant) and _is_function_of(root, name.split("/")[0], str(work.value))):
                    found.append(f"{name}:{node.lineno} apart({ast.unparse(work)})")
    return found


def _is_function_of(root: Path, app: str, work: str) -> bool:
    module, _, function = work.partition(":")
    path = root / f"{module.removeprefix('thucthi.').replace('.', '/')}.py"
    if not module.startswith(f"thucthi.{app}.") or not path.is_file():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in tree.body)


def too_large(root: Path) -> list[str]:
    """Files over 400 lines and functions over 40, named without line numbers so that an exemption stays valid."""
    found = []
    for name, path, tree in sources(root):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LARGEST_FILE:
            found.append(name)
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION:
                found.append(f"{name} {node.name}")
    return found


def misplaced_files(root: Path) -> list[str]:
    """Banned names anywhere; in an app with tables or pages only the known shelves, or a folder named after one."""
    found = []
    for name, path, _ in sources(root):
        if path.stem in BANNED_NAMES:
            found.append(f"{name} has a name that says nothing")
    found += [
        f"{path.relative_to(root).as_posix()} was left over by a tool"
        for path in sorted(root.rglob("*"))
        if path.suffix in LEFT_OVER
    ]
    return found


def signals_and_saves(root: Path) -> list[str]:
    """No action at a distance: no signal receivers, no `save()` override."""
    found = []
    for name, _, tree in sources(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and "signals" in node.module:
                found.append(f"{name}:{node.lineno} imports {node.module}")
            if isinstance(node, ast.FunctionDef) and node.name == "save":
                found.append(f"{name}:{node.lineno} overrides save()")
    return found
