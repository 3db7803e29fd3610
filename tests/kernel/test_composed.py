"""Queries composed once: the rows Django would give, for every value and every viewer, and nothing of the moment."""

import gc
import time
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Value
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.kept_states import Kept
from tests.people import SINCE, State, make_state
from tests.reporting.world import World, make_world
from thucthi.directory.models import Account, Membership, Organisation, Person, Role
from thucthi.kernel.composed import Composed, among, given_day, given_id, given_text
from thucthi.kernel.sight import EVERYTHING, NOBODY, Sight, looking_as
from thucthi.programmes.models import Task
from thucthi.programmes.selectors.visibility import AUDITED, EVERY_PROGRAMME, NOTHING, OWN

MORE_THAN_PLANNED_EACH_TIME = 8
SHAPES = (EVERY_PROGRAMME, NOTHING, OWN, AUDITED)


@pytest.fixture
def state(kept: Kept[State]) -> State:
    return kept(make_state)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def _bodies() -> QuerySet[Organisation]:
    below = Organisation.objects.filter(parent=OuterRef("pk"))
    rows = Organisation.objects.filter(among("pk", "bodies"), valid_from__lte=given_day("day"))
    return rows.annotate(has_below=Exists(below)).select_related("parent__parent").order_by("code")


BODIES = Composed("test_composed_bodies", _bodies)


def test_objects_are_those_of_the_same_query_each_time_with_what_is_joined_and_annotated(state: State) -> None:
    asked = [state.commune.pk, state.government.pk, state.province.pk]
    for n in range(MORE_THAN_PLANNED_EACH_TIME):
        bodies = asked[: n % 4]
        rows = BODIES.rows(bodies=bodies, day=SINCE)
        with CaptureQueriesContext(connection) as queries:
            found = [(row.code, row.has_below, row.parent and row.parent.code) for row in rows]  # type: ignore[attr-defined]
            above = [row.parent.parent for row in rows if row.parent is not None]
        expected = Organisation.objects.filter(pk__in=bodies, valid_from__lte=SINCE).order_by("code")
        assert [vars(row)["code"] for row in rows] == [row.code for row in expected]
        assert found == [
            (row.code, Organisation.objects.filter(parent=row).exists(), row.parent and row.parent.code)
            for row in expected
        ]
        assert above == [row.parent.parent for row in expected if row.parent is not None]
        assert len(queries) == 0
        assert [row._state.adding for row in rows] == [False] * len(rows)
    assert BODIES.rows(bodies=asked, day=date(2024, 12, 31)) == []


def test_it_is_composed_once_for_each_shape_and_asked_in_one_statement(state: State) -> None:
    composed: list[str] = []

    def compose(kind: str) -> QuerySet[Organisation, str]:
        composed.append(kind)
        return Organisation.objects.filter(kind=kind).order_by("code").values_list("code", flat=True)

    codes: Composed[str] = Composed("test_composed_kinds", compose)
    with CaptureQueriesContext(connection) as queries:
        answers = [codes.rows(kind) for _ in range(3) for kind in ("ministry", "government")]
    assert answers == [["bo-khoa-hoc", "bo-tai-chinh"], ["chinh-phu"]] * 3
    assert composed == ["ministry", "government"]
    assert len(queries) == 6


def test_rows_of_values_and_what_was_fixed_in_the_query(state: State) -> None:
    """A sign that a format would read, a quotation mark, an array and a truth stand in the text as they are."""
    Organisation.objects.filter(pk=state.science.pk).update(short_name="100% 'đạt'")

    def compose() -> QuerySet[Any, Any]:
        rows = Organisation.objects.filter(Q(short_name__contains="0% '") | Q(path__overlap=[state.province.pk]))
        rows = rows.filter(code__gte=given_text("from"))
        return rows.annotate(yes=Value(True, BooleanField())).order_by("code").values_list("code", "path", "yes")

    asked: Composed[Any] = Composed("test_composed_values", compose)
    expected = [
        (row.code, row.path, True) for row in (state.science, state.province, state.commune) if row.code >= "bo-l"
    ]
    assert asked.rows(**{"from": "bo-l"}) == sorted(expected)
    assert asked.rows(**{"from": "a"})[0] == ("bo-khoa-hoc", state.science.path, True)
    assert asked.row(**{"from": "zz"}) is None


def test_a_text_longer_than_the_column_is_an_answer_and_no_error(state: State) -> None:
    coded = Composed("test_composed_long", lambda: Organisation.objects.filter(code=given_text("code")))
    assert coded.rows(code="x" * 5_000) == []
    assert coded.row(code="chinh-phu") == state.government


