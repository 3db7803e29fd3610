"""The command line. Each command finds the database by itself: given, already running, or started for its duration."""

import contextlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from thucthi.config.backup.command import backup, follow_log, restore_command
from thucthi.config.files_command import fetch_issues, move_evidence
from thucthi.config.supervisor import LocalPostgres, Trouble
from thucthi.config.supervisor.addresses import Addresses, database, given_addresses, running_instance
from thucthi.config.supervisor.environment import (
    DJANGO,
    STEPS,
    WORKER,
    environment_for,
    foreground,
    in_production,
    state_directory,
)
from thucthi.config.supervisor.progress import aloud
from thucthi.config.supervisor.running import run as serve
from thucthi.intake.reading.command import read
from thucthi.ledger.witness import witness
from thucthi.publication.verifier.verify import main as verify_issue

# Of `thucthi verify`.
OPTIONS_WITH_A_VALUE = frozenset({"--since", "--key", "--manifest", "--issue"})
# What a command wants to do with the issue that it asks for.
ASKED = {"verify": "kiểm tra", "analyse": "phân tích"}
PASS_THROUGH = {"ignore_unknown_options": True, "help_option_names": []}


def _say(vietnamese: str, english: str) -> None:
    """On the error stream: the output of a command belongs to the command."""
    with contextlib.suppress(OSError):
        click.echo(f"→ {vietnamese} · {english}", err=True)


def _django(*arguments: str) -> None:
    """Run one of Django's commands as the application and end with its status."""
    with database(state_directory(), _say) as addresses:
        status = foreground([*DJANGO, *arguments], environment_for(addresses))
    _end(status)


def _end(status: int) -> None:
    if status:
        sys.exit(status if status > 0 else 128 - status)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="Thực Thi: từ nghị quyết đến kết quả ai cũng kiểm tra được · from a resolution to results anyone can check.",
)
@click.version_option(package_name="thucthi", message="Thực Thi %(version)s")
def commands() -> None: ...


def _command(text: str, **settings: Any) -> Callable[[Callable[..., None]], click.Command]:
    """A command whose one line is shown whole in the list, not cut at the width of an English word or two."""
    return commands.command(help=text, short_help=text, **settings)


@_command("Chạy tất cả: cơ sở dữ liệu, web, việc nền · Run everything until Ctrl-C (HOST, PORT).")
def run() -> None:
    serve(aloud)


@_command("Nạp bộ dữ liệu trình diễn · Load the demonstration data.", context_settings=PASS_THROUGH)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def demo(arguments: Sequence[str]) -> None:
    with database(state_directory(), _say) as addresses:
        _migrate(addresses)
        status = foreground([*DJANGO, "load_demonstration", *arguments], environment_for(addresses))
    _end(status)


