"""Who has to do what by one sentence."""

import re
from dataclasses import dataclass
from enum import Enum

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.bodies.wording import even
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.tasks.prose.sentence import IMPERATIVE, OPENERS, THIS_TEXT, Sentence
from thucthi.intake.reading.tasks.prose.wording import ends_label, lowered, pattern
from thucthi.kernel.deadlines import find_deadlines

_WORDS = rules("verbs")
_HANDING = pattern("verbs", "handing", before=r"\s*", after=r"(?:\s*:\s*|\s+)")
_SUPERIOR = pattern("verbs", "superiors")
_LEADIN = pattern("verbs", "leadins", before=r"\s*")
_TURN = re.compile(r",\s+(?:thì\s+)?|\s+thì\s+|:\s+|\s(?=giao\s)")
_FOOTNOTE = re.compile(r"\[\d+\]|\(\*+\)")
_DATED = re.compile(r"\bngày\b|\bnăm \d{4}")
_LONGEST_SUBJECT = 420
_MOST_STEPS = 8
_FEWEST_WORDS_OF_ITEM = 4
# "Xây dựng nhà hát tỉnh (Sở A chủ trì, …)".
_BRACKETED = re.compile(
    r"\((?:giao |do )?(?P<lead>[^();:]{3,200}?),? (?:chủ trì|chịu trách nhiệm|thực hiện|phụ trách)\b"
)
_LATER_HANDING = re.compile(r"[,;] (?:và |đồng thời )?(?:giao|phân công) ")
_LATER_JOINING = re.compile(r"[,;]\s+(?:(?:và )?chủ trì,?\s+)?(?=phối hợp)")
_ONLY_ANNOUNCES = re.compile(
    r"[^.;]*(?:nhiệm vụ|nội dung|công việc|công tác|giải pháp|việc)\s[^.;]*(?:sau|sau đây|dưới đây|như sau)\s*[:.]?\s*$"
    r"|(?:thực hiện|triển khai|tập trung|làm tốt|tổ chức|quán triệt)[^.;]*"
    r"(?:nhiệm vụ|nội dung|công việc|công tác|giải pháp|việc)[^.;]*:\s*$"
)


class Strength(Enum):
    """How plainly the sentence gives the work."""

    HANDED = "giao"
    IN_CHARGE = "chủ trì"
    NAMED = "có tên"
    IMPERATIVE = "không nêu tên"


@dataclass(frozen=True, slots=True)
class Names:
    """Bodies as written, and whether one of them is a collective without a name."""

    names: tuple[str, ...] = ()
    is_collective: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """`action` is where the work begins in the sentence, None when it only names who ("Sở Y tế:")."""

    lead: Names
    coordinators: Names
    action: int | None
    strength: Strength


@dataclass(slots=True)
class _SoFar:
    """What has been read of a predicate; `coordinators` None while none were named."""

    lead: Names
    coordinators: Names | None
    strength: Strength
    place: int


def assignment_in(sentence: str, gazetteer: Gazetteer) -> Assignment | None:
    """What one sentence, or one item of a list, gives to whom; None when it gives nothing to anybody."""
    reader = _Reader(sentence, gazetteer)
    return reader.named() or reader.imperative()


def item_in(sentence: str) -> Assignment | None:
    """An item right under "Sở A:" is work whatever it begins with."""
    begin = ends_label(sentence)
    is_said = len(sentence[begin:].split()) >= _FEWEST_WORDS_OF_ITEM
    return Assignment(Names(), Names(), begin, Strength.IMPERATIVE) if is_said else None


def begins_with_body(sentence: str, gazetteer: Gazetteer) -> bool:
    """Whether the sentence names, on its own, who has to do something."""
    found = _Reader(sentence, gazetteer).named()
    return found is not None


