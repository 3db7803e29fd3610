"""Feeds and calendars: readable by any program, with identities that never change, and nothing that did not happen."""

import os
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup
from django.utils import translation
from icalendar import Calendar
from lxml import etree

from tests.public_site.issue import Files
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.calendars import calendar_of
from thucthi.public_site.rendering.feeds import MOST_ENTRIES, Entry, entries_of, feed_of
from thucthi.publication.shapes import ChangeData, CorrectionData, IssueData

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT00:00:00\+07:00")
DAY = date(2026, 11, 20)


def feeds(site: Files) -> dict[str, etree._Element]:
    return {name: etree.fromstring(content) for name, content in site.items() if name.endswith(".atom")}


def faults_of_feed(feed: etree._Element) -> list[str]:
    """What RFC 4287 asks of a feed and of each entry (4.1.1, 4.1.2, 4.2.6, 4.2.7)."""
    found = [] if feed.tag == f"{ATOM}feed" else ["not a feed"]
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            if len(element.findall(f"{ATOM}{name}")) != 1:
                found.append(f"not exactly one {name}")
        if not MOMENT.fullmatch(element.findtext(f"{ATOM}updated") or ""):
            found.append("updated is no moment")
        if not re.match(r"tag:[^,]+,\d{4}:.+", element.findtext(f"{ATOM}id") or ""):
            found.append("id is no tag address")
    if not feed.findtext(f"{ATOM}author/{ATOM}name"):
        found.append("no author")
    if {link.get("rel") for link in feed.findall(f"{ATOM}link")} != {"self", "alternate"}:
        found.append("links are not self and alternate")
    ids = [each.findtext(f"{ATOM}id") for each in feed.iter(f"{ATOM}entry")]
    return found + [f"twice: {each}" for each in set(ids) if ids.count(each) > 1]


