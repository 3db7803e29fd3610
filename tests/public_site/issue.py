"""The small state, prepared as an issue and read back as files.

On top of tests/monitoring/world.py its resolution owes three texts: a law of the science ministry, 51 days late in its
first stage; a decree of the finance ministry, in force in time; a circular without a deadline that nobody has begun.
An internal document owes one too. Before the issue came one week and one month. The head of the province spoke to the
public and, another time, only to those inside; no other body said anything. The indicator is counted by another method
since July; what changed before and after is not what its figures mean, or is not known yet.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from django.conf import settings

from tests.database import another_database
from tests.monitoring.world import AS_OF, HIDDEN, World, make_world
from thucthi.config.supervisor import LocalPostgres
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import EventKind, OrganisationEvent, Role, Succession
from thucthi.documents.models import Document, Instrument, InstrumentStep, InstrumentType
from thucthi.indicators.models import Indicator, IndicatorVersion
from thucthi.indicators.selectors.drafts import plain_sheet
from thucthi.kernel.canonical import canonical_json
from thucthi.monitoring.actions.statements import state_reply
from thucthi.public_site.rendering.site import render_site
from thucthi.publication import files
from thucthi.publication.actions import prepare_snapshot
from thucthi.publication.models import Snapshot
from thucthi.publication.selectors import public_issue
from thucthi.publication.shapes import CorrectionData, EarlierIssue, IssueData

Files = dict[str, bytes]
EARLIER = (
    EarlierIssue("2026-W46", "weekly", date(2026, 11, 13), "a" * 64),
    EarlierIssue("2026-10", "monthly", date(2026, 10, 31), "b" * 64),
)
REPLY = "Chờ quyết định giao đất.\n\nUBND tỉnh đã gửi hồ sơ ngày 02/10/2026."
CORRECTION = CorrectionData("2026-W46", date(2026, 11, 18), "Số nhiệm vụ quá hạn là 1, không phải 2.")

Files = dict[str, bytes]


def prepared(world: World, kind: str = "weekly") -> Snapshot:
    return prepare_snapshot(by=SYSTEM, kind=kind, as_of=AS_OF)


def directory_of(snapshot: Snapshot) -> Path:
    return files.issue_directory(snapshot.manifest_hash)


def files_of(snapshot: Snapshot) -> Files:
    root = directory_of(snapshot)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and files.BY_NAME not in path.relative_to(root).parts
    }


def rendered(postgres: LocalPostgres, folder: Path) -> tuple[IssueData, Files]:
    """An issue and its files, made in a database of its own. Blocks no other test; needs the database unblocked."""
    before = settings.PUBLISHED_ROOT
    settings.PUBLISHED_ROOT = folder
    with another_database(postgres, "public_site"):
        world = make_world()
        owe_texts(world)
        split_a_body(world)
        reply(world)
        change_a_sheet()
        found = files_of(prepared(world))
        settings.PUBLISHED_ROOT = before
        # As prepared, with former issues and a notice beside it.
        told = with_a_past(public_issue("weekly", AS_OF))
    return told, {**found, **dict(render_site(told)), "issue.json": canonical_json(replace(told, values={}))}


def with_a_past(data: IssueData) -> IssueData:
    return replace(data, earlier=EARLIER, corrections=(CORRECTION,))


def owe_texts(world: World) -> None:
    state = world.state
    law = _text(world.resolution, "vb-luat", InstrumentType.LAW, state.science, date(2026, 9, 30))
    decree = _text(world.resolution, "vb-nghi-dinh", InstrumentType.DECREE, state.finance, date(2026, 12, 31))
    _text(world.resolution, "vb-thong-tu", InstrumentType.CIRCULAR, state.finance, None)
    hidden = _text(world.secret, f"{HIDDEN}-vb", InstrumentType.LAW, state.science, date(2026, 9, 30))
    for text, stage, on in (
        (law, "proposal", date(2026, 2, 2)),
        (law, "drafting", date(2026, 12, 1)),
        (decree, "drafting", date(2026, 3, 2)),
        (decree, "issued", date(2026, 10, 1)),
        (decree, "in_force", date(2026, 10, 15)),
        (hidden, "drafting", date(2026, 3, 2)),
    ):
        InstrumentStep.objects.create(instrument=text, stage=stage, entered_on=on, note=HIDDEN, is_simulated=True)


def _text(owed_by: Document, code: str, type: InstrumentType, drafter: object, due_on: date | None) -> Instrument:
    return Instrument.objects.create(
        code=code,
        document=owed_by,
        type=type,
        title=f"Văn bản mẫu {code}",
        drafter=drafter,
        due_on=due_on,
        compliance_cost=HIDDEN,
        is_simulated=True,
    )


def reply(world: World) -> None:
    province = world.state.province
    world.state.head_post(province)
    head = world.state.viewer(Role.HEAD, province)
    state_reply(province, by=head, period="2026-Q4", text=REPLY, on=date(2026, 11, 18), is_public=True)
    state_reply(province, by=head, period="2026-Q4", text=f"{HIDDEN} lời nội bộ", on=date(2026, 11, 19))
    state_reply(
        province, by=head, period="2026-Q4", text=f"{HIDDEN} lời hôm sau", on=date(2026, 11, 21), is_public=True
    )


def change_a_sheet() -> None:
    indicator = Indicator.objects.get(code="ct-mau")
    sheet = plain_sheet(indicator)
    for number, changed, since in (
        (1, {}, date(2026, 1, 1)),
        (2, {"contact": "Vụ Thống kê"}, date(2026, 2, 1)),
        (3, {"method": "Điều tra chọn mẫu", "unit": "phần trăm"}, date(2026, 7, 1)),
        (4, {"definition": HIDDEN}, date(2026, 11, 21)),
    ):
        sheet = sheet | changed
        reason = f"Lý do mẫu {number}" if number > 1 else ""
        IndicatorVersion.objects.create(indicator=indicator, number=number, sheet=sheet, reason=reason, since=since)


def split_a_body(world: World) -> None:
    """The unrelated province ended on 30/06/2026 and the province took over."""
    ended = world.state.elsewhere
    ended.valid_to = date(2026, 6, 30)
    ended.save(update_fields=["valid_to"])
    event = OrganisationEvent.objects.create(
        kind=EventKind.MERGE, effective_on=date(2026, 7, 1), legal_basis="1/NQ-MAU"
    )
    Succession.objects.create(event=event, predecessor=ended, successor=world.state.province)
