"""The text of a .docx is what a person sees printed, in that order, tables with their grid."""

from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.files_office.building import (
    cell,
    document_xml,
    from_above,
    level,
    numbered,
    numbering,
    paragraph,
    row,
    run,
    spanning,
    table,
    word,
    write_zip,
)
from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.files.faults import NO_WORDS, ONLY_PICTURES, TOO_WIDE, Unreadable
from thucthi.intake.reading.files.word import read_word
from thucthi.intake.reading.source import Source, Table


def _read(tmp_path: Path, *blocks: str, **parts: str) -> Source:
    return extract(word(tmp_path / "van-ban.docx", *blocks, **parts))


def _texts(table_: Table) -> list[list[str]]:
    return [["^" if each.is_repeat else each.text for each in row_.cells] for row_ in table_.rows]


def test_paragraphs_and_tables_stand_in_their_order(tmp_path: Path) -> None:
    source = _read(
        tmp_path, paragraph("Trước bảng"), table(row("TT", "Việc"), row("1", "Rà soát")), paragraph("Sau bảng")
    )
    assert source.text == "Trước bảng\nTT | Việc\n1 | Rà soát\nSau bảng"
    assert [type(block).__name__ for block in source.blocks] == ["Line", "Table", "Line"]
    for line in source.lines:
        assert source.text[line.start : line.end] == line.text


def test_a_document_that_python_docx_made_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("NGHỊ QUYẾT", level=1)
    document.add_paragraph("Nội dung").runs[0].bold = True
    made = document.add_table(rows=2, cols=3)
    made.cell(0, 0).merge(made.cell(0, 1)).text = "Gộp ngang"
    made.cell(0, 2).merge(made.cell(1, 2)).text = "Gộp dọc"
    made.cell(1, 0).text = "a"
    document.save(str(tmp_path / "a.docx"))
    source = extract(tmp_path / "a.docx")
    assert [(line.text, line.is_strong) for line in source.lines] == [("NGHỊ QUYẾT", True), ("Nội dung", True)]
    assert _texts(source.tables[0]) == [["Gộp ngang", "^", "Gộp dọc"], ["a", "", "^"]]


def test_numbers_of_lists_are_written_out(tmp_path: Path) -> None:
    levels = (
        level(0, "%1.", "upperRoman"),
        level(1, "%2."),
        level(2, "%3)", "lowerLetter"),
        level(3, "\uf0a7", "bullet"),
        level(4, "+", "bullet"),
    )
    source = _read(
        tmp_path,
        numbered("Quan điểm"),
        numbered("Mục tiêu"),
        numbered("Đến năm 2030", level=1),
        numbered("Tầm nhìn", level=1),
        numbered("Kinh tế", level=2),
        numbered("Xã hội", level=2),
        numbered("Việc nhỏ", level=3),
        numbered("Nhỏ nữa", level=4),
        numbered("Tổ chức"),
        numbered("Bắt đầu lại", level=1),
        numbering=numbering(*levels),
    )
    assert source.text.splitlines() == [
        "I. Quan điểm",
        "II. Mục tiêu",
        "1. Đến năm 2030",
        "2. Tầm nhìn",
        "a) Kinh tế",
        "b) Xã hội",
        "- Việc nhỏ",
        "+ Nhỏ nữa",
        "III. Tổ chức",
        "1. Bắt đầu lại",
    ]


def test_compound_numbers_name_the_levels_above(tmp_path: Path) -> None:
    levels = (level(0, "Điều %1.", "upperRoman"), level(1, "%1.%2", more="<w:isLgl/>"))
    source = _read(
        tmp_path, numbered("Một"), numbered("Hai", level=1), numbered("Ba", level=1), numbering=numbering(*levels)
    )
    assert source.text.splitlines() == ["Điều I. Một", "1.1 Hai", "1.2 Ba"]


def test_two_lists_of_one_kind_count_on_unless_one_starts_over(tmp_path: Path) -> None:
    lists = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="0"/>{override}</w:num>'
        for number, override in (
            (1, ""),
            (2, ""),
            (3, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
        )
    )
    source = _read(
        tmp_path,
        numbered("a", 1),
        numbered("b", 2),
        numbered("c", 3),
        numbered("d", 3),
        numbering=numbering(level(0, "%1."), lists=lists),
    )
    assert source.text.splitlines() == ["1. a", "2. b", "1. c", "2. d"]


