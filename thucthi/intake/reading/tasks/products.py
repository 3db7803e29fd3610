"""What stands there when a piece of work is done, as running text names it."""

import re

from thucthi.intake.reading.bodies.wording import even
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.tasks.prose.wording import any_of, lowered

_WORDS = rules("products")
_VERB = any_of(rules("verbs")["verbs"], literal=False)
_MAKING = re.compile(rf"(?P<verb>{any_of(_WORDS['making'])})(?:(?:, | và |, và ){_VERB})*")
_NOUN = re.compile(r"(?<!pháp )" + any_of([*_WORDS["documents"], *_WORDS["things"]]))
# "Kế hoạch này", "Quyết định số …", "các quy định của pháp luật" are what the work goes by, not what comes of it.
_CITED = re.compile(r"\s*(?:này|trên|nêu trên|nói trên|đã|được giao|hiện hành|của pháp luật|số\s+\d|\d)")
_GONE_BY = re.compile(
    r"(?:theo|tại|căn cứ|thực hiện|triển khai|trong|của|với|các bước|đề nghị|thi hành|quán triệt|hướng dẫn|vào|về|bởi"
    r"|từ|cho|kết quả|giám sát|đối với|đánh giá|rà soát|sơ kết|tổng kết|tiếp nhận|liên quan|liên quan đến)"
    r"(?:\s+(?:các|những|việc|một số|hệ thống|nội dung|dự thảo))*\s*$"
)
_THIS = re.compile(r"\s*(?:này|trên|nêu trên|nói trên)(?!\w)")
_OTHER_WORK = re.compile(_VERB)
_MAKING_REACH = 9
_REACHES = {"trình": 18, "tham mưu": 18, "có": 1}
_ENDS = re.compile(
    r"[;:.\n“”\"]|,\s|\s[-–]\s|(?<!lộ)(?<!chương)(?<!quy)(?<!công)(?<!tờ)\s(?=trình\s)"
    r"|\s(?:theo|báo cáo|hoàn thành|trước ngày|trước năm|trong (?:năm|tháng|quý)|để|nhằm|bảo đảm|đảm bảo|trên"
    r"|phù hợp|gắn với|định kỳ|phục vụ|đáp ứng|làm cơ sở|chậm nhất|có hiệu quả|được"
    r"|và (?:tổ chức|triển khai|báo cáo|trình|thực hiện|định kỳ|hướng dẫn|công bố|phê duyệt|đưa|khẩn trương))\s"
)
_LONGEST = 14
_GUIDING = re.compile(
    r"(?:tổ chức |chủ động )?hướng dẫn\s+(?!,)(?=việc|thực hiện|triển khai|các|về|thi hành|áp dụng|tổ chức)"
)
_REPORTING = re.compile(
    r"(?<!\w)báo cáo\s+(?=(?:tình hình|kết quả|về|bộ|ban|ủy ban|ubnd|thủ tướng|chính phủ|quốc hội|hội đồng|hđnd"
    r"|chủ tịch|phó|tỉnh ủy|thành ủy|cấp|trung ương|đảng|sở|lãnh đạo|cơ quan|thường trực|đánh giá|sơ kết|tổng kết"
    r"|giải trình|hằng|định kỳ)(?!\w))"
)


def product_in(action: str) -> str | None:
    """The document or the named thing that the work makes, as written; a guidance or a report when it is only that."""
    lower = lowered(even(action))
    made = _made(lower)
    if made is not None:
        return _phrase(action, lower, made)
    if _GUIDING.match(lower):
        return action[: len("hướng dẫn")] if lower.startswith("hướng dẫn") else "hướng dẫn"
    reporting = _REPORTING.search(lower)
    return action[reporting.start() : reporting.start() + len("báo cáo")] if reporting else None


def _made(lower: str) -> int | None:
    """Where the first noun stands that a verb of making reaches."""
    for making in _MAKING.finditer(lower):
        for noun in _NOUN.finditer(lower, making.end()):
            between = lower[making.end() : noun.start()]
            if not _reaches(making["verb"], between):
                break
            is_cited = _CITED.match(lower, noun.end()) and making["verb"] not in _WORDS["changing"]
            if not is_cited and not _THIS.match(lower, noun.end()) and not _GONE_BY.search(between):
                return noun.start()
    return None


def _reaches(making: str, between: str) -> bool:
    reach = _REACHES.get(making, _MAKING_REACH)
    others = [verb[0] for verb in _OTHER_WORK.finditer(between) if verb[0] not in _WORDS["passing"]]
    return len(between.split()) <= reach and not others and not re.search(r"[;:.]\s", between)


def _phrase(action: str, lower: str, start: int) -> str:
    noun = _NOUN.match(lower, start)
    first = noun.end() if noun else start
    end = _ENDS.search(lower, first)
    words = action[start : end.start() if end else len(action)].split()
    return " ".join(words[:_LONGEST]).strip(" ,;.")
