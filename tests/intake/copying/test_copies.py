"""Copies are found after names and numbers are put aside; what is one's own is left alone."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.copying.invented import PLACES, SENTENCES, Pair, all_pairs
from thucthi.intake.copying.comparison import NEAR_IDENTICAL, REVIEW, likeness, passages, sorted_words
from thucthi.intake.copying.index import Entry, Index
from thucthi.intake.copying.masking import Mask
from thucthi.intake.copying.programmes import likeness_of
from thucthi.intake.copying.signatures import BANDS, bands_of

MASK = Mask(PLACES)
WORDS = st.lists(st.sampled_from(" ".join(SENTENCES).split()), max_size=30).map(" ".join)


def score(first: str, second: str) -> float:
    return likeness(sorted_words(MASK.masked(first)), sorted_words(MASK.masked(second)))


def is_found(pair: Pair) -> bool:
    index = Index(MASK, [Entry(1, 1, pair.first)])
    return any(index.matches([Entry(2, 2, pair.second)]))


def test_the_labelled_pairs_are_told_apart() -> None:
    pairs = [(pair, is_found(pair)) for pair in all_pairs()]
    wrong = dict.fromkeys(("copies missed", "others accused"), 0)
    for pair, found in pairs:
        wrong["copies missed"] += pair.is_copy and not found
        wrong["others accused"] += found and not pair.is_copy
    assert (len(pairs), sum(pair.is_copy for pair, _ in pairs)) == (150, 117)
    assert wrong == {"copies missed": 2, "others accused": 0}


def test_a_person_s_paraphrase_is_not_found() -> None:
    assert [is_found(pair) for pair in all_pairs() if pair.kind == "paraphrase"] == [False, False]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Xây dựng 5 trạm y tế tại tỉnh An Bình trước ngày 30/6/2027", "xay dung tram y te truoc"),
        ("Triển khai Nghị quyết số 12-NQ/TU ngày 03/4/2026 của Tỉnh ủy Tây Sơn về du lịch", "trien khai"),
        ("Thực hiện Quyết định số 45/2026/QĐ-TTg, mở kho lưu trữ", "mo kho luu tru"),
        ("Thuỷ lợi và thủy lợi", "thuy loi thuy loi"),
        ("", ""),
        ("12/2026, 45%", ""),
    ],
)
def test_what_is_put_aside(text: str, masked: str) -> None:
    assert MASK.masked(text) == masked


def test_of_names_that_begin_alike_the_longest_goes_and_no_more() -> None:
    mask = Mask(["xã An", "xã An Bình", "xã An Bình Đông", "sở"])
    assert mask.masked("xã An Bình mở phiên họp") == "mo phien hop"
    assert mask.masked("xã An Bìn mở phiên họp tại xã An") == "bin mo phien hop"


@given(WORDS)
def test_a_text_is_wholly_like_itself_and_words_keep_their_places(text: str) -> None:
    words = MASK.words(text)
    assert all(len(word.bare) == word.end - word.start for word in words)
    assert score(text, text) == (100.0 if words else 0.0)


@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_bounded(first: str, second: str) -> None:
    assert score(first, second) == score(second, first)
    assert 0.0 <= score(first, second) <= 100.0


@given(st.lists(WORDS, max_size=5))
def test_signatures_do_not_depend_on_company(texts: list[str]) -> None:
    masked = [MASK.masked(text) for text in texts]
    together = bands_of(masked)
    assert together.shape == (len(texts), BANDS)
    assert all((bands_of([text])[0] == row).all() for text, row in zip(masked, together, strict=True))


def test_signatures_are_the_same_in_another_process() -> None:
    text = MASK.masked(SENTENCES[0])
    program = f"from thucthi.intake.copying.signatures import bands_of; print(bands_of([{text!r}]).tolist())"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip() == str(bands_of([text]).tolist())


def test_the_same_words_are_shown_side_by_side() -> None:
    first, second = f"Năm 2026 {SENTENCES[0]}", f"{SENTENCES[0]} tại xã Tây Sơn"
    [found] = passages(MASK.words(first), MASK.words(second))
    assert first[found.start : found.end] == second[found.other_start : found.other_end]
    assert first[found.start : found.end].startswith("Xây dựng hệ thống")


def programme(unit: int, texts: list[str]) -> list[Entry]:
    return [Entry(unit * 100 + place, unit, text) for place, text in enumerate(texts)]


def test_chains_of_likeness_join_nothing() -> None:
    steps = [SENTENCES[0]]
    for at in range(8):
        words = steps[-1].split()
        words[at * 2] = SENTENCES[1].split()[at]
        steps.append(" ".join(words))
    index = Index(MASK, programme(1, steps))
    assert score(steps[0], steps[-1]) < REVIEW
    assert all(score(group[0].text, member.text) >= REVIEW for group in index.groups for member in group)


def test_a_copied_programme_is_named_with_its_sibling_and_what_was_handed_down_is_not_counted() -> None:
    parent = programme(1, list(SENTENCES[:4]))
    sibling = programme(2, [f"{text} ở tỉnh Tây Sơn" for text in SENTENCES])
    other = programme(3, ["Sửa chữa mái đình làng, lắp hệ thống chống sét"])
    ours = programme(4, [*SENTENCES[:19], "Mở bến xe buýt mới trước cổng bệnh viện nhi"])
    found = likeness_of(ours, Index(MASK, [*parent, *sibling, *other]).matches(ours), parents={1})
    assert (found.total, len(found.handed_down), found.own) == (20, 4, 16)
    assert [(each.unit, len(each.keys), each.near) for each in found.siblings] == [(2, 15, 15)]
    assert [each.unit for each in found.striking] == [2]
    assert found.statement.startswith("%(like)s trên %(own)s nhiệm vụ riêng giống với")
    assert {row.score >= NEAR_IDENTICAL for rows in found.matches.values() for row in rows} == {True}


def test_a_programme_of_one_s_own_is_left_alone() -> None:
    ours = programme(4, list(SENTENCES[10:]))
    found = likeness_of(ours, Index(MASK, programme(2, list(SENTENCES[:10]))).matches(ours), parents=())
    assert (found.siblings, found.striking, found.statement) == (
        (), (), "Không thấy nhiệm vụ riêng nào giống chương trình cùng cấp.",
    )  # fmt: skip
    assert likeness_of([], [], parents=()).own == 0
