"""Secrets that must be read back are kept sealed with a key made from the key of the installation."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"thucthi sealed secrets 1"


class NotOurs(ValueError):
    """Sealed with another key: SECRET_KEY was exchanged and the old one is not among SECRET_KEY_FALLBACKS."""


def seal(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises NotOurs."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise NotOurs from error


def _box() -> MultiFernet:
    return MultiFernet([_fernet(str(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(key: str) -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(made))
