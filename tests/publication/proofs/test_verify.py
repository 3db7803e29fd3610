"""verify.py against everything a forger may try: nothing of it is accepted, and what is good is."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.publication.proofs.attacks import Attack, attacks, every_byte, flipped, flips
from tests.publication.proofs.bundle import (
    KEY,
    PINNED,
    REPLY,
    Log,
    bundle,
    checked,
    country,
    filled_log,
    issue_data,
    proofs_of,
    reply,
    sealed,
    two_weeks,
    uid,
)
from tests.trust.bars import bar
from thucthi.ledger.calculations import notes
from thucthi.ledger.calculations.tiles import TILE, tile_path, tiles_of
from thucthi.publication.proofs import TILES, Opened
from thucthi.publication.verifier import verify
from thucthi.publication.verifier.verify import SENTENCES, Wrong, told

FLIPS = int(os.environ.get("THUCTHI_FLIPS", "1500"))


def sentences(attack: Attack) -> list[str]:
    return list(told(checked(attack.files, attack.older, **attack.wanted), False))


def put(files: dict[str, bytes], directory: Path) -> Path:
    for name, data in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(data)
    return directory


def command(*arguments: object, python: str = sys.executable) -> tuple[int, list[str]]:
    path = Path(verify.__file__)
    done = subprocess.run([python, path, *map(str, arguments)], capture_output=True, check=False, cwd=path.parent)
    assert done.stderr == b"", done.stderr.decode()
    return done.returncode, done.stdout.decode().splitlines()


def test_what_is_good_is_accepted() -> None:
    old, new = two_weeks()
    assert checked(old, key=PINNED).wrong == []
    result = checked(new, old, key=PINNED)
    assert list(told(result, False)) == [
        (
            "ĐÚNG: kỳ 2026-W48, số liệu đến 2026-11-27: 9 tệp đúng bản kê, chữ ký đúng, "
            "10 con số có dòng riêng trong sổ 36 dòng và khớp."
        ),
        "Sổ nối tiếp kỳ 2026-W47, không dòng nào bị sửa hay bỏ.",
        "1 lời giải trình có dòng riêng trong sổ và khớp từng chữ.",
    ]
    assert list(told(checked(new), True))[2] == f"Compare this key with the one you know from elsewhere: {PINNED}"


def test_a_country_whose_tasks_stand_in_files_of_their_own_is_accepted() -> None:
    result = checked(country(), key=PINNED)
    assert list(told(result, False)) == [
        (
            "ĐÚNG: kỳ 2026-W47, số liệu đến 2026-11-20: 19 tệp đúng bản kê, chữ ký đúng, "
            "12 con số có dòng riêng trong sổ 600 dòng và khớp."
        ),
        "1 lời giải trình có dòng riêng trong sổ và khớp từng chữ.",
    ]
    assert "tasks" not in json.loads(country()["issue.json"])


def test_an_issue_from_before_there_were_replies_is_accepted() -> None:
    def forget(data: Any, _pieces: Any = None) -> None:
        for body in data["organisations"]:
            body.pop("statements", None)

    data = issue_data("2026-W47", "2026-11-20")
    forget(data)
    log = filled_log()
    proofs = proofs_of(log, 20)
    without = replace(proofs, leaves={name: leaf for name, leaf in proofs.leaves.items() if name != uid(7)})
    assert checked(bundle(log, 20, data=data, proofs=without)).wrong == []
    assert checked(country(forget, change_proofs=lambda ledger, _entries: ledger.pop("replies"))).wrong == []


def test_an_erased_entry_of_a_reply_is_told_and_one_from_before_has_no_day() -> None:
    log = filled_log()
    proofs = proofs_of(log, 20)
    erased = replace(proofs.leaves[uid(7)], digests={}, revealed={})
    result = checked(bundle(log, 20, proofs=replace(proofs, leaves={**proofs.leaves, uid(7): erased})))
    assert (result.wrong, result.facts["replies"], result.facts["covered"]) == ([], 0, 1)
    data = issue_data("2026-W47", "2026-11-20")
    old = log.add("statement.made", 5, **{k: v for k, v in REPLY.items() if k != "stated_on"}, is_public=True)
    data["organisations"][0]["statements"] = [{**reply(), "entry": old}]
    proofs = proofs_of(log, 37)
    leaves = {**proofs.leaves, old: log.opened(old, 37)}
    result = checked(bundle(log, 37, data=data, proofs=replace(proofs, leaves=leaves)))
    assert (result.wrong, result.facts["replies"]) == ([], 1)


def test_tiles_have_the_names_that_c2sp_gives_them() -> None:
    assert verify.tile_name(0, 1_234_067, 256) == "proofs/tile/0/x001/x234/067"
    assert verify.tile_name(3, 5, 8) == "proofs/tile/3/005.p/8"
    for level, number, width in [(0, 0, 256), (1, 999, 1), (0, 1_000, 255), (2, 16_402, 256), (0, 12_345_678, 3)]:
        assert verify.tile_name(level, number, width) == f"{TILES}/{tile_path(level, number, width)}"


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600, 65_536, 70_000])
def test_the_tiles_of_a_tree_hold_every_leaf_once_and_every_full_tile_above(size: int) -> None:
    widths: dict[int, int] = {}
    for level, number, width in tiles_of(size):
        assert (number * TILE, 0 < width <= TILE) == (widths.get(level, 0), True)
        widths[level] = widths.get(level, 0) + width
    expected, count = {}, size
    while count:
        expected[len(expected)], count = count, count // TILE
    assert widths == expected


@bar("B7")
@pytest.mark.parametrize("attack", list(attacks()), ids=lambda attack: attack.name)
def test_no_forgery_is_accepted_and_the_sentence_names_it(attack: Attack) -> None:
    said = sentences(attack)
    assert said[0].startswith("SAI: ")
    assert attack.told in "\n".join(said)


@bar("B7")
def test_no_flipped_byte_is_accepted() -> None:
    _, new = two_weeks()
    tried = [*every_byte(new, ["checkpoint", "manifest.json"]), *flips(new, sorted(new), FLIPS)]
    accepted = [flip for flip in tried if not checked(flipped(new, *flip)).wrong]
    assert accepted == []
    assert len(tried) == len(new["checkpoint"]) + len(new["manifest.json"]) + FLIPS


@bar("B7", planted=True)
def test_a_verifier_that_forgets_the_signature_lets_flips_through() -> None:
    """The planted fault: without the check of the signature the campaign finds accepted bundles."""
    _, new = two_weeks()
    accepted = 0
    for flip in every_byte(new, ["checkpoint"]):
        result = checked(flipped(new, *flip))
        result.wrong = [wrong for wrong in result.wrong if wrong.code not in {"signature", "witness"}]
        accepted += not result.wrong
    assert accepted > 0


def test_the_command_says_the_same(tmp_path: Path) -> None:
    old, new = (put(files, tmp_path / name) for files, name in zip(two_weeks(), ("old", "new"), strict=True))
    status, lines = command(new, "--since", old, "--key", PINNED, "--en")
    assert status == 0
    assert lines == list(told(checked(*reversed(two_weeks()), key=PINNED), True))
    assert lines[0].startswith("VALID: issue 2026-W48, as of 2026-11-27: 9 files as in the manifest, signature valid")
    (new / "index.html").write_bytes(b"<p>99</p>")
    (new / "link.html").symlink_to("index.html")
    (new / "ky-cong-bo").symlink_to(tmp_path)
    assert command(new) == (1, [
        "SAI: có 2 điều không đúng.",
        "Tệp link.html không có trong bản kê.",
        "Tệp index.html đã bị thay đổi so với bản kê.",
    ])  # fmt: skip
    (new / "index.html").unlink()
    os.mkfifo(new / "index.html")
    assert "index.html là liên kết, không phải tệp thường." in command(new)[1]
    assert command(tmp_path / "nowhere")[0] == 1
    status, lines = command(put(sealed(two_weeks()[0], filled_log(), 20), tmp_path / ("0" * 64)))
    assert (status, lines[1][-67:]) == (1, f", không phải {'0' * 64}."[-67:])


def test_the_checkpoint_is_read_by_the_signature_alone_not_by_our_python(tmp_path: Path) -> None:
    """The real openssl refuses every twentieth flipped byte of the checkpoint, in processes of its own."""
    _, new = two_weeks()
    directory = put(new, tmp_path / "new")
    for name, place, bits in list(every_byte(new, ["checkpoint"]))[::20]:
        (directory / name).write_bytes(flipped(new, name, place, bits)[name])
        assert command(directory)[0] == 1


def test_without_openssl_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    directory = put(two_weeks()[0], tmp_path / "old")
    assert command(directory)[1][1] == "Máy này chưa có openssl (3.0 trở lên) để kiểm tra chữ ký."


def test_it_needs_nothing_of_ours_and_nothing_new() -> None:
    source = Path(verify.__file__).read_text()
    imported = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names) | {"__future__"}


def test_a_witness_of_the_list_is_read_and_a_stranger_refused() -> None:
    log = filled_log()
    witness = notes.verifier_key("nhan-chung.vi-du.vn", KEY.public_key().public_bytes_raw(), notes.COSIGNATURE_V1)
    files = bundle(log, 20, keys=f"0 {PINNED}\nwitness {witness}\n")
    text = files["checkpoint"].decode()
    line = notes.cosignature(text.rpartition("\n\n")[0] + "\n", "nhan-chung.vi-du.vn", KEY, 1_790_000_000)
    cosigned = {**files, "checkpoint": (text + line).encode()}
    assert checked(cosigned).wrong == []
    assert [w.code for w in checked({**bundle(log, 20), "checkpoint": (text + line).encode()}).wrong][-1:] == [
        "witness"
    ]
    accepted = [flip for flip in every_byte(cosigned, ["checkpoint"]) if not checked(flipped(cosigned, *flip)).wrong]
    assert accepted == []


def test_an_erased_entry_still_stands_in_the_tree_and_is_told() -> None:
    log = filled_log()
    proofs = proofs_of(log, 20)
    whole = proofs.leaves[uid(3)]
    erased = Opened(whole.index, whole.leaf, whole.proof, {}, {})
    result = checked(bundle(log, 20, proofs=replace(proofs, leaves={**proofs.leaves, uid(3): erased})))
    assert (result.wrong, result.facts["covered"], result.facts["figures"]) == ([], 2, 8)


def test_a_log_from_nothing() -> None:
    log = Log()
    data = issue_data("2026-W47", "2026-11-20")
    data["organisations"][0].pop("statements")
    for task in data["tasks"]:
        task["history"] = []
        task["standing"] |= {"declared": None, "accepted": None}
    first = bundle(
        log, 0, data=data, proofs=replace(proofs_of(filled_log(), 20), size=0, root=log.root(0).hex(), leaves={})
    )
    assert checked(first).wrong == []
    log = filled_log()
    after = bundle(log, 20, issue="2026-W48", as_of="2026-11-27", previous=log.previous_of_nothing(first))
    assert checked(after, first).wrong == []


def test_every_sentence_has_both_languages_and_the_same_gaps() -> None:
    for code, (vietnamese, english) in SENTENCES.items():
        assert vietnamese != english, code
        gaps = [sorted(verify.re.findall(r"\{\w+\}", text)) for text in (vietnamese, english)]
        assert gaps[0] == gaps[1], code


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("0" * 64),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] + [each for key, part in inner for each in places(part, (*path, key))]


def replaced(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], junk)
    return copy


@settings(max_examples=int(os.environ.get("THUCTHI_FUZZ", "300")))
@given(data=st.data())
def test_hostile_contents_end_in_a_sentence_never_in_a_crash(data: st.DataObject) -> None:
    """Also when the publisher itself signs nonsense, so that the checks behind the signature are reached."""
    log = filled_log()
    old, new = two_weeks()
    name = data.draw(st.sampled_from(["issue.json", "proofs/ledger.json", "manifest.json"]))
    content = json.loads(new[name])
    path = data.draw(st.sampled_from(places(content)))
    hostile = json.dumps(replaced(content, path, data.draw(JUNK))).encode()
    files = {**new, name: hostile}
    result = checked(files if name == "manifest.json" else sealed(files, log, 36), old)
    assert all(line for line in told(result, True))
    assert all(isinstance(wrong, Wrong) for wrong in result.wrong)


@settings(max_examples=200)
@given(
    junk=st.binary(max_size=200), name=st.sampled_from(["checkpoint", "proofs/keys.txt", "manifest.json", "issue.json"])
)
def test_noise_is_no_file_of_ours(junk: bytes, name: str) -> None:
    old, new = two_weeks()
    result = checked({**new, name: junk}, old)
    assert result.wrong
    assert next(iter(told(result, False))).startswith("SAI")


def test_deep_nesting_and_huge_numbers_are_refused() -> None:
    _, new = two_weeks()
    for hostile in (b"[" * 100_000, b'{"files":' + b"9" * 10_000 + b"}", b'{"size":1e400}', b"\xff\xfe", b"NaN"):
        for name in ("manifest.json", "issue.json", "proofs/ledger.json"):
            assert checked({**new, name: hostile}).wrong
