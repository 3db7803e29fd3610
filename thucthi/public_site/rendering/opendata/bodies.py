"""Documents, programmes, organisations, and what an issue says about issues, as tables."""

from collections.abc import Iterator

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.opendata.shapes import Column, Row, Table, count, day, flag, text
from thucthi.public_site.rendering.opendata.tasks import joined
from thucthi.publication.shapes import TallyData

DOCUMENT = text("document", "mã văn bản", "code of the document")
TALLY: tuple[Column, ...] = (
    count("tasks", "tổng số nhiệm vụ", "tasks in all"),
    count("done", "hoàn thành", "of them completed"),
    count("overdue", "quá hạn", "of them overdue"),
    count("due_soon", "sắp đến hạn", "of them due soon"),
    count("reports_owed", "báo cáo kỳ gần nhất phải có", "reports owed for the latest period"),
    count("reports_in", "báo cáo đã có", "reports handed in"),
)


def _tally(tally: TallyData) -> Row:
    return (
        *(tally.total, tally.done, tally.schedules["overdue"], tally.schedules["due_soon"]),
        *(tally.owed, tally.reported),
    )


def _document_rows(book: Book) -> Iterator[Row]:
    for each in book.data.documents:
        yield (
            *(each.slug, each.code, each.type, each.title, each.issuer, each.issued_on, each.source),
            *(each.text_is_summary, joined(each.programmes), *_tally(each.tally)),
        )


def _clause_rows(book: Book) -> Iterator[Row]:
    for document in book.data.documents:
        for each in document.clauses:
            yield (document.slug, each.path, each.text, joined(each.tasks), len(each.tasks))


def _goal_rows(book: Book) -> Iterator[Row]:
    for document in book.data.documents:
        for each in document.frame.goals if document.frame else ():
            yield (
                *(document.slug, each.code, each.kind, each.text, each.clause),
                *(joined(each.targets), joined(each.rubric)),
            )


def _checkpoint_rows(book: Book) -> Iterator[Row]:
    for document in book.data.documents:
        for each in document.frame.checkpoints if document.frame else ():
            first = each.moves[0].old_due_on if each.moves else each.due_on
            yield (
                *(document.slug, each.code, each.text, each.due_on, first, len(each.moves)),
                *(each.evidence_required, each.examiner),
            )


def _programme_rows(book: Book) -> Iterator[Row]:
    for each in book.data.programmes:
        yield (
            *(each.code, each.title, each.organisation, each.head_post, each.issued_on, each.issued_as, each.rhythm),
            *(joined(each.documents), *_tally(each.tally)),
        )


def _organisation_rows(book: Book) -> Iterator[Row]:
    for each in book.data.organisations:
        yield (
            *(each.code, each.official_name, each.short_name, each.tree, each.level, each.unit_code, each.parent),
            *(each.head_post, each.valid_from, each.valid_to),
            *(joined(tuple(origin.organisation for origin in each.origins)), *_tally(each.subtree)),
        )


def _discipline_rows(book: Book) -> Iterator[Row]:
    for organisation in book.data.organisations:
        for each in organisation.discipline:
            yield (organisation.code, each.period, each.on_time, each.late, each.missing)


def _statement_rows(book: Book) -> Iterator[Row]:
    for organisation in book.data.organisations:
        for each in organisation.statements:
            yield (organisation.code, each.period, each.stated_on, each.post, each.text, each.entry)


def _correction_rows(book: Book) -> Iterator[Row]:
    for each in book.data.corrections:
        yield (each.issue, each.announced_on, each.text)


def _issue_rows(book: Book) -> Iterator[Row]:
    for each in book.data.earlier:
        yield (each.issue, each.kind, each.as_of, each.manifest_hash)


def _word_rows(book: Book) -> Iterator[Row]:
    for group, words in book.data.vocabulary.items():
        for code, word in words.items():
            yield (group, code, word.vi, word.en)


