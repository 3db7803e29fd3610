"""Passages, changes, coverage and the words of drafts: pure."""

from hypothesis import given
from hypothesis import strategies as st

from thucthi.intake.calculations.changes import Worded, pair
from thucthi.intake.calculations.coverage import Extent, uncovered
from thucthi.intake.calculations.files import place_of, safe_name
from thucthi.intake.calculations.passages import Passage, Place, passages
from thucthi.intake.calculations.wording import has_heading, parts_of, places_of_parts, rows_of, table_as_page

TEXT = "Một hai ba.\nBốn năm sáu bảy tám.\nChín mười mười một."


def said(passage: Passage) -> str:
    return "".join(piece.words for piece in passage.pieces)


def test_a_place_is_lit_between_whole_words() -> None:
    (passage,) = passages(TEXT, [Place(7, 16, 19)], around=4)
    assert [(piece.words, piece.is_lit, piece.numbers) for piece in passage.pieces] == [
        ("Bốn ", False, ()),
        ("năm", True, (7,)),
        (" sáu", False, ()),
    ]
    assert (passage.is_cut_before, passage.is_cut_after) == (True, True)


def test_places_that_touch_share_a_passage_and_places_that_overlap_are_lit_as_one() -> None:
    (passage,) = passages(TEXT, [Place(1, 0, 11), Place(2, 4, 31)], around=0)
    assert [(piece.words, piece.is_lit, piece.numbers) for piece in passage.pieces] == [
        ("Một ", True, (1,)),
        ("hai ba.", True, (2,)),
        ("\nBốn năm sáu bảy tám", True, ()),
        (".", False, ()),
    ]


def test_a_place_outside_the_text_is_brought_inside() -> None:
    (passage,) = passages("abc", [Place(1, 5, 9)], around=10)
    assert said(passage) == "abc"


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=6)


@given(st.text(alphabet="ab \n", max_size=60), spans, st.integers(0, 15))
def test_every_place_is_lit_once_with_its_own_words(text: str, given_spans: list[tuple[int, int]], around: int) -> None:
    places = [Place(number, start, start + size) for number, (start, size) in enumerate(given_spans)]
    found = passages(text, places, around=around)
    begun = [number for passage in found for piece in passage.pieces for number in piece.numbers]
    shown = "".join(said(passage) for passage in found)
    assert len(shown) <= len(text)
    for place in places:
        words = text[min(place.start, len(text)) : min(place.end, len(text))]
        assert words in shown
        assert begun.count(place.number) == (1 if words else begun.count(place.number))


def test_versions_are_paired_by_equal_then_by_like_words() -> None:
    old = [
        Worded(1, "Xây dựng kho dữ liệu dân cư", ("2026",)),
        Worded(2, "Đào tạo năm trăm cán bộ"),
        Worded(3, "Bỏ đi"),
    ]
    new = [
        Worded(11, "Ban hành quy chế mới"),
        Worded(12, "Đào tạo sáu trăm cán bộ"),
        Worded(13, "Xây dựng kho dữ liệu dân cư", ("2027",)),
    ]
    found = pair(old, new)
    assert (found.same, found.changed, found.added, found.removed) == ((), ((2, 12), (1, 13)), (11,), (3,))


@given(st.lists(st.text(alphabet="abc ", min_size=1, max_size=12), max_size=8))
def test_a_version_is_the_same_as_itself(texts: list[str]) -> None:
    old = [Worded(number, text) for number, text in enumerate(texts)]
    new = [Worded(number + 100, text) for number, text in enumerate(texts)]
    found = pair(old, new)
    assert len(found.same) == len(texts)
    assert (found.changed, found.added, found.removed) == ((), (), ())


def test_a_clause_is_covered_by_what_stands_below_it() -> None:
    clauses = [
        Extent("I", 0, 5, None),
        Extent("I.1", 5, 10, 0),
        Extent("I.2", 10, 20, 0),
        Extent("II", 20, 30, None),
        Extent("II.1", 30, 40, 3),
    ]
    assert uncovered(clauses, [(12, 14)]) == (1, 3, 4)
    assert uncovered(clauses, [(30, 31), (9, 11)]) == ()
    assert uncovered(clauses, []) == (0, 1, 2, 3, 4)


def test_a_paste_keeps_line_breaks_inside_cells_and_stray_quotation_marks() -> None:
    assert rows_of('1\t"hai\ndòng"\r\n\r\n2\tb') == [["1", "hai\ndòng"], ["2", "b"]]
    assert rows_of('1\tkho "dữ liệu\n2\tb') == [["1", 'kho "dữ liệu'], ["2", "b"]]


def test_a_heading_is_told_from_a_row() -> None:
    assert has_heading(["TT", "Nội dung", "Đơn vị chủ trì", "Thời gian"])
    assert not has_heading(["1", "Chủ trì xây dựng nhiệm vụ " + "rất dài " * 10, "Bộ Tài chính", "2026"])
    page = table_as_page([["TT", "Nội dung", "Đơn vị chủ trì"], ["1", "<i>", "a\nb"]]).decode()
    assert "<td>&lt;i&gt;</td><td>a<br>b</td>" in page
    assert "STT" not in page


def test_parts_are_found_one_after_the_other() -> None:
    text = "xx kết nối; kết nối; khác yy"
    assert parts_of("kết nối\r\n \nkết\nnối\n\n") == ["kết nối", "kết nối"]
    assert places_of_parts(text, 3, 26, ["kết nối", "kết nối", "không có"]) == [(3, 10), (12, 19), (3, 26)]


def test_names_lose_their_folders_and_keep_their_extension() -> None:
    assert safe_name("C:\\x\\tên tệp.docx") == "tên tệp.docx"
    assert safe_name("a" * 300 + ".docx") == "a" * 250 + ".docx"
    assert safe_name("../..") == "tep"
    assert place_of("ab" + "0" * 62, "x.DOCX").as_posix() == "ab/ab" + "0" * 62 + ".docx"
