"""copy_evidence DIRECTORY [--earlier DIRECTORY]: every file out of the store, for a backup; as JSON what is wrong."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thucthi.kernel.errors import StoreSilent
from thucthi.kernel.kept_files import copy_out


class Command(BaseCommand):
    help = "Chép mọi tệp minh chứng từ kho ra một thư mục."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument("--earlier", type=Path, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moved = copy_out(options["directory"], options["earlier"])
        except StoreSilent as silent:
            raise CommandError(str(silent)) from silent
        self.stdout.write(json.dumps({"wrong": moved.wrong}, ensure_ascii=False))
