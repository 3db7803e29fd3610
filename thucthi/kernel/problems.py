"""Refusals of the API as RFC 9457 has them, with the sentence in Vietnamese and English."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class WrongParameter:
    """One parameter to put right, and the sentence that says how."""

    name: str
    sentence: str


def problem(
    status: int,
    code: str,
    sentence: str,
    *,
    values: Mapping[str, object] | None = None,
    wrong: Sequence[WrongParameter] = (),
) -> HttpResponse:
    """`code` is stable and for programs; `detail` is for people. `sentence` is a message id with named places."""
    body = {
        "type": f"urn:thucthi:problem:{code}",
        "status": status,
        "code": code,
        "title": code.replace("_", " "),
        **in_both("detail", sentence, values),
        "errors": [{"parameter": each.name[:60], **in_both("detail", each.sentence)} for each in wrong],
    }
    # ASCII with escapes: a name that came in may hold half of a letter, which UTF-8 cannot say.
    answer = HttpResponse(json.dumps(body), status=status, content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer


def in_both(name: str, sentence: str, values: Mapping[str, object] | None = None) -> dict[str, str]:
    """`name` in Vietnamese, `name`_en in English."""
    said = {}
    for language, key in (("vi", name), ("en", f"{name}_en")):
        with translation.override(language):
            said[key] = _(sentence) % (values or {})
    return said


def told_as_problems(description: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI description in which every refusal has the content type with which it is really sent."""
    for way in description["paths"].values():
        for operation in way.values():
            for status, said in operation["responses"].items():
                if str(status) != "200" and "content" in said:
                    said["content"] = {CONTENT_TYPE: next(iter(said["content"].values()))}
    return description