def names_in(words: str, gazetteer: Gazetteer) -> Names:
    """The bodies of a list; two that nothing but a space parts are one ("Chủ tịch UBND" "các tỉnh")."""
    listed = _FOOTNOTE.sub("", words).strip(" ,;:.-–")
    names: list[str] = []
    end = -1
    found = gazetteer.split(listed)
    for body in found:
        name = body.name.strip(" ,;:.")
        if names and body.start > end and not listed[end : body.start].strip():
            names[-1] = f"{names[-1]} {name}"
        elif name:
            names.append(name)
        end = body.end
    return Names(tuple(names), any(body.is_collective for body in found))


class _Reader(Sentence):
    def named(self) -> Assignment | None:
        """With its own subject, in each place where one may begin."""
        place, is_handed = self.begin, False
        for _ in range(4):
            handing = _HANDING.match(self.lower, place)
            if handing and self.is_body(handing.end()):
                place, is_handed = handing.end(), True
            if self.is_body(place):
                return self._from_subject(place, is_handed=is_handed)
            after = self._after_leadin(place)
            if after is None:
                return self._handed_later()
            place = after
        return None

    def _handed_later(self) -> Assignment | None:
        """ "Đồng ý chủ trương …, giao Bộ A chủ trì …"."""
        found = None if IMPERATIVE.match(self.lower, self.begin) else _LATER_HANDING.search(self.lower, self.begin)
        is_to_body = found is not None and self.is_body(found.end())
        return self._from_subject(found.end(), is_handed=True) if found and is_to_body else None

    def imperative(self) -> Assignment | None:
        """Without a subject: it begins with the work itself, or with "Chủ trì, phối hợp với …"."""
        place = self.begin
        for _ in range(2):
            if IMPERATIVE.match(self.lower, place) and not THIS_TEXT.match(self.lower, place):
                return self._predicate(self._bracketed(place), place, Strength.IMPERATIVE)
            after = self._after_leadin(place)
            if after is None:
                return None
            place = after
        return None

    def _bracketed(self, place: int) -> Names:
        found = _BRACKETED.search(self.lower, place)
        return self._names(*found.span("lead")) if found and self.is_body(found.start("lead")) else Names()

    def _after_leadin(self, place: int) -> int | None:
        """Where the sentence goes on after "Trước ngày …," or "Trên cơ sở …,"."""
        timed = next((found for found in find_deadlines(self.raw, issued_on=None) if found.start <= place + 1), None)
        if timed and timed.start >= place:
            return timed.end + len(self.raw[timed.end :]) - len(self.raw[timed.end :].lstrip(" ,:"))
        if not _LEADIN.match(self.lower, place):
            return None
        for turn in _TURN.finditer(self.lower, place, place + 400):
            handing = _HANDING.match(self.lower, turn.end())
            if self.is_body(handing.end() if handing else turn.end()) and self._has_predicate(turn.end()):
                return turn.end()
        first = _TURN.search(self.lower, place, place + 200)
        return first.end() if first and IMPERATIVE.match(self.lower, first.end()) else None

    def _has_predicate(self, place: int) -> bool:
        handing = _HANDING.match(self.lower, place)
        opener = self.opener(handing.end() if handing else place)
        return opener is not None and opener.lastgroup not in ("fact", "stop")

    def _from_subject(self, place: int, *, is_handed: bool) -> Assignment | None:
        unlisted = self.unlisted_verb(place) if is_handed else None
        if unlisted is not None:
            return self._with_action(_SoFar(self._names(place, unlisted), None, Strength.HANDED, unlisted), unlisted)
        opener = self.opener(place)
        end = opener.start() if opener else len(self.raw)
        if opener and opener.lastgroup in ("verb", "adverb") and self._hands_over(self.raw[place:end], opener):
            return self._handed_on(opener.start())
        lead = Names() if end - place > _LONGEST_SUBJECT else self._names(place, end)
        if not lead.names or (opener and opener.lastgroup == "fact"):
            return None
        if opener is None or opener.lastgroup == "stop":
            return Assignment(lead, Names(), None, Strength.NAMED) if self._is_only_names(place, end) else None
        return self._predicate(lead, opener.start(), Strength.HANDED if is_handed else Strength.NAMED)

    def _handed_on(self, place: int) -> Assignment | None:
        """ "Thủ tướng Chính phủ giao Bộ A …": what follows the handing is who answers."""
        handing = _HANDING.match(self.lower, place)
        is_to_body = handing is not None and self.is_body(handing.end())
        return self._from_subject(handing.end(), is_handed=True) if handing and is_to_body else None

    def _is_only_names(self, place: int, end: int) -> bool:
        """A heading such as "1. Sở Tài chính"; "Hà Nội, ngày …" is none."""
        if _DATED.search(self.lower, place, end):
            return False
        return place == self.begin and not self.raw[end:].strip(" .;:") and len(self.raw[place:end].split()) <= 25

    def _hands_over(self, subject: str, opener: re.Match[str]) -> bool:
        return bool(_SUPERIOR.search(lowered(even(subject))) and _HANDING.match(self.lower, opener.start()))

    def _predicate(self, lead: Names, place: int, strength: Strength) -> Assignment | None:
        """From the first word after the subject: roles, coordinators and asides, up to the work itself."""
        if strength is Strength.IMPERATIVE and lead.names:
            strength = Strength.IN_CHARGE
        so_far = _SoFar(lead, None, strength, place)
        for _ in range(_MOST_STEPS):
            opener = self.opener_at(so_far.place)
            if opener is None or opener.lastgroup == "stop":
                return self._names_only(so_far) if so_far.coordinators is not None and lead.names else None
            if opener.lastgroup == "colon":
                return self._after_colon(so_far, opener.end())
            if opener.lastgroup == "fact":
                return None
            if opener.lastgroup in ("verb", "adverb"):
                return self._with_action(so_far, opener.start())
            self._step(so_far, opener)
            is_plain = opener.lastgroup == "role" and so_far.place < len(self.raw)
            if is_plain and not OPENERS.match(self.lower, so_far.place):
                return self._with_action(so_far, so_far.place)
        return None

    def _step(self, so_far: _SoFar, opener: re.Match[str]) -> None:
        """Past a role, the coordinators or an aside."""
        place = opener.end()
        if opener.lastgroup == "joining":
            place = self.end_of_names(opener.end())
            if so_far.coordinators is None:
                so_far.coordinators = self._names(opener.end(), place)
        elif opener.lastgroup == "aside":
            place = self.end_of_names(opener.end(), since=opener.start())
        elif opener.lastgroup == "role" and so_far.strength is Strength.NAMED:
            so_far.strength = Strength.IN_CHARGE
        so_far.place = self.over_punctuation(place)

    def _names_only(self, so_far: _SoFar) -> Assignment:
        return Assignment(so_far.lead, so_far.coordinators or Names(), None, so_far.strength)

    def _after_colon(self, so_far: _SoFar, place: int) -> Assignment | None:
        if not self.raw[place:].strip(" .;"):
            return self._names_only(so_far)
        begin = self.over_punctuation(place + ends_label(self.raw[place:]))
        if not so_far.lead.names:
            return None
        if IMPERATIVE.match(self.lower, begin) and so_far.coordinators is None:
            return self._predicate(so_far.lead, begin, so_far.strength)
        is_work = IMPERATIVE.match(self.lower, begin) or self.is_body(begin)
        return self._with_action(so_far, begin) if is_work else None

    def _with_action(self, so_far: _SoFar, place: int) -> Assignment:
        announces = _ONLY_ANNOUNCES.match(self.lower, place) is not None
        coordinators = so_far.coordinators
        if coordinators is None:
            later = _LATER_JOINING.search(self.lower, place)
            joining = OPENERS.match(self.lower, later.end()) if later else None
            coordinators = self._names(joining.end(), self.end_of_names(joining.end())) if joining else Names()
        return Assignment(so_far.lead, coordinators, None if announces else place, so_far.strength)

    def _names(self, start: int, end: int) -> Names:
        return names_in(self.raw[start:end], self.gazetteer)
