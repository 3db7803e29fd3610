"""The two addresses of the database: given by the environment, of a running instance, or of a cluster we start."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from thucthi.config.supervisor.places import Lock, write_secret
from thucthi.config.supervisor.postgres import LocalPostgres, start_after_others
from thucthi.config.supervisor.progress import Say
from thucthi.config.supervisor.roles import EXTENSIONS
from thucthi.config.supervisor.trouble import Trouble

APPLICATION_VARIABLE = "DATABASE_URL"
OWNER_VARIABLE = "DATABASE_OWNER_URL"
OLDEST_SERVER = 150000


@dataclass(frozen=True)
class Addresses:
    """`application` owns nothing and serves every request; `owner` migrates, and is None where nobody gave it."""

    application: str
    owner: str | None


@dataclass(frozen=True)
class Instance:
    """What a running `thucthi run` tells the other commands."""

    process: int
    page: str
    application: str
    owner: str | None

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.application, self.owner)


def given_addresses() -> Addresses | None:
    """The addresses in the environment, if DATABASE_URL is set. Raises Trouble when only the owner's is."""
    application, owner = os.environ.get(APPLICATION_VARIABLE), os.environ.get(OWNER_VARIABLE)
    if owner and not application:
        raise Trouble(
            f"Đã đặt {OWNER_VARIABLE} nhưng thiếu {APPLICATION_VARIABLE}. Hãy đặt cả hai, hoặc bỏ cả hai.",
            f"{OWNER_VARIABLE} is set but {APPLICATION_VARIABLE} is not. Set both, or neither.",
        )
    return Addresses(application, owner or None) if application else None


def examine(addresses: Addresses) -> None:
    """Refuse a server that is too old or lacks extensions, and an application role that could rewrite its records.

    Raises Trouble, also when the server does not answer.
    """
    try:
        with psycopg.connect(addresses.application, connect_timeout=10) as connection:
            version = connection.info.server_version
            powers = connection.execute(
                "SELECT rolsuper OR rolcreaterole OR rolbypassrls OR has_schema_privilege(oid, 'public', 'CREATE') "
                "FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            present = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise Trouble(
            f"Không kết nối được {APPLICATION_VARIABLE}. Hãy kiểm tra máy chủ, tên và mật khẩu.",
            f"{APPLICATION_VARIABLE} cannot be reached; check server, name and password. {str(error).strip()}",
        ) from None
    if version < OLDEST_SERVER:
        raise Trouble(
            f"Máy chủ PostgreSQL quá cũ ({version // 10000}); cần bản 15 trở lên.",
            f"The PostgreSQL server is too old ({version // 10000}); 15 or newer is needed.",
        )
    if powers and powers[0]:
        raise _too_powerful()
    if missing := [name for name in EXTENSIONS if name not in present]:
        statements = "  ".join(f"CREATE EXTENSION {name};" for name in missing)
        raise Trouble(
            f"Cơ sở dữ liệu thiếu phần mở rộng. Hãy nhờ người quản trị chạy: {statements}",
            f"The database lacks extensions. Ask its administrator to run: {statements}",
        )


def _too_powerful() -> Trouble:
    return Trouble(
        f"{APPLICATION_VARIABLE} trỏ tới một vai quá nhiều quyền: ứng dụng phải chạy bằng vai không sở hữu gì.\n"
        f"Hãy tạo hai vai như sau, rồi đặt {APPLICATION_VARIABLE} (thucthi_app) và {OWNER_VARIABLE} (thucthi_owner).",
        f"{APPLICATION_VARIABLE} is a role with too many rights: the application must own nothing. Create two roles\n"
        f"as below, then set {APPLICATION_VARIABLE} (thucthi_app) and {OWNER_VARIABLE} (thucthi_owner):\n"
        "  CREATE ROLE thucthi_owner LOGIN PASSWORD '…';  CREATE ROLE thucthi_app LOGIN PASSWORD '…';\n"
        "  CREATE DATABASE thucthi OWNER thucthi_owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' "
        "LC_CTYPE 'C.UTF-8';\n"
        "  \\c thucthi\n"
        "  ALTER SCHEMA public OWNER TO thucthi_owner;  REVOKE CREATE ON SCHEMA public FROM PUBLIC;\n"
        "  CREATE EXTENSION pg_trgm;  CREATE EXTENSION unaccent;  CREATE EXTENSION btree_gist;",
    )


def run_lock(state: Path) -> Lock:
    return Lock(state / "run.lock")


def announce(state: Path, instance: Instance) -> None:
    write_secret(state / "running.json", json.dumps(asdict(instance)))


def withdraw(state: Path) -> None:
    (state / "running.json").unlink(missing_ok=True)


def running_instance(state: Path) -> Instance | None:
    """The instance that runs now, if one does and has finished starting."""
    if not state.is_dir() or not run_lock(state).held_by_another():
        return None
    try:
        return Instance(**json.loads((state / "running.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


@contextmanager
def database(state: Path, say: Say) -> Iterator[Addresses]:
    """The database for the duration of one command: given, already running, or started and stopped for it."""
    if given := given_addresses():
        examine(given)
        yield given
    elif instance := running_instance(state):
        yield instance.addresses
    else:
        postgres = LocalPostgres(state, say=say)
        start_after_others(postgres, say)
        try:
            yield Addresses(postgres.url("app"), postgres.url("owner"))
        finally:
            postgres.stop()
