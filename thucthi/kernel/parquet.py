"""One table as Parquet, from a process that need not carry the library; many tables: kernel/parquet_writer.py."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from thucthi.kernel.apart import apart


def parquet_of(types: Mapping[str, str], rows: Iterable[Iterable[str]]) -> bytes:
    """`types`: column → SQL type. A row is its fields as text: `quoted` words, numbers, days; "" is NULL."""
    written: bytes = apart("thucthi.kernel.parquet_writer:table_of", dict(types), [tuple(row) for row in rows])
    return written


@lru_cache(maxsize=20_000)
def quoted(text: str) -> str:
    """Texts stand as they are: no program runs a cell of a Parquet file. A zero byte would end the line, so it goes."""
    return '"' + text.replace("\0", "").replace('"', '""') + '"'
