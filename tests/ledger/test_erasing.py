"""Personal data go on demand; the tree, old proofs and old checkpoints stay as they were."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, transaction

from tests.ledger.people import SOMEBODY
from tests.ledger.test_sequencing import say
from thucthi.config.supervisor import LocalPostgres
from thucthi.kernel.errors import Refused
from thucthi.ledger.actions import erase_entry, sequence
from thucthi.ledger.calculations.merkle import leaf_hash, root_from_inclusion
from thucthi.ledger.models import Entry
from thucthi.ledger.selectors import inclusion, root_at

FIELDS = ("salt", "content", "content_hash", "actor_label", "subject_label")
# What the owner might try with UPDATE; each beside a proper entry.erased in the same transaction.
GONE = "salt = NULL, content = NULL, content_hash = '', actor_label = '', subject_label = ''"
ATTEMPTS = [
    "UPDATE ledger_entry SET commitment = '' WHERE uid = %(uid)s",
    "UPDATE ledger_entry SET salt = NULL WHERE uid = %(uid)s",
    "UPDATE ledger_entry SET content = '{}' WHERE uid = %(uid)s",
    f"UPDATE ledger_entry SET {GONE}, recorded_at = now() WHERE uid = %(uid)s",
    f"UPDATE ledger_entry SET {GONE}, actor_id = NULL WHERE uid = %(uid)s",
    "DELETE FROM ledger_entry WHERE uid = %(uid)s",
    "SELECT ledger_erase(uid) FROM ledger_entry WHERE uid <> %(uid)s AND event <> 'entry.erased' LIMIT 1",
    "SELECT ledger_erase(uid) FROM ledger_entry WHERE event = 'entry.erased'",
    "TRUNCATE ledger_entry CASCADE",
]
TELL = """INSERT INTO ledger_entry (uid, event, actor_label, subject_type, subject_label, content, content_hash,
    commitment)
VALUES (gen_random_uuid(), 'entry.erased', '', '', '', jsonb_build_object('uid', %(uid)s::text), '', '')"""
ERASE = "SELECT ledger_erase(%(uid)s)"


def rows(server: psycopg.Connection) -> list[tuple[Any, ...]]:
    return server.execute("SELECT * FROM ledger_entry ORDER BY id").fetchall()


def test_the_owner_erases_with_an_entry_and_every_proof_stays(fresh_database: str, postgres: LocalPostgres) -> None:
    wanted, other = say(2)
    sequence()
    before, root = inclusion([wanted, other], 2), root_at(2)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "thucthi.config.settings",
        "DATABASE_OWNER_URL": postgres.url("owner", "fresh"),
        "THUCTHI_DATABASE_ROLE": "owner",
    }
    command = [sys.executable, "-m", "django", "erase_entry", str(wanted.uid), "--because", "Yêu cầu 12/2026"]
    command += ["--by", "Nguyễn Mẫu", "--second", "Trần Mẫu"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = Entry.objects.get(event="entry.erased")
    assert done.stdout.strip() == str(told.uid)
    assert told.content == {"uid": str(wanted.uid), "second": "Trần Mẫu", "because": "Yêu cầu 12/2026"}
    assert wanted.subject_label not in told.subject_label
    erased = Entry.objects.get(uid=wanted.uid)
    assert [getattr(erased, name) for name in FIELDS] == [None, None, "", "", ""]
    kept = ("uid", "event", "recorded_at", "actor_id", "subject_type", "subject_id", "commitment", "xid")
    assert [getattr(erased, name) for name in kept] == [getattr(Entry.objects.get(pk=wanted.pk), n) for n in kept]
    assert erased.commitment == wanted.commitment
    now = inclusion([erased, other], 2)
    assert root_at(2) == root
    assert (now[wanted.uid].leaf, now[wanted.uid].proof) == (before[wanted.uid].leaf, before[wanted.uid].proof)
    assert (now[wanted.uid].salt, now[wanted.uid].payload) == (None, None)
    assert now[other.uid] == before[other.uid]
    leaf = leaf_hash(now[wanted.uid].leaf.encode())
    assert root_from_inclusion(leaf, 0, 2, now[wanted.uid].proof) == root
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "đã được xóa từ trước" in again.stderr
    assert Entry.objects.filter(event="entry.erased").count() == 1


def test_the_owner_can_change_nothing_else_and_nothing_in_silence(fresh_database: str, postgres: LocalPostgres) -> None:
    said = say(2)
    with psycopg.connect(postgres.url("owner", "fresh")) as owner:
        before = rows(owner)
        for attempt in [*ATTEMPTS, ERASE]:
            # The last one, the proper function without an entry about it, is refused as well.
            with pytest.raises(psycopg.DatabaseError), owner.transaction():  # noqa: PT012
                if attempt != ERASE:
                    owner.execute(TELL, {"uid": said[0].uid})
                owner.execute(attempt, {"uid": said[0].uid})
            assert rows(owner) == before, attempt
        # The control: told in the same transaction, the very function succeeds, once.
        with owner.transaction():
            owner.execute(TELL, {"uid": said[0].uid})
            owner.execute(ERASE, {"uid": said[0].uid})
        with pytest.raises(psycopg.DatabaseError), owner.transaction():
            owner.execute(ERASE, {"uid": said[0].uid})
        assert len(rows(owner)) == 3


@pytest.mark.django_db
def test_the_application_cannot_erase() -> None:
    said = say(1)[0]
    with pytest.raises(ProgrammingError), transaction.atomic():
        erase_entry(said.uid, by=SOMEBODY, second="Trần Mẫu", because="Yêu cầu")
    assert list(Entry.objects.values_list("event", "subject_label")) == [("thing.said", said.subject_label)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "second", "because", "fields"),
    [
        (False, "Trần Mẫu", "Yêu cầu", ["uid"]),
        (True, "người mẫu ", "Yêu cầu", ["second"]),
        (True, " ", " ", ["second", "because"]),
    ],
)
def test_erasing_takes_two_people_a_reason_and_an_entry(
    known: bool, second: str, because: str, fields: list[str]
) -> None:
    uid = say(1)[0].uid if known else uuid4()
    with pytest.raises(Refused) as refused:
        erase_entry(uid, by=SOMEBODY, second=second, because=because)
    assert [fault.field for fault in refused.value.faults] == fields
    assert not Entry.objects.filter(event="entry.erased").exists()


def test_no_page_calls_it() -> None:
    """Only the command does, which only the owner can run to its end."""
    package = Path(__file__).resolve().parents[2] / "thucthi"
    callers = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if "erase_entry(" in path.read_text(encoding="utf-8") and path.parts[-2] != "actions"
    ]
    assert sorted(callers) == ["config/cli.py", "ledger/management/commands/erase_entry.py"]