@_command("Dựng đất nước mô phỏng vào cơ sở dữ liệu trống · Fill an empty database with a simulated country.")
@click.option("--organisations", default=20_000, show_default=True, help="Số cơ quan · Bodies.")
@click.option("--documents", default=60, show_default=True, help="Số nghị quyết · Resolutions.")
@click.option("--tasks", default=1_000_000, show_default=True, help="Số nhiệm vụ · Tasks.")
@click.option("--values", default=10_000_000, show_default=True, help="Số giá trị chỉ tiêu · Values.")
@click.option("--reports", default=5_000_000, show_default=True, help="Số báo cáo · Reports.")
@click.option("--seed", default=1, show_default=True, help="Cùng số này, cùng dữ liệu · Same seed, same rows.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="NĂM-THÁNG-NGÀY", help="Đến ngày · Last day.")
@click.option("--steps", is_flag=True, help="Giây của từng bước · Seconds of each step.")
def simulate(until: datetime | None, steps: bool, **sizes: int) -> None:
    """As the owner, like migrate: it takes indexes and keys off the large tables while it writes them."""
    given = [f"--{name}={count}" for name, count in sizes.items()] + ["--steps"] * steps
    given += [f"--until={until.date().isoformat()}"] if until else []
    with database(state_directory(), _say) as addresses:
        status = foreground([*DJANGO, "simulate", *given], environment_for(addresses, owner=True))
    _end(status)


@_command("Cập nhật cấu trúc dữ liệu và quyền · Migrate as the owner, then set the application's rights.")
def migrate() -> None:
    with database(state_directory(), _say) as addresses:
        _migrate(addresses)
        _say("Xong", "Done")


def _migrate(addresses: Addresses) -> None:
    _say("Đang cập nhật cấu trúc dữ liệu", "Bringing the database structure up to date")
    _end(foreground([*STEPS, "migrate"], environment_for(addresses, owner=True)))


@_command("Kiểm tra cài đặt và cấu trúc dữ liệu · Check settings and migrations; check rollups: the counts.")
@click.argument("what", type=click.Choice(["rollups"]), required=False)
@click.option("--deploy", is_flag=True, help="Như khi vận hành thật · With the rules of production.")
@click.option("--rebuild", is_flag=True, help="Với rollups: lập lại số đếm · With rollups: make the counts anew.")
def check(what: str | None, deploy: bool, rebuild: bool) -> None:
    if what == "rollups":
        _django("check_rollups", *(["--rebuild"] if rebuild else []))
        return
    if rebuild:
        raise click.UsageError("--rebuild: thucthi check rollups --rebuild")
    deployment = ["--deploy", "--fail-level", "WARNING"] if deploy or in_production() else []
    with database(state_directory(), _say) as addresses:
        environment = environment_for(addresses)
        _end(foreground([*DJANGO, "check", "--database", "default", *deployment], environment))
        status = foreground([*DJANGO, "migrate", "--check"], environment)
    if status:
        _say("Cấu trúc dữ liệu chưa cập nhật; hãy chạy thucthi migrate", "Migrations are pending; run thucthi migrate")
    _end(status)


@_command("Chuẩn bị kỳ công bố tuần hoặc tháng · Prepare the weekly or monthly snapshot.")
@click.argument("kind", type=click.Choice(["weekly", "monthly"]))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="NĂM-THÁNG-NGÀY", help="Tính đến ngày · As of.")
@click.option("--by", metavar="TÊN-ĐĂNG-NHẬP", default="", help="Người chuẩn bị; bỏ trống: hệ thống · Preparer.")
def snapshot(kind: str, as_of: datetime | None, by: str) -> None:
    day = ["--as-of", as_of.date().isoformat()] if as_of else []
    _django("prepare_snapshot", kind, *day, *(["--by", by] if by else []))


@_command("Công bố kỳ đã được duyệt · Publish a reviewed snapshot.", context_settings=PASS_THROUGH)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def publish(arguments: Sequence[str]) -> None:
    _django("publish_snapshot", *arguments)


@_command("Xóa dữ liệu cá nhân trong sổ cái · Erase personal data of an entry.", context_settings=PASS_THROUGH)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def erase_entry(arguments: Sequence[str]) -> None:
    with database(state_directory(), _say) as addresses:
        status = foreground([*DJANGO, "erase_entry", *arguments], environment_for(addresses, owner=True))
    _end(status)


@_command("Kiểm tra một kỳ công bố · Verify a published issue (DIR --since OLDER).", context_settings=PASS_THROUGH)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: Sequence[str]) -> None:
    """The very file that lies in every issue; needs neither settings nor database.

    Without a directory that file checks the one it lies in, which is no issue here: then the newest published one.
    """
    if not _names_a_directory(arguments):
        arguments = [str(_latest_issue("verify")), *arguments]
    sys.exit(verify_issue(list(arguments)))


@_command("Phân tích một kỳ công bố trên máy này · Analyse a published issue (DIR --engine duckdb|spark).")
@click.argument("directory", metavar="THƯ-MỤC", required=False, type=click.Path(path_type=Path))
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", help="Công cụ tính · Engine.")
@click.option("--out", type=click.Path(path_type=Path), help="Nơi ghi kết quả · Where the answers go.")
@click.option("--master", default="local[*]", help="Máy chủ Spark · Master of Spark.")
@click.option("--en", "english", is_flag=True, help="Bản tóm tắt bằng tiếng Anh · Summary in English.")
def analyse(directory: Path | None, engine: str, out: Path | None, master: str, english: bool) -> None:
    """In a child: the engines are large, and no other command waits for them. Needs no database."""
    _require_engine(engine)
    issue = (directory or _latest_issue("analyse")).resolve()
    place = out or state_directory() / "analysis" / issue.name
    arguments = [str(issue), "--engine", engine, "--out", str(place), "--master", master]
    arguments += ["--en"] if english else []
    _end(foreground([sys.executable, "-m", "thucthi.publication.analysis", *arguments], dict(os.environ)))


