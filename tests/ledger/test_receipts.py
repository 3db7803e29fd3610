"""The receipt of a report: what the unit takes home, and what it can show for it later."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from tests.kept_states import Kept
from tests.ledger.people import SOMEBODY, thing
from tests.reporting.world import World, make_world, on_plan, send
from thucthi.directory.models import Account, Role
from thucthi.ledger.actions import record, sequence, sign_checkpoint
from thucthi.ledger.calculations.merkle import leaf_hash, root_from_inclusion
from thucthi.ledger.calculations.notes import BadNote, open_note, read_checkpoint
from thucthi.ledger.models import Entry, Leaf
from thucthi.ledger.selectors import origin, signing_key, tree_size
from thucthi.ledger.selectors.receipts import as_file, receipt_of
from thucthi.reporting.models import Report
from thucthi.reporting.selectors.receipts import receipt_for


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def reporter(world: World) -> Client:
    return signed_in(world.state.person(Role.REPORTER, world.state.science))


def address(report: Report, name: str = "receipt") -> str:
    return reverse(f"reporting:{name}", kwargs={"pk": report.pk})


def test_the_unit_takes_a_signed_receipt_home(world: World) -> None:
    report = send(world, world.this_week, on_plan("45"))
    entry = Entry.objects.get(event="report.submitted")
    client = reporter(world)
    page = client.get(address(report)).content.decode()
    assert str(entry.uid) in page
    assert "Đang chờ kỳ công bố tới." in page
    answer = client.get(address(report, "receipt_file"))
    assert answer["Content-Disposition"] == f'attachment; filename="bien-nhan-{entry.uid}.json"'
    taken = json.loads(answer.content)
    text = open_note(taken["receipt"], signing_key().verifier_key)
    assert text.split("\n")[:2] == ["thucthi-receipt/1", origin()]
    assert text.endswith(taken["leaf"])
    assert taken["leaf"].split("\n")[1:3] == [str(entry.uid), "report.submitted"]
    assert taken["leaf_sha256"] == leaf_hash(taken["leaf"].encode()).hex()
    assert (taken["commitment"], taken["place"], taken["checkpoint"]) == (entry.commitment, None, None)
    with pytest.raises(BadNote):
        read_checkpoint(text)
    with pytest.raises(BadNote):
        open_note(taken["receipt"].replace("report.submitted", "report.corrected"), signing_key().verifier_key)


def test_who_may_not_see_the_report_gets_no_receipt(world: World) -> None:
    report = send(world, world.this_week, on_plan("45"))
    stranger = signed_in(world.state.person(Role.REPORTER, world.state.elsewhere))
    assert [stranger.get(address(report, name)).status_code for name in ("receipt", "receipt_file")] == [404, 404]


def test_without_a_key_the_page_says_so_and_no_file_is_given(world: World, settings: Any, tmp_path: Any) -> None:
    report = send(world, world.this_week, on_plan("45"))
    settings.LEDGER_KEY_FILE = tmp_path / "none"
    client = reporter(world)
    assert "Không thấy khóa ký" in client.get(address(report)).content.decode()
    assert client.get(address(report, "receipt_file")).headers["Location"] == address(report)
    assert not (tmp_path / "none").exists()


def test_a_report_without_an_entry_of_its_own_has_none(world: World) -> None:
    report = send(world, world.this_week, on_plan("45"))
    assert receipt_for(Report(pk=report.pk + 1)) is None


@pytest.mark.django_db
def test_a_late_entry_ends_the_command_with_status_1(settings: Any, capsys: Any) -> None:
    record("thing.said", by=SOMEBODY, subject=thing())
    call_command("check_receipts")
    assert "đúng hẹn" in capsys.readouterr().out
    settings.LEDGER_RECEIPT_MINUTES = -1
    with pytest.raises(CommandError, match="1 mục quá hạn"):
        call_command("check_receipts")


@pytest.mark.django_db
def test_later_it_shows_the_place_under_the_newest_checkpoint() -> None:
    """Placed by hand: inside one transaction the sequencer rightly waits."""
    entry = record("thing.said", by=SOMEBODY, subject=thing())
    assert sequence() == 0
    leaf = leaf_hash(receipt_of(entry).leaf.encode())
    Leaf.objects.create(index=0, entry=entry, hash=leaf)
    assert receipt_of(entry).place is None
    signed = sign_checkpoint(size=tree_size())
    taken = json.loads(json.dumps(as_file(receipt_of(entry))))
    checkpoint = read_checkpoint(open_note(taken["checkpoint"], signed.verifier_key))
    proof = [bytes.fromhex(each) for each in taken["place"]["proof"]]
    assert root_from_inclusion(leaf, taken["place"]["index"], checkpoint.size, proof) == checkpoint.root