def test_every_feed_is_valid_and_updated_on_the_day_of_the_issue(site: Files) -> None:
    found = feeds(site)
    assert {"index.atom", "dinh-chinh/index.atom", "cac-ky/index.atom", "nghi-quyet/1-nq-tw/index.atom"} <= set(found)
    assert any(name.startswith("don-vi/") for name in found)
    pages = {name for name in site if name.startswith(("nhiem-vu/nv-", "chi-tieu/ct-")) and name.endswith("index.html")}
    assert {name.replace(".html", ".atom") for name in pages} <= set(found)
    assert len(pages) == 9
    for name, feed in found.items():
        assert faults_of_feed(feed) == [], name
        assert feed.findtext(f"{ATOM}updated") == "2026-11-20T00:00:00+07:00"
        own = next(link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self")
        assert own == f"http://127.0.0.1:8000/{name}"


@pytest.mark.parametrize("fault", ["id", "updated", "title", "author", "link"])
def test_a_feed_without_a_part_is_found(site: Files, fault: str) -> None:
    feed = feeds(site)["index.atom"]
    feed.remove(feed.find(f"{ATOM}{fault}"))
    assert faults_of_feed(feed) != []


def ids_and_days(content: bytes) -> dict[str, tuple[str, str]]:
    feed = etree.fromstring(content)
    return {
        each.findtext(f"{ATOM}id"): (each.findtext(f"{ATOM}updated"), each.findtext(f"{ATOM}title"))
        for each in feed.iter(f"{ATOM}entry")
    }


def home_feed(data: IssueData) -> dict[str, tuple[str, str]]:
    book = Book(data)
    with translation.override("vi"):
        return ids_and_days(feed_of(book, "", "Tổng quan", entries_of(book, "", None) or ()))


def test_what_happened_is_told_with_its_day(data: IssueData) -> None:
    told = home_feed(data)
    prefix = "tag:127.0.0.1,2026:thuc-thi/"
    assert told[f"{prefix}nhiem-vu/nv-qua-han/qua-han/2026-09-30"][0] == "2026-10-01T00:00:00+07:00"
    assert told[f"{prefix}nhiem-vu/nv-xong-som/hoan-thanh/2026-10-30"][0] == "2026-10-30T00:00:00+07:00"
    assert told[f"{prefix}ky-cong-bo/2026-W47"] == ("2026-11-20T00:00:00+07:00", "Kỳ công bố 2026-W47")
    assert not any("nv-sap-den/qua-han" in each for each in told)


def test_an_entry_keeps_identity_and_day_in_the_next_issue(data: IssueData) -> None:
    header = replace(data.header, issue="2026-W48", as_of=DAY + timedelta(days=7), since=DAY)
    later = home_feed(replace(data, header=header))
    for identity, entry in home_feed(data).items():
        if "ky-cong-bo" not in identity:
            assert later[identity] == entry


def test_a_correction_has_an_entry_of_its_own(data: IssueData) -> None:
    corrections = (CorrectionData("2026-W46", date(2026, 11, 19), "<b>Sai</b> & đúng"),)
    book = Book(replace(data, corrections=corrections))
    with translation.override("vi"):
        content = feed_of(book, "dinh-chinh", "Đính chính", entries_of(book, "dinh-chinh", None) or ())
    ((identity, (day, title)),) = ids_and_days(content).items()
    assert re.fullmatch(r"tag:127\.0\.0\.1,2026:thuc-thi/dinh-chinh/2026-W46/[0-9a-f]{12}", identity)
    assert (day, title) == ("2026-11-19T00:00:00+07:00", "Đính chính kỳ 2026-W46")
    assert etree.fromstring(content).findtext(f".//{ATOM}summary") == "<b>Sai</b> & đúng"


def test_a_feed_holds_the_newest_of_a_quarter_and_nothing_of_tomorrow(data: IssueData) -> None:
    days = [DAY + timedelta(days=1), DAY, DAY - timedelta(days=92), DAY - timedelta(days=93)]
    many = [Entry(DAY - timedelta(days=number % 90), f"x/{number}", "t", "t", "") for number in range(500)]
    with translation.override("vi"):
        book = Book(data)
        few = ids_and_days(feed_of(book, "", "t", [Entry(day, f"x/{day}", "t", "t", "") for day in days]))
        assert [each.rpartition("/")[2] for each in few] == ["2026-11-20", "2026-08-20"]
        kept = list(ids_and_days(feed_of(book, "", "t", many)).values())
    assert len(kept) == MOST_ENTRIES
    assert kept == sorted(kept, reverse=True)


def events(content: bytes) -> dict[str, dict[str, object]]:
    calendar = Calendar.from_ical(content)
    assert calendar["PRODID"]
    assert calendar["VERSION"] == "2.0"
    found: dict[str, dict[str, object]] = {}
    for event in calendar.walk("VEVENT"):
        assert str(event["UID"]) not in found
        found[str(event["UID"])] = {
            "start": event.decoded("DTSTART"), "end": event.decoded("DTEND"), "sequence": int(event["SEQUENCE"]),
            "status": str(event["STATUS"]), "stamp": event.decoded("DTSTAMP").isoformat(),
        }  # fmt: skip
    return found


def test_a_deadline_is_an_event_of_a_whole_day_with_an_identity_that_stays(site: Files) -> None:
    told = events(site["nhiem-vu/nv-qua-han/index.ics"])
    assert told["nhiem-vu-nv-qua-han-han@127.0.0.1"] == {
        "start": date(2026, 9, 30), "end": date(2026, 10, 1), "sequence": 0, "status": "CONFIRMED",
        "stamp": "2026-11-20T00:00:00+00:00",
    }  # fmt: skip


def test_calendars_of_tasks_bodies_and_resolutions_agree(site: Files, data: IssueData) -> None:
    document = events(site["nghi-quyet/1-nq-tw/index.ics"])
    for task in data.tasks:
        name = f"nhiem-vu/{task.code}/index.ics"
        assert (name in site) == bool(task.due_on or task.milestones)
        for identity, event in events(site[name]).items() if name in site else ():
            assert document[identity] == event
            assert events(site[f"don-vi/{task.lead}/index.ics"])[identity] == event
    checkpoints = [each for each in document if each.startswith("moc-kiem-tra-")]
    assert len(checkpoints) == len(data.documents[0].frame.checkpoints)  # type: ignore[union-attr]
    assert document["nhiem-vu-nv-huy-han@127.0.0.1"]["status"] == "CANCELLED"


def test_a_moved_deadline_keeps_its_identity_and_counts_up(data: IssueData) -> None:
    task = next(each for each in data.tasks if each.code == "nv-qua-han")
    moved = replace(task, due_on=date(2026, 12, 31), changes=(*task.changes, *_deadline_moved()))
    with translation.override("vi"):
        (before,) = events(calendar_of(Book(data), task, "x")).items()
        (after,) = events(calendar_of(Book(data), moved, "x")).items()
    assert before[0] == after[0]
    assert (before[1]["sequence"], after[1]["sequence"]) == (0, 1)
    assert after[1]["start"] == date(2026, 12, 31)


def _deadline_moved() -> tuple[ChangeData, ...]:
    return (ChangeData("deadline", "", "", date(2026, 9, 30), date(2026, 12, 31), "QĐ 1", DAY, "mẫu"),)


def test_no_line_of_a_calendar_is_longer_than_75_bytes(site: Files) -> None:
    for name in (each for each in site if each.endswith(".ics")):
        assert max(len(line) for line in site[name].split(b"\r\n")) <= 75, name
        assert site[name].endswith(b"END:VCALENDAR\r\n")


def test_a_task_tells_of_its_reports_and_a_body_does_not(data: IssueData) -> None:
    book = Book(data)
    prefix = "tag:127.0.0.1,2026:thuc-thi/nhiem-vu/nv-qua-han"

    def told(folder: str, thing: object) -> dict[str, tuple[str, str]]:
        with translation.override("vi"):
            return ids_and_days(feed_of(book, folder, "Nhiệm vụ", entries_of(book, folder, thing) or ()))

    own = told("nhiem-vu/nv-qua-han", book.tasks["nv-qua-han"])
    assert own[f"{prefix}/bao-cao/2026-W46"] == (
        "2026-11-14T00:00:00+07:00", "Báo cáo Tuần 46/2026: Việc mẫu nv-qua-han"
    )  # fmt: skip
    assert f"{prefix}/bao-cao/2026-W47" not in own
    assert own[f"{prefix}/qua-han/2026-09-30"][0] == "2026-10-01T00:00:00+07:00"
    body = told("don-vi/x", book.organisations[book.tasks["nv-qua-han"].answering[0]])
    assert f"{prefix}/qua-han/2026-09-30" in body
    assert not any("/bao-cao/" in each for each in body)


def test_an_indicator_tells_of_each_value_and_of_what_was_corrected(data: IssueData) -> None:
    value = data.indicators[0].observations[0]
    better = replace(value, amount=Decimal("51.5"), is_correction=True, available_on=DAY, source="Nguồn mẫu")
    indicator = replace(data.indicators[0], observations=(replace(value, available_on=DAY), better, better), tasks=())
    book = Book(replace(data, indicators=(indicator,)))
    with translation.override("vi"):
        feed = etree.fromstring(feed_of(book, "chi-tieu/ct-mau", "x", entries_of(book, "chi-tieu/ct-mau", indicator)))
    assert faults_of_feed(feed) == []
    told = {each.findtext(f"{ATOM}title"): each.findtext(f"{ATOM}summary") for each in feed.iter(f"{ATOM}entry")}
    assert len(told) == 2
    assert [text for title, text in told.items() if title.startswith("Đính chính số của ")] == ["51,5 %. Nguồn mẫu"]


@pytest.mark.parametrize("name", ["nhiem-vu/nv-qua-han/index", "chi-tieu/ct-mau/index"])
def test_the_feed_is_named_in_the_head_of_both_languages(site: Files, name: str) -> None:
    for tree in ("", "en/"):
        head = BeautifulSoup(site[f"{tree}{name}.html"], "html.parser").head
        [link] = head.find_all("link", rel="alternate", type="application/atom+xml")
        place = PurePosixPath(f"{tree}{name}.html").parent
        assert os.path.normpath(place / link["href"]) == f"{name}.atom"
