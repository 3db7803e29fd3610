"""Random histories for the roll-up engine: a small tree, programmes, and storms of facts about their tasks.

Everything is written as the application, by plain inserts and updates as actions make them; the day is given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.db import connection

from tests.monitoring.world import document, programme
from tests.people import State, make_state
from thucthi.directory.models import EventKind, Organisation, OrganisationEvent, Role, Succession
from thucthi.documents.models import Document, Security
from thucthi.monitoring import calculations, selectors
from thucthi.monitoring.calculations import Tally, TaskState
from thucthi.monitoring.models import RollupState
from thucthi.programmes.models import ChangedField, Programme, ProgrammeBasis, Task, TaskChange, TaskEvent
from thucthi.reporting.models import Obligation

START = date(2026, 11, 16)
RECORDED = datetime(2026, 11, 16, 8, tzinfo=UTC)
KINDS = ("date", "date", "date", "year", "recurring", "none")
REPORT = """
INSERT INTO reporting_report (obligation_id, task_id, version, author_id, claim, progress_declared, note,
    claims_completion, cause, done_about_it, submitted_at, idempotency_key, content_hash, is_simulated, route,
    rungs_skipped, correction_reason, recorded_at)
SELECT o.id, o.task_id, 1 + (SELECT count(*) FROM reporting_report r WHERE r.obligation_id = o.id), %(author)s,
    'on_plan', 40, '', %(claims)s, '', '', %(at)s, gen_random_uuid(), repeat('a', 64), true, '{}', '{}', '',
    %(recorded)s
FROM reporting_obligation o WHERE o.id = %(obligation)s
"""
ACCEPTANCE = """
INSERT INTO reporting_acceptance (report_id, verdict, progress_accepted, note, author_id, reviewer_id, content_hash,
    decided_at, is_simulated, recorded_at)
SELECT r.id, %(verdict)s::text, CASE WHEN %(verdict)s::text = 'accepted' THEN 40 END, 'Ý kiến', r.author_id,
    %(reviewer)s, r.content_hash, %(at)s, true, %(recorded)s
