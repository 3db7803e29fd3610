"""Lines that say lead, helpers, time and product by name inside a cell or under a task: "Cơ quan chủ trì: …"."""

import re
from dataclasses import dataclass

from thucthi.intake.reading.bodies.wording import even

_LABELS = {
    "lead": r"(?:(?:cơ quan|đơn vị|tổ chức|sở, ngành)\s+)?(?:chủ trì|đầu mối)(?:\s+(?:thực hiện|tham mưu))?"
    r"|(?:cơ quan|đơn vị)\s+thực hiện",
    "coordinators": r"(?:(?:cơ quan|đơn vị|tổ chức|các đơn vị)\s+)?phối hợp(?:\s+thực hiện)?",
    "deadline": r"(?:thời (?:gian|hạn)|hạn|tiến độ|lộ trình)(?:\s+(?:thực hiện|hoàn thành|triển khai|trình|ban hành))*",
    "product": r"(?:sản phẩm|kết quả)(?:\s+(?:đầu ra|dự kiến|thực hiện|cần đạt|yêu cầu))?",
    "resources": r"(?:kinh phí|nguồn (?:kinh phí|lực|vốn))(?:\s+thực hiện)?",
}
_LABEL = re.compile(
    r"(?:^|(?<=[\n.;,(])|(?<=[\n.;,(]\s))\s*[-–+*•]?\s*(?:"
    + "|".join(rf"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    + r")\s*:\s*",
    re.IGNORECASE,
)
_TRIMMED = " \n.;,()-–"


@dataclass(frozen=True, slots=True)
class Labelled:
    """`end` is where the task's own words stop; `said` holds what each label introduces."""

    end: int
    said: dict[str, str]


def read_labels(text: str) -> Labelled:
    found = list(_LABEL.finditer(even(text)))
    if not found or (len(found) == 1 and found[0].lastgroup in {"product", "resources"}):
        return Labelled(len(text), {})
    ends = [*(label.start() for label in found[1:]), len(text)]
    said: dict[str, str] = {}
    for label, end in zip(found, ends, strict=True):
        said.setdefault(str(label.lastgroup), text[label.end() : end].strip(_TRIMMED))
    return Labelled(len(text[: found[0].start()].rstrip(_TRIMMED)), said)