TABLES = (
    Table(
        "documents", "Nghị quyết và văn bản", "Resolutions and documents",
        (
            text("slug", "mã dùng trong địa chỉ", "code used in addresses"),
            text("code", "số và ký hiệu", "number and symbol"),
            text("type", "loại văn bản", "type of document"),
            text("title", "trích yếu", "title"),
            text("issuer", "cơ quan ban hành", "issuing body"),
            day("issued_on", "ngày ban hành", "issued on"),
            text("source", "nguồn của lời văn", "source of the text"),
            flag("text_is_summary", "lời văn là bản tóm tắt", "whether the text is a summary"),
            text("programmes", "mã chương trình thực hiện", "codes of the programmes that carry it out"),
            *TALLY,
        ),
        _document_rows, ("slug",),
    ),
    Table(
        "clauses", "Đoạn của văn bản", "Clauses of documents",
        (
            DOCUMENT,
            text("path", "vị trí", "place in the document"),
            text("text", "lời văn", "its words"),
            text("tasks", "mã nhiệm vụ thực hiện", "codes of the tasks that carry it out"),
            count("task_count", "bao nhiêu nhiệm vụ; 0 là chưa có", "how many tasks; 0 is a gap"),
        ),
        _clause_rows, of="documents",
    ),
    Table(
        "goals", "Mục tiêu của khung kiểm soát", "Goals of control frames",
        (
            DOCUMENT,
            text("code", "mã mục tiêu", "code of the goal"),
            text("kind", "định lượng hay định tính", "quantitative or qualitative"),
            text("text", "lời văn", "its words"),
            text("clause", "đoạn của văn bản", "clause of the document"),
            text("targets", "mã mục tiêu của chỉ tiêu", "codes of targets"),
            text("rubric", "các mức của mục tiêu định tính", "levels of a qualitative goal"),
        ),
        _goal_rows, of="documents",
    ),
    Table(
        "checkpoints", "Mốc kiểm tra bắt buộc", "Mandatory checkpoints",
        (
            DOCUMENT,
            text("code", "mã mốc", "code of the checkpoint"),
            text("text", "phải có gì", "what is due"),
            day("due_on", "hạn nay", "due on"),
            day("first_due_on", "hạn ban đầu", "first due on"),
            count("moves", "đã dời mấy lần", "how often it was moved"),
            text("evidence_required", "minh chứng phải có", "evidence owed"),
            text("examiner", "ai kiểm tra", "who examines"),
        ),
        _checkpoint_rows, of="documents",
    ),
    Table(
        "programmes", "Chương trình hành động", "Programmes of action",
        (
            text("code", "mã chương trình", "code of the programme"),
            text("title", "tên", "title"),
            text("organisation", "mã đơn vị ban hành", "code of the issuing body"),
            text("head_post", "chức danh người đứng đầu", "post of the head"),
            day("issued_on", "ngày ban hành", "issued on"),
            text("issued_as", "số văn bản", "issued as"),
            text("rhythm", "nhịp báo cáo", "rhythm of reports"),
            text("documents", "mã văn bản được thực hiện", "codes of the documents carried out"),
            *TALLY,
        ),
        _programme_rows, ("code",),
    ),
    Table(
        "organisations", "Đơn vị", "Organisations",
        (
            text("code", "mã đơn vị", "code of the body"),
            text("official_name", "tên chính thức", "official name"),
            text("short_name", "tên ngắn", "short name"),
            text("tree", "hệ thống tổ chức", "tree it belongs to"),
            text("level", "cấp", "level"),
            text("unit_code", "mã đơn vị hành chính", "code of the administrative unit"),
            text("parent", "mã đơn vị cấp trên", "code of the body above"),
            text("head_post", "chức danh người đứng đầu", "post of the head"),
            day("valid_from", "có từ ngày", "valid from"),
            day("valid_to", "đến hết ngày", "valid to"),
            text("origins", "mã đơn vị tiền thân", "codes of the bodies it took over from"),
            *TALLY,
        ),
        _organisation_rows, ("code",),
    ),
    Table(
        "discipline", "Kỷ luật báo cáo", "Discipline of reporting",
        (
            text("organisation", "mã đơn vị", "code of the body"),
            text("period", "kỳ", "period"),
            count("on_time", "đúng hạn", "on time"),
            count("late", "muộn", "late"),
            count("missing", "thiếu", "missing"),
        ),
        _discipline_rows, ("organisation", "period"), of="organisations",
    ),
    Table(
        "statements", "Giải trình của đơn vị", "Replies of bodies to what is shown of them",
        (
            text("organisation", "mã đơn vị", "code of the body"),
            text("period", "quý được giải trình", "quarter replied to"),
            day("stated_on", "ngày gửi", "stated on"),
            text("post", "chức danh người đứng đầu", "post of the head"),
            text("text", "nguyên văn", "word for word"),
            text("entry", "mã dòng trong sổ", "uid of the entry in the log"),
        ),
        _statement_rows, of="organisations",
    ),
    Table(
        "corrections", "Đính chính", "Corrections",
        (
            text("corrected_issue", "kỳ bị sai", "issue corrected"),
            day("announced_on", "ngày đăng", "announced on"),
            text("text", "chỗ sai và số đúng", "what was wrong and what is right"),
        ),
        _correction_rows,
    ),
    Table(
        "issues", "Các kỳ công bố trước", "Earlier issues",
        (
            text("earlier_issue", "kỳ", "issue"),
            text("kind", "loại kỳ", "kind"),
            day("earlier_as_of", "số liệu đến ngày", "data up to"),
            text("manifest_hash", "SHA-256 của bản kê", "SHA-256 of the manifest"),
        ),
        _issue_rows,
    ),
    Table(
        "words", "Từ điển mã", "Dictionary of codes",
        (
            text("group", "nhóm mã", "group of codes"),
            text("code", "mã", "code"),
            text("vi", "tiếng Việt", "Vietnamese"),
            text("en", "tiếng Anh", "English"),
        ),
        _word_rows, ("group", "code"),
    ),
)  # fmt: skip
