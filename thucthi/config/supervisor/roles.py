"""The two roles and the database, made or mended by the cluster's superuser; safe to repeat at every start."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from psycopg import Connection, sql

from thucthi.config.supervisor.places import write_secret

SUPERUSER = "thucthi_superuser"
OWNER = "thucthi_owner"
APPLICATION = "thucthi_app"
# Of the sixty of the cluster: those who repair it and those who migrate must still get in.
MOST_CONNECTIONS = 50
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
_ORDINARY = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT")

Server = Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Passwords:
    """Random words of the two roles; they live in a file of mode 0600 and in the addresses made of them."""

    owner: str
    application: str


def passwords_in(path: Path) -> Passwords:
    """The words kept in `path`; new ones if the file is missing or damaged (the next `make_roles` sets them)."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Passwords(owner=kept["owner"], application=kept["application"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        made = Passwords(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
        write_secret(path, json.dumps(asdict(made)))
        return made


def make_roles(server: Server, passwords: Passwords) -> None:
    for role, password, most in ((OWNER, passwords.owner, -1), (APPLICATION, passwords.application, MOST_CONNECTIONS)):
        known = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verifier = server.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        server.execute(
            sql.SQL("{verb} ROLE {role} {rights} CONNECTION LIMIT {most} PASSWORD {verifier}").format(
                most=sql.Literal(most),
                verb=sql.SQL("ALTER" if known else "CREATE"),
                role=sql.Identifier(role),
                rights=_ORDINARY,
                verifier=sql.Literal(verifier),
            )
        )


def database_exists(server: Server, name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def create_database(server: Server, name: str) -> None:
    """An empty database of the owner's; only our two roles may connect, and only the owner may make anything in it."""
    identifier = sql.Identifier(name)
    server.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
            identifier, sql.Identifier(OWNER)
        )
    )
    server.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(identifier))
    server.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(identifier, sql.Identifier(APPLICATION)))


def prepare_database(inside: Server) -> None:
    """Extensions and the rights on schema public, set from inside the database."""
    for extension in EXTENSIONS:
        inside.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    inside.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)))
    inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    inside.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(APPLICATION)))
