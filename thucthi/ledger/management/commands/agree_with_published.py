"""agree_with_published: status 1 where the ledger in this database is not the one that was published.

Asked before anything is started that writes (docs/adr/0039).
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thucthi.ledger.selectors.standing import fault_against_what_was_published


class Command(BaseCommand):
    help = "So sổ cái trong cơ sở dữ liệu với điểm chốt đã công bố; mã 1 nếu cơ sở dữ liệu cũ hơn hoặc khác."

    def handle(self, *args: Any, **options: Any) -> None:
        if forked := fault_against_what_was_published():
            raise CommandError(
                f"{forked}\nThe ledger in this database is not the one that was published. Restore a newer backup with "
                "its WAL (thucthi restore), or begin a new log under a new THUCTHI_LEDGER_ORIGIN and tell the public; "
                "docs/operations.md says how. Nothing was changed."
            )
