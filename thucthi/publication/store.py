"""The bucket of issues as Django's storage; loaded only where one is set up (settings.STORAGES)."""

from typing import Any

from thucthi.kernel.buckets import Bucket
from thucthi.publication import files

# Seconds: a workbook or Parquet file of a whole country may be large, and nobody waits at a page for it.
LONGEST = 120.0
FOR_EVER, SOON = "public, max-age=31536000, immutable", "no-cache"


class PublishedBucket(Bucket):
    """Tells whoever serves it directly the kind of each file, and that only pointers change."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**{"longest": LONGEST, **told})

    def get_object_parameters(self, name: str) -> dict[str, str]:
        kept = FOR_EVER if self._name(name).startswith(f"{files.ISSUES}/") else SOON
        return {"ContentType": files.content_type(name), "CacheControl": kept}
