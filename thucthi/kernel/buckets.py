"""A bucket of an S3-compatible store as Django's storage: bounded in time, never public, one request for each file.

Only loaded where a bucket is set up (settings.STORAGES). What the store or the way to it does wrong comes out as
`StoreSilent`, whatever library noticed it (ADR 0042).
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cached_property, lru_cache, partial
from typing import Any, NoReturn, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from thucthi.kernel.errors import StoreSilent

Answer = TypeVar("Answer")
# Seconds for one question of a person's request, with everything that is tried again inside.
LONGEST = 12.0
# Of a probe, which asks often.
SHORTEST = 3.0
CONNECTING, WAITING, TRIES = 3, 6, 2
AT_ONCE = 16
PIECE = 1024 * 1024
_GONE = frozenset({"NoSuchKey", "404"})


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """Whoever asks waits here for as long as he may; a store that sends by drops keeps a thread, not the person."""
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="store")


def _following(where: dict[str, Any], token: str, client: Any) -> Any:
    return client.list_objects_v2(ContinuationToken=token, **where)


class Bucket(S3Storage):  # type: ignore[misc]
    """`longest`: seconds that one file may take. Other options are those of django-storages."""

    def __init__(self, *, longest: float = LONGEST, **told: Any) -> None:
        # Servers other than Amazon's know neither names of buckets in the host nor the newer checksums.
        style = "path" if told.get("endpoint_url") else "auto"
        config = Config(
            connect_timeout=CONNECTING,
            read_timeout=WAITING,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            max_pool_connections=AT_ONCE,
            # The SHA-256 of what is sent is part of the signature: the store refuses what changed on the way.
            s3={"addressing_style": style, "payload_signing_enabled": True},
            signature_version="s3v4",
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(client_config=config, default_acl=None, file_overwrite=True, gzip=False, **told)
        self.longest = longest

    @cached_property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _ask(self, question: Callable[[Any], Answer], within: float | None = None) -> Answer:
        """Raises FileNotFoundError for what is not there, StoreSilent for everything else that goes wrong."""
        asked = _threads().submit(lambda: question(self._client))
        try:
            return asked.result(self.longest if within is None else within)
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                raise FileNotFoundError(str(error)) from error
            raise StoreSilent(str(error)) from error
        except BotoCoreError as error:
            raise StoreSilent(str(error)) from error
        except TimeoutError as error:
            asked.cancel()
            raise StoreSilent(f"no answer of {self.bucket_name} in time") from error

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket_name, "Key": self._normalize_name(name)}

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        told = self._get_write_parameters(self._normalize_name(name), content)
        self._ask(lambda client: client.put_object(Body=content, **self._at(name), **told))
        return name

    def _open(self, name: str, mode: str = "rb") -> ContentFile:
        return ContentFile(self._ask(lambda client: client.get_object(**self._at(name))["Body"].read()), name)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A large file as it comes. Raises as `open`, at any piece."""
        body = self._ask(lambda client: client.get_object(**self._at(name))["Body"])
        while piece := self._ask(lambda client: body.read(PIECE)):
            yield piece

    def exists(self, name: str) -> bool:
        try:
            self._ask(lambda client: client.head_object(**self._at(name)))
        except FileNotFoundError:
            return False
        return True

    def delete(self, name: str) -> None:
        """Nothing happens where nothing is. Raises StoreSilent, also where the key may not remove."""
        self._ask(lambda client: client.delete_object(**self._at(name)))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        folder = f"{path.strip('/')}/" if path.strip("/") else ""
        told = list(self._pages(folder, Delimiter="/"))
        below = [each["Prefix"] for page in told for each in page.get("CommonPrefixes", ())]
        return [self._name(key)[len(folder) :].strip("/") for key in below], [
            self._name(each["Key"])[len(folder) :] for page in told for each in page.get("Contents", ())
        ]

    def tags(self, folder: str) -> dict[str, str]:
        """Name → entity tag of everything below `folder` (ending in a slash): what changes has another tag."""
        return {self._name(each["Key"]): each["ETag"].strip('"') for each in self._below(folder)}

    def changed(self, folder: str) -> dict[str, datetime]:
        """Name → when it was written, by the store's clock, of everything below `folder` (ending in a slash)."""
        return {self._name(each["Key"]): each["LastModified"] for each in self._below(folder)}

    def _below(self, folder: str) -> Iterator[dict[str, Any]]:
        return (each for page in self._pages(folder) for each in page.get("Contents", ()))

    def _pages(self, folder: str, **told: str) -> Iterator[dict[str, Any]]:
        """One question for each thousand names, each with its own time."""
        where = {"Bucket": self.bucket_name, "Prefix": f"{self._above}{folder}", **told}
        page = self._ask(lambda client: client.list_objects_v2(**where))
        yield page
        while token := page.get("NextContinuationToken"):
            page = self._ask(partial(_following, where, token))
            yield page

    @property
    def _above(self) -> str:
        return f"{self.location.strip('/')}/" if self.location.strip("/") else ""

    def _name(self, key: str) -> str:
        return key.removeprefix(self._above)

    def answers(self) -> bool:
        """Whether the bucket is there, answers and lets us in; asked by probes."""
        try:
            self._ask(lambda client: client.head_bucket(Bucket=self.bucket_name), SHORTEST)
        except OSError:
            return False
        return True

    def url(self, *given: Any, **named: Any) -> NoReturn:
        """Objects are reached through the rights of the application and in no other way."""
        raise NotImplementedError("files in the store have no address")
