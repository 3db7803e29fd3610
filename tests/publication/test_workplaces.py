"""Two publishers at once: neither sweeps away what the other is writing."""

from collections.abc import Iterator

from thucthi.publication import files


def test_what_somebody_is_writing_is_not_swept_and_what_nobody_holds_is() -> None:
    left = files.root() / files.ISSUES / ".dang-ghi-bo-lai"
    (left / "nhiem-vu").mkdir(parents=True)
    (left / "nhiem-vu" / "index.html").write_bytes(b"x")

    def slowly() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"outer"
        assert not left.exists()
        inner = files.write_issue([("index.html", b"inner")])
        assert files.wrong_files(inner.manifest_hash) == []
        yield "en/index.html", b"outer"

    outer = files.write_issue(slowly())
    assert files.wrong_files(outer.manifest_hash) == []
    assert outer.file_count == 2
    assert [path.name for path in (files.root() / files.ISSUES).glob(".*")] == []
