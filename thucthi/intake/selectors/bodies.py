"""Who leads a draft: the name looked up as of the document's date, then followed to who answers for it today."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from thucthi.directory.models import Level, Organisation, Succession, Tree
from thucthi.directory.selectors import answering_for_many
from thucthi.intake.models import TaskDraft
from thucthi.kernel.vietnamese_text import fold, nfc
from thucthi.programmes.calculations.words import names_a_collective


@dataclass(frozen=True)
class Found:
    """What a name means: `organisation` is the one living body, or None and `trouble` says what to do.

    `rule` tells why another body stands there than the one that was named, with the legal source.
    """

    organisation: Organisation | None
    rule: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class Bodies:
    """A draft's lead and coordinators.

    `groups` are coordinators as written that name no single body ("các bộ, ngành liên quan"), `unknown` those that
    should be one and were not found.
    """

    lead: Found
    coordinators: tuple[Organisation, ...]
    unknown: tuple[str, ...]
    groups: tuple[str, ...]


def names_in(text: str) -> list[str]:
    """One name a line."""
    return [line.strip(" ;,.") for line in text.splitlines() if line.strip(" ;,.")]


def is_collective(lead_text: str) -> bool:
    """A group without a name of its own ("các bộ, ngành"): nobody answers."""
    return any(names_a_collective(name) for name in names_in(lead_text))


def bodies_of(drafts: Sequence[TaskDraft], *, as_of: date, today: date) -> dict[int, Bodies]:
    """The bodies of each draft by its id, with a fixed number of queries."""
    names = {name for draft in drafts for name in _names_of(draft)}
    known = _lookup(names, as_of)
    chosen = [draft.lead for draft in drafts if draft.lead is not None]
    named = [row for rows in known.values() for row in rows]
    today_by_id = answering_for_many([*chosen, *named], today)
    directory = _Directory(known, today_by_id, _rules(today_by_id, [*chosen, *named]))
    return {draft.pk: _bodies(draft, directory) for draft in drafts}


# What the reader knew of a draft's bodies: name as written → its succession.
Told = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class _Directory:
    known: Mapping[str, tuple[Organisation, ...]]
    today: Mapping[int, tuple[Organisation, ...]]
    rules: Mapping[int, str]

    def find(self, name: str, told: Told) -> Found:
        rows = self.known.get(fold(name), ())
        if len(rows) == 1:
            return self._agreed(self.follow(rows[0]), rows[0], told.get(name))
        if len(rows) > 1:
            listed = "; ".join(row.official_name for row in rows[:5])
            return Found(None, trouble=_("“%(name)s” có thể là: %(listed)s.") % {"name": name, "listed": listed})
        heir = self._heir_told(told.get(name))
        if heir is not None:
            return Found(heir, told[name]["rule"])
        return Found(None, trouble=_("Danh mục chưa có cơ quan “%(name)s”.") % {"name": name})

    def follow(self, named: Organisation) -> Found:
        """From a body of the document's day to the one of today."""
        heirs = self.today.get(named.pk, ())
        said = {"name": named.official_name, "heirs": "; ".join(heir.official_name for heir in heirs)}
        if not heirs:
            sentence = _("%(name)s đã kết thúc hoạt động và chưa ghi cơ quan tiếp nhận.")
            return Found(None, trouble=sentence % said)
        if len(heirs) > 1:
            sentence = _("%(name)s nay do nhiều cơ quan tiếp nhận: %(heirs)s. Đề nghị chọn một.")
            return Found(None, self.rules.get(named.pk, ""), sentence % said)
        return Found(heirs[0], "" if heirs[0].pk == named.pk else self.rules.get(named.pk, ""))

    def _agreed(self, found: Found, named: Organisation, said: Mapping[str, Any] | None) -> Found:
        """The directory knows the bodies, the reader knows what the task is about: together they may name one heir."""
        heir = self._heir_told(said)
        if said is None or heir is None or heir == found.organisation:
            return found
        if found.organisation is None and heir in self.today.get(named.pk, ()):
            return Found(heir, said["rule"])
        if found.organisation is None:
            return found
        sentence = _(
            "Danh mục ghi %(one)s tiếp nhận, còn theo nội dung việc thì có thể là %(other)s. Đề nghị chọn một."
        )
        both = {"one": found.organisation.official_name, "other": heir.official_name}
        return Found(None, found.rule, sentence % both)

    def _heir_told(self, said: Mapping[str, Any] | None) -> Organisation | None:
        """The one living body that the reader is certain of."""
        if said is None or not said["is_certain"] or len(said["successors"]) != 1:
            return None
        rows = self.known.get(fold(said["successors"][0]), ())
        return self.follow(rows[0]).organisation if len(rows) == 1 else None


