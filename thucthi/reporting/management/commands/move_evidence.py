"""move_evidence [DIRECTORY]: puts the files of a directory into the store, each read back; the directory stays."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thucthi.kernel.errors import Refused, StoreSilent
from thucthi.kernel.kept_files import bring_in, in_a_bucket


class Command(BaseCommand):
    help = "Đưa mọi tệp minh chứng trong một thư mục vào kho (bucket); làm lại được, thư mục vẫn giữ nguyên."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, nargs="?", default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        directory = options["directory"] or Path(settings.EVIDENCE_ROOT)
        if not in_a_bucket():
            raise CommandError("Chưa đặt THUCTHI_EVIDENCE_BUCKET (docs/settings.md).")
        try:
            moved = bring_in(directory)
        except (Refused, StoreSilent) as trouble:
            raise CommandError(f"{trouble} Những tệp đã đưa vào vẫn còn trong kho; xin chạy lại.") from trouble
        self.stdout.write(f"{len(moved.done)} tệp vào kho, {len(moved.there)} tệp đã có, {len(moved.wrong)} tệp sai")
        if moved.wrong:
            raise CommandError("Không đúng với mã băm trong tên: " + ", ".join(moved.wrong[:20]))
