"""What every part of an issue needs, read once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db.models.expressions import RawSQL

from thucthi.directory.models import Organisation, Post
from thucthi.monitoring import selectors as monitoring
from thucthi.monitoring.calculations import Lineages, Ratio, Tally, TaskState
from thucthi.obstacles.models import Obstacle
from thucthi.programmes.models import Programme
from thucthi.programmes.selectors import Surroundings, is_live, surroundings_of
from thucthi.publication.selectors.public import public_obstacles, public_programmes
from thucthi.publication.shapes import RatioData, TallyData


def among(ids: Collection[int]) -> RawSQL:
    """For `…__in`: some thousand ids as one value; so many values would take longer to write than to find."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])


def ratio_data(ratio: Ratio | None) -> RatioData | None:
    return None if ratio is None else RatioData(ratio.numerator, ratio.denominator)


def tally_data(tally: Tally) -> TallyData:
    """The counts under their machine codes."""
    return TallyData(
        total=tally.total,
        stages={stage.value: count for stage, count in tally.by_stage.items()},
        schedules={schedule.value: count for schedule, count in tally.by_schedule.items()},
        owed=tally.owed,
        reported=tally.reported,
        completion=ratio_data(tally.completion_rate),
        on_time=ratio_data(tally.on_time_rate),
    )


@dataclass(frozen=True)
class Reading:
    """Public material as of a day. Lazily read, each part at most once.

    What was recorded at the cut-off `known_by` or later belongs to the next issue, whatever day it speaks of.
    """

    as_of: date
    known_by: datetime | None = None
    # Of the public tasks issued by that day, as counts need them: without dates and progress. Tasks are read first and
    # stand here before anything else asks for them.
    states: list[TaskState] = field(default_factory=list)
    _answering: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def knew(self, recorded_at: datetime) -> bool:
        return self.known_by is None or recorded_at < self.known_by

    def look_around(self) -> None:
        """Read now what every task needs: processes that are forked afterwards share it."""
        for wanted in (
            "tree", "head_posts", "places", "obstacles_by_task", "slugs_by_programme", "surroundings",
            "ended_on_that_day",
        ):  # fmt: skip
            getattr(self, wanted)

    @cached_property
    def task_codes(self) -> dict[int, str]:
        return {row.task_id: row.code for row in self.states}

    @cached_property
    def tree(self) -> Lineages:
        return monitoring.lineages(self.as_of)

    @cached_property
    def organisations(self) -> dict[int, Organisation]:
        return {
            each.pk: each for each in Organisation.objects.defer("search_text", "aliases").order_by("sort_key", "pk")
        }

    @cached_property
    def head_posts(self) -> dict[int, str]:
        return dict(Post.objects.filter(is_head=True).values_list("organisation_id", "title").order_by("pk"))

    @cached_property
    def programmes(self) -> list[Programme]:
        rows = public_programmes(self.as_of).select_related("head").prefetch_related("bases")
        return list(rows.order_by("code"))

    @cached_property
    def programmes_by_id(self) -> dict[int, Programme]:
        return {each.pk: each for each in self.programmes}

    @cached_property
    def slugs_by_programme(self) -> dict[int, tuple[str, ...]]:
        """Of the documents that each carries out, in the order of their letters."""
        return {each.pk: tuple(sorted(base.slug for base in each.bases.all())) for each in self.programmes}

    @cached_property
    def surroundings(self) -> Surroundings:
        """What the clarity of any task is judged by, but for what is of the task alone."""
        return surroundings_of(self.programmes_by_id, self.organisations, self.as_of)

    @cached_property
    def ended_on_that_day(self) -> dict[int, str]:
        """The names of the bodies that did not live on the day of the issue."""
        return {pk: each.official_name for pk, each in self.organisations.items() if not is_live(each, self.as_of)}

    @cached_property
    def _every_obstacle(self) -> list[Obstacle]:
        """Also of tasks whose day of issue lies ahead."""
        rows = public_obstacles(self.as_of, self.known_by).select_related("task").prefetch_related("steps")
        return list(rows.order_by("raised_on", "code"))

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        return [row for row in self._every_obstacle if row.task_id in self.task_codes]

    @cached_property
    def obstacles_by_task(self) -> dict[int, list[str]]:
        """Codes, the oldest first."""
        found: dict[int, list[str]] = defaultdict(list)
        for row in self._every_obstacle:
            found[row.task_id or 0].append(row.code)
        return found

    def code(self, organisation_id: int | None) -> str | None:
        return None if organisation_id is None else self.organisations[organisation_id].code

    def answering(self, organisation_id: int) -> tuple[str, ...]:
        """Codes of who answers today for what it led."""
        if organisation_id not in self._answering:
            self._answering[organisation_id] = self.codes(self.tree.answering(organisation_id))
        return self._answering[organisation_id]

    def codes(self, organisation_ids: Iterable[int]) -> tuple[str, ...]:
        """In Vietnamese order of names."""
        wanted = {pk for pk in organisation_ids if pk in self.places}
        return tuple(self.organisations[pk].code for pk in sorted(wanted, key=self.places.__getitem__))

    @cached_property
    def places(self) -> dict[int, int]:
        """Where each organisation stands in the order of names: nobody goes through all of them for each task."""
        return {pk: place for place, pk in enumerate(self.organisations)}

    @cached_property
    def children(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for pk, each in self.organisations.items():
            found[each.parent_id or 0].append(pk)
        return found

    @cached_property
    def obstacles_by_body(self) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
        """Codes of what each organisation raised, and of what it is asked."""
        raised: dict[int, list[str]] = defaultdict(list)
        asked: dict[int, list[str]] = defaultdict(list)
        for each in self.obstacles:
            raised[each.raised_by_organisation_id].append(each.code)
            asked[each.asked_of_id].append(each.code)
        return raised, asked