def _require_engine(engine: str) -> None:
    extra, packages = {"duckdb": ("analysis", ["ibis"]), "spark": ("analysis-spark", ["ibis", "pyspark"])}[engine]
    if not all(importlib.util.find_spec(package) for package in packages):
        raise Trouble(
            f"Máy này chưa cài phần phân tích. Hãy chạy: pip install 'thucthi[{extra}]'",
            f"What analysing needs is not installed. Run: pip install 'thucthi[{extra}]'",
        )


def _names_a_directory(arguments: Sequence[str]) -> bool:
    """Whether anything stands there that is neither an option nor the value of one; asking for help names enough."""
    rest = iter(arguments)
    for each in rest:
        if each in OPTIONS_WITH_A_VALUE:
            next(rest, None)
        elif not each.startswith("-") or each in {"-h", "--help"}:
            return True
    return False


def _latest_issue(command: str) -> Path:
    """What the public sees on this machine. Ends the command with a sentence when there is none."""
    latest = state_directory() / "published" / "latest"
    if not latest.is_dir():
        _say(
            f"Xin cho biết thư mục của kỳ cần {ASKED[command]}: thucthi {command} THƯ-MỤC. "
            f"Máy này chưa có kỳ nào ({latest}).",
            "Please name the directory of the issue: thucthi verify DIR. No issue is published on this machine.",
        )
        sys.exit(2)
    # Itself, not the link, which may move on meanwhile.
    issue = latest.resolve()
    _say(f"Kỳ mới nhất trên máy này: {issue}", "The newest issue on this machine")
    return issue


@_command("Chỉ chạy việc nền · Run the background worker alone.")
def worker() -> None:
    with database(state_directory(), _say) as addresses:
        environment = environment_for(addresses)
        _end(foreground([*DJANGO, "agree_with_published"], environment))
        status = foreground(WORKER, environment)
    _end(status)


@_command("Cho biết địa chỉ, hoặc mở psql · Print the address, or open psql.", name="database")
@click.option("--open", "opened", is_flag=True, help="Mở psql · Open psql.")
@click.option("--owner", is_flag=True, help="Vai sở hữu · As the owner instead of the application.")
def show_database(opened: bool, owner: bool) -> None:
    if opened:
        with database(state_directory(), _say) as addresses:
            status = foreground([_psql(), _address(addresses, owner)], dict(os.environ))
        _end(status)
        return
    instance = running_instance(state_directory())
    known = given_addresses() or (instance.addresses if instance else None)
    if known is None:
        raise Trouble(
            "Cơ sở dữ liệu chưa chạy. Hãy chạy make run, hoặc mở bằng thucthi database --open.",
            "The database is not running. Start it with make run, or open it with thucthi database --open.",
        )
    click.echo(_address(known, owner))


def _address(addresses: Addresses, owner: bool) -> str:
    return (addresses.owner or addresses.application) if owner else addresses.application


def _psql() -> str:
    if found := shutil.which("psql"):
        return found
    raise Trouble(
        "Máy chưa có psql. Hãy cài gói postgresql-client.",
        "psql is not on this machine. Install the package postgresql-client.",
    )


@_command(
    "Chạy một lệnh với cơ sở dữ liệu dùng một lần · Run a command with a throwaway database.",
    name="test-database",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED)
def test_database(arguments: Sequence[str]) -> None:
    with LocalPostgres(None, durable=False, say=_say) as postgres:
        addresses = Addresses(postgres.url("app"), postgres.url("owner"))
        environment = environment_for(addresses) | {"DATABASE_OWNER_URL": postgres.url("owner")}
        status = foreground(arguments, environment)
    _end(status)


commands.add_command(read)
commands.add_command(witness)
commands.add_command(backup)
commands.add_command(restore_command, name="restore")
commands.add_command(follow_log)
commands.add_command(move_evidence)
commands.add_command(fetch_issues)


@_command("Các lệnh của Django · Django's own commands, as the application.", context_settings=PASS_THROUGH)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: Sequence[str]) -> None:
    _django(*arguments)


def main() -> None:
    """The entry point: trouble ends with its two sentences and status 1, never with a traceback."""
    try:
        commands()
    except Trouble as trouble:
        _give_up(trouble)
    except PermissionError as error:
        _give_up(
            Trouble(
                f"Tài khoản này không được dùng {error.filename}. Hãy chạy bằng tài khoản đã tạo ra nó.",
                f"This account may not use {error.filename}. Run as the account that made it, or change its owner.",
            )
        )


def _give_up(trouble: Trouble) -> NoReturn:
    click.echo(f"✗ {trouble.vietnamese}\n✗ {trouble.english}", err=True)
    sys.exit(1)
