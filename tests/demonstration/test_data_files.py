"""The demonstration files are whole: codes unique, references resolved, nobody invented looks real. No database."""

import csv
import re
from collections import Counter
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from thucthi.kernel.deadlines import DeadlineKind, parse_deadline

DATA = Path(__file__).resolve().parents[2] / "thucthi" / "demonstration" / "data"
FIRST_WEEK, LAST_WEEK = 31, 47
LAST_DAY = date(2026, 11, 22)
INVENTED_MARKS = ("mô phỏng", "Người dùng mẫu")
BEHAVIOURS = {
    "steady", "late_reporter", "silent", "vague", "copied", "claimed_not_accepted", "stuck", "worsening", "early_done",
    "done_on_time", "done_late", "extended_twice", "recovering", "contradicted_by_measure",
}  # fmt: skip
STUCK_COLUMNS = ("obstacle_text", "obstacle_cause", "asked_of_code", "asked_what", "asked_due_on")
COMPLETIONS = {"early_done", "done_on_time", "done_late"}
NOTES_WITHOUT_TASK = {"vague", "measures", "returned"}
NEEDED_BOUNDS = {
    ">=": (True, False), ">": (True, False), "=": (True, False), "about": (True, False), "<=": (False, True),
    "<": (False, True), "range": (True, True), "": (False, False),
}  # fmt: skip
UNREADABLE = {DeadlineKind.NONE, DeadlineKind.EVENT, DeadlineKind.REFERENCE}
COLUMN_WIDTHS = {
    "code": 64, "lead_text": 300, "deadline_raw": 300, "money_source": 300, "people": 300, "facilities": 300,
    "authority_basis": 500,
}  # fmt: skip


def read(name: str) -> list[dict[str, str]]:
    path = DATA / name
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    rows: list[dict[str, str]] = []
    for file in files:
        with file.open(encoding="utf-8", newline="") as handle:
            rows.extend(csv.DictReader(handle))
    return rows


def split(text: str, separator: str = ";") -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


UNITS = read("units.csv")
ORGANISATIONS = read("organisations.csv")
EVENTS = read("organisation_events.csv")
DOCUMENTS = read("documents.csv")
CLAUSES = read("clauses.csv")
TARGETS = read("targets.csv")
PROGRAMMES = read("programmes.csv")
GROUPS = read("groups.csv")
TASKS = read("tasks")
STORY = read("story.csv")
NOTES = read("notes.csv")
PEOPLE = read("people.csv")
OBSERVATIONS = read("observations.csv")
MEASURES = read("measures.csv")
OBSERVED = {row["indicator_code"] for row in OBSERVATIONS} | {row["code"] for row in MEASURES}
CHECKPOINTS = read("checkpoints.csv")
FRAMES = read("frames.csv")

COMMUNE_BODIES = {f"UBND-{unit['code']}" for unit in UNITS if unit["level"] == "commune"}
BODIES = {row["code"] for row in ORGANISATIONS} | COMMUNE_BODIES
ENDED = {row["code"]: row["valid_to"] for row in ORGANISATIONS if row["valid_to"]}
SLUGS = {row["slug"] for row in DOCUMENTS}
CLAUSE_KEYS = {f"{row['document']}:{row['path']}" for row in CLAUSES}
INDICATORS = {row["code"] for row in TARGETS}
PROGRAMME_OF = {row["code"]: row for row in PROGRAMMES}
ISSUED = {row["code"]: row for row in PROGRAMMES if row["status"] == "issued"}
ISSUED_TASKS = [task for task in TASKS if task["programme_code"] in ISSUED]
DRAFT_TASKS = [task for task in TASKS if task["programme_code"] not in ISSUED]
TASK_OF = {task["code"]: task for task in TASKS}


def milestones_of(task: dict[str, str]) -> list[tuple[date, str]]:
    pairs = [part.split("|", 1) for part in split(task["milestones"], " ; ")]
    return [(date.fromisoformat(day), text) for day, text in pairs]


