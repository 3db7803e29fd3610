"""A published issue for the API: read from its files, parsed once for each process, a few of them kept."""

import csv
import io
import json
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from thucthi.public_site.rendering.indicators import FOLDER, VALUES_FILE
from thucthi.publication import files
from thucthi.publication.sheets import TASK_FILES

Thing = dict[str, Any]
ISSUES_KEPT = 3
VALUE_FILES_KEPT = 16
# Parsed it takes about six times as much memory; whoever wants more takes the files (docs/api.md).
MOST_BYTES = 64 * 1024 * 1024
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,23}")
# What a collection is called by; the rest have no name of their own.
KEY_OF = {"documents": "slug", "tasks": "code", "programmes": "code", "organisations": "code"} | {
    "indicators": "code",
    "obstacles": "code",
}


class TooLarge(Exception):
    """The issue is too large to be read through this door."""


@dataclass(frozen=True)
class Issue:
    """`data` is issue.json; `modified`: seconds since 1970 at which its files were written."""

    manifest_hash: str
    modified: float
    data: Thing = field(repr=False)

    @property
    def name(self) -> str:
        return str(self.data["header"]["issue"])

    @cached_property
    def by_key(self) -> dict[str, dict[str, Thing]]:
        """Collection → code → thing."""
        return {name: {each[key]: each for each in self.data[name]} for name, key in KEY_OF.items()}


def issue_named(name: str) -> Issue | None:
    """The issue published under that name; "" for the newest. None when there is none: unknown or not published."""
    if name and not _NAME.fullmatch(name):
        return None
    link = files.root() / files.BY_NAME / name if name else files.root() / files.LATEST
    directory = link.resolve()
    inside = directory.parent == (files.root() / files.ISSUES).resolve()
    return _read(str(directory), directory.name) if inside and (directory / files.DATA).is_file() else None


@lru_cache(maxsize=ISSUES_KEPT)
def _read(directory: str, manifest_hash: str) -> Issue:
    """Kept by the hash of the manifest; an issue never changes. Raises TooLarge."""
    file = Path(directory) / files.DATA
    state = file.stat()
    if state.st_size > MOST_BYTES:
        raise TooLarge(manifest_hash)
    data = json.loads(file.read_bytes())
    if TASK_FILES in data:
        raise TooLarge(manifest_hash)
    return Issue(manifest_hash, state.st_mtime, data)


def values_of(issue: Issue, indicator: str) -> tuple[Thing, ...]:
    """All standing values of one indicator; empty when none is published."""
    if indicator not in issue.by_key["indicators"]:
        return ()
    return _values(str(files.issue_directory(issue.manifest_hash) / FOLDER / indicator / VALUES_FILE))


@lru_cache(maxsize=VALUE_FILES_KEPT)
def _values(path: str) -> tuple[Thing, ...]:
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ()
    return tuple(_value(row) for row in csv.DictReader(io.StringIO(text)))


_PLAIN = ("period", "kind", "breakdown", "state", "available_on")
_OR_NOTHING = ("organisation", "amount", "numerator", "denominator")


def _value(row: dict[str, str]) -> Thing:
    # The mark before what a spreadsheet would take for a formula belongs to the file, not to the value.
    said = {name: row[name].removeprefix("'") for name in (*_PLAIN, *_OR_NOTHING)}
    return (
        {name: said[name] for name in _PLAIN}
        | {name: said[name] or None for name in _OR_NOTHING}
        | {"is_correction": row["is_correction"] == "true"}
    )


def corrections(issue: Issue) -> list[Thing]:
    """Every notice about a published issue, newest first: as it stands now, not as it stood in the issue."""
    try:
        found: list[Thing] = json.loads((files.root() / files.BY_NAME / files.CORRECTIONS).read_bytes())
    except FileNotFoundError:
        return list(issue.data["corrections"])
    return found


def issues(issue: Issue) -> list[Thing]:
    """This issue and those published before it, newest first, each with the hash that binds it."""
    header = issue.data["header"]
    own = {name: header[name] for name in ("issue", "kind", "as_of")} | {
        "manifest_hash": issue.manifest_hash,
        "version": header["issue_version"],
    }
    return [own, *issue.data["earlier"]]
