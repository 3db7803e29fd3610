"""make_ledger_key: the first signing key of a production installation; never writes over one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thucthi.ledger.key_files import make_key_file
from thucthi.ledger.selectors import known_keys
from thucthi.ledger.selectors.keys import key_path, read_pair


class Command(BaseCommand):
    help = "Tạo khóa ký đầu tiên của sổ cái (tệp quyền 0600) và in khóa kiểm chứng; không bao giờ ghi đè khóa đã có."

    def handle(self, *args: Any, **options: Any) -> None:
        path = key_path()
        if known_keys():
            raise CommandError(
                "Sổ cái đã có khóa; hãy khôi phục tệp khóa từ bản sao lưu, hoặc đổi khóa bằng rotate_ledger_key.\n"
                "The ledger knows a key already; restore its file, or change it by rotate_ledger_key."
            )
        try:
            make_key_file(path)
        except FileExistsError:
            raise CommandError(
                f"{path} đã có; khóa không bị ghi đè. · {path} is there; a key is never written over."
            ) from None
        self.stdout.write(read_pair(path).verifier_key)
