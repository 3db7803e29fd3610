"""What a witness checks before it signs: that the tree it is shown grew out of the one it saw, leaf for leaf."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from thucthi.ledger.calculations.keys import read_keys
from thucthi.ledger.calculations.merkle import is_consistent
from thucthi.ledger.calculations.notes import BadNote, Checkpoint, open_note, read_checkpoint

MOST_STEPS = 5_000


class NotVouchedFor(ValueError):
    """The witness will not sign; the text says in Vietnamese and English what it saw."""

    def __init__(self, vietnamese: str, english: str) -> None:
        self.vietnamese, self.english = vietnamese, english
        super().__init__(f"{vietnamese}\n{english}")


@dataclass(frozen=True)
class Seen:
    """What the witness vouched for last; `key` is the verifier key of the log that it trusts."""

    origin: str
    size: int
    root: bytes
    key: str


@dataclass(frozen=True)
class Step:
    """How the tree of one issue (`size`, `root`) grew out of that of the issue before it (None: the first issue)."""

    size: int
    root: bytes
    former_issue: str = ""
    former_size: int = 0
    former_root: bytes = b""
    proof: tuple[bytes, ...] = ()


def opened(note: str, keys: str, trusted: str) -> tuple[Checkpoint, str]:
    """The checkpoint and the key that signed it: the trusted one, or one that it led to. Raises NotVouchedFor.

    `trusted` "" trusts the first key of the list, as on the first visit.
    """
    try:
        known = [line.verifier_key for line in read_keys(keys)]
        if trusted and trusted not in known:
            raise NotVouchedFor(
                f"Khóa đã tin cậy {trusted} không còn trong danh sách khóa; không ký.",
                f"The trusted key {trusted} is not in the list of keys; nothing is signed.",
            )
        key = _signer(note, known[known.index(trusted) if trusted else 0 :])
        return read_checkpoint(open_note(note, key)), key
    except BadNote as error:
        raise NotVouchedFor(
            f"Điểm chốt hoặc danh sách khóa không đúng ({error}); không ký.",
            f"The checkpoint or the list of keys is wrong ({error}); nothing is signed.",
        ) from error


def _signer(note: str, keys: Sequence[str]) -> str:
    """The newest of these keys that signed the note. Raises BadNote."""
    for key in reversed(keys[1:]):
        try:
            open_note(note, key)
        except BadNote:
            continue
        return key
    open_note(note, keys[0])
    return keys[0]


def require_growth(seen: Seen, now: Checkpoint, step_of: Callable[[str], Step]) -> None:
    """Raises NotVouchedFor unless the tree of `now` begins with the one `seen`.

    `step_of` gives the step of an issue by its name, "" for the newest; the steps are followed back to what was seen.
    """
    _require_same_log(seen, now)
    if seen.size == 0:
        return  # every tree continues the empty one
    size, root, issue = now.size, now.root, ""
    for _step in range(MOST_STEPS):
        if size == seen.size:
            if root != seen.root:
                raise forked(seen)
            return
        step = step_of(issue)
        reaches = (step.size, step.root) == (size, root) and seen.size <= step.former_size <= size
        if not reaches or not is_consistent(step.former_size, size, step.former_root, root, step.proof):
            break
        size, root, issue = step.former_size, step.former_root, step.former_issue
    raise NotVouchedFor(
        f"Không có chứng minh rằng cây {now.size} lá nối tiếp cây {seen.size} lá đã thấy; không ký.",
        f"Nothing proves that the tree of {now.size} leaves continues that of {seen.size} seen before; not signed.",
    )


def _require_same_log(seen: Seen, now: Checkpoint) -> None:
    if now.origin != seen.origin:
        raise NotVouchedFor(
            f"Đây là sổ {now.origin}, không phải {seen.origin}; không ký.",
            f"This is the log {now.origin}, not {seen.origin}; nothing is signed.",
        )
    if now.size < seen.size:
        raise NotVouchedFor(
            f"Cây chỉ còn {now.size} lá, lần trước đã có {seen.size}: có mục bị bỏ, hoặc bản cũ được đưa ra; không ký.",
            f"The tree has {now.size} leaves, last time it had {seen.size}: entries are gone, or this is an old one; "
            "not signed.",
        )


def forked(seen: Seen) -> NotVouchedFor:
    return NotVouchedFor(
        f"Cây {seen.size} lá có gốc khác với gốc đã thấy: lịch sử đã bị sửa; không ký. Hãy giữ cả hai bản và báo "
        "công khai.",
        f"The tree of {seen.size} leaves has another root than was seen: history was rewritten; not signed. Keep both "
        "versions and tell the public.",
    )
