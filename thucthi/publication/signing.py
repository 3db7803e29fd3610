"""The digital signature on the monthly report: PAdES, with the certificate that the settings name.

The report is made first and always the same; the signature is added behind it when the issue is published, so that the
signed file begins with every byte of the unsigned one. Without a certificate nothing is signed and nothing is called
so; a certificate that is named but cannot be used stops the publication with a sentence.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from html import escape
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.kernel.apart import apart
from thucthi.kernel.errors import Fault, Refused
from thucthi.kernel.printing import in_tinos, require_press
from thucthi.publication import files
from thucthi.publication.calculations.signatures import SignatureLine

FIELD = "KySo"
# Points from the lower left corner of an A4 page: in the margin above the text, at the right.
BOX = (428, 795, 588, 838)
TEST_NAME = "CHỨNG THƯ THỬ NGHIỆM, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
STAMP_STYLE = """
@page { size: 160pt 43pt; margin: 0 }
html { font: 7pt/1.25 Tinos; color: #b00 }
body { margin: 0; padding: 2pt 4pt; border: .8pt solid #b00; height: 37pt; overflow: hidden }
p { margin: 0 }
"""


class CannotSign(Refused):
    """The certificate that is to sign cannot be used; the text says why and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__([Fault("", text)])


@dataclass(frozen=True)
class PaperKey:
    """A certificate with its private key, still in its PKCS#12 wrapping, and the words that open it."""

    wrapped: bytes
    password: bytes
    holder: str


def has_key() -> bool:
    return bool(settings.PAPER_KEY_FILE) or _test_key_is_used()


def _test_key_is_used() -> bool:
    return not settings.PRODUCTION and Path(settings.TEST_PAPER_KEY).is_file()


def open_key(now: datetime) -> PaperKey:
    """The certificate in force. Raises CannotSign: missing, locked, empty, out of date or for other uses."""
    wrapped, password = _read()
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(wrapped, password)
    except ValueError as error:
        raise CannotSign(
            _("Không mở được tệp chứng thư ký báo cáo: mật khẩu sai hoặc tệp không phải PKCS#12 (.p12, .pfx).")
        ) from error
    if key is None or certificate is None:
        raise CannotSign(_("Tệp chứng thư ký báo cáo thiếu khóa bí mật hoặc thiếu chứng thư."))
    _check_days(certificate, now)
    _check_use(certificate)
    return PaperKey(wrapped, password, _holder(certificate))


def _read() -> tuple[bytes, bytes]:
    path = Path(settings.PAPER_KEY_FILE or settings.TEST_PAPER_KEY)
    try:
        wrapped = path.read_bytes()
        if not settings.PAPER_KEY_FILE:
            return wrapped, _beside(path).read_bytes()
        if settings.PAPER_KEY_PASSWORD_FILE:
            return wrapped, Path(settings.PAPER_KEY_PASSWORD_FILE).read_bytes().strip()
    except OSError as error:
        raise CannotSign(
            _("Không đọc được tệp chứng thư ký báo cáo hoặc tệp mật khẩu của nó; đề nghị người vận hành kiểm tra.")
        ) from error
    return wrapped, settings.PAPER_KEY_PASSWORD.encode()


def _beside(path: Path) -> Path:
    return path.with_suffix(".password")


def _check_days(certificate: x509.Certificate, now: datetime) -> None:
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < first:
        day = timezone.localtime(first).strftime("%d/%m/%Y")
        raise CannotSign(_("Chứng thư ký báo cáo chỉ có hiệu lực từ ngày %(day)s.") % {"day": day})
    if now > last:
        day = timezone.localtime(last).strftime("%d/%m/%Y")
        raise CannotSign(
            _("Chứng thư ký báo cáo đã hết hạn ngày %(day)s; đề nghị cài chứng thư mới rồi phát hành lại.")
            % {"day": day}
        )


def _check_use(certificate: x509.Certificate) -> None:
    try:
        use = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (use.digital_signature or use.content_commitment):
        raise CannotSign(_("Chứng thư đã cài không được cấp để ký tài liệu; đề nghị dùng chứng thư ký số của cơ quan."))


def _holder(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def signed_report(manifest_hash: str, *, now: datetime) -> bytes | None:
    """The issue's monthly report with its signature; None without a report or without a certificate."""
    if not has_key():
        return None
    try:
        content = files.read_file(manifest_hash, files.REPORT)
    except FileNotFoundError:
        return None
    return signed(content, now=now)


def signed(content: bytes, *, now: datetime) -> bytes:
    """The PDF with one visible signature over the whole file. Raises CannotSign."""
    key = open_key(now)
    require_press()
    line = SignatureLine(
        field=FIELD,
        box=BOX,
        holder=key.holder,
        reason=_("Phát hành kỳ công bố"),
        field_in_words=_("Chữ ký số của cơ quan ban hành"),
        stamp=in_tinos(_stamp(key.holder, now)),
        stamp_style=STAMP_STYLE,
    )
    made: bytes | None = apart("thucthi.publication.pades:signed", content, key.wrapped, key.password, line)
    if made is None:
        raise CannotSign(_("Không dùng được tệp chứng thư ký báo cáo; đề nghị người vận hành kiểm tra."))
    return made


def _stamp(holder: str, now: datetime) -> str:
    moment = timezone.localtime(now).isoformat(timespec="seconds")
    return (
        f'<html lang="vi"><head><title>Chữ ký số</title></head><body><p>Ký số bởi: <b>{escape(holder)}</b></p>'
        f"<p>Thời gian ký: {moment}</p></body></html>"
    )


def make_test_key() -> None:
    """A certificate of our own for demonstrations, named so that nobody takes it for a real one; kept once made."""
    path = Path(settings.TEST_PAPER_KEY)
    if path.is_file() and _beside(path).is_file():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    password = secrets.token_urlsafe(24).encode()
    certificate = _test_certificate(key, timezone.now())
    wrapped = pkcs12.serialize_key_and_certificates(
        b"thu-nghiem", key, certificate, None, serialization.BestAvailableEncryption(password)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    for target, content in ((_beside(path), password), (path, wrapped)):
        target.touch(mode=0o600)
        target.write_bytes(content)


def _test_certificate(key: rsa.RSAPrivateKey, now: datetime) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Thực Thi (trình diễn)"),
            x509.NameAttribute(NameOID.COMMON_NAME, TEST_NAME),
        ]
    )
    builder = x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=3650))
    use = partial(x509.KeyUsage, key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False)
    for_signing = use(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        decipher_only=False,
    )
    return builder.add_extension(for_signing, critical=True).sign(key, hashes.SHA256())