def last_day_of(task: dict[str, str]) -> date | None:
    return parse_deadline(task["deadline_raw"]).end


@pytest.mark.parametrize("file", sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv")))
def test_each_file_is_plain_csv(file: str) -> None:
    raw = (DATA / file).read_bytes()
    assert raw == raw.decode("utf-8").encode("utf-8")
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    with (DATA / file).open(encoding="utf-8", newline="") as handle:
        lines = list(csv.reader(handle))
    assert {len(line) for line in lines} == {len(lines[0])}
    assert not [cell for line in lines for cell in line if cell != cell.strip()]


def test_units_are_the_34_provinces_and_3321_communes() -> None:
    provinces = {unit["code"] for unit in UNITS if unit["level"] == "province"}
    communes = [unit for unit in UNITS if unit["level"] == "commune"]
    assert (len(provinces), len(communes)) == (34, 3321)
    assert {unit["parent_code"] for unit in communes} == provinces
    assert len({unit["code"] for unit in UNITS}) == len(UNITS)
    archipelagos = {unit["full_name"] for unit in UNITS} & {"Đặc khu Hoàng Sa", "Đặc khu Trường Sa"}
    assert len(archipelagos) == 2


def test_the_notice_keeps_the_licence_of_the_units() -> None:
    notice = (DATA / "NOTICE.md").read_text(encoding="utf-8")
    assert "Copyright (c) 2021 Thang Le Quoc" in notice
    assert "Số liệu mô phỏng / Simulated data" in notice


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        (ORGANISATIONS, "code"), (EVENTS, "event_code"), (DOCUMENTS, "slug"), (TARGETS, "code"), (PROGRAMMES, "code"),
        (TASKS, "code"), (TASKS, "text"), (STORY, "code"), (PEOPLE, "username"), (PEOPLE, "full_name_display"),
        (CHECKPOINTS, "code"), (FRAMES, "document"),
    ],
)  # fmt: skip
def test_codes_are_unique(rows: list[dict[str, str]], column: str) -> None:
    assert [value for value, times in Counter(row[column] for row in rows).items() if times > 1] == []


