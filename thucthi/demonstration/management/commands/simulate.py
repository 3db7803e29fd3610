"""`thucthi simulate`: fills an empty, migrated database with an invented country of any size, whole or not at all."""

from datetime import date

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.utils import ProgrammingError
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.demonstration.simulation.building import simulate
from thucthi.demonstration.simulation.plan import Country, Sizes, TooMuch
from thucthi.directory.access import SYSTEM
from thucthi.kernel.errors import Refused

WIDTH = 30


class Command(BaseCommand):
    help = "Dựng một đất nước mô phỏng trong cơ sở dữ liệu trống · Fill an empty database with a simulated country"

    def add_arguments(self, parser: CommandParser) -> None:
        for name in ("organisations", "documents", "tasks", "values", "reports", "seed"):
            parser.add_argument(f"--{name}", type=int, required=True)
        parser.add_argument("--until", type=date.fromisoformat, default=None)
        parser.add_argument("--steps", action="store_true", help="Giây của từng bước · Seconds of each step")

    def handle(self, *args: object, until: date | None = None, steps: bool = False, **options: int) -> None:
        if settings.PRODUCTION:
            raise CommandError(_("Hệ thống đang vận hành thật; dữ liệu mô phỏng không được nạp vào đây."))
        self._said, self._is_noted = "", steps
        names = ("organisations", "documents", "tasks", "values", "reports", "seed")
        sizes = Sizes(**{name: options[name] for name in names}, until=until or timezone.localdate())
        try:
            simulate(Country(sizes), by=SYSTEM, tell=self._tell, note=self._note)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        except TooMuch as mismatch:
            raise CommandError(_advice(mismatch.field)) from mismatch
        except ProgrammingError as error:
            raise CommandError(_advice_on(error)) from error

    def _tell(self, words: str, share: float) -> None:
        """A bar where somebody watches; else one plain line for each kind of work."""
        if self.stdout.isatty():
            done = round(WIDTH * share)
            bar = "█" * done + "░" * (WIDTH - done)
            self.stdout.write(f"\r\x1b[K{bar} {share:4.0%} {words}", ending="\n" if share >= 1 else "")
        elif words != self._said:
            self.stdout.write(f"→ {words}")
        self._said = words
        self.stdout.flush()

    def _note(self, step: str, seconds: float) -> None:
        if self._is_noted:
            self.stderr.write(f"{seconds:7.1f} s {step}")


def _advice_on(error: ProgrammingError) -> str:
    """For an operator: tables that are missing, or that belong to somebody else than who asks."""
    if isinstance(error.__cause__, psycopg.errors.UndefinedTable):
        return _("Cơ sở dữ liệu chưa có cấu trúc; hãy chạy thucthi migrate trước.")
    if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
        return _("Lệnh này cần vai sở hữu cơ sở dữ liệu; hãy chạy thucthi simulate.")
    raise error


def _advice(field: str) -> str:
    """What to do about sizes that do not go together."""
    if field == "organisations":
        return _("Cần ít nhất 8 cơ quan. Đề nghị tăng --organisations.")
    if field == "reports":
        return _("Số báo cáo không hợp với số nhiệm vụ. Đề nghị giảm --reports hoặc tăng --tasks.")
    return _("Các số phải từ 0 trở lên, và có ít nhất một văn bản. Đề nghị sửa --%(field)s.") % {"field": field}