def test_a_style_may_number_its_paragraphs_and_a_paragraph_may_opt_out(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="D"><w:name w:val="Điều"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:type="paragraph" w:styleId="E"><w:name w:val="Con"/><w:basedOn w:val="D"/>'
        "</w:style>"
    )
    source = _read(
        tmp_path,
        paragraph("Phạm vi", '<w:pStyle w:val="D"/>'),
        paragraph("Đối tượng", '<w:pStyle w:val="E"/>'),
        paragraph("Không số", '<w:pStyle w:val="D"/><w:numPr><w:numId w:val="0"/></w:numPr>'),
        styles=styles,
        numbering=numbering(level(0, "Điều %1.")),
    )
    assert source.text.splitlines() == ["Điều 1. Phạm vi", "Điều 2. Đối tượng", "Không số"]


def test_a_column_numbered_by_word_has_its_numbers(tmp_path: Path) -> None:
    rows = [row(cell(numbered("")), text) for text in ("Rà soát", "Ban hành")]
    source = _read(tmp_path, table(row("TT", "Việc"), *rows), numbering=numbering(level(0, "%1")))
    assert _texts(source.tables[0]) == [["TT", "Việc"], ["1", "Rà soát"], ["2", "Ban hành"]]


def test_merged_cells_stand_in_every_place_they_cover(tmp_path: Path) -> None:
    source = _read(
        tmp_path,
        table(
            row(from_above("TT", starts=True), spanning("Cơ quan", 2)),
            row(from_above(), "Chủ trì", "Phối hợp"),
            row("1", from_above("Bộ A", starts=True), "Bộ B"),
            row("2", from_above(), "Bộ C"),
            row(spanning("I. Nhóm", 3)),
        ),
    )
    assert _texts(source.tables[0]) == [
        ["TT", "Cơ quan", "^"],
        ["^", "Chủ trì", "Phối hợp"],
        ["1", "Bộ A", "Bộ B"],
        ["2", "^", "Bộ C"],
        ["I. Nhóm", "^", "^"],
    ]
    assert source.text.count("Bộ A") == 1


def test_rows_may_begin_after_the_first_column(tmp_path: Path) -> None:
    source = _read(tmp_path, table(row("a", "b"), row("c", properties='<w:gridBefore w:val="1"/>')))
    assert _texts(source.tables[0]) == [["a", "b"], ["", "c"]]


def test_columns_that_miss_each_other_by_a_hair_are_one(tmp_path: Path) -> None:
    source = _read(
        tmp_path,
        table(
            row(cell("TT"), spanning("Việc", 2), cell("Hạn")),
            row(spanning("1", 2), cell("Rà soát"), cell("2026")),
            widths=(500, 20, 4000, 900),
        ),
    )
    assert _texts(source.tables[0]) == [["TT", "Việc", "Hạn"], ["1", "Rà soát", "2026"]]


def test_a_narrow_column_with_words_stays(tmp_path: Path) -> None:
    source = _read(tmp_path, table(row("a", "b", "c"), widths=(500, 20, 4000)))
    assert _texts(source.tables[0]) == [["a", "b", "c"]]


def test_a_table_inside_a_cell_follows_the_outer_one(tmp_path: Path) -> None:
    inner = table(row("trong 1", "trong 2"))
    source = _read(tmp_path, table(row(cell(paragraph("ngoài"), inner, paragraph()), "bên")), paragraph("sau"))
    assert [_texts(each) for each in source.tables] == [[["ngoài", "bên"]], [["trong 1", "trong 2"]]]
    assert source.text.endswith("sau")


def test_a_frame_of_one_cell_is_no_table(tmp_path: Path) -> None:
    inner = table(row("TT", "Việc"), row("1", "Rà soát"))
    source = _read(tmp_path, table(row(cell(paragraph("PHỤ LỤC"), inner, paragraph()))))
    assert [line.text for line in source.lines] == ["PHỤ LỤC"]
    assert [_texts(each) for each in source.tables] == [[["TT", "Việc"], ["1", "Rà soát"]]]


def test_tracked_changes_are_accepted(tmp_path: Path) -> None:
    changed = run("giữ ") + f"<w:ins>{run('thêm ')}</w:ins><w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{run('cũ')}</w:moveFrom><w:moveTo>{run('mới')}</w:moveTo>"
    source = _read(
        tmp_path,
        paragraph(runs=changed + moved),
        table(row("còn"), row("mất", properties="<w:del/>")),
        paragraph("đầu ", "<w:rPr><w:del/></w:rPr>"),
        numbered("nối"),
        numbering=numbering(level(0, "%1.")),
    )
    assert source.text.splitlines() == ["giữ thêm mới", "còn", "1. đầu nối"]


