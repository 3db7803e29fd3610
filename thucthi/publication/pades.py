"""The signature itself (PAdES), in the process that publication/signing.py starts: nothing else imports this module."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import StaticStampStyle

from thucthi.kernel.press import page_printed
from thucthi.publication.calculations.signatures import SignatureLine


def signed(content: bytes, wrapped: bytes, password: bytes, line: SignatureLine) -> bytes | None:
    """The PDF with one visible signature over the whole file; None when the PKCS#12 holds no key that can sign."""
    signer = SimpleSigner.load_pkcs12_data(wrapped, other_certs=[], passphrase=password)
    if signer is None:
        return None
    about = PdfSignatureMetadata(
        field_name=line.field,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        reason=line.reason,
        name=line.holder,
    )
    field = SigFieldSpec(line.field, on_page=0, box=line.box, readable_field_name=line.field_in_words)
    with TemporaryDirectory() as folder:
        stamp = Path(folder) / "stamp.pdf"
        stamp.write_bytes(page_printed(line.stamp, line.stamp_style))
        look = StaticStampStyle.from_pdf_file(str(stamp), border_width=0)
        made = BytesIO()
        PdfSigner(about, signer, stamp_style=look, new_field_spec=field).sign_pdf(
            IncrementalPdfFileWriter(BytesIO(content)), output=made
        )
    return made.getvalue()
