"""What the likeness of tasks says about a whole programme: shown to its authors, never a verdict (demand D7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from thucthi.intake.copying.comparison import NEAR_IDENTICAL
from thucthi.intake.copying.index import Entry, Match

# From this share of what is left after the parent's words, and this many tasks, one sibling is worth naming.
LIKE_SHARE, LIKE_COUNT, LEAST_COUNT = 0.5, 15, 3


def N_(sentence: str) -> str:
    """Marks a sentence for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another programme of the same kind: `keys` are the tasks of ours that it says too, `near` of them nearly so."""

    unit: int
    keys: tuple[int, ...]
    near: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """A programme beside others. `handed_down` are tasks that the programme above says too: passing them on is its
    duty, so they do not count as copied. `siblings` come with the likest first.
    """

    total: int
    handed_down: tuple[int, ...]
    siblings: tuple[Sibling, ...]
    matches: Mapping[int, tuple[Match, ...]]

    @property
    def own(self) -> int:
        """How many tasks are left once the programme above is put aside."""
        return self.total - len(self.handed_down)

    @property
    def striking(self) -> tuple[Sibling, ...]:
        """Siblings that share so much that the authors should look: half of what is left, and at least
        fifteen tasks; of a programme with few tasks, all but chance.
        """
        least = max(LEAST_COUNT, min(LIKE_COUNT, -(-self.own * 4 // 5)))
        return tuple(
            each for each in self.siblings if len(each.keys) >= least and len(each.keys) >= LIKE_SHARE * self.own
        )

    @property
    def statement(self) -> str:
        """A sentence with the placeholders %(like)s, %(own)s and %(handed_down)s."""
        if self.striking:
            return N_(
                "%(like)s trên %(own)s nhiệm vụ riêng giống với một chương trình cùng cấp, sau khi bỏ tên riêng và con "
                "số. Đề nghị đối chiếu từng cặp bên dưới và ghi phần việc của cơ quan mình."
            )
        if self.siblings:
            return N_("%(like)s trên %(own)s nhiệm vụ riêng giống nhiều nhất với một chương trình cùng cấp.")
        return N_("Không thấy nhiệm vụ riêng nào giống chương trình cùng cấp.")


def likeness_of(tasks: Sequence[Entry], found: Iterable[Match], *, parents: Collection[int]) -> Likeness:
    """Sort out the matches of one programme's tasks; `parents` are the programmes above it."""
    by_task: dict[int, list[Match]] = defaultdict(list)
    for match in found:
        by_task[match.key].append(match)
    handed_down = {key for key, rows in by_task.items() if any(row.other_unit in parents for row in rows)}
    shared: dict[int, dict[int, float]] = defaultdict(dict)
    for key, rows in by_task.items():
        for row in rows:
            if key not in handed_down:
                shared[row.other_unit][key] = max(row.score, shared[row.other_unit].get(key, 0.0))
    siblings = [
        Sibling(unit, tuple(sorted(scores)), sum(score >= NEAR_IDENTICAL for score in scores.values()))
        for unit, scores in shared.items()
    ]
    return Likeness(
        total=len(tasks),
        handed_down=tuple(sorted(handed_down)),
        siblings=tuple(sorted(siblings, key=lambda each: (-len(each.keys), -each.near, each.unit))),
        matches={key: tuple(sorted(rows, key=lambda row: (-row.score, row.other))) for key, rows in by_task.items()},
    )
