"""The organisations an issue speaks of: whoever has tasks, is asked or named somewhere, and all above them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from thucthi.directory.models import Level, Organisation, Succession
from thucthi.monitoring import selectors as monitoring
from thucthi.monitoring.calculations import PeriodDiscipline, Tally
from thucthi.publication.selectors.actors import actor_class
from thucthi.publication.selectors.batches import Duties, Share
from thucthi.publication.selectors.reading import Reading, tally_data
from thucthi.publication.selectors.statements import public_statements
from thucthi.publication.shapes import (
    DisciplineData,
    DocumentData,
    IndicatorData,
    InstrumentData,
    OrganisationData,
    OriginData,
    StatementData,
    SuccessorData,
)

Succeeded = dict[int, list[Succession]]


@dataclass(frozen=True)
class _Around:
    """What stands around one organisation."""

    shown: set[int]
    origins: list[Succession]
    successors: list[Succession]
    duties: Duties
    statements: tuple[StatementData, ...]


def organisation_data(
    reading: Reading,
    documents: tuple[DocumentData, ...],
    indicators: tuple[IndicatorData, ...],
    tasks: Share,
    instruments: tuple[InstrumentData, ...],
) -> tuple[OrganisationData, ...]:
    """In Vietnamese order of names. Provinces are all listed, also those with nothing to show."""
    subtree = monitoring.tallies_by_organisation(reading.states, reading.tree)
    own = monitoring.tallies_by_lead(reading.states, reading.tree)
    discipline = monitoring.discipline_by_organisation(tasks.owed, reading.tree)
    origins, successors = _successions(reading)
    statements = public_statements(reading)
    drafters = {each.drafter for each in instruments}
    named = _named(reading, documents, indicators, tasks.duties) | _with_codes(reading, drafters)
    shown = _shown(reading, {*subtree, *own, *named, *statements}, origins)
    return tuple(
        _organisation(
            organisation,
            reading,
            own=own.get(organisation.pk, Tally()),
            subtree=subtree.get(organisation.pk, Tally()),
            discipline=discipline.get(organisation.pk, ()),
            around=_Around(
                shown,
                origins.get(organisation.pk, []),
                successors.get(organisation.pk, []),
                tasks.duties,
                statements.get(organisation.pk, ()),
            ),
        )
        for pk, organisation in reading.organisations.items()
        if pk in shown
    )


def _named(
    reading: Reading,
    documents: tuple[DocumentData, ...],
    indicators: tuple[IndicatorData, ...],
    duties: Duties,
) -> set[int]:
    codes = {each.issuer for each in documents} | {each.owner for each in indicators}
    for document in documents:
        if document.frame:
            codes |= {each.committee for each in document.frame.responsibilities}
            codes |= {each.examiner for each in document.frame.checkpoints}
    for indicator in indicators:
        codes |= {each.organisation for each in indicator.observations}
    codes |= duties.named
    ids = {each for row in reading.obstacles for each in (row.raised_by_organisation_id, row.asked_of_id)}
    ids |= {step.organisation_id for row in reading.obstacles for step in row.steps.all()}
    ids |= {programme.organisation_id for programme in reading.programmes}
    return ids | _with_codes(reading, codes)


def _with_codes(reading: Reading, codes: Collection[str | None]) -> set[int]:
    return {pk for pk, each in reading.organisations.items() if each.code in codes}


def _shown(reading: Reading, wanted: set[int], origins: Succeeded) -> set[int]:
    provinces = {
        pk
        for pk, each in reading.organisations.items()
        if each.level == Level.PROVINCE and each.unit_code and (each.valid_to is None or each.valid_to >= reading.as_of)
    }
    lines = {each for pk in wanted | provinces for each in reading.tree.paths.get(pk, (pk,))}
    return lines | {row.predecessor_id for pk in lines for row in origins.get(pk, [])}


def _successions(reading: Reading) -> tuple[Succeeded, Succeeded]:
    """By who took over, and by who ended."""
    taken: Succeeded = defaultdict(list)
    ended: Succeeded = defaultdict(list)
    rows = Succession.objects.filter(event__effective_on__lte=reading.as_of).select_related("event")
    for row in rows.order_by("event__effective_on", "pk"):
        taken[row.successor_id].append(row)
        ended[row.predecessor_id].append(row)
    return taken, ended


def _organisation(
    row: Organisation,
    reading: Reading,
    *,
    own: Tally,
    subtree: Tally,
    discipline: tuple[PeriodDiscipline, ...],
    around: _Around,
) -> OrganisationData:
    children = (pk for pk in reading.children.get(row.pk, ()) if pk in around.shown)
    raised, asked = reading.obstacles_by_body
    return OrganisationData(
        code=row.code,
        official_name=row.official_name,
        short_name=row.short_name,
        tree=row.tree,
        level=row.level,
        unit_code=row.unit_code,
        parent=reading.code(row.parent_id),
        children=reading.codes(children),
        head_post=reading.head_posts.get(row.pk, ""),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        origins=tuple(_origin(each, reading) for each in around.origins),
        own=tally_data(own),
        subtree=tally_data(subtree),
        led=tuple(around.duties.led.get(row.code, ())),
        coordinates=tuple(around.duties.coordinated.get(row.code, ())),
        discipline=tuple(DisciplineData(each.period_key, each.on_time, each.late, each.missing) for each in discipline),
        raised_obstacles=tuple(raised.get(row.pk, ())),
        asked_obstacles=tuple(asked.get(row.pk, ())),
        actor_class=actor_class(row),
        successors=tuple(_successor(each, reading) for each in around.successors if each.successor_id in around.shown),
        statements=around.statements,
    )


def _origin(row: Succession, reading: Reading) -> OriginData:
    predecessor = reading.organisations[row.predecessor_id]
    return OriginData(predecessor.code, row.event.effective_on, row.event.kind, row.event.legal_basis)


def _successor(row: Succession, reading: Reading) -> SuccessorData:
    code = reading.organisations[row.successor_id].code
    return SuccessorData(code, row.event.effective_on, row.event.kind, row.event.legal_basis)