FROM reporting_report r LEFT JOIN reporting_acceptance a ON a.report_id = r.id
WHERE a.id IS NULL AND r.task_id = %(task)s ORDER BY random() LIMIT 1
"""


def set_day(day: date) -> None:
    RollupState.objects.update(day_given=day)


@dataclass
class History:
    """A world that only this class writes into; `random` decides, so that a seed tells the whole history again."""

    random: Random
    state: State
    day: date = START
    documents: list[Document] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    bodies: list[Organisation] = field(default_factory=list)
    number: int = 0

    def near(self, low: int = -40, high: int = 40) -> date:
        return self.day + timedelta(days=self.random.randint(low, high))

    def moment(self) -> str:
        return f"{self.near(-20, 6)} {self.random.randint(0, 23):02d}:30+07"

    def recorded(self) -> datetime:
        """Facts are recorded over ten hours, in any order: who asks what was known at a moment finds some of them."""
        return RECORDED + timedelta(hours=self.random.randint(0, 10))

    def task(self) -> Task | None:
        tasks = list(Task.objects.order_by("pk"))
        return self.random.choice(tasks) if tasks else None

    def next_number(self) -> int:
        self.number += 1
        return self.number

    # --- what may happen ------------------------------------------------------------------------------------------

    def add_task(self) -> None:
        kind, end = self.random.choice(KINDS), self.near()
        issued = self.random.random() < 0.8
        code = f"nv-{self.next_number()}"
        made = Task.objects.create(
            code=code,
            programme=self.random.choice(self.programmes),
            lead=self.random.choice(self.bodies),
            text=code,
            deadline_kind=kind,
            resolved_end=None if kind == "none" else end,
            is_issued=issued,
            search_text=code,
        )
        if issued and self.random.random() < 0.8:
            TaskEvent.objects.create(
                task=made, kind="issued", happened_on=self.near(-30, 3), recorded_at=self.recorded()
            )

    def issue_task(self) -> None:
        Task.objects.filter(is_issued=False, code__gte=f"nv-{self.random.randint(1, 9)}").update(is_issued=True)

    def drop_drafts(self) -> None:
        Task.objects.filter(is_issued=False, obligations=None, events=None, changes=None).delete()

    def move_task(self) -> None:
        task, lead = self.task(), self.random.choice(self.bodies)
        if task and task.lead and task.lead_id != lead.pk:
            TaskChange.objects.create(
                task=task, field=ChangedField.LEAD, old_value=task.lead.official_name, new_value=lead.official_name,
                decision="2/QĐ", decided_on=self.day, reason="mẫu", recorded_at=self.recorded(),
            )  # fmt: skip
            Task.objects.filter(pk=task.pk).update(lead=lead)

    def step(self) -> None:
        kind = self.random.choice(
            ["received", "suspended", "resumed", "suspended", "resumed", "cancelled", "superseded"]
        )
        if task := self.task():
            TaskEvent.objects.create(
                task=task, kind=kind, happened_on=self.near(-20, 5), decision="1/QĐ", reason="mẫu",
                recorded_at=self.recorded(),
            )  # fmt: skip

    def change_deadline(self) -> None:
        task = self.task()
        if task and task.resolved_end:
            old, new, raw = task.resolved_end, self.near(), f"hạn {self.next_number()}"
            TaskChange.objects.create(
                task=task, field=ChangedField.DEADLINE, old_value=task.deadline_raw, new_value=raw, old_end=old,
                new_end=new, decision="3/QĐ", decided_on=self.near(-10, 5), reason="mẫu",
                recorded_at=self.recorded(),
            )  # fmt: skip
            Task.objects.filter(pk=task.pk).update(resolved_end=new, deadline_raw=raw)

    def owe(self) -> None:
        due = self.near(-12, 8)
        tasks = self.random.sample(list(Task.objects.order_by("pk")), min(4, Task.objects.count()))
        Obligation.objects.bulk_create(
            Obligation(
                task=task, organisation=task.lead, period_kind="weekly", period_key=f"K{self.next_number()}",
                period_start=due - timedelta(days=4), period_end=due + timedelta(days=2), due_on=due,
                created_at=self.recorded(),
            )
            for task in tasks
        )  # fmt: skip

    def report(self) -> None:
        owed = list(Obligation.objects.order_by("pk").values_list("pk", flat=True))
        if owed:
            author = self.state.person(Role.REPORTER, self.state.science)
            values = {"obligation": self.random.choice(owed), "author": author.pk}
            values |= {"claims": self.random.random() < 0.4, "at": self.moment(), "recorded": self.recorded()}
            with connection.cursor() as cursor:
                cursor.execute(REPORT, values)

    def decide(self) -> None:
        if task := self.task():
            reviewer = self.state.person(Role.APPROVER, self.state.government)
            verdict = "accepted" if self.random.random() < 0.7 else "returned"
            with connection.cursor() as cursor:
                cursor.execute("SELECT setseed(%s)", [self.random.random()])
                values = {"verdict": verdict, "reviewer": reviewer.pk, "at": self.moment(), "task": task.pk}
                cursor.execute(ACCEPTANCE, {**values, "recorded": self.recorded()})

    def issue_programme(self) -> None:
        chosen = self.random.choice(self.programmes)
        Programme.objects.filter(pk=chosen.pk, issued_on=None).update(issued_on=self.near(-30, 3), issued_as="1/CTr")

    def change_documents(self) -> None:
        chosen, basis = self.random.choice(self.programmes), self.random.choice(self.documents)
        if ProgrammeBasis.objects.filter(programme=chosen, document=basis).exists():
            ProgrammeBasis.objects.filter(programme=chosen, document=basis).delete()
        else:
            ProgrammeBasis.objects.create(programme=chosen, document=basis)

    def change_secrecy(self) -> None:
        security = self.random.choice([Security.PUBLIC, Security.INTERNAL])
        Document.objects.filter(pk=self.random.choice(self.documents).pk).update(security=security)

    def move_body(self) -> None:
        """Under another one, with everything below; as directory.actions does it."""
        moved, parent = self.random.sample(self.bodies, 2)
        moved.refresh_from_db()
        parent.refresh_from_db()
        if moved.pk in parent.path:
            return
        Organisation.objects.filter(pk=moved.pk).update(parent=parent)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE directory_organisation SET path = %s::bigint[] || path[array_position(path, %s::bigint):]"
                " WHERE path @> ARRAY[%s::bigint]",
                [parent.path, moved.pk, moved.pk],
            )

    def dissolve(self) -> None:
        """Merged into one or split among two, sometimes from a day to come; rings are possible and must not hang."""
        ended, *heirs = self.random.sample(self.bodies, self.random.choice([2, 2, 3]))
        on = self.near(-10, 3)
        event = OrganisationEvent.objects.create(
            code=f"sk-{self.next_number()}", kind=EventKind.MERGE, effective_on=on, legal_basis="mẫu"
        )
        Organisation.objects.filter(pk=ended.pk).update(valid_to=on - timedelta(days=1))
        Succession.objects.bulk_create(Succession(event=event, predecessor=ended, successor=heir) for heir in heirs)

    def events(self) -> list[Callable[[], None]]:
        often = [self.add_task, self.step, self.change_deadline, self.owe, self.report, self.report, self.decide]
        seldom = [
            self.issue_task, self.drop_drafts, self.move_task, self.issue_programme, self.change_documents,
            self.change_secrecy, self.move_body, self.dissolve,
        ]  # fmt: skip
        return [*often, *often, *seldom]

    def happen(self, times: int) -> None:
        for _ in range(times):
            self.random.choice(self.events())()

    # --- the way everything was counted before ----------------------------------------------------------------------

    def states(self) -> list[TaskState]:
        return selectors.task_states(Task.objects.filter(is_issued=True), self.day)

    def recounted(self) -> dict[tuple[int, int], Tally]:
        """By organisation (0: all) and document (0: all), the pure way; only what is not empty."""
        tree = selectors.lineages(self.day)
        documents: dict[int, list[int]] = {}
        for row in ProgrammeBasis.objects.all():
            documents.setdefault(row.programme_id, [0]).append(row.document_id)
        groups: dict[tuple[int, int], list[TaskState]] = {}
        for state in self.states():
            for body in {0, *tree.ancestors(state.lead_id)}:
                for basis in documents.get(state.programme_id or 0, [0]):
                    groups.setdefault((body, basis), []).append(state)
        return {place: calculations.tally(rows) for place, rows in groups.items()}


def make_history(seed: int) -> History:
    state = make_state()
    made = History(Random(seed), state)  # noqa: S311 - a seed must tell the same history again
    set_day(made.day)
    made.documents = [document(state, f"nq-{n}", number=str(n)) for n in range(3)]
    made.programmes = [
        programme(state.government, f"ct-{n}", made.documents[n % 3], None if n > 2 else START - timedelta(days=60))
        for n in range(5)
    ]
    made.bodies = [state.government, state.science, state.finance, state.province, state.commune, state.elsewhere]
    for _ in range(6):
        made.add_task()
    return made
