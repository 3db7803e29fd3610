"""A real issue from the database: what was reported and accepted is opened in its ledger, and nothing else."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from tests.database import another_database
from tests.monitoring.world import AS_OF, World, at, make_world
from thucthi.config.supervisor import LocalPostgres
from thucthi.demonstration import calculations as played
from thucthi.demonstration.actions import TaskHistory, add_simulated_obligations, add_simulated_reports
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.kernel.errors import Refused
from thucthi.kernel.working_days import report_due_on, weekly_period
from thucthi.ledger.actions import receive_cosignature, record, rotate_key
from thucthi.ledger.calculations import notes
from thucthi.ledger.key_files import make_key_file
from thucthi.ledger.models import Entry, SignedCheckpoint
from thucthi.monitoring.actions.statements import state_reply
from thucthi.publication import files
from thucthi.publication.actions import _show_published, prepare_snapshot, publish_snapshot
from thucthi.publication.front import show_what_was_signed
from thucthi.publication.models import Snapshot, SnapshotPublication
from thucthi.publication.proofs import LEDGER
from thucthi.publication.verifier.verify import Folder, Verification, compared, told
from thucthi.reporting.actions.bulk import Shown, accept_reports
from thucthi.reporting.actions.review import accept_report
from thucthi.reporting.actions.submission import ReportContent, submit_report
from thucthi.reporting.models import Claim, Report

FREE_TEXT = "Ghi chú riêng của cán bộ"


@pytest.fixture
def world(
    postgres: LocalPostgres, django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path
) -> Iterator[World]:
    """In a database of its own, whose transactions are committed: only what is committed gets a place in the tree."""
    settings.SNAPSHOT_RENDERER = "tests.publication.proofs.bundle.no_pages"
    settings.LEDGER_KEY_FILE = tmp_path / "own-key"
    make_key_file(settings.LEDGER_KEY_FILE)
    with django_db_blocker.unblock(), another_database(postgres, "proofs"):
        made = make_world()
        with transaction.atomic():
            record("simulated_reports.added", by=SYSTEM, subject=made.tasks["nv-dung-han"], count=1)
        yield made


def report(world: World, code: str, progress: Decimal | str, friday: date = AS_OF) -> Report:
    task = world.tasks[code]
    obligation = task.obligations.filter(due_on=friday).first() or world.owe(task, friday)
    by = world.state.viewer(Role.REPORTER, task.lead)
    return submit_report(
        obligation, by=by, idempotency_key=uuid4(), version=0, at=at(friday),
        content=ReportContent(claim=Claim.ON_PLAN, progress=Decimal(progress), note=FREE_TEXT, is_simulated=True),
    )  # fmt: skip


def accept(world: World, reports: list[Report], progress: str | None = None) -> None:
    by = world.state.viewer(Role.APPROVER, world.state.government)
    if progress is None:
        shown = [Shown(row.pk, row.content_hash) for row in reports]
        outcome = accept_reports(shown, by=by, note=FREE_TEXT, at=at(AS_OF, 15))
        assert len(outcome.accepted) == len(reports)
        return
    accept_report(
        reports[0], by=by, content_hash=reports[0].content_hash, progress_accepted=Decimal(progress), note=FREE_TEXT,
        at=at(AS_OF, 15),
    )  # fmt: skip


def prepared(world: World, as_of: date = AS_OF) -> Snapshot:
    by = world.state.viewer(Role.STEERING_OFFICE, world.state.government)
    return prepare_snapshot(by=by, kind="weekly", as_of=as_of)


def published(world: World, as_of: date = AS_OF) -> Path:
    snapshot = prepared(world, as_of)
    publish_snapshot(snapshot, by=world.state.viewer(Role.PUBLISHER, world.state.government))
    return files.issue_directory(snapshot.manifest_hash)


def verified(directory: Path, older: Path | None = None) -> Verification:
    result = Verification(Folder(str(directory)), wanted={"hash": directory.name}).run()
    if older is not None:
        compared(result, Verification(Folder(str(older))).run())
    return result


def test_a_published_issue_verifies_and_the_next_one_continues_it(world: World) -> None:
    accept(world, [report(world, "nv-sap-den", "40")], "35.5")
    first = published(world)
    result = verified(first)
    assert result.wrong == [], list(told(result, True))
    # Behind the declared and the accepted figure, in the history of the task and in its present standing.
    assert (result.facts["figures"], result.facts["pending"]) == (4, [])
    next_week = AS_OF + timedelta(days=7)
    accept(world, [report(world, code, "60", next_week) for code in ("nv-dung-han", "nv-sap-den")])
    second = published(world, next_week)
    result = verified(second, first)
    assert result.wrong == [], list(told(result, True))
    assert (result.facts["continues"], result.facts["figures"]) == ("2026-W47", 10)
    assert (files.root() / files.LATEST).resolve() == second
    assert verified(first, second).wrong[0].code == "order"


def _story(world: World) -> None:
    """Three weeks of one task as the demonstration loads them: accepted, returned, not judged yet."""
    week = [weekly_period(AS_OF - timedelta(days=7 * back)) for back in (2, 1, 0)]
    verdicts = (
        played.Verdict(True, Decimal("19.5"), FREE_TEXT, at(AS_OF - timedelta(days=13))),
        played.Verdict(False, None, FREE_TEXT, at(AS_OF - timedelta(days=6))),
        None,
    )
    said = tuple(
        played.SimulatedReport(
            period_key=period.key, submitted_at=at(report_due_on(period)), claim="on_plan",
            progress=Decimal(20 + 5 * place), note=FREE_TEXT, claims_completion=False, cause="", done_about_it="",
            verdict=verdict,
        )
        for place, (period, verdict) in enumerate(zip(week, verdicts, strict=True))
    )  # fmt: skip
    owed = tuple((each, report_due_on(each)) for each in week)
    history = TaskHistory(
        task=world.add("nv-kich-ban", world.state.science, date(2026, 12, 31)), lead=world.state.science,
        play=played.Play(owed, said), author=world.author(world.state.science),
        reviewer=world.state.person(Role.APPROVER, world.state.government),
    )  # fmt: skip
    obligations = add_simulated_obligations(by=SYSTEM, histories=[history])
    assert add_simulated_reports(by=SYSTEM, histories=[history], obligations=obligations, evidence={}) == 3


def test_every_figure_of_a_loaded_story_has_a_proof_of_its_own(world: World) -> None:
    _story(world)
    directory = published(world)
    result = verified(directory)
    assert result.wrong == [], list(told(result, True))
    # Three declared, two decided, and what stands of the task: 7. The rest of this world was written without entries.
    assert (result.facts["figures"], result.facts["covered"], result.facts["pending"]) == (7, 17, [])
    text = (directory / LEDGER).read_text()
    assert FREE_TEXT not in text
    ledger = json.loads(text)
    own = ledger["figures"]["nv-kich-ban"]
    behind = [uid for pair in own["history"].values() for uid in pair if uid]
    assert len(set(behind)) == 5
    entries = {str(row.uid): row for row in Entry.objects.filter(uid__in=behind)}
    assert {(row.actor_label, row.content["simulated"]) for row in entries.values()} == {(SYSTEM.label, True)}
    [summary] = Entry.objects.filter(event="simulated_reports.added", content__count=3)
    assert summary.actor_label == SYSTEM.label


def test_a_changed_figure_of_a_loaded_story_is_named(world: World) -> None:
    _story(world)
    directory = published(world)
    issue = directory / "issue.json"
    issue.write_bytes(issue.read_bytes().replace(b'"accepted":"19.5"', b'"accepted":"91.5"'))
    lines = list(told(verified(directory), True))
    assert "issue.json: task nv-kich-ban, period 2026-W45: accepted is published as 91.5, the log says 19.5." in lines


PUBLIC_REPLY, OTHER_REPLY = "Chậm vì chờ hướng dẫn của bộ.", "Chỉ nói trong nội bộ."


def replies(world: World) -> None:
    """One to the public, one that only those who see the scorecard may read."""
    for text, is_public in ((PUBLIC_REPLY, True), (OTHER_REPLY, False)):
        state_reply(world.state.province, by=SYSTEM, period="2026-Q4", text=text, on=AS_OF, is_public=is_public)


def test_a_published_reply_has_its_entry_beside_it_and_a_changed_one_is_named(world: World) -> None:
    replies(world)
    directory = published(world)
    result = verified(directory)
    assert (result.wrong, result.facts["replies"]) == ([], 1), list(told(result, True))
    text = (directory / LEDGER).read_text()
    assert (PUBLIC_REPLY in text, OTHER_REPLY in text) == (True, False)
    entry = Entry.objects.get(event="statement.made", content__is_public=True)
    assert sorted(json.loads(text)["leaves"][str(entry.uid)]["revealed"]) == [
        "content.is_public", "content.organisation", "content.period", "content.stated_on", "content.text",
    ]  # fmt: skip
    issue = directory / "issue.json"
    issue.write_bytes(issue.read_bytes().replace(PUBLIC_REPLY.encode(), PUBLIC_REPLY.replace("Chậm", "Sớm").encode()))
    lines = list(told(verified(directory), True))
    assert (
        f"issue.json: reply of ubnd-an-binh, period 2026-Q4: text is published as Sớm vì chờ hướng dẫn của bộ.,"
        f" the log says {PUBLIC_REPLY}." in lines
    )


def test_no_person_and_no_free_text_is_opened(world: World) -> None:
    accept(world, [report(world, "nv-sap-den", "40")])
    published_in = published(world)
    text = (published_in / "proofs/ledger.json").read_text()
    opened = {name for leaf in json.loads(text)["leaves"].values() for name in leaf["revealed"]}
    accepted = {name for name in opened if name.startswith("content.accepted:")}
    assert len(accepted) == 1
    assert opened - accepted == {
        "content.task", "content.period", "content.progress", "content.claim", "content.cause", "content.evidence",
        "content.count", "content.simulated", "subject_id", "subject_type",
    }  # fmt: skip
    assert FREE_TEXT not in text
    names = set(Entry.objects.exclude(actor_label="").values_list("actor_label", flat=True))
    assert names
    assert [name for name in names if name in text] == []


def test_the_same_state_gives_the_same_bytes_though_the_log_has_grown(world: World) -> None:
    accept(world, [report(world, "nv-sap-den", "40")], "40")
    first = prepared(world)
    with transaction.atomic():
        record("calendar.set", by=SYSTEM, subject=world.resolution)
    assert prepared(world).pk == first.pk
    report(world, "nv-qua-han", "5")
    again = prepared(world)
    assert again.pk != first.pk
    sizes = [json.loads(files.read_file(each.manifest_hash, LEDGER))["size"] for each in (first, again)]
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize("trouble", ["missing", "other"])
def test_without_the_right_key_nothing_is_published(world: World, settings: Any, trouble: str) -> None:
    published(world)
    before = (files.root() / files.LATEST).resolve()
    snapshot = prepared(world, AS_OF + timedelta(days=7))
    path = Path(settings.LEDGER_KEY_FILE)
    path.rename(path.with_name("away"))
    if trouble == "other":
        make_key_file(path)
    with pytest.raises(Refused, match="khôi phục" if trouble == "missing" else "đặt lại"):
        publish_snapshot(snapshot, by=world.state.viewer(Role.PUBLISHER, world.state.government))
    assert SnapshotPublication.objects.count() == SignedCheckpoint.objects.count() == 1
    assert (files.root() / files.LATEST).resolve() == before
    assert not (files.issue_directory(snapshot.manifest_hash) / files.CHECKPOINT).exists()


def test_a_key_changed_since_preparing_asks_for_another_preparation(world: World) -> None:
    published(world)
    snapshot = prepared(world, AS_OF + timedelta(days=7))
    rotate_key(by=SYSTEM)
    with pytest.raises(Refused, match="Đề nghị chuẩn bị lại kỳ"):
        publish_snapshot(snapshot, by=world.state.viewer(Role.PUBLISHER, world.state.government))
    assert SnapshotPublication.objects.count() == 1
    assert verified(published(world, AS_OF + timedelta(days=7))).wrong == []


def test_a_publication_cut_short_is_made_whole_by_repeating_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = prepared(world)
    with monkeypatch.context() as cut:
        cut.setattr(files, "put_before_the_public", _killed)
        with pytest.raises(SystemExit):
            publish_snapshot(snapshot, by=world.state.viewer(Role.PUBLISHER, world.state.government))
    directory = files.issue_directory(snapshot.manifest_hash)
    assert verified(directory).wrong == []
    assert not (files.root() / files.LATEST).exists()
    (directory / files.CHECKPOINT).unlink()
    _show_published(snapshot)
    assert verified((files.root() / files.LATEST).resolve()).wrong == []


def _killed(*_: object) -> None:
    raise SystemExit


def test_a_newcomer_changes_one_figure_and_the_command_names_it(world: World) -> None:
    accept(world, [report(world, "nv-sap-den", "40")], "35.5")
    directory = published(world)
    issue = directory / "issue.json"
    changed = re.sub(rb'"accepted":"35.5"', b'"accepted":"95.5"', issue.read_bytes(), count=1)
    issue.write_bytes(changed)
    command = [sys.executable, "-m", "thucthi", "verify", str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "SAI: có 2 điều không đúng."
    assert lines[1] == "Tệp issue.json đã bị thay đổi so với bản kê."
    assert lines[2] == ("issue.json: nhiệm vụ nv-sap-den, kỳ 2026-W47: accepted công bố là 95.5, sổ ghi 35.5.")


def test_the_line_of_a_witness_comes_under_the_checkpoint_once_its_key_is_in_the_list(world: World) -> None:
    """The first line of a new witness makes it known; from the next issue on it stands under the checkpoint."""
    witness = Ed25519PrivateKey.generate()
    name = "nhan-chung.vi-du.vn"
    key = notes.verifier_key(name, witness.public_key().public_bytes_raw(), notes.COSIGNATURE_V1)

    def cosign(directory: Path) -> None:
        text = (directory / files.CHECKPOINT).read_text().rpartition("\n\n")[0] + "\n"
        receive_cosignature(notes.cosignature(text, name, witness, 1_790_000_000), witness=key, by=SYSTEM)

    first = published(world)
    before = (first / files.CHECKPOINT).read_bytes()
    cosign(first)
    assert show_what_was_signed() is False
    assert (first / files.CHECKPOINT).read_bytes() == before
    second = published(world, AS_OF + timedelta(days=7))
    cosign(second)
    assert show_what_was_signed() is True
    assert (second / files.CHECKPOINT).read_text().splitlines()[-1].startswith(f"— {name} ")
    assert verified(second, first).wrong == []
    assert show_what_was_signed() is False
