"""Which files a claim of completion rests on: the rule alone, at sending, in the form, and before the reviewer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.reporting.test_pages import address, faults_shown, form_of, signed_in, soup
from tests.reporting.world import CSV, World, on_plan, send, today
from thucthi.directory.models import Role
from thucthi.kernel.errors import Fault, Refused
from thucthi.ledger.models import Entry
from thucthi.programmes.models import TaskKind
from thucthi.reporting.actions import store_evidence
from thucthi.reporting.calculations.evidence import (
    Need,
    ReferenceFlaw,
    ShownFile,
    checklist,
    flaw_of_reference,
    missing_evidence,
    usual_kind,
)
from thucthi.reporting.models import Evidence, EvidenceKind, Obligation, Report

TEXT = ShownFile("instrument", "12/2026/NĐ-CP")
OTHER = ShownFile("other")


@pytest.mark.parametrize(
    ("task_kind", "files", "missing"),
    [
        ("van_ban", [OTHER], (Need.ISSUED_TEXT,)),
        ("van_ban", [ShownFile("instrument")], (Need.ISSUED_TEXT,)),
        ("van_ban", [OTHER, TEXT], ()),
        ("du_an", [TEXT], (Need.COMPLETION_RECORD,)),
        ("du_an", [ShownFile("completion")], ()),
        ("de_an", [ShownFile("completion"), TEXT], (Need.APPROVED_PRODUCT,)),
        ("de_an", [ShownFile("product")], ()),
        ("nhiem_vu", [OTHER], ()),
        ("nhiem_vu", [], (Need.ANY_FILE,)),
        ("chi_tieu", [ShownFile("photo")], ()),
        ("loai-moi", [OTHER], ()),
    ],
)
def test_each_kind_of_task_needs_its_own_proof(
    task_kind: str, files: list[ShownFile], missing: tuple[Need, ...]
) -> None:
    assert missing_evidence(task_kind, files) == missing


def test_every_kind_of_task_and_of_file_is_known_to_the_rule() -> None:
    kinds = {usual_kind(kind) for kind in TaskKind.values}
    assert kinds == {"instrument", "completion", "product", "other"}
    assert kinds <= set(EvidenceKind.values)
    proofs = [ShownFile(kind, "12/2026/NĐ-CP" if kind == "instrument" else "") for kind in EvidenceKind.values]
    assert all(line.is_met for kind in TaskKind.values for line in checklist(kind, proofs))


@pytest.mark.parametrize(
    ("kind", "reference", "flaw"),
    [
        ("instrument", "71-NQ/TW", None),
        ("instrument", " 12/2026/NĐ-CP ", None),
        ("instrument", "", ReferenceFlaw.MISSING),
        ("instrument", "  ", ReferenceFlaw.MISSING),
        ("instrument", "123", ReferenceFlaw.NOT_A_NUMBER_AND_SYMBOL),
        ("instrument", "Nghị định", ReferenceFlaw.NOT_A_NUMBER_AND_SYMBOL),
        ("instrument", "1/" + "A" * 119, ReferenceFlaw.TOO_LONG),
        ("photo", "", None),
        ("photo", "71-NQ/TW", ReferenceFlaw.NOT_WANTED),
    ],
)
def test_an_issued_text_has_a_number_and_a_symbol(kind: str, reference: str, flaw: ReferenceFlaw | None) -> None:
    assert flaw_of_reference(kind, reference) == flaw


def of_kind(world: World, kind: str) -> Obligation:
    """This week's report of a task of that kind."""
    world.task("nv-loai", world.state.science, kind=kind)
    return world.obligation("nv-loai", today())


def store(
    world: World, kind: str = "other", reference: str = "", content: bytes = CSV, owed: Obligation | None = None
) -> Evidence:
    obligation = owed or world.this_week
    return store_evidence(
        obligation, by=world.reporter(), file_name="so.csv", content=content, kind=kind, reference=reference
    )


def test_a_file_is_kept_with_its_kind_and_reference(world: World) -> None:
    stored = store(world, "instrument", " 12/2026/NĐ-CP ")
    stored.refresh_from_db()
    assert (stored.kind, stored.reference) == ("instrument", "12/2026/NĐ-CP")
    said = Entry.objects.get().content
    assert (said["kind"], said["reference"]) == ("instrument", "12/2026/NĐ-CP")


