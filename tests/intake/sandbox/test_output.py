"""The published shape has every key, always; the full one loses nothing."""

import json
from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.intake.reading.output import from_full, to_full, to_shape
from thucthi.intake.reading.shapes import (
    Change,
    ClauseRead,
    HeaderRead,
    Operator,
    Reading,
    RelationKind,
    RelationRead,
    Succession,
    TargetRead,
    TaskRead,
    Warned,
)
from thucthi.intake.reading.source import RawCell, Source, SourceBuilder
from thucthi.kernel.deadlines import Deadline, DeadlineKind

EMPTY = Reading("", HeaderRead(), (), (), (), ())
DEADLINE = Deadline(
    DeadlineKind.RANGE,
    "2026 - 2030",
    date(2026, 1, 1),
    date(2030, 12, 31),
    "year",
    "ongoing",
    "khi có Luật",
    (date(2027, 6, 30),),
)
TARGET = TargetRead(
    "đạt trên 95%", 3, 15, "Tỷ lệ", Operator.RANGE, Decimal("1.50"), Decimal("4E+8"), "%", 2030, Change.LEVEL,
    is_fact=False, scope="mỗi tỉnh", confidence=0.9,
)  # fmt: skip
TASK = TaskRead(
    text="Rà soát", start=1, end=8, cell="bảng 2 dòng 14", index="12.10.7", group="I", clause="II.1", action="Rà soát",
    lead=("Bộ A",), coordinators=("Bộ B", "Bộ C"), collective_lead=True, deadline=DEADLINE, product="Báo cáo",
    resources="Ngân sách", head="Bộ trưởng",
    successions=(Succession("Bộ A", ("Bộ D",), date(2025, 3, 1), "hợp nhất", is_certain=True),),
    clarity={"viec": "met"}, confidence=0.75, doubts=("chưa rõ",),
)  # fmt: skip
READING = Reading(
    "Một hai ba",
    HeaderRead(
        "1/NQ-CP", "nghị quyết", "Chính phủ", date(2026, 1, 5), "Hà Nội", "Về việc thử",
        (RelationRead(RelationKind.IMPLEMENTS, "57-NQ/TW", 0, 3),),
    ),
    (ClauseRead("I.1", 0, 3, "Một", "1", "khoản", 0),),
    (TARGET,),
    (TASK,),
    (Warned("Bảng 1", "thiếu tiêu đề"),),
)  # fmt: skip


def test_the_published_shape() -> None:
    assert to_shape(READING) == {
        "document": {
            "number": "1/NQ-CP",
            "type": "nghị quyết",
            "issuer": "Chính phủ",
            "issued_on": "2026-01-05",
            "place": "Hà Nội",
            "title": "Về việc thử",
            "relations": [{"kind": "implements", "number": "57-NQ/TW"}],
        },
        "clauses": [{"path": "I.1", "start": 0, "end": 3, "text": "Một"}],
        "targets": [
            {
                "text": "đạt trên 95%",
                "start": 3,
                "end": 15,
                "indicator": "Tỷ lệ",
                "operator": "range",
                "low": "1.5",
                "high": "400000000",
                "unit": "%",
                "year": 2030,
                "change": "level",
                "is_fact": False,
                "scope": "mỗi tỉnh",
                "confidence": 0.9,
            }
        ],
        "tasks": [
            {
                "text": "Rà soát",
                "start": 1,
                "end": 8,
                "cell": "bảng 2 dòng 14",
                "index": "12.10.7",
                "group": "I",
                "action": "Rà soát",
                "lead": ["Bộ A"],
                "coordinators": ["Bộ B", "Bộ C"],
                "collective_lead": True,
                "deadline": {
                    "raw": "2026 - 2030",
                    "kind": "range",
                    "start": "2026-01-01",
                    "end": "2030-12-31",
                    "recurrence": "ongoing",
                    "trigger": "khi có Luật",
                },
                "product": "Báo cáo",
                "resources": "Ngân sách",
                "clarity": {
                    "viec": "met",
                    "nguoi": None,
                    "trach_nhiem": None,
                    "tham_quyen": None,
                    "thoi_gian": None,
                    "ket_qua": None,
                    "nguon_luc": None,
                },
                "confidence": 0.75,
                "doubts": ["chưa rõ", "hợp nhất"],
            }
        ],
        "warnings": [{"where": "Bảng 1", "text": "thiếu tiêu đề"}],
    }


def test_nothing_known_still_has_every_key() -> None:
    bare = to_shape(Reading("", HeaderRead(), (), (), (TaskRead("Việc", 0, 4),), ()))
    full = to_shape(READING)
    assert bare["document"].keys() == full["document"].keys()
    assert bare["tasks"][0].keys() == full["tasks"][0].keys()
    assert bare["document"] == {**dict.fromkeys(full["document"]), "relations": []}
    assert bare["tasks"][0]["deadline"] == {
        "raw": None,
        "kind": "none",
        "start": None,
        "end": None,
        "recurrence": None,
        "trigger": None,
    }
    assert set(bare["tasks"][0]["clarity"].values()) == {None}


@pytest.mark.parametrize(
    ("figure", "said"),
    [("95", "95"), ("1.50", "1.5"), ("100", "100"), ("0.10", "0.1"), ("1E+3", "1000"), ("-2.0", "-2"), ("0", "0")],
)
def test_figures_are_texts_with_a_point(figure: str, said: str) -> None:
    target = TargetRead(
        "x", 0, 1, "x", Operator.EQUAL, Decimal(figure), None, None, None, Change.LEVEL, False, None, 0.0
    )  # fmt: skip
    shown = to_shape(Reading("x", HeaderRead(), (), (target,), (), ()))["targets"][0]
    assert (shown["low"], shown["high"]) == (said, None)


@pytest.mark.parametrize("reading", [EMPTY, READING])
def test_a_reading_passes_between_processes_unchanged(reading: Reading) -> None:
    assert from_full(Reading, json.loads(json.dumps(to_full(reading)))) == reading


@given(st.lists(st.one_of(st.text(), st.lists(st.lists(st.text(), min_size=1, max_size=3), max_size=3)), max_size=5))
def test_a_source_passes_between_processes_unchanged(blocks: list[str | list[list[str]]]) -> None:
    builder = SourceBuilder()
    builder.warn("Trang 1", "ẩn")
    for block in blocks:
        if isinstance(block, str):
            builder.add_line(block, page=2, is_strong=True)
        else:
            builder.add_table([[RawCell(text) for text in row] for row in block], name="Biểu")
    source = builder.finish()
    assert from_full(Source, json.loads(json.dumps(to_full(source)))) == source


def test_content_of_another_shape_is_refused() -> None:
    with pytest.raises(KeyError):
        from_full(Reading, {"text": ""})
    assert {field.name for field in fields(Reading)} == to_full(EMPTY).keys()
