"""What a forger may try, for both verifiers: each attack is a bundle that must not be accepted."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.publication.proofs.bundle import (
    FIGURES,
    ORIGIN,
    PINNED,
    REPLY,
    bundle,
    country,
    filled_log,
    issue_data,
    proofs_of,
    reply,
    sealed,
    two_weeks,
    uid,
)
from thucthi.kernel.canonical import canonical_json
from thucthi.ledger.calculations import notes
from thucthi.ledger.calculations.keys import hand_over
from thucthi.publication.proofs import TASKS_OF_A_PIECE, TILES, piece_names
from thucthi.publication.sheets import TASK_FILES, TASKS_OF_A_SHEET, sheet_files

SEED = 20261204
STRANGER = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a stranger").digest())
STRANGERS = notes.verifier_key(ORIGIN, STRANGER.public_key().public_bytes_raw())
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Attack:
    """`told`: what the verdict must name besides being negative."""

    name: str
    files: Files
    told: str
    older: Files | None = None
    wanted: Mapping[str, str] = field(default_factory=dict)


def flips(files: Files, names: list[str], count: int) -> Iterator[tuple[str, int, int]]:
    """File, place and what is XORed into the byte; files are drawn by their size."""
    chance = random.Random(SEED)  # noqa: S311 - the same flips every time
    weights = [len(files[name]) for name in names]
    for name in chance.choices(names, weights, k=count):
        yield name, chance.randrange(len(files[name])), chance.randrange(1, 256)


def every_byte(files: Files, names: list[str]) -> Iterator[tuple[str, int, int]]:
    chance = random.Random(SEED)  # noqa: S311 - the same flips every time
    for name in names:
        yield from ((name, place, chance.randrange(1, 256)) for place in range(len(files[name])))


def flipped(files: Files, name: str, place: int, bits: int) -> dict[str, bytes]:
    data = bytearray(files[name])
    data[place] ^= bits
    return {**files, name: bytes(data)}


def attacks() -> Iterator[Attack]:
    old, new = two_weeks()
    yield from _files(old, new)
    yield from _weeks(old, new)
    yield from _figures(old, new)
    yield from _replies()
    yield from _keys()
    yield from _pieces()


def _files(old: Files, new: Files) -> Iterator[Attack]:
    for name, data in new.items():
        for place in (0, 1, len(data) // 2, len(data) - 1):
            yield Attack(f"{name} cut at {place}", {**new, name: data[:place]}, "")
        yield Attack(f"{name} longer", {**new, name: data + b"\n"}, "")
        yield Attack(f"{name} gone", {each: new[each] for each in new if each != name}, name)
    yield Attack("another file", {**new, "nhiem-vu/nv-9/index.html": b"x"}, "nhiem-vu/nv-9/index.html")
    yield Attack("a file where the list of issues is linked", {**new, "ky-cong-bo/x": b"x"}, "ky-cong-bo/x")
    moved = {("en.html" if name == "index.html" else name): data for name, data in new.items()}
    yield Attack("a file under another name", moved, "en.html")


def _weeks(old: Files, new: Files) -> Iterator[Attack]:
    hashes = [hashlib.sha256(each["manifest.json"]).hexdigest() for each in (old, new)]
    yield Attack("old under the new address", old, hashes[1], wanted={"hash": hashes[1]})
    yield Attack("old as this week's issue", old, "2026-W48", wanted={"issue": "2026-W48"})
    yield Attack("old after new", old, "2026-W48", older=new)
    yield Attack("the same twice", new, "2026-W48", older=new)
    for name in ("checkpoint", "manifest.json", "issue.json", "proofs/ledger.json"):
        yield Attack(f"new with the old {name}", {**new, name: old[name]}, "")
        yield Attack(f"old with the new {name}", {**old, name: new[name]}, "")
    log = filled_log()
    fork = filled_log()
    fork.leaves[10] = fork.leaves[11]
    first = bundle(log, 20)
    forked = bundle(fork, 36, issue="2026-W48", as_of="2026-11-27", previous=fork.previous("2026-W47", first, 36))
    yield Attack("a log whose past was rewritten", forked, "2026-W47")
    yield Attack("the same beside the kept issue", forked, "2026-W47", older=first)
    alone = bundle(log, 36, issue="2026-W48", as_of="2026-11-27")
    yield Attack("an issue that names no former one", alone, "2026-W47", older=first)
    elsewhere = replace(log.previous("2026-W47", first, 36), root="00" * 32)
    yield Attack("a former root of its own", _following(log, elsewhere), "2026-W47", older=first)
    shrunk = bundle(log, 10, issue="2026-W48", as_of="2026-11-27")
    yield Attack("a log that shrank", shrunk, "2026-W48", older=first)


def _following(log: Any, previous: Any) -> dict[str, bytes]:
    return bundle(log, 36, issue="2026-W48", as_of="2026-11-27", previous=previous)


def _change_data(change: Callable[[Any], None], **more: Any) -> dict[str, bytes]:
    data = issue_data("2026-W47", "2026-11-20")
    change(data)
    return bundle(filled_log(), 20, data=data, **more)


def _change_ledger(change: Callable[[Any], None]) -> dict[str, bytes]:
    """Signed with the right key: the publisher itself lies."""
    log = filled_log()
    files = bundle(log, 20)
    ledger = json.loads(files["proofs/ledger.json"])
    change(ledger)
    return sealed({**files, "proofs/ledger.json": canonical_json(ledger)}, log, 20)


def _figures(old: Files, new: Files) -> Iterator[Attack]:
    """One figure changed: as it is, with the manifest made anew, and signed anew by the publisher itself."""
    changed = new["issue.json"].replace(b'"accepted":"38"', b'"accepted":"88"', 1)
    assert changed != new["issue.json"]
    yield Attack("a figure", {**new, "issue.json": changed}, "nv-1, kỳ 2026-W46: accepted công bố là 88, sổ ghi 38")
    manifest = json.loads(new["manifest.json"])
    manifest["files"]["issue.json"] = hashlib.sha256(changed).hexdigest()
    rehashed = {**new, "issue.json": changed, "manifest.json": canonical_json(manifest)}
    yield Attack("a figure, manifest made anew", rehashed, "checkpoint được ký cho bản kê khác")

    def history(data: Any) -> Any:
        return data["tasks"][0]["history"]

    lies: list[tuple[str, Callable[[Any], None], str]] = [
        ("declared", lambda data: history(data)[0].update(declared="55"), "kỳ 2026-W47: declared công bố là 55"),
        ("claim", lambda data: history(data)[0].update(claim="behind"), "claim công bố là behind, sổ ghi on_plan"),
        ("evidence", lambda data: history(data)[0].update(evidence=[]), "evidence công bố là []"),
        ("verdict", lambda data: history(data)[0].update(verdict="accepted", accepted="45.5"), "kỳ 2026-W47"),
        ("accepted", lambda data: history(data)[1].update(accepted="40"), "accepted công bố là 40, sổ ghi 38"),
        ("with others", lambda data: data["tasks"][1]["history"][0].update(accepted="99"), "sổ ghi 100"),
        ("standing", lambda data: data["tasks"][0]["standing"].update(accepted="40"), "kỳ standing: accepted"),
        ("standing declared", lambda data: data["tasks"][0]["standing"].update(declared="46"), "kỳ standing: declared"),
        ("an invented report", lambda data: data["tasks"][2]["history"].append(history(data)[0]), "nv-3"),
        ("a total", lambda data: data["tally"]["stages"].update(done=2), "tổng stages.done của issue ghi 2"),
        ("a rate", lambda data: data["tally"].update(completion={"numerator": 3, "denominator": 3}), "completion"),
        ("a document", lambda data: data["documents"][0]["tally"].update(total=4), "tổng total của nq-1"),
        ("an organisation", lambda data: data["organisations"][1]["own"].update(owed=1), "tổng owed của BTC"),
        ("a task left out", lambda data: data["tasks"].pop(), "tổng total của issue ghi 3"),
    ]
    for name, change, told in lies:
        yield Attack(f"the publisher changes {name}", _change_data(change), told)
    leaf = uid(3)
    entries: list[tuple[str, Callable[[Any], None], str]] = [
        ("a revealed value", lambda row: row["leaves"][leaf]["revealed"]["content.progress_accepted"].__setitem__(
            1, '"99"'), "content.progress_accepted"),
        ("a digest", lambda row: row["leaves"][leaf]["digests"].update({"content.note": "00" * 32}), "digests"),
        ("a leaf", lambda row: row["leaves"][leaf].update(leaf=row["leaves"][uid(4)]["leaf"]), leaf),
        ("a place", lambda row: row["leaves"][leaf].update(index=4), leaf),
        ("a proof", lambda row: row["leaves"][leaf]["proof"].pop(), leaf),
        ("no entry", lambda row: row["leaves"].pop(leaf), leaf),
        ("no figures", lambda row: row["figures"].clear(), "không nêu dòng nào"),
        ("another's report", lambda row: row["figures"]["nv-1"].update(accepted=uid(6), accepted_report=14), "nv-1"),
        ("the size", lambda row: row.update(size=19), "nói khác nhau về sổ"),
        ("the origin", lambda row: row.update(origin="khac.vn"), "nói khác nhau về sổ"),
    ]  # fmt: skip
    for name, change, told in entries:
        yield Attack(f"the publisher's proofs: {name}", _change_ledger(change), told)
    log = filled_log()
    covering = log.add("simulated_reports.added", 1, count=3)
    figures = {**FIGURES, "nv-1": replace(FIGURES["nv-1"], accepted=covering)}
    proofs = replace(
        proofs_of(log, 37), figures=figures, leaves={**proofs_of(log, 37).leaves, covering: log.opened(covering, 37)}
    )
    yield Attack("simulated and not marked", bundle(log, 37, proofs=proofs), "mô phỏng")
    yield from _invented_figures()
    waiting = replace(
        proofs_of(log, 20), pending=[uid(3)], leaves={k: v for k, v in proofs_of(log, 20).leaves.items() if k != uid(3)}
    )
    before = bundle(log, 20, proofs=waiting)
    after = replace(waiting, size=36, root=log.root(36).hex(), previous=log.previous("2026-W47", before, 36))
    after = replace(after, leaves={k: log.opened(k, 36, "content.accepted:14") for k in waiting.leaves})
    yield Attack(
        "promised twice", bundle(log, 36, issue="2026-W48", as_of="2026-11-27", proofs=after), uid(3), older=before
    )


Change = Callable[[Any], object]


def _lies_about_a_reply() -> list[tuple[str, Change, str]]:
    """What the publisher may do to issue.json; the log says what was replied."""

    def said(data: Any) -> Any:
        return data["organisations"][0]["statements"][0]

    def move(data: Any) -> None:
        data["organisations"][1]["statements"] = data["organisations"][0].pop("statements")

    return [
        ("the text", lambda data: said(data).update(text="Không chậm."), "text công bố là Không chậm., sổ ghi Chậm vì"),
        ("a letter", lambda data: said(data).update(text=said(data)["text"] + " "), "giải trình của BKHCN, kỳ 2026-Q4"),
        ("the quarter", lambda data: said(data).update(period="2026-Q3"), "period công bố là 2026-Q3, sổ ghi 2026-Q4"),
        ("the day", lambda data: said(data).update(stated_on="2026-11-01"), "stated_on công bố là 2026-11-01"),
        ("whose it is", move, "organisation công bố là BTC, sổ ghi BKHCN"),
        ("its entry", lambda data: said(data).update(entry=uid(3)), "event công bố là statement.made"),
        ("the name of its entry", lambda data: said(data).update(entry=uid(30)), uid(30)),
        ("that it has an entry", lambda data: said(data).update(entry=""), "không nêu dòng nào trong sổ"),
        ("a second reply", lambda data: data["organisations"][1].update(statements=[{**said(data), "text": "Bịa."}]),
         "giải trình của BTC"),
    ]  # fmt: skip


def _replies() -> Iterator[Attack]:
    # Beside the figures of a country lie no entries of replies: one that is given for a reply is not found.
    elsewhere = {"its entry": uid(3)}
    for name, change, told in _lies_about_a_reply():
        yield Attack(f"the publisher changes {name} of a reply", _change_data(change), told)
        yield Attack(
            f"the publisher changes {name} of a reply in a country",
            country(lambda data, _pieces, change=change: change(data)), elsewhere.get(name, told),
        )  # fmt: skip
    leaf = uid(7)
    opened: list[tuple[str, Change, str]] = [
        ("a revealed text", lambda row: row[leaf]["revealed"]["content.text"].__setitem__(1, '"Bịa."'), "content.text"),
        ("a text that stays closed", lambda row: row[leaf]["revealed"].pop("content.text"), "sổ ghi —"),
        ("a day that stays closed", lambda row: row[leaf]["revealed"].pop("content.stated_on"), "stated_on"),
        ("no entry", lambda row: row.pop(leaf), leaf),
        ("a place", lambda row: row[leaf].update(index=8), leaf),
    ]
    for name, change, told in opened:
        of_ledger = _change_ledger(lambda ledger, change=change: change(ledger["leaves"]))
        yield Attack(f"the publisher's proof of a reply: {name}", of_ledger, told)
        of_country = country(
            change_proofs=lambda ledger, pieces, change=change: change(pieces[ledger["replies"][0]]["leaves"])
        )
        yield Attack(f"the publisher's proof of a reply in a country: {name}", of_country, told)
    forgotten: list[tuple[str, Change]] = [
        ("none", lambda ledger: ledger["replies"].clear()), ("no list", lambda ledger: ledger.pop("replies")),
    ]  # fmt: skip
    for name, forget in forgotten:
        lie = country(change_proofs=lambda ledger, _pieces, forget=forget: forget(ledger))
        yield Attack(f"the publisher's files of replies of a country: {name}", lie, leaf)
    yield from _other_replies()


def _other_replies() -> Iterator[Attack]:
    """A reply that was not said to the public, and an invented one in an issue that does not say so."""
    for name, said, told in (
        ("that was not meant for the public", {"is_public": False}, "is_public công bố là true"),
        ("that is invented", {"is_public": True, "simulated": True}, "mô phỏng"),
    ):
        log, data = filled_log(), issue_data("2026-W47", "2026-11-20")
        own = log.add("statement.made", 4, **REPLY, **said)
        data["organisations"][0]["statements"].append({**reply(), "entry": own})
        proofs = proofs_of(log, 37)
        proofs = replace(proofs, leaves={**proofs.leaves, own: log.opened(own, 37)})
        yield Attack(f"a reply {name}", bundle(log, 37, data=data, proofs=proofs), told)


def _invented_figures() -> Iterator[Attack]:
    """An entry that says it is simulated behind a figure of an issue that does not; its mark opened, then closed."""
    log = filled_log()
    said = {"task": "nv-1", "period": "2026-W47", "progress": "45.5", "claim": "on_plan", "cause": ""}
    own = log.add("report.submitted", 13, **said, evidence=["ab" * 32], simulated=True)
    history = {**FIGURES["nv-1"].history, "2026-W47": (own, uid(4))}
    figures = {**FIGURES, "nv-1": replace(FIGURES["nv-1"], declared=own, history=history)}
    entry = log.opened(own, 37)
    closed = replace(entry, revealed={k: v for k, v in entry.revealed.items() if k != "content.simulated"})
    for name, leaf in (("marked as simulated", entry), ("with the mark closed", closed)):
        proofs = replace(proofs_of(log, 37), figures=figures, leaves={**proofs_of(log, 37).leaves, own: leaf})
        yield Attack(f"an entry {name} and an issue that is not", bundle(log, 37, proofs=proofs), "mô phỏng")


def _pieces() -> Iterator[Attack]:
    """An issue of a country, whose tasks stand in files of their own."""
    first, second = sheet_files(2 * TASKS_OF_A_SHEET)
    good = country()
    changed = good[first].replace(b'"accepted":"38"', b'"accepted":"88"', 1)
    assert changed != good[first]
    yield Attack("a figure in a piece", {**good, first: changed}, f"{first} đã bị thay đổi")
    yield Attack("a piece gone", {name: good[name] for name in good if name != second}, f"Thiếu tệp {second}")
    yield Attack("a piece in another's place", {**good, second: good[first]}, f"{second} đã bị thay đổi")

    def tasks(pieces: Any, name: str = first) -> Any:
        return pieces[name]["data"]["tasks"]

    lies: list[tuple[str, Callable[[Any, Any], object], str]] = [
        ("a figure", lambda data, pieces: tasks(pieces)[0]["history"][1].update(accepted="40"), "sổ ghi 38"),
        ("a standing", lambda data, pieces: tasks(pieces)[1]["standing"].update(schedule="overdue"), "schedules"),
        ("a total", lambda data, pieces: data["tally"].update(total=4), "tổng total của issue ghi 4"),
        ("the list of pieces", lambda data, pieces: data[TASK_FILES].pop(), "tổng total của issue ghi 3"),
        ("a piece named twice", lambda data, pieces: data[TASK_FILES].append(second), f"{second} không thuộc"),
        ("a task named twice", lambda data, pieces: tasks(pieces, second).insert(0, tasks(pieces)[1]), second),
        ("the order", lambda data, pieces: tasks(pieces).reverse(), f"{first} không thuộc"),
        ("whose piece it is", lambda data, pieces: pieces[second]["issue"].update(issue="2026-W46"), second),
        ("a piece out of the manifest", lambda data, pieces: data[TASK_FILES].append("../x.json"), "../x.json"),
        ("a piece without tasks", lambda data, pieces: pieces[second].update(data=[]), f"Không đọc được {second}"),
        ("tasks in two places", lambda data, pieces: data.update(tasks=[]), f"{first} không thuộc"),
    ]
    for name, change, told in lies:
        yield Attack(f"the publisher changes {name} of a country", country(change), told)
    yield from _tiles(good)


def _tiles(good: Files) -> Iterator[Attack]:
    """The tree of a country and the entries in it: as they lie there, and sealed anew by the publisher itself."""
    entries, others = piece_names(2 * TASKS_OF_A_PIECE)
    first, last, top = f"{TILES}/tile/0/000", f"{TILES}/tile/0/002.p/88", f"{TILES}/tile/1/000.p/2"
    assert {first, last, top, entries, others} < good.keys()
    for name in (first, last, top):
        turned = flipped(good, name, len(good[name]) // 2, 1)
        yield Attack(f"a changed byte in {name}", turned, f"{name} đã bị thay đổi")
        yield Attack(f"{name} gone", {each: good[each] for each in good if each != name}, f"Thiếu tệp {name}")
        for what, tile in (("changed", turned[name]), ("cut", good[name][:-32]), ("longer", good[name] + bytes(32))):
            lie = country(change_tiles=lambda _ledger, tiles, name=name, tile=tile: tiles.update({name: tile}))
            yield Attack(f"the publisher's tile {name} {what}", lie, "Ô băm")
    leaf = uid(3)

    def opened(pieces: Any) -> Any:
        return pieces[entries]["leaves"]

    lies: list[tuple[str, Callable[[Any, Any], object], str]] = [
        ("a place", lambda ledger, pieces: opened(pieces)[leaf].update(index=4), leaf),
        ("a place outside", lambda ledger, pieces: opened(pieces)[leaf].update(index=600), leaf),
        ("a leaf", lambda ledger, pieces: opened(pieces)[leaf].update(leaf=opened(pieces)[uid(4)]["leaf"]), leaf),
        ("a digest", lambda ledger, pieces: opened(pieces)[leaf]["digests"].update({"content.note": "00" * 32}), leaf),
        ("no entry", lambda ledger, pieces: opened(pieces).pop(leaf), leaf),
        ("no figures", lambda ledger, pieces: pieces[entries]["figures"].clear(), "không nêu dòng nào"),
        ("no file of entries", lambda ledger, pieces: ledger["pieces"].clear(), "không nêu dòng nào"),
        ("a file of entries out of the manifest", lambda ledger, pieces: ledger["pieces"].append("x.json"), "x.json"),
        ("the files of entries exchanged", lambda ledger, pieces: ledger["pieces"].reverse(), "không nêu dòng nào"),
        ("a file of entries without any", lambda ledger, pieces: pieces[others].clear(), f"Không đọc được {others}"),
        ("no file of shared entries", lambda ledger, pieces: ledger["shared"].clear(), uid(6)),
        ("a shared value", lambda ledger, pieces: pieces[ledger["shared"][0]]["leaves"][uid(6)]["revealed"][
            "content.accepted:14"].__setitem__(1, '"99"'), "content.accepted:14"),
        ("a shared entry's place", lambda ledger, pieces: pieces[ledger["shared"][0]]["leaves"][uid(6)].update(
            index=7), uid(6)),
        ("another's report", lambda ledger, pieces: pieces[entries]["figures"]["nv-1"].update(
            accepted=uid(6), accepted_report=14, accepted_declared=uid(5)), "task công bố là nv-1, sổ ghi nv-2"),
        ("another report than was accepted", lambda ledger, pieces: pieces[entries]["figures"]["nv-1"].update(
            accepted_declared=uid(2)), "report công bố là 12, sổ ghi 13"),
        ("no report behind a verdict", lambda ledger, pieces: pieces[entries]["figures"]["nv-1"].update(
            accepted_declared=None), "không nêu dòng nào"),
        ("the size", lambda ledger, pieces: ledger.update(size=599), "nói khác nhau về sổ"),
    ]  # fmt: skip
    for name, change, told in lies:
        yield Attack(f"the publisher's proofs of a country: {name}", country(change_proofs=change), told)


def _keys() -> Iterator[Attack]:
    log = filled_log()
    files = bundle(log, 20, keys=f"0 {STRANGERS}\n")
    yield Attack("a stranger's list of keys, our signature", files, "checkpoint")
    theirs = sealed(files, log, 20, STRANGER)
    yield Attack("a stranger's keys and signature", theirs, "Khóa đã biết", wanted={"key": PINNED})
    yield Attack("a stranger signs for us", sealed(bundle(log, 20), log, 20, STRANGER), "checkpoint")
    signed = hand_over(PINNED, STRANGER, STRANGERS, 5)
    usurped = sealed(bundle(log, 20, keys=f"0 {PINNED}\n5 {STRANGERS} {signed}\n"), log, 20, STRANGER)
    yield Attack("a successor that nobody named", usurped, "không được khóa trước ký", wanted={"key": PINNED})
    taken = hand_over(STRANGERS, STRANGER, PINNED, 5)
    chained = sealed(bundle(log, 20, keys=f"0 {STRANGERS}\n5 {PINNED} {taken}\n"), log, 20, STRANGER)
    yield Attack("our key as a stranger's successor", chained, "checkpoint", wanted={"key": PINNED})
    doubled = {**bundle(log, 20)}
    doubled["checkpoint"] += doubled["checkpoint"].splitlines(keepends=True)[-1][:-9] + b"AAAAAAA=\n"
    yield Attack("an unknown line under the checkpoint", doubled, "checkpoint")