def _bodies(draft: TaskDraft, directory: _Directory) -> Bodies:
    lead = _lead(draft, directory)
    told = _told(draft)
    found = [(name, directory.find(name, told).organisation) for name in names_in(draft.coordinators_text)]
    coordinators = dict.fromkeys(row for _name, row in found if row is not None and row != lead.organisation)
    return Bodies(
        lead=lead,
        coordinators=tuple(coordinators),
        unknown=tuple(name for name, row in found if row is None and not names_a_collective(name)),
        groups=tuple(name for name, row in found if row is None and names_a_collective(name)),
    )


def _lead(draft: TaskDraft, directory: _Directory) -> Found:
    if draft.lead is not None:
        return directory.follow(draft.lead)
    names = names_in(draft.lead_text)
    if not names:
        return Found(None, trouble=_("Chưa thấy cơ quan chủ trì. Đề nghị ghi một cơ quan."))
    if draft.is_collective:
        sentence = _("“%(name)s” là một tập thể. Đề nghị chọn từng cơ quan, mỗi cơ quan một nhiệm vụ.")
        return Found(None, trouble=sentence % {"name": ", ".join(names)})
    if len(names) > 1:
        sentence = _("Có %(n)s cơ quan cùng chủ trì: %(names)s. Đề nghị giữ một, hoặc tách thành từng nhiệm vụ.")
        return Found(None, trouble=sentence % {"n": len(names), "names": "; ".join(names)})
    return directory.find(names[0], _told(draft))


def _told(draft: TaskDraft) -> Told:
    return {said["named"]: said for said in draft.successions}


def _names_of(draft: TaskDraft) -> list[str]:
    heirs = [heir for said in draft.successions for heir in said["successors"]]
    return [*names_in(draft.lead_text), *names_in(draft.coordinators_text), *heirs]


def _lookup(names: Iterable[str], as_of: date) -> dict[str, tuple[Organisation, ...]]:
    """Bodies by folded name: exactly so called, those that stood on the day before others, right accents first."""
    asked: dict[str, set[str]] = {}
    for name in names:
        asked.setdefault(fold(name), set()).add(nfc(name).lower())
    asked.pop("", None)
    if not asked:
        return {}
    holding = reduce(or_, (Q(search_text__contains=folded) for folded in sorted(asked)))
    found: dict[str, list[Organisation]] = {}
    for row in Organisation.objects.filter(holding).order_by("sort_key", "code"):
        for folded in asked.keys() & {*row.search_text.split(" | "), row.code.lower()}:
            found.setdefault(folded, []).append(row)
    return {folded: _likeliest(rows, asked[folded], as_of) for folded, rows in found.items()}


def _likeliest(rows: list[Organisation], written: Collection[str], as_of: date) -> tuple[Organisation, ...]:
    standing = [row for row in rows if _stood(row, as_of)] or rows
    accented = [row for row in standing if {nfc(name).lower() for name in _names_borne(row)} & set(written)]
    return tuple(accented or standing)


def _names_borne(row: Organisation) -> tuple[str, ...]:
    return (row.official_name, row.short_name, *row.aliases)


def _stood(row: Organisation, on: date) -> bool:
    started = row.valid_from is None or row.valid_from <= on
    return started and (row.valid_to is None or row.valid_to >= on)


def _rules(today: Mapping[int, tuple[Organisation, ...]], named: Iterable[Organisation]) -> dict[int, str]:
    """Why somebody else answers for a body that has ended, in one sentence each."""
    ended = {row.pk: row for row in named if row not in today.get(row.pk, ())}
    steps = (
        Succession.objects.filter(predecessor__in=ended).select_related("event").order_by("event__effective_on", "pk")
    )
    rules = {}
    for step in steps:
        heirs = "; ".join(heir.official_name for heir in today.get(step.predecessor_id, ()))
        said = {
            "old": ended[step.predecessor_id].official_name,
            "new": heirs,
            "kind": step.event.get_kind_display().lower(),
            "day": f"{step.event.effective_on:%d/%m/%Y}",
            "basis": step.event.legal_basis,
        }
        rules[step.predecessor_id] = (
            _("%(old)s nay là %(new)s (%(kind)s từ %(day)s, theo %(basis)s).") % said if heirs else ""
        )
    return rules


_LOCAL = ("địa phương", "tỉnh", "thành phố", "ủy ban nhân dân", "uỷ ban nhân dân", "ubnd")
_CENTRAL = ("bộ", "ngành", "trung ương")


def usual_bodies(lead_text: str, on: date) -> list[Organisation]:
    """What a group commonly means: bodies right below the Government, local or central ones as its words say."""
    said = lead_text.lower()
    is_local, is_central = (any(word in said for word in words) for words in (_LOCAL, _CENTRAL))
    below = Organisation.objects.live(on).filter(parent__kind="government", tree=Tree.STATE)
    if is_local != is_central:
        below = below.filter(level=Level.PROVINCE) if is_local else below.exclude(level=Level.PROVINCE)
    return list(below.order_by("level", "sort_key", "code"))