def test_hidden_text_marks_of_notes_and_field_codes_are_left_out(tmp_path: Path) -> None:
    codes = '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>REF muc_1</w:instrText></w:r>'
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    styles = '<w:style w:type="character" w:styleId="An"><w:rPr><w:vanish/></w:rPr></w:style>'
    hidden = run("kín", "<w:vanish/>") + run("kín", '<w:rStyle w:val="An"/>')
    shown = run("hiện", '<w:rStyle w:val="An"/><w:vanish w:val="0"/>')
    source = _read(tmp_path, paragraph("Điều 1", runs=codes + note + hidden + shown), styles=styles)
    assert source.text == "Điều 1hiện"


def test_breaks_tabs_and_signs(tmp_path: Path) -> None:
    runs = (
        "<w:r><w:t>tăng</w:t><w:tab/><w:t>trưởng</w:t><w:br/><w:t>trên</w:t><w:noBreakHyphen/><w:t>dưới </w:t>"
        '<w:sym w:font="Symbol" w:char="F0B3"/><w:t> 8% \uf0a3 9%</w:t><w:br w:type="page"/><w:t>hết</w:t></w:r>'
    )
    assert _read(tmp_path, paragraph(runs=runs)).text == "tăng trưởng\ntrên-dưới ≥ 8% ≤ 9% hết"


def test_capitals_by_format_are_capitals(tmp_path: Path) -> None:
    assert _read(tmp_path, paragraph(runs=run("nghị quyết", "<w:caps/>"))).text == "NGHỊ QUYẾT"


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('DỰ THẢO')}</w:txbxContent>"
    drawn = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    source = _read(tmp_path, paragraph("Số: 1", runs=drawn), table(row(cell(paragraph("ô", runs=drawn)), "b")))
    assert source.text == "Số: 1\nDỰ THẢO\nô\nDỰ THẢO | b"


def test_content_controls_are_read_but_neither_their_prompts_nor_contents_pages(tmp_path: Path) -> None:
    filled = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('Điền rồi')}</w:sdtContent></w:sdt>"
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('Bấm vào')}</w:sdtContent></w:sdt>"
    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{paragraph('I. Mục … 3')}</w:sdtContent></w:sdt>"
    )
    styles = '<w:style w:type="paragraph" w:styleId="M1"><w:name w:val="toc 1"/></w:style>'
    listed = paragraph("II. Mục … 5", '<w:pStyle w:val="M1"/>')
    source = _read(tmp_path, filled, prompt, contents, listed, styles=styles)
    assert source.text == "Điền rồi"


@pytest.mark.parametrize(
    ("properties", "look", "is_strong"),
    [
        ('<w:jc w:val="center"/>', "", True),
        ('<w:outlineLvl w:val="0"/>', "", True),
        ("", "<w:b/>", True),
        ("", '<w:b w:val="false"/>', False),
        ("", "", False),
    ],
)
def test_what_stands_out(tmp_path: Path, properties: str, look: str, *, is_strong: bool) -> None:
    source = _read(tmp_path, paragraph(properties=properties, runs=run("Dòng", look)))
    assert source.lines[0].is_strong is is_strong


def test_the_strict_dialect_is_read(tmp_path: Path) -> None:
    strict = document_xml(paragraph("Nội dung")).replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert extract(write_zip(tmp_path / "a.docx", {"word/document.xml": strict})).text == "Nội dung"


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as nothing:
        _read(tmp_path, paragraph())
    assert str(nothing.value) == NO_WORDS
    picture = {"word/document.xml": document_xml(paragraph()), "word/media/image1.png": b"\x89PNG"}
    with pytest.raises(Unreadable) as scanned:
        extract(write_zip(tmp_path / "anh.docx", picture))
    assert str(scanned.value) == ONLY_PICTURES


def test_a_table_wider_than_any_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as fault:
        _read(tmp_path, table(row(*["x"] * 1_001)))
    assert str(fault.value) == TOO_WIDE


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=6))
def test_every_row_of_any_merging_has_every_column(
    tmp_path_factory: pytest.TempPathFactory, below: list[list[bool]]
) -> None:
    rows = [row(*[from_above(starts=not is_below) if is_below else cell("x") for is_below in line]) for line in below]
    path = word(tmp_path_factory.mktemp("bang") / "a.docx", paragraph("đầu"), table(*rows))
    for each in read_word(path).tables:
        assert all(len(row_.cells) == 3 for row_ in each.rows)
