"""The signature on the monthly report: whole and valid, or a clear sentence and nothing called signed."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from tests.monitoring.world import AS_OF, make_world
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.errors import Refused
from thucthi.kernel.printing import can_print, pdf_of
from thucthi.ledger.models import Entry
from thucthi.publication import files, signing
from thucthi.publication.actions import prepare_snapshot, publish_snapshot, sign_report
from thucthi.publication.models import Snapshot, SnapshotPublication

pytestmark = pytest.mark.skipif(not can_print(), reason="this machine lacks Pango: NOTHING CAN BE PRINTED OR SIGNED")
# The certificate for tests is valid from the day before it is made: a fixed day here would lie before it tomorrow.
NOW = datetime.now(UTC).replace(microsecond=0)
PAGE = '<html lang="vi"><head><title>Báo cáo</title></head><body><p>Độc lập - Tự do - Hạnh phúc</p></body></html>'


def said(days: int) -> str:
    return f"{timezone.localtime(NOW + timedelta(days=days)):%d/%m/%Y}"


@pytest.fixture(autouse=True)
def _places(settings, tmp_path: Path) -> None:
    settings.TEST_PAPER_KEY = tmp_path / "thu.p12"
    settings.PAPER_KEY_FILE = settings.PAPER_KEY_PASSWORD = settings.PAPER_KEY_PASSWORD_FILE = ""
    settings.PUBLISHED_ROOT = tmp_path / "published"


@pytest.fixture(scope="module")
def page() -> bytes:
    return pdf_of(PAGE, "html { font: 14pt Tinos }")


def wrapped(*, first: datetime, last: datetime, may_sign: bool = True, password: bytes = b"dung") -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Cơ quan mẫu")])
    use = x509.KeyUsage(may_sign, may_sign, not may_sign, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(7)
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(use, critical=True)
        .sign(key, hashes.SHA256())
    )
    lock = serialization.BestAvailableEncryption(password)
    return pkcs12.serialize_key_and_certificates(b"mau", key, certificate, None, lock)


def status_of(content: bytes) -> tuple[PdfSignatureStatus, bytes]:
    """What an independent reader finds, trusting the certificate inside; and the bytes that were signed over."""
    reader = PdfFileReader(BytesIO(content))
    (signature,) = reader.embedded_signatures
    trust = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    return validate_pdf_signature(signature, signer_validation_context=trust), signature.sig_object["/SubFilter"]


def test_the_signature_is_intact_and_covers_the_whole_file(page: bytes) -> None:
    signing.make_test_key()
    content = signing.signed(page, now=NOW)
    status, subfilter = status_of(content)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level == ModificationLevel.NONE
    assert subfilter == "/ETSI.CAdES.detached"
    assert status.signing_cert.subject.native["common_name"] == signing.TEST_NAME
    assert content.startswith(page)


def test_one_changed_byte_breaks_it(page: bytes) -> None:
    signing.make_test_key()
    content = bytearray(signing.signed(page, now=NOW))
    place = content.index(b"/Title")
    content[place + 9] ^= 1
    reader = PdfFileReader(BytesIO(bytes(content)), strict=False)
    (signature,) = reader.embedded_signatures
    trust = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    assert not validate_pdf_signature(signature, signer_validation_context=trust).intact


def test_the_signature_is_seen_at_the_top_right_of_the_first_page(page: bytes) -> None:
    signing.make_test_key()
    reader = PdfFileReader(BytesIO(signing.signed(page, now=NOW)))
    first = reader.root["/Pages"]["/Kids"][0]
    assert len(first["/Annots"]) == 1
    field = first["/Annots"][0].get_object()
    assert [int(edge) for edge in field["/Rect"]] == list(signing.BOX)
    _left, _bottom, width, height = (float(edge) for edge in first["/MediaBox"])
    assert signing.BOX[0] > width / 2
    assert signing.BOX[1] > height * 0.9


def test_the_test_certificate_says_what_it_is_and_is_made_once(settings) -> None:
    signing.make_test_key()
    path = Path(settings.TEST_PAPER_KEY)
    before = path.read_bytes()
    signing.make_test_key()
    assert path.read_bytes() == before
    assert (path.stat().st_mode & 0o777, path.with_suffix(".password").stat().st_mode & 0o777) == (0o600, 0o600)
    assert signing.open_key(timezone.now()).holder == "CHỨNG THƯ THỬ NGHIỆM, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"


def test_production_does_not_sign_with_the_test_certificate(settings) -> None:
    signing.make_test_key()
    assert signing.has_key()
    settings.PRODUCTION = True
    assert not signing.has_key()


@pytest.mark.parametrize(
    ("days", "password", "sentence"),
    [
        ({}, "sai", "Không mở được tệp chứng thư ký báo cáo: mật khẩu sai hoặc tệp không phải PKCS#12 (.p12, .pfx)."),
        (
            {"last": NOW - timedelta(days=1)},
            "dung",
            f"Chứng thư ký báo cáo đã hết hạn ngày {said(-1)}; đề nghị cài chứng thư mới rồi phát hành lại.",
        ),
        ({"first": NOW + timedelta(days=2)}, "dung", f"Chứng thư ký báo cáo chỉ có hiệu lực từ ngày {said(2)}."),
        (
            {"may_sign": False},
            "dung",
            "Chứng thư đã cài không được cấp để ký tài liệu; đề nghị dùng chứng thư ký số của cơ quan.",
        ),
    ],
)
def test_a_certificate_that_cannot_be_used_is_refused_in_words(
    settings, tmp_path: Path, days, password, sentence
) -> None:
    days = {"first": NOW - timedelta(days=30), "last": NOW + timedelta(days=30)} | days
    settings.PAPER_KEY_FILE = tmp_path / "khoa.p12"
    settings.PAPER_KEY_FILE.write_bytes(wrapped(**days))
    settings.PAPER_KEY_PASSWORD = password
    with pytest.raises(signing.CannotSign) as refused:
        signing.open_key(NOW)
    assert str(refused.value) == sentence


def test_a_password_may_stand_in_a_file(settings, tmp_path: Path, page: bytes) -> None:
    settings.PAPER_KEY_FILE, settings.PAPER_KEY_PASSWORD_FILE = tmp_path / "khoa.p12", tmp_path / "mat-khau"
    settings.PAPER_KEY_FILE.write_bytes(wrapped(first=NOW - timedelta(1), last=timezone.now() + timedelta(1)))
    settings.PAPER_KEY_PASSWORD_FILE.write_text("dung\n")
    assert status_of(signing.signed(page, now=NOW))[0].valid


@pytest.mark.parametrize("content", [b"", b"khong phai pkcs12", None])
def test_what_is_no_certificate_at_all(settings, tmp_path: Path, page: bytes, content: bytes | None) -> None:
    settings.PAPER_KEY_FILE = tmp_path / "khoa.p12"
    if content is not None:
        settings.PAPER_KEY_FILE.write_bytes(content)
    with pytest.raises(signing.CannotSign, match="tệp chứng thư ký báo cáo"):
        signing.signed(page, now=NOW)


@pytest.fixture
def monthly(db) -> tuple[Snapshot, Viewer]:
    world = make_world()
    person = viewer_of(world.state.person(Role.PUBLISHER, world.state.government))
    return prepare_snapshot(by=SYSTEM, kind="monthly", as_of=AS_OF), person


def beside() -> list[str]:
    folder = files.root() / files.BY_NAME
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_an_issue_goes_out_with_its_report_signed(monthly, django_capture_on_commit_callbacks) -> None:
    snapshot, person = monthly
    signing.make_test_key()
    with django_capture_on_commit_callbacks(execute=True):
        publish_snapshot(snapshot, by=person)
    content = (files.root() / files.BY_NAME / "2026-11-bao-cao-ky-so.pdf").read_bytes()
    assert status_of(content)[0].coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert content.startswith(files.read_file(snapshot.manifest_hash, "bao-cao.pdf"))
    entry = Entry.objects.filter(event="snapshot.published").latest("pk")
    assert entry.content["signed_report"] == sha256_hex(content)


def test_without_a_certificate_nothing_is_called_signed_and_it_can_be_signed_later(
    monthly, django_capture_on_commit_callbacks
) -> None:
    snapshot, person = monthly
    with django_capture_on_commit_callbacks(execute=True):
        publish_snapshot(snapshot, by=person)
    assert beside() == ["2026-11", "corrections.json"]
    with pytest.raises(Refused, match="Chưa cài chứng thư ký báo cáo"):
        sign_report(snapshot, by=person)
    signing.make_test_key()
    with django_capture_on_commit_callbacks(execute=True):
        assert sign_report(snapshot, by=person) == "2026-11-bao-cao-ky-so.pdf"
    assert beside() == ["2026-11", "2026-11-bao-cao-ky-so.pdf", "corrections.json"]
    with pytest.raises(Refused, match="đã ký rồi"):
        sign_report(snapshot, by=person)


def test_a_broken_certificate_stops_the_publication_and_nothing_moves(settings, tmp_path: Path, monthly) -> None:
    snapshot, person = monthly
    settings.PAPER_KEY_FILE = tmp_path / "khong-co.p12"
    entries = Entry.objects.count()
    with pytest.raises(Refused, match="Không đọc được tệp chứng thư ký báo cáo"):
        publish_snapshot(snapshot, by=person)
    assert (SnapshotPublication.objects.count(), Entry.objects.count(), beside()) == (0, entries, [])
