"""What the demonstration says should happen: organisations, documents, frames, programmes, tasks, targets."""

from collections.abc import Iterable
from datetime import date

from thucthi.demonstration.reading import Row, day, decimal, parts, rows
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation, Post
from thucthi.documents.actions import NewDocument, register_document, relate_documents
from thucthi.documents.calculations import compose_text
from thucthi.documents.models import Clause, Document
from thucthi.programmes.actions import (
    MilestoneContent,
    NewCheckpoint,
    NewFrame,
    NewGoal,
    NewProgramme,
    NewResponsibility,
    TaskContent,
    add_tasks,
    create_frame,
    create_programme,
    grant_clarity_exception,
    issue_programme,
)
from thucthi.programmes.models import Programme, Task

REGISTER = "VPTW"
Organisations = dict[str, Organisation]


def load_documents(organisations: Organisations) -> dict[str, Document]:
    """Documents with our summaries as their text, and how they relate."""
    clauses = rows("clauses.csv")
    documents = {}
    for row in rows("documents.csv"):
        text, places = compose_text((c["path"], c["text"]) for c in clauses if c["document"] == row["slug"])
        documents[row["slug"]] = register_document(
            by=SYSTEM,
            new=NewDocument(
                slug=row["slug"],
                number=row["number"],
                symbol=row["symbol"],
                year=int(row["year"]),
                issuer=organisations[row["issuer_code"].lower()],
                type=row["type"],
                issued_on=date.fromisoformat(row["issued_on"]),
                title=row["title"],
                register=organisations[REGISTER.lower()],
                text=text,
                text_is_summary=True,
                source=row["source_note"],
                security=row["security"],
                clauses=places,
            ),
        )
    for row in rows("relations.csv"):
        relate_documents(by=SYSTEM, source=documents[row["source"]], target=documents[row["target"]], kind=row["kind"])
    return documents


def load_frames(organisations: Organisations, documents: dict[str, Document]) -> None:
    heads = {post.organisation_id: post for post in Post.objects.filter(is_head=True)}
    clauses = clauses_by_place()
    targets = rows("targets.csv")
    checkpoints = rows("checkpoints.csv")
    for row in rows("frames.csv"):
        committee = organisations[row["committee_code"].lower()]
        create_frame(
            documents[row["document"]],
            by=SYSTEM,
            new=NewFrame(
                benefit_country=row["benefit_country"],
                benefit_people=row["benefit_people"],
                benefit_future=row["benefit_future"],
                responsibilities=(NewResponsibility("Toàn bộ nghị quyết", committee, heads[committee.pk]),),
                goals=tuple(_goal(t, clauses) for t in targets if t["document"] == row["document"]),
                checkpoints=tuple(
                    _checkpoint(c, organisations) for c in checkpoints if c["document"] == row["document"]
                ),
            ),
        )


def _goal(row: Row, clauses: dict[str, Clause]) -> NewGoal:
    return NewGoal(
        code=row["code"],
        text=row["indicator_vi"],
        rubric=parts(row["rubric_vi"]) if row["kind"] == "qualitative" else (),
        clause=clauses.get(row["source_clause"]),
    )


def _checkpoint(row: Row, organisations: Organisations) -> NewCheckpoint:
    return NewCheckpoint(
        code=row["code"],
        text=row["text"],
        due_on=date.fromisoformat(row["due_on"]),
        evidence_required=row["evidence_required"],
        examiner=organisations[row["examiner_code"].lower()],
    )


def clauses_by_place() -> dict[str, Clause]:
    """`nq57:II.1` → the clause."""
    return {f"{clause.document.slug}:{clause.path}": clause for clause in Clause.objects.select_related("document")}


def load_programmes(organisations: Organisations, documents: dict[str, Document]) -> None:
    heads = {post.organisation_id: post for post in Post.objects.filter(is_head=True)}
    groups, tasks, clauses = rows("groups.csv"), rows("tasks"), clauses_by_place()
    for row in rows("programmes.csv"):
        organisation = organisations[row["organisation_code"].lower()]
        own_groups = {g["group"]: g["title"] for g in groups if g["programme_code"] == row["code"]}
        programme = create_programme(
            by=SYSTEM,
            new=NewProgramme(
                code=row["code"],
                organisation=organisation,
                title=row["title"],
                documents=tuple(documents[slug] for slug in parts(row["documents"])),
                groups=tuple(own_groups.values()),
                profile=row["profile"],
                rhythm=rhythm_of(organisation),
                head=heads.get(organisation.pk),
                authority_basis=row["authority_text"],
                resource_source=row["resource_source"],
            ),
        )
        own_tasks = [t for t in tasks if t["programme_code"] == row["code"]]
        contents = [_task(t, own_groups, organisations, clauses) for t in own_tasks]
        made = add_tasks(programme, by=SYSTEM, contents=contents, on=day(row["issued_on"]) or date(2026, 11, 2))
        if row["issued_on"]:
            _issue(programme, row, own_tasks, made)


def rhythm_of(organisation: Organisation) -> str:
    """Communes report monthly, everyone else weekly."""
    return Programme.Rhythm.MONTHLY if organisation.level == "commune" else Programme.Rhythm.WEEKLY


def _issue(programme: Programme, row: Row, own_tasks: Iterable[Row], made: Iterable[Task]) -> None:
    issued_on = date.fromisoformat(row["issued_on"])
    by_code = {task.code: task for task in made}
    for task in own_tasks:
        if task["exception_criterion"]:
            grant_clarity_exception(
                by_code[task["code"]],
                by=SYSTEM,
                criterion=task["exception_criterion"],
                reason=task["exception_reason"],
                on=issued_on,
            )
    issue_programme(programme, by=SYSTEM, issued_on=issued_on, issued_as=row["issued_as"])


def _task(row: Row, groups: dict[str, str], organisations: Organisations, clauses: dict[str, Clause]) -> TaskContent:
    return TaskContent(
        code=row["code"],
        kind=row["kind"],
        text=row["text"],
        group=groups.get(row["group"], ""),
        product=row["product"],
        acceptance_criterion=row["acceptance_criterion"],
        lead=organisations[row["lead_code"].lower()] if row["lead_code"] else None,
        lead_text=row["lead_text"],
        coordinators=tuple(organisations[code.lower()] for code in parts(row["coordinator_codes"])),
        start_on=day(row["start_on"]),
        deadline_raw=row["deadline_raw"],
        recurrence=row["recurrence"],
        yearly_deliverable=row["yearly_deliverable"],
        weight=int(row["weight"]),
        money_vnd_million=decimal(row["money_vnd_million"]),
        money_source=row["money_source"],
        people=row["people"],
        facilities=row["facilities"],
        authority_basis=row["authority_basis"],
        clauses=tuple(clauses[place] for place in parts(row["clauses"])),
        milestones=tuple(_milestone(text) for text in parts(row["milestones"], " ; ")),
    )


def _milestone(text: str) -> MilestoneContent:
    due, _, words = text.partition("|")
    return MilestoneContent(date.fromisoformat(due.strip()), words.strip())
