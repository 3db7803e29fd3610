"""From a source's address to rows: fetched here, read in a process of its own, mapped to our words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from thucthi.indicators.calculations.addresses import AllowedHost
from thucthi.indicators.calculations.mapping import SDMX, map_of, raw_rows
from thucthi.indicators.calculations.rows import RawRow
from thucthi.indicators.calculations.said import N_, Said
from thucthi.indicators.fetching.transport import MOST_SECONDS, NotFetched, Resolve, fetch, resolve_name
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.confinement import Cannot, Ended, confined

TOO_HEAVY = N_("Tệp cần quá nhiều bộ nhớ hoặc thời gian để đọc nên không nhận. Đề nghị bên cung cấp chia nhỏ tệp.")
NOT_READ = N_("Chưa đọc được tệp. Đề nghị báo người quản trị hệ thống; số liệu đang có không thay đổi.")
_READERS = {SDMX: "thucthi.indicators.fetching.statistics_exchange"}
_TABLES = "thucthi.indicators.fetching.tables"


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking a source brought: rows, or `failure` with the sentence for officials. `log` is the operator's."""

    rows: tuple[RawRow, ...] = ()
    file_hash: str = ""
    log: str = ""
    failure: Said | None = None


def ask(
    address: str,
    kind: str,
    settings: Mapping[str, object],
    *,
    allowed: Mapping[str, AllowedHost],
    resolve: Resolve = resolve_name,
    seconds: float = MOST_SECONDS,
) -> Asked:
    """Fetch and read, each within `seconds`; whatever goes wrong on the way is told and not raised."""
    try:
        fetched = fetch(address, allowed=allowed, resolve=resolve, seconds=seconds)
    except NotFetched as fault:
        return Asked(log=fault.log, failure=Said(fault.sentence))
    return read(fetched.content, kind, settings, log=fetched.log, seconds=seconds)


def read(
    content: bytes, kind: str, settings: Mapping[str, object], *, log: str = "", seconds: float = MOST_SECONDS
) -> Asked:
    """The rows of a file that came, or why it has none."""
    digest = sha256_hex(content)
    order = json.dumps({"kind": kind, "settings": settings}).encode()
    try:
        cells = confined(_READERS.get(kind, _TABLES), given=order + b"\n" + content, wall_seconds=seconds)
    except Cannot as fault:
        sentence, values = json.loads(str(fault))
        return Asked(file_hash=digest, log=f"{log}\n{fault}", failure=Said(sentence, values))
    except Ended as fault:
        heavy = fault.too_slow or fault.too_heavy
        return Asked(file_hash=digest, log=f"{log}\n{fault}", failure=Said(TOO_HEAVY if heavy else NOT_READ))
    records = [(int(number), row) for number, row in cells]  # type: ignore[attr-defined]
    rows = tuple(raw_rows(records, map_of(settings), kind=kind))
    return Asked(rows, digest, f"{log}\n{len(rows)} rows")
