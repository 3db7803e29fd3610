"""How the names of bodies are put together and listed: patterns made from the lists of words in rules/."""

import re
from functools import cache

from thucthi.intake.reading.bodies.wording import CAPITAL, any_of, even
from thucthi.intake.reading.rules import rules

_WORD_END = r"(?!\w)"
# A capital after a kind makes a name of it, unless it opens the next body: "các tỉnh Bộ Tài chính".
_NOT_PROPER = (
    r"(?!\s+(?!(?:Trung ương|TW|TƯ|Đảng|Thành phố|Tỉnh|Việt Nam|Chính phủ|Nhà nước|Bộ|Sở|Đảng ủy|Ủy ban|UBND|Văn phòng"
    rf"|Học viện|Viện|Ngân hàng|Tập đoàn|Các)\b)[{CAPITAL}])"
)
_LISTED = r"(?:\s*,\s*(?:và\s+)?|\s+và\s+|\s+hoặc\s+|\s*/\s*)"


def _words(file: str, name: str) -> str:
    return any_of(rules(file)[name])


@cache
def collective() -> re.Pattern[str]:
    """A group without a name of its own; groups `quantity`, `more` (two kinds or more) and `said` (what follows)."""
    kind = rf"(?:(?i:{_words('collectives', 'kinds')}){_WORD_END}{_NOT_PROPER})"
    followers = rf"(?:\s+(?i:{_words('collectives', 'followers')}){_WORD_END})"
    return re.compile(
        rf"(?P<quantity>(?i:{_words('collectives', 'quantities')})\s+(?:\d+\s+)?)?"
        rf"{kind}{followers}*(?P<more>(?:{_LISTED}{kind}{followers}*)+)?"
    )


@cache
def generally_said() -> re.Pattern[str]:
    """What makes even one kind of body a group: "cơ quan liên quan"."""
    plain = r"(?:có )?liên quan|các cấp|cấp (?:tỉnh|xã|huyện)|trên địa bàn.*|được lựa chọn|khác|chức năng"
    return re.compile(rf"\s(?:{plain})$", re.IGNORECASE)


@cache
def organs_of_many() -> re.Pattern[str]:
    """The same organ of many places: "UBND các tỉnh, thành phố", "UBND 06 thành phố trực thuộc trung ương"."""
    area = rf"(?:(?i:{_words('collectives', 'areas')}){_WORD_END}{_NOT_PROPER})"
    follower = rf"(?:\s+(?i:{_words('collectives', 'followers')}){_WORD_END})"
    many = rf"(?:(?:các|những|\d+)\s+(?:{area}{follower}*(?:{_LISTED}(?:các\s+)?{area}{follower}*)*)"
    several = rf"|{area}(?:{_LISTED}{area})+{follower}*|(?i:cấp)\s+(?:tỉnh|xã|huyện)(?:{_LISTED}cấp xã)?{follower}*"
    one_kind = r"|(?:xã|phường|đặc khu|huyện|các cấp)(?=\s*(?:$|[;,.)\n]))"
    return re.compile(rf"(?i:{_words('collectives', 'organs')})\s+{many}{several}{one_kind})")


@cache
def unnamed() -> re.Pattern[str]:
    """A word that never names one body by itself, with nothing proper after it."""
    return re.compile(rf"(?i:{_words('collectives', 'unnamed')}){_WORD_END}(?!\s*(?:[{CAPITAL}]|\())")


@cache
def counted() -> re.Pattern[str]:
    return re.compile(rf"(?i:{_words('collectives', 'quantities')})\s")


@cache
def head() -> re.Pattern[str]:
    """The opening of a body's name, proper or not listed anywhere."""
    return re.compile(
        rf"(?:{_words('bodies', 'heads')}){_WORD_END}(?!\.)|(?:{_words('bodies', 'proper_heads')})\s+(?=[{CAPITAL}\d])"
    )


@cache
def group_opening() -> re.Pattern[str]:
    """A quantity, an organ of many places, or a word that never names one body."""
    quantity, unnamed_words = _words("collectives", "quantities"), _words("collectives", "unnamed")
    organs = _words("collectives", "organs")
    return re.compile(rf"(?i:{quantity}\s|(?:{unnamed_words}|{organs}){_WORD_END})")


@cache
def verb() -> re.Pattern[str]:
    """Where a list of bodies ends in a sentence: case counts, "Ban Tổ chức" goes on and "… tổ chức" does not."""
    return re.compile(rf"(?<=\s){_words('bodies', 'verbs')}{_WORD_END}")


@cache
def place() -> re.Pattern[str]:
    """Level and place after a local body: " tỉnh", " thành phố Hà Nội", " xã Đông Anh"; group `place` a province."""
    provinces = any_of([even(name) for name in all_provinces()])
    levels = r"(?:tỉnh|thành phố|Tỉnh|Thành phố|TP\.?|Tp\.?)"
    heads = any_of([*rules("bodies")["heads"], *rules("bodies")["proper_heads"]])
    commune = rf"(?!{heads}\b)[{CAPITAL}][^\W\d_]*(?:\s(?!{heads}\b)[{CAPITAL}][^\W\d_]*){{0,3}}"
    return re.compile(
        rf"\s+(?:(?P<level>{levels})(?:\s*(?P<city>(?i:{provinces}){_WORD_END}))?{_WORD_END}"
        rf"|(?i:xã|phường|đặc khu|huyện|quận|thị xã)\s+{commune}"
        rf"|(?i:cấp)\s+(?:tỉnh|xã|huyện){_WORD_END}|khu vực(?:\s+[IVX\d]+)?{_WORD_END}"
        rf"|(?P<bare>{provinces}){_WORD_END})"
    )


@cache
def all_provinces() -> tuple[str, ...]:
    """By name, those of today and those that were joined to them."""
    joined = [name for names in rules("successions")["provinces_2025"]["into"].values() for name in names]
    aliases = [name for names in rules("bodies")["province_aliases"].values() for name in names]
    return (*rules("bodies")["provinces"], *joined, *rules("successions")["city_of_hue"]["from"], *aliases)


BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
SEPARATOR = re.compile(
    r"(?P<hard>;|\n\s*(?:[-–+*•]|\(?\d{1,2}[.)]|[a-zđ]\))\s*|(?<!\S)[-–+•]\s+)"
    r"|(?P<line>\n)|(?P<soft>,\s*(?:và\s+)?|\.\s+|\s+và\s+|\s+cùng\s+(?:với\s+)?|\s*/\s*|\s*&\s+|\s+hoặc\s+)"
)
ENUMERATOR = re.compile(r"^\s*(?:[-–+*•]+|\(?\d{1,2}[.)]|[a-zđ]\))\s*")
SHARED_HEAD = re.compile(
    r"(?:[Cc]ác\s+)?(?P<head>[Bb]ộ|[Ss]ở|[Bb]an)\s*:\s*|[Cc]ác\s+(?P<plural>[Bb]ộ|[Ss]ở)\s+(?=[A-ZĐÂ])"
)
