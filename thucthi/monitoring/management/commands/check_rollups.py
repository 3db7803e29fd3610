"""check_rollups: exit status 1 while a kept count differs from a recount of the facts; --rebuild mends it first."""

from argparse import ArgumentParser
from collections import Counter
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from thucthi.directory.access import SYSTEM
from thucthi.monitoring.actions.rollups import rebuild_rollups
from thucthi.monitoring.selectors.rollup_check import LAYERS, Mismatch, mismatches

SHOWN = 20


class Command(BaseCommand):
    help = "Đếm lại từ dữ kiện và so với số đếm đang giữ; có chỗ lệch thì kết thúc với mã 1. --rebuild: lập lại trước."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="Lập lại toàn bộ số đếm từ dữ kiện rồi mới so.")

    def handle(self, *args: Any, rebuild: bool, **options: Any) -> None:
        if rebuild:
            begun = perf_counter()
            mended = rebuild_rollups(by=SYSTEM)
            self.stdout.write(f"Đã lập lại số đếm trong {perf_counter() - begun:.1f} giây; {mended} nhiệm vụ được sửa.")
        found = _in_one_view()
        counted = Counter(each.layer for each in found)
        for layer in LAYERS:
            self.stdout.write(f"{layer}: {counted[layer]}")
        for each in found[:SHOWN]:
            self.stdout.write(f"  {each.layer} {each.key}")
        if found:
            raise CommandError(
                f"{len(found)} chỗ lệch so với đếm lại từ dữ kiện. Hãy chạy thucthi check rollups --rebuild, và "
                "giữ lại bản in này để tìm nguyên nhân."
            )
        self.stdout.write("Đếm lại từ dữ kiện khớp với mọi số đếm đang giữ: 0 chỗ lệch.")


def _in_one_view() -> list[Mismatch]:
    """All layers as of one moment, while others write; inside a transaction that is already open, as it stands."""
    if connection.in_atomic_block:
        return mismatches()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        return mismatches()
