"""Who has to do what by one sentence."""

import re
from dataclasses import dataclass
from enum import Enum

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.bodies.wording import even
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.tasks.prose.wording import any_of, ends_label, lowered, pattern
from thucthi.kernel.deadlines import find_deadlines

_WORDS = rules("verbs")
_HEAD = pattern("verbs", "heads", literal=False, before=r"\s*")
_HANDING = pattern("verbs", "handing", before=r"\s*", after=r"\s+")
_SUPERIOR = pattern("verbs", "superiors")
_LEADIN = pattern("verbs", "leadins", before=r"\s*")
_TURN = re.compile(r",\s+(?:thì\s+)?|\s+thì\s+|:\s+|\s(?=giao\s)")
_OPENERS = re.compile(
    "|".join(
        rf"(?P<{name}>{any_of(_WORDS[key], literal=literal)})"
        for name, key, literal in (
            ("role", "roles", False), ("joining", "joining", True), ("fact", "facts", False),
            ("adverb", "adverbs", True), ("verb", "verbs", False), ("aside", "asides", True),
        )
    )
    + r"|(?P<colon>:)(?!\d)|(?P<stop>[;]|\.(?=\s|$)|[…!?])"
)  # fmt: skip
_GUARD = re.compile(any_of(_WORDS["guards"], literal=False) + r"\s*$")
_IMPERATIVE = re.compile(any_of([*_WORDS["verbs"], *_WORDS["adverbs"], *_WORDS["joining"], "chủ trì"], literal=False))
_FOOTNOTE = re.compile(r"\[\d+\]|\(\*+\)")
_VERB = any_of(_WORDS["verbs"], literal=False)
_LAST_VERB = re.compile(rf"(?<= ){_VERB}$")
_NEXT_VERB = re.compile(rf",? (?:và )?{_VERB}")
_IN_SMALL_LETTERS = frozenset({"verb", "adverb", "fact", "role"})
_NOUN_TO_ORGANISE = re.compile(
    r"tổ chức(?=\s*(?:,|;|$|và cá nhân|chính trị|xã hội|đảng|có liên quan|liên quan|khác|đoàn thể|tín dụng|quốc tế|hội\b"
    r"|khoa học|trong|ngoài|thành viên|cơ sở|trực thuộc|thuộc|nghề nghiệp|kinh tế|hành chính))"
)
_LISTED = re.compile(r"(?:cơ quan|đơn vị|ngành|các|doanh nghiệp)(?:,| và)?\s*$")
_LONGEST_SUBJECT = 420
_LONGEST_NAME = 200
_LATER_JOINING = re.compile(r"[,;]\s+(?:(?:và )?chủ trì,?\s+)?(?=phối hợp)")
_ONLY_ANNOUNCES = re.compile(
    r"(?:thực hiện|triển khai|tập trung|làm tốt|tổ chức|quán triệt)[^.;]*"
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
    announces: bool = False


def assignment_in(sentence: str, gazetteer: Gazetteer) -> Assignment | None:
    """What one sentence, or one item of a list, gives to whom; None when it gives nothing to anybody."""
    reader = _Sentence(sentence, gazetteer)
    return reader.named() or reader.imperative()


def begins_with_body(sentence: str, gazetteer: Gazetteer) -> bool:
    """Whether the sentence names, on its own, who has to do something."""
    found = _Sentence(sentence, gazetteer).named()
    return found is not None


def names_in(words: str, gazetteer: Gazetteer) -> Names:
    """The bodies of a list."""
    found = gazetteer.split(_FOOTNOTE.sub("", words).strip(" ,;:.-–"), None)
    names = tuple(body.name.strip(" ,;:.") for body in found)
    return Names(tuple(name for name in names if name), any(body.is_collective for body in found))


class _Sentence:
    def __init__(self, sentence: str, gazetteer: Gazetteer) -> None:
        self.text = even(sentence)
        self.lower = lowered(self.text)
        self.raw = sentence
        self.gazetteer = gazetteer
        self.begin = ends_label(sentence)

    def named(self) -> Assignment | None:
        """With its own subject, in each place where one may begin."""
        place, is_handed = self.begin, False
        for _ in range(4):
            handing = _HANDING.match(self.lower, place)
            if handing and self._is_body(handing.end()):
                place, is_handed = handing.end(), True
            if self._is_body(place):
                return self._from_subject(place, is_handed=is_handed)
            after = self._after_leadin(place)
            if after is None:
                return None
            place = after
        return None

    def imperative(self) -> Assignment | None:
        """Without a subject: it begins with the work itself, or with "Chủ trì, phối hợp với …"."""
        place = self.begin
        for _ in range(2):
            if _IMPERATIVE.match(self.lower, place):
                return self._predicate(Names(), place, Strength.IMPERATIVE)
            after = self._after_leadin(place)
            if after is None:
                return None
            place = after
        return None

    def _is_body(self, place: int) -> bool:
        if _HEAD.match(self.lower, place):
            return True
        if _IMPERATIVE.match(self.lower, place):
            return False
        leading = self.gazetteer.leading(self.raw[place : place + _LONGEST_NAME])
        return bool(leading) and leading[0].known is not None

    def _after_leadin(self, place: int) -> int | None:
        """Where the sentence goes on after "Trước ngày …," or "Trên cơ sở …,"."""
        timed = next((found for found in find_deadlines(self.raw, issued_on=None) if found.start <= place + 1), None)
        if timed and timed.start >= place:
            return timed.end + len(self.raw[timed.end :]) - len(self.raw[timed.end :].lstrip(" ,:"))
        if not _LEADIN.match(self.lower, place):
            return None
        for turn in _TURN.finditer(self.lower, place, place + 400):
            handing = _HANDING.match(self.lower, turn.end())
            if self._is_body(handing.end() if handing else turn.end()) and self._has_predicate(turn.end()):
                return turn.end()
        first = _TURN.search(self.lower, place, place + 200)
        return first.end() if first and _IMPERATIVE.match(self.lower, first.end()) else None

    def _has_predicate(self, place: int) -> bool:
        handing = _HANDING.match(self.lower, place)
        opener = self._opener(handing.end() if handing else place)
        return opener is not None and opener.lastgroup in ("role", "joining", "adverb", "verb", "aside", "colon")

    def _from_subject(self, place: int, *, is_handed: bool) -> Assignment | None:
        opener = self._opener(place)
        end = opener.start() if opener else len(self.raw)
        subject = self.raw[place:end]
        if opener and opener.lastgroup in ("verb", "adverb") and self._hands_over(subject, opener):
            handing = _HANDING.match(self.lower, opener.start())
            if handing and self._is_body(handing.end()):
                return self._from_subject(handing.end(), is_handed=True)
            return None
        if len(subject) > _LONGEST_SUBJECT or (opener and opener.lastgroup == "fact"):
            return None
        lead = self._names(place, end)
        if not lead.names:
            return None
        if opener is None or opener.lastgroup == "stop":
            return Assignment(lead, Names(), None, Strength.NAMED) if self._is_only_names(place, end) else None
        return self._predicate(lead, opener.start(), Strength.HANDED if is_handed else Strength.NAMED)

    def _is_only_names(self, place: int, end: int) -> bool:
        """A heading such as "1. Sở Tài chính"."""
        return place == self.begin and not self.raw[end:].strip(" .;:") and len(self.raw[place:end].split()) <= 25

    def _hands_over(self, subject: str, opener: re.Match[str]) -> bool:
        return bool(_SUPERIOR.search(lowered(even(subject))) and _HANDING.match(self.lower, opener.start()))

    def _opener(self, place: int, *, since: int | None = None) -> re.Match[str] | None:
        """The first word after `place` that ends a list of names; parts of names and nouns are passed over.

        Words from `since` on tell what stands before `place`.
        """
        start = self._end_of_known(place)
        guarded_end = -1
        for found in _OPENERS.finditer(self.lower, start):
            before = self.lower[place : found.start()]
            is_inside = before.count("(") > before.count(")")
            if is_inside or (found.lastgroup in _IN_SMALL_LETTERS and not self._is_lower(found)):
                continue
            is_after_known = start > place and not self.lower[start : found.start()].strip(" ,")
            is_noun = (
                found.lastgroup in ("verb", "adverb", "joining")
                and not is_after_known
                and (self._is_guarded(found, place if since is None else since) or found.start() <= guarded_end + 1)
            )
            if not is_noun:
                return found
            guarded_end = found.end()
        return None

    def _end_of_known(self, place: int) -> int:
        """Where the known bodies end; of "các cơ quan nghiên cứu, xây dựng" the first verb is no part of them."""
        known = self.gazetteer.leading(self.raw[place : place + _LONGEST_SUBJECT])
        end = place + max((body.end for body in known), default=0)
        last = _LAST_VERB.search(self.lower, place, end)
        return last.start() if last and _NEXT_VERB.match(self.lower, end) else end

    def _is_lower(self, found: re.Match[str]) -> bool:
        return self.text[found.start()].islower()

    def _is_guarded(self, found: re.Match[str], place: int) -> bool:
        before = self.lower[place : found.start()]
        if found[0] == "tổ chức" and (
            _NOUN_TO_ORGANISE.match(self.lower, found.start()) or re.search(r"(?:cơ quan|các|đơn vị),?\s*$", before)
        ):
            return _LISTED.search(before) is not None or _NOUN_TO_ORGANISE.match(self.lower, found.start()) is not None
        if found.lastgroup == "adverb":
            return False
        if found[0] == "trình" or not before.strip():
            return before.endswith(("quy ", "chương ", "tờ ", "công ", "lộ ", "tiến "))
        return _GUARD.search(before) is not None

    def _predicate(self, lead: Names, place: int, strength: Strength) -> Assignment | None:
        """From the first word after the subject: roles, coordinators and asides, up to the work itself."""
        coordinators = Names()
        joined = False
        for _ in range(8):
            opener = self._opener_at(place)
            if opener is None or opener.lastgroup == "stop":
                return Assignment(lead, coordinators, None, strength) if joined and lead.names else None
            if opener.lastgroup == "colon":
                return self._after_colon(lead, coordinators, opener.end(), strength)
            if opener.lastgroup == "fact":
                return None
            if opener.lastgroup == "joining":
                end = self._end_of_names(opener.end())
                coordinators = coordinators if joined else self._names(opener.end(), end)
                joined, place = True, end
            elif opener.lastgroup == "role":
                strength = Strength.IN_CHARGE if strength is Strength.NAMED else strength
                place = opener.end()
            elif opener.lastgroup == "aside":
                place = self._end_of_names(opener.end(), since=opener.start())
            else:
                return self._with_action(lead, coordinators if joined else None, opener.start(), strength)
            place = self._over_punctuation(place)
        return None

    def _opener_at(self, place: int) -> re.Match[str] | None:
        for found in _OPENERS.finditer(self.lower, place):
            if found.start() == place or not self.raw[place : found.start()].strip(" ,"):
                return found
            if found.lastgroup in ("colon", "stop", "joining", "role"):
                return found
            if self._is_lower(found) and not self._is_guarded(found, place):
                return found
        return None

    def _end_of_names(self, place: int, *, since: int | None = None) -> int:
        opener = self._opener(place, since=since)
        while opener and opener.lastgroup == "fact":
            later = [
                found for found in _OPENERS.finditer(self.lower, opener.end()) if not self._is_guarded(found, place)
            ]
            opener = later[0] if later else None
        return opener.start() if opener else len(self.raw)

    def _over_punctuation(self, place: int) -> int:
        return place + len(self.raw[place:]) - len(self.raw[place:].lstrip(" ,;–-"))

    def _after_colon(self, lead: Names, coordinators: Names, place: int, strength: Strength) -> Assignment | None:
        rest = self.raw[place:]
        begin = place + ends_label(rest) if rest.strip() else None
        if begin is None or not rest.strip(" .;"):
            return Assignment(lead, coordinators, None, strength)
        begin += len(self.raw[begin:]) - len(self.raw[begin:].lstrip())
        return self._with_action(lead, coordinators, begin, strength) if lead.names else None

    def _with_action(
        self, lead: Names, coordinators: Names | None, place: int, strength: Strength
    ) -> Assignment | None:
        announces = _ONLY_ANNOUNCES.match(self.lower, place) is not None
        if coordinators is None:
            later = _LATER_JOINING.search(self.lower, place)
            joining = _OPENERS.match(self.lower, later.end()) if later else None
            coordinators = self._names(joining.end(), self._end_of_names(joining.end())) if joining else Names()
        return Assignment(lead, coordinators, None if announces else place, strength, announces)

    def _names(self, start: int, end: int) -> Names:
        return names_in(self.raw[start:end], self.gazetteer)
