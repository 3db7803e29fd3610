"""The key that signs for the ledger, as it lies in its file, and the keys the ledger knows."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from thucthi.kernel.errors import ThucThiError
from thucthi.ledger.calculations.keys import KeyLine, written_keys
from thucthi.ledger.calculations.notes import verifier_key
from thucthi.ledger.key_files import next_key_path
from thucthi.ledger.models import SigningKey


class KeyTrouble(ThucThiError):
    """Nothing can be signed; the text says in Vietnamese and English what to do, nothing was signed by half."""

    def __init__(self, vietnamese: str, english: str) -> None:
        self.vietnamese, self.english = vietnamese, english
        super().__init__(f"{vietnamese}\n{english}")


@dataclass(frozen=True)
class SigningPair:
    """The private key, the file it was read from, and how its public half is handed on."""

    path: Path
    name: str
    private: Ed25519PrivateKey

    @property
    def verifier_key(self) -> str:
        return verifier_key(self.name, self.private.public_key().public_bytes_raw())


def origin() -> str:
    """The name of this log: the first line of every checkpoint and the name of its key."""
    return settings.LEDGER_ORIGIN or f"{urlsplit(settings.SITE_URL).hostname}/thuc-thi"


def key_path() -> Path:
    return Path(settings.LEDGER_KEY_FILE)


def known_keys() -> list[SigningKey]:
    """Every key that ever signed, oldest first; each was signed by the one before it."""
    return list(SigningKey.objects.order_by("pk"))


def keys_text() -> str:
    """`proofs/keys.txt`: one line per known key, oldest first: since size, verifier key, signature by the former."""
    return written_keys([KeyLine(key.since_size, key.verifier_key, key.signed_by_former) for key in known_keys()])


def signing_key() -> SigningPair:
    """The key in use. Raises KeyTrouble when its file is missing, unreadable, of another kind, or another key."""
    pair = read_pair(key_path())
    newest = SigningKey.objects.order_by("-pk").values_list("verifier_key", flat=True).first()
    if newest is None or newest == pair.verifier_key:
        return pair
    # Killed between the commit of a rotation and the change of the file, the successor still waits beside it.
    following = next_key_path(key_path())
    if not following.exists() or (pair := read_pair(following)).verifier_key != newest:
        raise KeyTrouble(
            f"Khóa trong {key_path()} không phải khóa mà sổ cái đang dùng. Hãy đặt lại đúng tệp khóa; nếu muốn đổi "
            "khóa, hãy chạy thucthi manage rotate_ledger_key với khóa cũ.",
            f"The key in {key_path()} is not the one the ledger knows. Put the right file back; to change the key, run "
            "thucthi manage rotate_ledger_key with the old one.",
        )
    return pair


def read_pair(path: Path) -> SigningPair:
    """The key in a PEM file. Raises KeyTrouble."""
    try:
        pem = path.read_bytes()
    except FileNotFoundError:
        raise KeyTrouble(
            f"Không thấy khóa ký của sổ cái ({path}). Hãy khôi phục tệp từ bản sao lưu, hoặc sửa "
            "THUCTHI_LEDGER_KEY_FILE.",
            f"The ledger's signing key ({path}) is missing. Restore it from its backup, or correct "
            "THUCTHI_LEDGER_KEY_FILE.",
        ) from None
    except OSError as error:
        raise KeyTrouble(
            f"Không đọc được khóa ký của sổ cái ({path}: {error.strerror}). Hãy chạy bằng tài khoản giữ khóa "
            "(quyền 0600).",
            f"The ledger's signing key ({path}: {error.strerror}) cannot be read. Run as the account that keeps it "
            "(mode 0600).",
        ) from error
    return SigningPair(path, origin(), _ed25519(pem, path))


def _ed25519(pem: bytes, path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyTrouble(
            f"Tệp {path} không phải khóa riêng Ed25519 dạng PEM không mật khẩu. Hãy khôi phục đúng tệp khóa.",
            f"The file {path} is not an Ed25519 private key in PEM without a password. Restore the right file.",
        )
    return key
