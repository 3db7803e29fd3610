"""The words of one sentence that open and close the names of bodies."""

import re

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.bodies.wording import even
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.tasks.prose.wording import any_of, ends_label, lowered, pattern

_WORDS = rules("verbs")
_HEAD = pattern("verbs", "heads", literal=False, before=r"\s*")
OPENERS = re.compile(
    "|".join(
        rf"(?P<{name}>{any_of(_WORDS[key], literal=literal)})"
        for name, key, literal in (
            ("role", "roles", False), ("joining", "joining", False), ("fact", "facts", False),
            ("whole", "whole_asides", False), ("adverb", "adverbs", True), ("verb", "verbs", False),
            ("aside", "asides", True),
        )
    )
    + r"|(?P<colon>:)(?!\d)|(?P<stop>[;]|\.(?=\s|$)|[…!?])"
)  # fmt: skip
_GUARD = re.compile(any_of(_WORDS["guards"], literal=False) + r"\s*$")
IMPERATIVE = re.compile(
    any_of([*_WORDS["verbs"], *_WORDS["adverbs"], *_WORDS["joining"], *_WORDS["roles"]], literal=False)
)
# "Quyết định này có hiệu lực …", "Hướng dẫn số …": the word is a noun.
THIS_TEXT = re.compile(r"(?:quyết định|quy định|hướng dẫn|thông báo|báo cáo|quy hoạch|đề nghị)\s+(?:này|số\s+\d|trên)")
_VERB = any_of(_WORDS["verbs"], literal=False)
_LAST_VERB = re.compile(rf"(?<= ){_VERB}$")
_NEXT_VERB = re.compile(rf",? (?:và )?{_VERB}")
_IN_SMALL_LETTERS = frozenset({"verb", "adverb", "fact", "role"})
_NOUN_TO_ORGANISE = re.compile(
    r"tổ chức(?=\s*(?:,|;|$|và cá nhân|chính trị|xã hội|đảng|có liên quan|liên quan|khác|đoàn thể|tín dụng|quốc tế"
    r"|hội\b|khoa học|trong|ngoài|thành viên|cơ sở|trực thuộc|thuộc|nghề nghiệp|kinh tế|hành chính))"
)
_LISTED = re.compile(r"(?:cơ quan|đơn vị|ngành|các|doanh nghiệp)(?:,| và)?\s*$")
# "Giám đốc các Sở: Y tế, Tài chính; Chủ tịch …": the list goes on.
_GOES_ON = re.compile(r"(?:^|[,;] ?|\s)các (?:sở|bộ|ban|ngành|sở, ngành|sở, ban, ngành)(?::[^:]*)?$")
_STILL_A_NAME = re.compile(
    r"(?:và|cùng|của|tại|ở|thuộc|trực thuộc|trên|các|có|liên quan|khác|cấp|tỉnh|thành phố|xã|phường|huyện|nhà nước|số"
    r"|điện tử)\b"
)
_LONGEST_SUBJECT = 420
_LONGEST_NAME = 200


class Sentence:
    """A sentence in the spelling of the rules: `lower` has the same length as `raw`; `begin` is past the label."""

    def __init__(self, sentence: str, gazetteer: Gazetteer) -> None:
        self.text = even(sentence)
        self.lower = lowered(self.text)
        self.raw = sentence
        self.gazetteer = gazetteer
        self.begin = ends_label(sentence)
        self._ends: dict[int, int] = {}

    def is_body(self, place: int) -> bool:
        if _HEAD.match(self.lower, place):
            return True
        if IMPERATIVE.match(self.lower, place):
            return False
        leading = self.gazetteer.leading(self.raw[place : place + _LONGEST_NAME])
        return bool(leading) and leading[0].known is not None

    def opener(self, place: int, *, since: int | None = None) -> re.Match[str] | None:
        """The first word after `place` that ends a list of names; parts of names and nouns are passed over.

        Words from `since` on tell what stands before `place`.
        """
        start = self._end_of_known(place)
        guarded_end = -1
        for found in OPENERS.finditer(self.lower, start):
            before = self.lower[place : found.start()]
            is_inside = before.count("(") > before.count(")") or (found[0] in ":;" and _GOES_ON.search(before))
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
        if place not in self._ends:
            self._ends[place] = self._found_end(place)
        return self._ends[place]

    def _found_end(self, place: int) -> int:
        known = self.gazetteer.leading(self.raw[place : place + _LONGEST_SUBJECT])
        end = place + max((body.end for body in known), default=0)
        last = None if not known or known[-1].known else _LAST_VERB.search(self.lower, place, end)
        return last.start() if last and _NEXT_VERB.match(self.lower, end) else end

    def unlisted_verb(self, place: int) -> int | None:
        """After "Giao" and a known body, the next small letter begins the work even if no list has the verb."""
        end = self._end_of_known(place)
        gap = self.raw[end:]
        begin = end + len(gap) - len(gap.lstrip())
        is_word = end > place and begin > end and begin < len(self.raw) and self._begins_small(begin)
        return begin if is_word and not OPENERS.match(self.lower, begin) else None

    def _begins_small(self, place: int) -> bool:
        return self.text[place].islower() and not _STILL_A_NAME.match(self.lower, place)

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

    def opener_at(self, place: int) -> re.Match[str] | None:
        for found in OPENERS.finditer(self.lower, place):
            if found.start() == place or not self.raw[place : found.start()].strip(" ,"):
                return found
            if found.lastgroup in ("colon", "stop", "joining", "role"):
                return found
            if self._is_lower(found) and not self._is_guarded(found, place):
                return found
        return None

    def end_of_names(self, place: int, *, since: int | None = None) -> int:
        opener = self.opener(place, since=since)
        while opener and opener.lastgroup == "fact":
            later = [
                found for found in OPENERS.finditer(self.lower, opener.end()) if not self._is_guarded(found, place)
            ]
            opener = later[0] if later else None
        return opener.start() if opener else len(self.raw)

    def over_punctuation(self, place: int) -> int:
        return place + len(self.raw[place:]) - len(self.raw[place:].lstrip(" ,;–-"))
