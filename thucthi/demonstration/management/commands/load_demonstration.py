"""`thucthi demo`: loads the demonstration into an empty database, all or nothing."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from thucthi.demonstration.loading import is_loaded, is_ours, load_all, publish_issues


class Command(BaseCommand):
    help = "Nạp bộ dữ liệu trình diễn vào cơ sở dữ liệu trống · Load the demonstration into an empty database"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is data already")

    def handle(self, *args: object, if_empty: bool = False, **options: object) -> None:
        if not is_loaded():
            with transaction.atomic():
                load_all(say=self._say)
        elif not if_empty:
            raise CommandError("Cơ sở dữ liệu đã có dữ liệu; bộ trình diễn chỉ nạp vào cơ sở dữ liệu trống.")
        if is_ours():
            publish_issues(say=self._say)

    def _say(self, vietnamese: str, english: str) -> None:
        self.stdout.write(f"→ {vietnamese} · {english}")
        self.stdout.flush()
