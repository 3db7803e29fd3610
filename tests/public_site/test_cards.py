"""The sentences of a card, exactly: no tasks, nothing late, nothing reported, 130 %, confidential; ≤ 120 words."""

from dataclasses import replace
from datetime import date

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests.public_site.paper_issue import AS_OF, DOCUMENT, book_of, frame, indicator, obstacle, tally, task
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Place, Reader
from thucthi.public_site.rendering.papers.cards import MOST_WORDS, Card, card_of, shortened, subject_of


def card(book: Book, language: str = "vi") -> Card:
    with translation.override(language):
        return card_of(book, Reader(book, Place("", language)), book.data.documents[0])


def answers(book: Book, language: str = "vi") -> list[str]:
    return [line.answer for line in card(book, language).lines]


def test_a_document_without_tasks() -> None:
    made = card(book_of(replace(DOCUMENT, frame=None, programmes=())))
    assert made.title == "Về đột phá mẫu"
    assert [(line.question, line.answer) for line in made.lines] == [
        ("Hứa gì?", "Chưa có nhiệm vụ nào được công bố."),
        ("Đến đâu?", "Chưa có gì để đo."),
        ("Chậm gì?", "Không có nhiệm vụ nào quá hạn."),
        ("Vướng gì?", "Không có điểm nghẽn nào đang mở."),
        ("Ai trả lời?", "Chưa nêu cơ quan nào."),
        ("Khi nào nữa?", "Chưa có mốc kiểm tra. Số liệu mới: 24/11/2026."),
    ]


def test_late_stuck_and_partly_reported() -> None:
    late = task("nv-1", "overdue", date(2026, 9, 10), obstacles=("vm-1", "vm-2"))
    later = task("nv-2", "overdue", date(2026, 10, 1), obstacles=("vm-1",))
    book = book_of(
        replace(DOCUMENT, tally=tally(1284, done=902, overdue=2, owed=40, reported=33)),
        tasks=(later, late),
        indicators=(indicator("a", amount="20", way="25"), indicator("b", amount="60", way="130", met=True)),
        obstacles=(obstacle("vm-1", 12), obstacle("vm-2", 58)),
    )
    assert answers(book) == [
        "Văn bản giao 1.284 nhiệm vụ, đặt 2 chỉ tiêu.",
        "Đến 31/10/2026, xong 902/1.284 nhiệm vụ. Đạt 1/2 chỉ tiêu. Chậm nhất: Tỷ lệ a, đi được 25\u00a0% quãng đường.",
        "2/1.284 nhiệm vụ quá hạn, lâu nhất 51 ngày. Thiếu 7/40 báo cáo.",
        "2 điểm nghẽn; lâu nhất 58 ngày làm việc, chờ Chính phủ.",
        "Đảng ủy Chính phủ; Bí thư Đảng ủy.",
        "Mốc kiểm tra: 31/12/2026 (Sơ kết hai năm). Số liệu mới: 24/11/2026.",
    ]


def test_nothing_late_and_everything_reported() -> None:
    book = book_of(replace(DOCUMENT, tally=tally(8, done=8, owed=4, reported=4)))
    assert answers(book)[:3] == [
        "Văn bản giao 8 nhiệm vụ, không đặt chỉ tiêu.",
        "Đến 31/10/2026, xong 8/8 nhiệm vụ.",
        "Không có nhiệm vụ nào quá hạn.",
    ]


def test_nothing_reported_is_not_nothing_late() -> None:
    book = book_of(replace(DOCUMENT, tally=tally(8, owed=4)))
    assert answers(book)[2] == "Không có nhiệm vụ nào quá hạn. Chưa ai báo cáo (0/4)."


def test_130_per_cent_is_130_per_cent_and_less_than_nothing_too() -> None:
    document = replace(DOCUMENT, tally=tally(8))
    over = book_of(document, indicators=(indicator("a", amount="60", way="130", met=True),))
    assert answers(over)[1] == (
        "Đến 31/10/2026, xong 0/8 nhiệm vụ. Đạt 1/1 chỉ tiêu. Tỷ lệ a: đi được 130\u00a0% quãng đường."
    )
    back = book_of(document, indicators=(indicator("a", amount="5", way="-5.5"),))
    assert answers(back)[1].endswith("Tỷ lệ a: đi được −5,5\u00a0% quãng đường.")


