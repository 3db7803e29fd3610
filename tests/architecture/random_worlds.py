"""Small random states for the property of the three lines: bodies, documents, programmes, tasks, papers, viewers.

Built set-wise, so that hundreds of them take seconds; `make_random_world(seed)` gives the same world for the same seed.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from thucthi.directory.access import Grant, Viewer
from thucthi.directory.models import Level, Organisation, Role, Tree
from thucthi.documents.models import Clause, Document, DocumentType, Security
from thucthi.intake.models import DocumentReading, SourceFile, TaskDraft
from thucthi.obstacles.models import Cause, Obstacle
from thucthi.programmes.models import Programme, ProgrammeBasis, Task

DAY = date(2026, 1, 5)


@dataclass(frozen=True)
class RandomWorld:
    organisations: list[Organisation]
    documents: list[Document]
    programmes: list[Programme]
    tasks: list[Task]
    obstacles: list[Obstacle]
    files: list[SourceFile]
    clauses: dict[int, int]
    """The document of each clause."""
    viewers: list[Viewer]


def make_random_world(seed: int) -> RandomWorld:
    """At most 8 organisations, 6 documents, 6 programmes and 10 tasks; 2 viewers, each with 0 to 3 roles."""
    dice = Random(seed)  # noqa: S311 - chance, not a secret
    organisations = _organisations(dice, seed)
    documents = _documents(dice, seed, organisations)
    programmes = _programmes(dice, seed, organisations, documents)
    tasks = Task.objects.bulk_create(
        Task(code=f"t{seed}-{n}", programme=dice.choice(programmes), text="Việc", lead=dice.choice(organisations))
        for n in range(dice.randint(0, 10) if programmes else 0)
    )
    obstacles = _obstacles(dice, seed, organisations, tasks)
    clauses = {row.pk: row.document_id for row in Clause.objects.filter(document__in=documents)}
    viewers = [_viewer(dice, organisations) for _n in range(2)]
    return RandomWorld(organisations, documents, programmes, tasks, obstacles, _files(programmes), clauses, viewers)


def _organisations(dice: Random, seed: int) -> list[Organisation]:
    made = Organisation.objects.bulk_create(
        Organisation(
            code=f"o{seed}-{n}",
            tree=Tree.STATE,
            level=Level.CENTRAL,
            kind="ministry",
            official_name=f"Cơ quan {n}",
            short_name=f"Cơ quan {n}",
            valid_from=DAY,
            search_text=f"co quan {n}",
            sort_key=f"{n}",
        )
        for n in range(dice.randint(1, 8))
    )
    for n, organisation in enumerate(made):
        parent = dice.choice([None, *made[:n]])
        organisation.parent = parent
        organisation.path = [*(parent.path if parent else []), organisation.pk]
    Organisation.objects.bulk_update(made, ["parent", "path"])
    return made


def _documents(dice: Random, seed: int, organisations: list[Organisation]) -> list[Document]:
    made = Document.objects.bulk_create(
        Document(
            slug=f"d{seed}-{n}",
            number=str(n),
            symbol="-NQ/TW",
            year=DAY.year,
            issuer=organisations[0],
            type=DocumentType.values[0],
            issued_on=DAY,
            title=f"Văn bản {n}",
            text="Điều 1. Làm.",
            security=dice.choice([Security.PUBLIC, Security.PUBLIC, *Security.values]),
            register=dice.choice(organisations),
            search_text=f"van ban {n}",
        )
        for n in range(dice.randint(0, 6))
    )
    Clause.objects.bulk_create(Clause(document=document, path="1", start=0, end=6) for document in made)
    return made


def _programmes(
    dice: Random, seed: int, organisations: list[Organisation], documents: list[Document]
) -> list[Programme]:
    made = Programme.objects.bulk_create(
        Programme(
            code=f"p{seed}-{n}",
            organisation=dice.choice(organisations),
            title=f"Chương trình {n}",
            issued_on=issued,
            issued_as="1-CTr" if issued else "",
        )
        for n, issued in enumerate(dice.choice([None, DAY]) for _n in range(dice.randint(0, 6)))
    )
    ProgrammeBasis.objects.bulk_create(
        ProgrammeBasis(programme=programme, document=document)
        for programme in made
        for document in dice.sample(documents, dice.randint(0, min(2, len(documents))))
    )
    return made


def _obstacles(dice: Random, seed: int, organisations: list[Organisation], tasks: list[Task]) -> list[Obstacle]:
    return Obstacle.objects.bulk_create(
        Obstacle(
            code=f"n{seed}-{n}",
            task=dice.choice([None, *tasks]),
            raised_by_organisation=dice.choice(organisations),
            raised_on=DAY,
            cause=Cause.values[0],
            condition="Vướng",
            asked_of=dice.choice(organisations),
            asked_what="Gỡ",
            due_on=DAY,
        )
        for n in range(dice.randint(0, 5))
    )


def _files(programmes: list[Programme]) -> list[SourceFile]:
    """One for each programme, read, with one draft."""
    files = SourceFile.objects.bulk_create(
        SourceFile(programme=programme, sha256="0" * 64, size=1, file_name="ct.docx") for programme in programmes
    )
    readings = DocumentReading.objects.bulk_create(
        DocumentReading(file=file, text="x", header={}, clauses=[], targets=[], tasks=[], warnings=[]) for file in files
    )
    TaskDraft.objects.bulk_create(
        TaskDraft(reading=reading, position=0, start=0, end=1, text="Việc", confidence=1) for reading in readings
    )
    return files


def _viewer(dice: Random, organisations: list[Organisation]) -> Viewer:
    grants = tuple(
        Grant(dice.choice(organisations).pk, dice.choice([*Role, Role.AUDITOR])) for _n in range(dice.randint(0, 3))
    )
    return Viewer(account_id=1, label="người thử", grants=grants)