def test_codes_are_slugs() -> None:
    codes = BODIES | SLUGS | INDICATORS | set(TASK_OF) | {row["code"] for row in PROGRAMMES + CHECKPOINTS}
    codes |= {row["event_code"] for row in EVENTS}
    assert [code for code in codes if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", code)] == []


def test_organisations_stand_below_bodies_listed_before_them() -> None:
    seen: set[str] = set()
    for row in ORGANISATIONS:
        assert row["parent_code"] == "" or row["parent_code"] in seen, row
        seen.add(row["code"])
    assert {row["led_by_code"] for row in ORGANISATIONS} - {""} <= seen
    party = {row["code"] for row in ORGANISATIONS if row["tree"] == "party"}
    assert {row["led_by_code"] for row in ORGANISATIONS} - {""} <= party


def test_the_state_today_is_14_ministries_3_bodies_5_agencies_34_provinces() -> None:
    live = Counter((row["kind"], row["level"]) for row in ORGANISATIONS if not row["valid_to"])
    counted = {kind: live[kind, "central"] for kind in ("ministry", "ministerial_body", "government_agency")}
    assert counted == {"ministry": 14, "ministerial_body": 3, "government_agency": 5}
    assert live["provincial_peoples_committee", "province"] == 34
    assert live["provincial_committee", "province"] == 34


def test_events_lead_from_ended_bodies_to_living_ones() -> None:
    gone = [row["code"] for row in ORGANISATIONS if row["kind"].endswith("peoples_committee") and row["valid_to"]]
    assert Counter(code.startswith("UBND-CU-H-") for code in gone) == {False: 29, True: 15}
    predecessors: set[str] = set()
    for event in EVENTS:
        before, after = split(event["predecessor_codes"]), split(event["successor_codes"])
        assert before, event
        assert set(before + after) <= BODIES, event
        assert not set(after) & set(ENDED), event
        if event["kind"] == "rename":
            assert (after, bool(event["old_name"]), bool(event["new_name"])) == ([], True, True)
        else:
            assert after, event
            assert {ENDED[code] < event["effective_on"] for code in before} == {True}, event
            predecessors |= set(before)
    assert predecessors == set(ENDED)


def test_documents_of_one_number_differ_in_symbol() -> None:
    identity = [(row["number"], row["symbol"], row["year"], row["issuer_code"], row["type"]) for row in DOCUMENTS]
    assert len(set(identity)) == len(identity)
    assert {row["symbol"] for row in DOCUMENTS if row["number"] == "71"} == {"-NQ/TW", "/NQ-CP"}
    assert {row["issuer_code"] for row in DOCUMENTS} <= BODIES
    assert {row["security"] for row in DOCUMENTS} == {"public"}
    for row in read("relations.csv"):
        assert {row["source"], row["target"]} <= SLUGS
        assert row["kind"] in {"implements", "amends", "based_on"}


def test_each_resolution_has_clauses_a_frame_and_checkpoints() -> None:
    framed = {"nq57", "nq59", "nq66", "nq68", "nq70", "nq71", "nq72", "cthd14"}
    clauses = Counter(row["document"] for row in CLAUSES)
    assert {row["document"] for row in FRAMES} == framed
    assert {document for document in framed if not 6 <= clauses[document] <= 15} == set()
    assert len(CLAUSE_KEYS) == len(CLAUSES)
    checkpoints = Counter(row["document"] for row in CHECKPOINTS)
    assert {document for document in framed if not 2 <= checkpoints[document] <= 4} == set()
    assert {row["examiner_code"] for row in CHECKPOINTS} <= BODIES
    headed = {row["organisation_code"] for row in PEOPLE if row["is_head"] == "1"}
    assert {row["committee_code"] for row in FRAMES} <= headed


def test_targets_have_exactly_the_bounds_their_operator_needs() -> None:
    for row in TARGETS:
        assert NEEDED_BOUNDS[row["operator"]] == (bool(row["low"]), bool(row["high"])), row
        assert row["direction"] in {"rise", "fall", "hold"}
        assert (row["kind"] == "qualitative") == bool(row["rubric_vi"]) == (row["operator"] == ""), row
        assert len(split(row["rubric_vi"])) == len(split(row["rubric_en"])), row
        assert row["source_clause"] in CLAUSE_KEYS, row
        assert row["document"] == row["source_clause"].split(":")[0]
        assert re.fullmatch(r"20\d\d|yearly|", row["year"]), row


def test_programmes_and_groups_resolve() -> None:
    for programme in PROGRAMMES:
        assert programme["organisation_code"] in BODIES
        assert set(split(programme["documents"])) <= SLUGS
        assert (programme["status"] == "issued") == bool(programme["issued_on"]) == bool(programme["issued_as"])
        assert "mô phỏng" in programme["title"]
    assert {programme["status"] for programme in PROGRAMMES} == {"issued", "draft"}
    grouped = {(row["programme_code"], row["group"]) for row in GROUPS}
    assert {(task["programme_code"], task["group"]) for task in TASKS} == grouped


def test_there_is_enough_of_it() -> None:
    leads = {task["lead_code"] for task in ISSUED_TASKS}
    assert len(ISSUED_TASKS) >= 320
    assert len(leads) >= 60
    assert len({code for code in leads if re.fullmatch(r"UBND-\d\d", code)}) >= 20
    assert len(leads & COMMUNE_BODIES) >= 6
    assert len(ISSUED) >= 14
    assert len(DRAFT_TASKS) == 12
    assert {task["kind"] for task in TASKS} == {"de_an", "van_ban", "du_an", "nhiem_vu", "chi_tieu"}
    assert len(MEASURES) == 72
    assert len(OBSERVED) == 82


def test_each_issued_task_has_one_living_lead_and_other_coordinators() -> None:
    for task in ISSUED_TASKS:
        coordinators = split(task["coordinator_codes"])
        assert task["lead_code"] in BODIES, task["code"]
        assert task["lead_text"] == "", task["code"]
        assert set(coordinators) <= BODIES - {task["lead_code"]}, task["code"]
        assert len(set(coordinators)) == len(coordinators), task["code"]
        assert not ({task["lead_code"], *coordinators} & set(ENDED)), task["code"]


def test_references_and_widths_of_tasks() -> None:
    for task in TASKS:
        assert task["clauses"], task["code"]
        assert set(split(task["clauses"])) <= CLAUSE_KEYS, task["code"]
        assert task["indicator_code"] in INDICATORS | {""}, task["code"]
        assert 1 <= int(task["weight"]) <= 5, task["code"]
        assert {column: len(task[column]) for column, width in COLUMN_WIDTHS.items() if len(task[column]) > width} == {}
        assert all(len(text) <= 500 for _, text in milestones_of(task))


def test_deadlines_of_issued_tasks_are_readable_and_fit() -> None:
    for task in ISSUED_TASKS:
        deadline = parse_deadline(task["deadline_raw"])
        start = date.fromisoformat(task["start_on"])
        assert deadline.kind not in UNREADABLE, task["deadline_raw"]
        assert task["start_on"] >= ISSUED[task["programme_code"]]["issued_on"], task["code"]
        if task["recurrence"]:
            assert deadline.recurrence, task["deadline_raw"]
            continue
        assert deadline.end, task["deadline_raw"]
        assert deadline.end > start, task["code"]
        days = [day for day, _ in milestones_of(task)]
        assert days == sorted(days), task["code"]
        assert all(start < day < deadline.end for day in days), task["code"]
        assert days or (deadline.end - start).days <= 366, task["code"]


def test_the_story_tells_every_issued_task_over_sixteen_weeks_or_more() -> None:
    assert {row["code"] for row in STORY} == {task["code"] for task in ISSUED_TASKS}
    assert {row["behaviour"] for row in STORY} == BEHAVIOURS
    assert LAST_WEEK - FIRST_WEEK + 1 >= 16
    whole = [row for row in STORY if row["from_week"] == f"2026-W{FIRST_WEEK}"]
    assert len(whole) / len(STORY) > 0.95
    assert {row["to_week"] for row in STORY} == {f"2026-W{LAST_WEEK}"}
    healthy = sum(1 for row in STORY if row["behaviour"] in {"steady", "done_on_time", "early_done"})
    assert 0.5 <= healthy / len(STORY) <= 0.65


def test_completions_happen_on_the_side_of_the_deadline_they_say() -> None:
    for row in STORY:
        if row["behaviour"] not in COMPLETIONS:
            continue
        end, done = last_day_of(TASK_OF[row["code"]]), date.fromisoformat(row["event_on"])
        assert end, row
        assert done <= LAST_DAY, row
        assert (done > end) == (row["behaviour"] == "done_late"), row


def test_each_behaviour_carries_what_it_needs() -> None:
    pools = {note["pool"] for note in NOTES}
    for row in STORY:
        stuck, copied = row["behaviour"] == "stuck", row["behaviour"] == "copied"
        assert row["note_pool"] in pools, row
        assert 0 <= float(row["start_progress"]) <= 100, row
        assert {bool(row[column]) for column in STUCK_COLUMNS} == {stuck}, row
        assert (row["copied_from"] in TASK_OF) == copied, row
        assert (row["contradicting_indicator"] in OBSERVED) == (row["behaviour"] == "contradicted_by_measure"), row
        assert len(split(row["new_deadlines"], " ; ")) == (2 if row["behaviour"] == "extended_twice" else 0), row
        if stuck:
            assert row["asked_of_code"] in BODIES - set(ENDED) - {TASK_OF[row["code"]]["lead_code"]}, row
            assert date.fromisoformat(row["event_on"]) < date.fromisoformat(row["asked_due_on"]), row


def test_extensions_are_decided_in_order_and_move_the_deadline_later() -> None:
    for row in STORY:
        decisions = [part.split("|") for part in split(row["new_deadlines"], " ; ")]
        days = [date.fromisoformat(day) for day, _ in decisions]
        moved = [last_day_of(TASK_OF[row["code"]]), *(parse_deadline(words).end for _, words in decisions)]
        assert all(day <= LAST_DAY for day in days), row
        if decisions:
            assert days == sorted(days), row
            assert all(before and after and before < after for before, after in pairwise(moved)), row


def words_of(row: dict[str, str], note: str) -> str:
    task = TASK_OF[row["copied_from"] or row["code"]]
    return note.format(
        task=task["text"], product=task["product"], progress="50", coordinator="", obstacle=row["obstacle_text"]
    )


def test_two_tasks_send_the_same_words_only_where_the_story_says_copied() -> None:
    notes: dict[str, list[str]] = {}
    for note in NOTES:
        notes.setdefault(note["pool"], []).append(note["text"])
    senders: dict[str, set[str]] = {}
    for row in STORY:
        for text in notes[row["note_pool"]] if row["note_pool"] != "vague" else ():
            senders.setdefault(words_of(row, text), set()).add(row["code"])
    same = {pair for codes in senders.values() for pair in combinations(sorted(codes), 2)}
    told = {tuple(sorted((row["code"], row["copied_from"]))) for row in STORY if row["copied_from"]}
    assert same == told
    assert len(told) == 7


def test_notes_name_their_task_unless_they_are_vague() -> None:
    assert {note["pool"] for note in NOTES if "{task}" not in note["text"]} == NOTES_WITHOUT_TASK
    kinds = {f"steady-{task['kind']}" for task in TASKS}
    for stage in ("early", "middle", "late"):
        assert {note["pool"] for note in NOTES if note["stage"] == stage} == kinds


def test_no_person_looks_real() -> None:
    for person in PEOPLE:
        assert any(mark in person["full_name_display"] for mark in INVENTED_MARKS), person
        assert person["organisation_code"] in BODIES, person
        assert re.fullmatch(r"[a-z0-9-]+", person["username"]), person


def test_each_lead_has_exactly_one_present_head() -> None:
    heads = Counter(row["organisation_code"] for row in PEOPLE if row["is_head"] == "1" and not row["valid_to"])
    assert {task["lead_code"] for task in ISSUED_TASKS} <= set(heads)
    assert set(heads.values()) == {1}


def test_every_role_is_held() -> None:
    held = {role for person in PEOPLE for role in split(person["roles"])}
    assert held == {
        "reporter", "approver", "head", "programme_editor", "steering_office", "verifier", "publisher", "auditor",
        "account_admin",
    }  # fmt: skip
    assert sum(1 for person in PEOPLE if "publisher" in split(person["roles"])) == 2


def test_observations_keep_the_six_states_apart() -> None:
    with_amount = {"number", "confirmed_zero", "provisional"}
    assert {row["state"] for row in OBSERVATIONS} == with_amount | {"not_reported", "not_applicable", "confidential"}
    assert {row["kind"] for row in OBSERVATIONS} == {"actual", "declared", "estimate"}
    for row in OBSERVATIONS:
        assert bool(row["value"]) == (row["state"] in with_amount), row
        assert (row["state"] == "confirmed_zero") == (bool(row["value"]) and float(row["value"]) == 0), row
        assert bool(row["numerator"]) == bool(row["denominator"]), row
        assert row["indicator_code"] in INDICATORS, row
        assert row["organisation_code"] in BODIES | {""}, row
        assert row["source"] == "Số liệu mô phỏng", row
        assert re.fullmatch(r"202[56]-Q[1-4]", row["period"]), row


def test_a_falling_indicator_is_observed() -> None:
    falling = {row["code"] for row in TARGETS if row["direction"] == "fall"}
    assert falling & OBSERVED == {"cp03-an-ninh-mang", "nq71-bat-binh-dang"}
