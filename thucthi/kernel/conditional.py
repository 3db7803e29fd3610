"""Answers of the APIs that need not be sent twice."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags


def unless_known(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """`answer` with its ETag, or 304 for whoever names that tag; the way to the next page is told in both."""
    tag = f'"{sha256(answer.content).hexdigest()[:32]}"'
    # What was sent compressed comes back with its tag marked as weak.
    known = {each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))}
    link = answer.get("Link")
    if tag in known or "*" in known:
        answer = HttpResponse(status=304)
    answer["ETag"] = tag
    if link:
        answer["Link"] = link
    return answer
