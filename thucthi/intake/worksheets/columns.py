"""The columns of a programme's sheet, the same for writing and for reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


def N_(sentence: str) -> str:
    """Marks a sentence for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


class Choices(StrEnum):
    """Lists offered as drop-downs."""

    GROUPS = "groups"
    BODIES = "bodies"


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names the field of a task's content; `width` in letters."""

    key: str
    heading: str
    width: int
    is_hidden: bool = False
    is_locked: bool = False
    choices: Choices | None = None


IDENTITY, VERSION, CODE = "identity", "version", "code"
COLUMNS = (
    Column(IDENTITY, N_("Định danh"), 8, is_hidden=True, is_locked=True),
    Column(VERSION, N_("Phiên bản"), 8, is_hidden=True, is_locked=True),
    Column(CODE, N_("Mã"), 14, is_locked=True),
    Column("group", N_("Nhóm nhiệm vụ"), 24, choices=Choices.GROUPS),
    Column("text", N_("Nhiệm vụ"), 60),
    Column("lead", N_("Cơ quan chủ trì"), 28, choices=Choices.BODIES),
    Column("coordinators", N_("Cơ quan phối hợp"), 28),
    Column("deadline_raw", N_("Thời hạn"), 16),
    Column("product", N_("Sản phẩm, kết quả"), 32),
    Column("acceptance_criterion", N_("Tiêu chí nghiệm thu"), 28),
    Column("money_vnd_million", N_("Kinh phí (triệu đồng)"), 14),
    Column("money_source", N_("Nguồn kinh phí"), 20),
    Column("weight", N_("Trọng số"), 8),
)
EDITABLE = tuple(column.key for column in COLUMNS if not column.is_locked)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A task as the sheet says it. `number` is the row a person sees; `identity` is None for a new task."""

    number: int
    identity: int | None
    version: int | None
    values: Mapping[str, str]


def letter_of(key: str) -> str:
    """The column's letter in the sheet, as a person names a cell."""
    return chr(ord("A") + [column.key for column in COLUMNS].index(key))