def test_what_is_prefetched_and_what_is_left_out_is_as_ever(state: State) -> None:
    def compose() -> QuerySet[Account]:
        return Account.objects.filter(pk=given_id("account")).prefetch_related("memberships").only("username")

    account = state.person(Role.HEAD, state.science)
    row = Composed("test_composed_prefetched", compose).row(account=account.pk)
    assert row is not None
    assert row.get_deferred_fields() == Account.objects.only("username").get(pk=account.pk).get_deferred_fields()
    with CaptureQueriesContext(connection) as queries:
        assert list(row.memberships.all()) == [Membership.objects.get(account=account)]
    assert len(queries) == 1


def test_what_nothing_can_answer_is_not_asked(db: None) -> None:
    nobody = Composed("test_composed_nobody", lambda: Person.objects.filter(pk__in=[]))
    with CaptureQueriesContext(connection) as queries:
        assert nobody.rows() == []
    assert len(queries) == 0


def test_a_value_that_is_missing_and_rows_of_another_kind_are_refused(state: State) -> None:
    with pytest.raises(KeyError, match="day"):
        BODIES.rows(bodies=[state.science.pk])
    dictionaries: Composed[Any] = Composed("test_composed_dictionaries", lambda: Person.objects.values("pk"))
    with pytest.raises(TypeError, match="ValuesIterable is not composed"):
        dictionaries.rows()
    of_one: Composed[Any] = Composed("test_composed_of_one", state.science.children.all)
    with pytest.raises(TypeError, match="is not composed"):
        of_one.rows()


def test_behind_a_pool_the_answers_are_the_same_and_nothing_is_left_in_the_connection(
    state: State, settings: Any
) -> None:
    settings.DATABASE_POOLED = True
    pooled = Composed("test_composed_pooled", _bodies)
    assert [row.code for row in pooled.rows(bodies=[state.science.pk, 0], day=SINCE)] == ["bo-khoa-hoc"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = 'test_composed_pooled'")
        assert cursor.fetchone() == (0,)


def test_a_text_composed_for_one_viewer_shows_another_only_what_is_his(world: World) -> None:
    codes: Composed[str] = Composed(
        "test_composed_tasks",
        lambda: Task.objects.filter(pk__gte=given_id("first")).order_by("code").values_list("code", flat=True),
    )
    science, finance = world.state.science.pk, world.state.finance.pk
    everything, public = ["nv-khoa", "nv-mat", "nv-tinh", "nv-xa"], ["nv-khoa", "nv-tinh", "nv-xa"]
    for _ in range(MORE_THAN_PLANNED_EACH_TIME):
        with looking_as(EVERYTHING):
            assert codes.rows(first=0) == everything
        with looking_as(Sight("working", frozenset({science}))):
            assert codes.rows(first=0) == everything
        with looking_as(Sight("working", frozenset({finance}))):
            assert codes.rows(first=0) == public
        with looking_as(NOBODY):
            assert codes.rows(first=0) == []


def _of_the_house() -> list[tuple[Composed[Any], tuple[str, ...]]]:
    """Every composed query of the application, with each of its shapes."""
    # Not isinstance: what is lazy would be asked for its class, and a nonce of an earlier test's answer refuses.
    queries = [each for each in gc.get_objects() if type(each) is Composed and not each._name.startswith("test_")]
    return [(each, shape) for each in queries for shape in _shapes_of(each)]


def _shapes_of(query: Composed[Any]) -> list[tuple[str, ...]]:
    takes: int = query._compose.__code__.co_argcount
    assert takes <= 1, f"{query._name}: name its shapes here"
    return [(shape,) for shape in SHAPES] if takes else [()]


def _texts() -> dict[str, str]:
    found = {}
    for query, shape in _of_the_house():
        fresh: Composed[Any] = Composed(query._name, query._compose)
        statement = fresh._statement_of(shape)
        if statement is not None:
            assert statement.prepared.name not in found, "two queries of one name: a connection would mix them up"
            found[statement.prepared.name] = statement.prepared.text
    return found


def test_no_query_of_the_house_knows_the_time_or_the_language(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Composed on another day, in another language, each is the same text; PostgreSQL cuts names at 63 letters."""
    with translation.override("vi"):
        today = _texts()
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 40 * 86_400)
    with translation.override("en"):
        later = _texts()
    assert today == later
    assert len(today) > 30
    assert [name for name in today if len(name) > 63] == []