def test_a_confidential_figure_is_said_to_be_one() -> None:
    document = replace(DOCUMENT, tally=tally(8))
    secret = indicator("a", amount=None, way=None, state="confidential", met=None)
    assert answers(book_of(document, indicators=(secret,)))[1] == (
        "Đến 31/10/2026, xong 0/8 nhiệm vụ. Đạt 0/1 chỉ tiêu; 1 không công bố."
    )
    unknown = indicator("b", amount=None, way=None, state="not_reported", met=None)
    assert answers(book_of(document, indicators=(secret, unknown)))[1].endswith(
        "Đạt 0/2 chỉ tiêu; 1 không công bố. Chưa đo được quãng đường."
    )


def test_who_answers_is_the_frame_or_else_the_first_programme() -> None:
    assert answers(book_of(replace(DOCUMENT, frame=None)))[4] == "Chính phủ; Thủ tướng Chính phủ."


def test_a_checkpoint_of_the_day_itself_is_past() -> None:
    document = replace(
        DOCUMENT, frame=frame((AS_OF, "Đã qua"), (date(2027, 6, 30), "Sau"), (date(2027, 1, 31), "Trước"))
    )
    assert answers(book_of(document))[5] == "Mốc kiểm tra: 31/01/2027 (Trước). Số liệu mới: 24/11/2026."


def test_in_english() -> None:
    book = book_of(
        replace(DOCUMENT, tally=tally(1284, done=902, overdue=1, owed=40)),
        tasks=(task("nv-1", "overdue", date(2026, 10, 30), obstacles=("vm-1",)),),
        indicators=(indicator("a", amount="60", way="130", met=True),),
        obstacles=(obstacle("vm-1", 58),),
    )
    assert answers(book, "en") == [
        "It sets 1,284 tasks and 1 target.",
        "By 31/10/2026, 902/1,284 tasks done. 1/1 targets met. Rate a: 130% of the way.",
        "1/1,284 tasks overdue, the longest by 1 day. No report came in (0/40).",
        "1 obstacle, open for 58 working days, waiting for Chính phủ.",
        "Đảng ủy Chính phủ; Bí thư Đảng ủy.",
        "Checkpoint: 31/12/2026. New figures: 24/11/2026.",
    ]


def test_shortened() -> None:
    assert shortened("một hai ba", 3) == "một hai ba"
    assert shortened(" một  hai ba bốn", 3) == "một hai ba…"
    assert shortened("", 3) == ""


def test_the_subject_of_a_title() -> None:
    assert subject_of("Nghị quyết của Bộ Chính trị về đột phá mẫu") == "Về đột phá mẫu"
    assert subject_of("Chương trình hành động của Ban Chấp hành Trung ương khóa mẫu về việc mẫu").startswith("Chương")
    assert subject_of("Đột phá mẫu") == "Đột phá mẫu"


long = st.integers(0, 60).map(lambda n: " ".join(["chữ"] * n))
count = st.integers(0, 10**7)


@given(words=st.tuples(long, long, long, long), numbers=st.tuples(count, count, count), secret=st.booleans())
def test_no_card_is_longer_than_its_measure(words, numbers, secret) -> None:
    title, name, post, checkpoint = words
    document = replace(
        DOCUMENT,
        title=title,
        tally=tally(numbers[0] + 1, done=0, overdue=numbers[0], owed=numbers[1] + 1, reported=min(1, numbers[1])),
        frame=frame((date(2027, 6, 30), checkpoint)),
    )
    responsible = replace(document.frame.responsibilities[0], head_post=post)
    document = replace(document, frame=replace(document.frame, responsibilities=(responsible,)))
    slow = replace(indicator("a", amount="60", way="1300.5"), name=name)
    hidden = indicator("b", amount=None, way=None, state="confidential", met=None)
    more = replace(indicator("c", amount="60", way="1400"), name=name)
    tasks = (task("nv-1", "overdue", date(1990, 9, 10), obstacles=("vm-1",)),)
    book = book_of(
        document,
        tasks=tasks,
        indicators=(slow, more, hidden) if secret else (slow, more),
        obstacles=(obstacle("vm-1", numbers[2]),),
    )
    bodies = tuple(replace(each, short_name=name, official_name=name) for each in book.data.organisations)
    book = Book(replace(book.data, organisations=bodies))
    for language in ("vi", "en"):
        made = card(book, language)
        assert made.words <= MOST_WORDS
        assert len(made.title.split()) >= min(7, len(title.split()))
