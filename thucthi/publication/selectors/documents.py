"""Documents with their control frames, and the programmes that carry them out."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from thucthi.documents.models import Clause, Document
from thucthi.indicators.models import Target
from thucthi.monitoring import calculations
from thucthi.monitoring import selectors as monitoring
from thucthi.monitoring.calculations import Tally
from thucthi.programmes.models import Checkpoint, Citation, ControlFrame, Programme
from thucthi.publication.selectors.batches import Group, Part
from thucthi.publication.selectors.public import public_documents, public_targets
from thucthi.publication.selectors.reading import Reading, tally_data
from thucthi.publication.shapes import (
    CheckpointData,
    CheckpointMoveData,
    ClauseData,
    DocumentData,
    FrameData,
    GoalData,
    GroupData,
    ProgrammeData,
    Responsibility,
)


def document_data(reading: Reading) -> tuple[DocumentData, ...]:
    """Every public document, the newest first."""
    tallies = monitoring.tallies_by_document(reading.states)
    targets: dict[int, list[Target]] = defaultdict(list)
    for target in public_targets(reading.as_of).select_related("goal").order_by("year", "code"):
        targets[target.document_id].append(target)
    frames = {frame.document_id: frame for frame in _frames()}
    cited, programmes = _citations(reading), _programmes(reading)
    rows = public_documents(reading.as_of).prefetch_related("clauses").order_by("-issued_on", "slug")
    return tuple(
        DocumentData(
            slug=row.slug,
            code=row.code,
            type=row.type,
            title=row.title,
            issuer=reading.organisations[row.issuer_id].code,
            issued_on=row.issued_on,
            source=row.source,
            text_is_summary=row.text_is_summary,
            frame=_frame(frames[row.pk], targets[row.pk], reading) if row.pk in frames else None,
            clauses=tuple(_clause(row, clause, cited) for clause in row.clauses.all()),
            programmes=tuple(programmes[row.pk]),
            targets=tuple(target.code for target in targets[row.pk]),
            tally=tally_data(tallies.get(row.pk, Tally())),
        )
        for row in rows
    )


def _programmes(reading: Reading) -> dict[int, list[str]]:
    """Codes of the programmes that carry a document out, in their order."""
    found: dict[int, list[str]] = defaultdict(list)
    for programme in reading.programmes:
        for base in programme.bases.all():
            found[base.pk].append(programme.code)
    return found


def _frames() -> list[ControlFrame]:
    return list(
        ControlFrame.objects.prefetch_related(
            "responsibilities__head", "goals__clause", "goals__targets", "checkpoints__moves"
        )
    )


def _frame(frame: ControlFrame, targets: list[Target], reading: Reading) -> FrameData:
    return FrameData(
        benefit_country=frame.benefit_country,
        benefit_people=frame.benefit_people,
        benefit_future=frame.benefit_future,
        responsibilities=tuple(
            Responsibility(each.node, reading.organisations[each.committee_id].code, each.head.title)
            for each in sorted(frame.responsibilities.all(), key=lambda row: row.pk)
        ),
        goals=tuple(
            GoalData(
                code=goal.code,
                kind=goal.kind,
                text=goal.text,
                rubric=tuple(goal.rubric),
                clause=goal.clause.path if goal.clause else None,
                targets=tuple(target.code for target in targets if target.goal_id == goal.pk),
            )
            for goal in sorted(frame.goals.all(), key=lambda row: row.pk)
        ),
        checkpoints=tuple(
            _checkpoint(each, reading)
            for each in sorted(frame.checkpoints.all(), key=lambda row: (_due_then(row, reading), row.code))
        ),
    )


def _moves(checkpoint: Checkpoint, reading: Reading, *, later: bool) -> list[CheckpointMoveData]:
    """Those decided and known by the day of the issue, or the `later` ones."""
    return [
        CheckpointMoveData(each.old_due_on, each.new_due_on, each.decision, each.decided_on, each.reason)
        for each in sorted(checkpoint.moves.all(), key=lambda row: (row.decided_on, row.pk))
        if (each.decided_on > reading.as_of or not reading.knew(each.recorded_at)) is later
    ]


def _due_then(checkpoint: Checkpoint, reading: Reading) -> date:
    later = _moves(checkpoint, reading, later=True)
    return later[0].old_due_on if later else checkpoint.due_on


def _checkpoint(checkpoint: Checkpoint, reading: Reading) -> CheckpointData:
    return CheckpointData(
        code=checkpoint.code,
        text=checkpoint.text,
        due_on=_due_then(checkpoint, reading),
        evidence_required=checkpoint.evidence_required,
        examiner=reading.organisations[checkpoint.examiner_id].code,
        moves=tuple(_moves(checkpoint, reading, later=False)),
    )


def _citations(reading: Reading) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for task_id, clause_id in Citation.objects.values_list("task_id", "clause_id"):
        if task_id in reading.task_codes:
            found[clause_id].append(reading.task_codes[task_id])
    return found


def _clause(document: Document, clause: Clause, cited: dict[int, list[str]]) -> ClauseData:
    words = document.text[clause.start : clause.end].strip()
    return ClauseData(clause.path, words, tuple(sorted(cited.get(clause.pk, ()))))


def programme_data(reading: Reading, parts: Mapping[Group, Part]) -> tuple[ProgrammeData, ...]:
    """Every public programme with the count of its own tasks."""
    tallies = calculations.tallies(reading.states, lambda row: (row.programme_id or 0,))
    groups = _groups(parts)
    return tuple(
        _programme(each, tallies.get(each.pk, Tally()), tuple(groups[each.pk]), reading) for each in reading.programmes
    )


def _groups(parts: Mapping[Group, Part]) -> dict[int, list[GroupData]]:
    """By programme; tasks outside any group stand last, under an empty title."""
    found: dict[int, list[GroupData]] = defaultdict(list)
    for (programme_id, _group_id), part in sorted(parts.items(), key=lambda each: each[1].first):
        found[programme_id].append(GroupData(part.title, tally_data(part.tally)))
    return found


def _programme(programme: Programme, tally: Tally, groups: tuple[GroupData, ...], reading: Reading) -> ProgrammeData:
    head = programme.head.title if programme.head else reading.head_posts.get(programme.organisation_id, "")
    assert programme.issued_on is not None  # noqa: S101 - only issued programmes are public
    return ProgrammeData(
        code=programme.code,
        title=programme.title,
        organisation=reading.organisations[programme.organisation_id].code,
        head_post=head,
        issued_on=programme.issued_on,
        issued_as=programme.issued_as,
        rhythm=programme.rhythm,
        documents=tuple(sorted(each.slug for each in programme.bases.all())),
        groups=groups,
        tally=tally_data(tally),
    )