@pytest.mark.parametrize(
    ("kind", "reference", "faults"),
    [
        ("la", "", (Fault("kind", "Hãy chọn loại minh chứng."),)),
        (
            "instrument",
            "",
            (
                Fault(
                    "reference",
                    "Văn bản đã ban hành phải có số và ký hiệu, ví dụ 12/2026/NĐ-CP hoặc 71-NQ/TW.",
                ),
            ),
        ),
        (
            "photo",
            "1/A",
            (
                Fault(
                    "reference",
                    "Chỉ văn bản đã ban hành mới có số và ký hiệu. "
                    "Hãy chọn loại “Văn bản đã ban hành”, hoặc để trống ô này.",
                ),
            ),
        ),
    ],
)
def test_a_wrong_kind_stores_nothing(world: World, kind: str, reference: str, faults: tuple[Fault, ...]) -> None:
    with pytest.raises(Refused) as refused:
        store(world, kind, reference)
    assert refused.value.faults == faults
    assert (Evidence.objects.count(), Entry.objects.count()) == (0, 0)


def test_the_same_content_does_not_change_its_kind(world: World) -> None:
    first = store(world, "photo")
    assert store(world, "photo") == first
    with pytest.raises(Refused, match="loại “Ảnh hiện trường”"):
        store(world, "completion")
    assert (Evidence.objects.count(), Entry.objects.count()) == (1, 1)


def test_a_claim_of_completion_without_its_proof_is_refused_and_nothing_moves(world: World) -> None:
    owed = of_kind(world, "van_ban")
    store(world, owed=owed)
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        send(world, owed, on_plan("100", claims_completion=True))
    assert refused.value.faults == (
        Fault(
            "file",
            "Nhiệm vụ có sản phẩm là văn bản: báo hoàn thành phải kèm văn bản đã ban hành, có số và ký hiệu. "
            "Hãy tải tệp lên với loại “Văn bản đã ban hành”.",
        ),
    )
    assert (Report.objects.count(), Entry.objects.count()) == (0, before)
    text = store(world, "instrument", "12/2026/NĐ-CP", b"van,ban\n1,2\n", owed)
    report = send(world, owed, on_plan("100", claims_completion=True))
    assert text in [row.evidence for row in report.report_evidence.all()]


def test_without_a_claim_any_file_will_do(world: World) -> None:
    owed = of_kind(world, "du_an")
    store(world, owed=owed)
    assert send(world, owed, on_plan("100")).claims_completion is False


def test_the_form_shows_beforehand_what_is_there_and_what_is_missing(world: World) -> None:
    owed = of_kind(world, "du_an")
    client = signed_in(world)

    def lines() -> list[str]:
        page = soup(client.get(address("edit_report", owed)))
        return [" ".join(item.get_text().split()) for item in page.select("#can-minh-chung li")]

    assert lines() == [
        "Còn thiếu Biên bản nghiệm thu, hoàn thành",
        "Không bắt buộc, chưa có Ảnh hiện trường",
    ]
    sent = form_of(client.get(address("edit_report", owed)), f"{owed.period_key}/")
    assert sent["kind"] == "completion"
    store(world, "completion", owed=owed)
    assert lines()[0] == "Đã có Biên bản nghiệm thu, hoàn thành"


def test_a_file_is_sent_with_its_kind_and_a_fault_keeps_both(world: World) -> None:
    client, where = signed_in(world), address("store_report_evidence", world.this_week)
    given = {"kind": "instrument", "reference": "không số", "file": SimpleUploadedFile("so.csv", CSV)}
    answer = client.post(where, given)
    assert faults_shown(answer) == [
        "Số và ký hiệu: Hãy ghi cả số và ký hiệu của văn bản, ví dụ 12/2026/NĐ-CP hoặc 71-NQ/TW."
    ]
    kept = form_of(answer, f"{world.this_week.period_key}/")
    assert (kept["kind"], kept["reference"]) == ("instrument", "không số")
    client.post(where, given | {"reference": "5/2026/TT-BKHCN", "file": SimpleUploadedFile("so.csv", CSV)})
    assert Evidence.objects.get().reference == "5/2026/TT-BKHCN"


def test_the_reviewer_sees_the_kind_and_reference_of_each_file(world: World) -> None:
    owed = of_kind(world, "van_ban")
    store(world, "instrument", "12/2026/NĐ-CP", owed=owed)
    report = send(world, owed, on_plan("100", claims_completion=True))
    page = signed_in(world, Role.APPROVER, world.state.government).get(
        reverse("reporting:review_report", args=[report.pk])
    )
    assert "Văn bản đã ban hành: 12/2026/NĐ-CP" in " ".join(
        soup(page).select_one("#noi-dung-bao-cao").get_text().split()
    )
