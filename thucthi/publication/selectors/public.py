"""What may reach the public: the only place that decides it.

A document is public when its register says so today; a programme when it is issued and every one of its documents is
public; a task when its programme is and it cites no other document; an obstacle when its task is; an owed
instrument when the resolution that owes it is public, by type, title, drafter and stage alone. Drafts, drafts of
reports, notes of reports, names of persons and contents of files are not read at all; neither are requests between
bodies and replies to scorecards, whose forms promise no publication.
"""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from thucthi.documents.models import Document, Instrument, Security
from thucthi.indicators.models import Indicator, Target
from thucthi.obstacles.models import Obstacle
from thucthi.programmes.models import Citation, Programme, ProgrammeBasis, Task
from thucthi.reporting.selectors.obligations import known


def public_documents(as_of: date) -> QuerySet[Document]:
    return Document.objects.filter(security=Security.PUBLIC, issued_on__lte=as_of)


def public_instruments(as_of: date) -> QuerySet[Instrument]:
    """Whoever may read a resolution may know which texts it still owes."""
    return Instrument.objects.filter(document__in=public_documents(as_of)).order_by("document_id", "code")


def public_programmes(as_of: date) -> QuerySet[Programme]:
    bases = ProgrammeBasis.objects.filter(programme=OuterRef("pk"))
    return Programme.objects.filter(
        Exists(bases), ~Exists(bases.exclude(document__security=Security.PUBLIC)), issued_on__lte=as_of
    )


def public_tasks(as_of: date) -> QuerySet[Task]:
    cited = Citation.objects.filter(task=OuterRef("pk")).exclude(clause__document__security=Security.PUBLIC)
    return Task.objects.filter(~Exists(cited), programme__in=public_programmes(as_of), is_issued=True)


def public_targets(as_of: date) -> QuerySet[Target]:
    return Target.objects.filter(document__in=public_documents(as_of))


def public_indicators(as_of: date) -> QuerySet[Indicator]:
    """Those a public document sets a target for."""
    return Indicator.objects.filter(pk__in=public_targets(as_of).values("indicator"))


def public_obstacles(as_of: date, known_by: datetime | None = None) -> QuerySet[Obstacle]:
    """One without a task cannot be tied to a public document, so it stays inside."""
    return known(Obstacle.objects.filter(task__in=public_tasks(as_of), raised_on__lte=as_of), known_by)
