#!/usr/bin/env python3
"""Checks a published issue of Thực Thi on your own machine. Needs Python 3.8 or newer and openssl, nothing else.

    python3 verify.py [DIR] [--since OLDER] [--key KEY] [--manifest HASH] [--issue NAME] [--en]

DIR is the directory of the issue (default: the one this file lies in), OLDER the directory of an issue you kept
earlier. Status 0: nothing was found wrong. Status 1: one sentence for each thing that is wrong. HOWTO.vi.md tells more.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Check = Callable[[bytes, bytes, bytes], bool]

MANIFEST, CHECKPOINT, ISSUE = "manifest.json", "checkpoint", "issue.json"
LEDGER, KEYS, TILES, TILE = "proofs/ledger.json", "proofs/keys.txt", "proofs", 256
LIST_OF_ISSUES, SNAPSHOT, WITNESS = "ky-cong-bo", "snapshot-sha256 ", "witness "
HASH, MOST_SENTENCES = re.compile(r"[0-9a-f]{64}\Z"), 60
DECLARING = ("report.submitted", "report.corrected")
# One entry for all figures of a story that was loaded at once.
COVERING, INVENTED = ("simulated_reports.added", "country.simulated"), "content.simulated"
KEPT, DECIDED = ("done_early", "done_on_time"), ("done_early", "done_on_time", "done_late", "overdue")
REPLYING = "statement.made"
NOT_COUNTABLE = ("draft", "cancelled", "superseded")
# Both verifiers speak from this list: Vietnamese, English.
SENTENCES = {
    code: (vietnamese, english)
    for code, vietnamese, english in (
        line.split("|")
        for line in """
missing|Thiếu tệp {name}.|The file {name} is missing.
extra|Tệp {name} không có trong bản kê.|The file {name} is not in the manifest.
changed|Tệp {name} đã bị thay đổi so với bản kê.|The file {name} differs from the manifest.
link|{name} là liên kết, không phải tệp thường.|{name} is a link or no plain file.
unreadable|Không đọc được {name}: nội dung không đúng mẫu.|{name} cannot be read: it has not the right form.
hash|Bản kê có mã {found}, không phải {wanted}.|The manifest has the hash {found}, not {wanted}.
issue|Đây là kỳ {found}, không phải kỳ {wanted}.|This is issue {found}, not {wanted}.
key|Khóa đã biết {name} không có trong proofs/keys.txt.|The known key {name} is not in proofs/keys.txt.
handover|Lần đổi khóa sang {name} không được khóa trước ký.|The key before did not sign the change to {name}.
signature|checkpoint không có chữ ký đúng của {name}.|The checkpoint has no valid signature of {name}.
witness|checkpoint có chữ ký không kiểm tra được của {name}.|A signature of {name} on the checkpoint is not valid.
snapshot|checkpoint được ký cho bản kê khác: kỳ này không phải bản đã ký.|The checkpoint signs another manifest: this is not the issue that was signed.
tree|checkpoint và proofs/ledger.json nói khác nhau về sổ.|checkpoint and proofs/ledger.json disagree about the log.
tile|Ô băm {name} không khớp với sổ đã ký.|The hash tile {name} does not match the signed log.
leaf|Dòng {name} không nằm trong sổ đã ký.|Entry {name} is not in the signed log.
revealed|Nội dung {field} công khai của dòng {name} không khớp với điều đã ghi vào sổ.|The revealed {field} of entry {name} is not what the log committed to.
no_entry|issue.json: nhiệm vụ {task}, kỳ {period}: không nêu dòng nào trong sổ.|issue.json: task {task}, period {period}: no entry of the log is named.
figure|issue.json: nhiệm vụ {task}, kỳ {period}: {field} công bố là {shown}, sổ ghi {kept}.|issue.json: task {task}, period {period}: {field} is published as {shown}, the log says {kept}.
no_reply|issue.json: giải trình của {name}, kỳ {period}: không nêu dòng nào trong sổ.|issue.json: reply of {name}, period {period}: no entry of the log is named.
reply|issue.json: giải trình của {name}, kỳ {period}: {field} công bố là {shown}, sổ ghi {kept}.|issue.json: reply of {name}, period {period}: {field} is published as {shown}, the log says {kept}.
piece|Tệp nhiệm vụ {name} không thuộc kỳ này hoặc không đúng thứ tự.|The file of tasks {name} is not of this issue, or is out of order.
total|issue.json: tổng {field} của {name} ghi {shown}, cộng lại từ các nhiệm vụ được {kept}.|issue.json: the total {field} of {name} says {shown}, its tasks add up to {kept}.
simulated|Kỳ này chứa số liệu mô phỏng nhưng không ghi rõ.|This issue holds simulated figures and does not say so.
chain|Sổ của kỳ này không nối tiếp sổ của kỳ {name}.|The log of this issue does not continue that of issue {name}.
older|Kỳ cũ: {sentence}|Older issue: {sentence}
order|Kỳ {found} không mới hơn kỳ {name}: có thể bản cũ được đưa ra như bản mới.|Issue {found} is not newer than {name}: an old one may be passed off as new.
previous|Kỳ này nối tiếp kỳ {found}, không nối tiếp kỳ {name} được đưa ra để so.|This issue follows issue {found}, not {name}, which was given to compare.
previous_tree|Kỳ này nói về sổ của kỳ {name} khác với điều kỳ đó đã ký.|What this issue says of the log of {name} is not what that issue signed.
keys_changed|Danh sách khóa của kỳ {name} không còn nguyên trong kỳ này.|The keys of issue {name} do not stand unchanged in this one.
still_pending|Dòng {name} đã hẹn vào sổ từ kỳ trước mà nay vẫn chưa có.|Entry {name} was promised to the log an issue ago and is still not in it.
no_openssl|Máy này chưa có openssl (3.0 trở lên) để kiểm tra chữ ký.|openssl (3.0 or newer), which checks the signature, is not on this machine.
no_ed25519|Trình duyệt này chưa kiểm tra được chữ ký Ed25519. Hãy dùng bản mới hơn, hoặc verify.py.|This browser cannot check Ed25519 signatures. Please use a newer one, or verify.py.
more|Và {n} lỗi khác.|And {n} more.
good|ĐÚNG: kỳ {issue}, số liệu đến {as_of}: {files} tệp đúng bản kê, chữ ký đúng, {figures} con số có dòng riêng trong sổ {size} dòng và khớp.|VALID: issue {issue}, as of {as_of}: {files} files as in the manifest, signature valid, {figures} figures have an entry of their own in the log of {size} and match it.
bad|SAI: có {n} điều không đúng.|INVALID: {n} things are wrong.
is_simulated|Lưu ý: số liệu của kỳ này là mô phỏng.|Note: the figures of this issue are simulated.
replies|{n} lời giải trình có dòng riêng trong sổ và khớp từng chữ.|{n} replies of bodies have an entry of their own in the log and match it word for word.
covered|Lưu ý: {n} con số chỉ có dòng chung trong sổ, không so được từng số.|Note: {n} figures have only a common entry in the log and cannot be compared one by one.
pending|Lưu ý: {n} dòng mới ghi sẽ vào sổ ở kỳ sau.|Note: {n} recent entries will be in the log by the next issue.
unpinned|Hãy so khóa này với khóa ông/bà đã biết từ nguồn khác: {name}|Compare this key with the one you know from elsewhere: {name}
continued|Sổ nối tiếp kỳ {name}, không dòng nào bị sửa hay bỏ.|The log continues issue {name}; no entry was changed or dropped.
""".strip().split("\n")  # noqa: E501
    )
}


class Wrong(Exception):
    """One thing that is wrong: a key of SENTENCES, and what fills its gaps."""

    def __init__(self, code: str, **said: Any) -> None:
        super().__init__(code)
        self.code, self.said = code, said


def sentence(wrong: Wrong, english: bool = False) -> str:
    said = {key: _filled(value, english) for key, value in wrong.said.items()}
    return re.sub(r"\{(\w+)\}", lambda gap: said.get(gap.group(1), "?"), SENTENCES[wrong.code][english])


def _filled(value: Any, english: bool) -> str:
    if isinstance(value, Wrong):
        return sentence(value, english)
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":")))[:300]


class Folder:
    """An issue on disk. The link back to the list of issues is no part of it; other links are refused."""

    def __init__(self, path: str) -> None:
        self.path = path

    def names(self) -> Iterator[str]:
        for parent, folders, names in os.walk(self.path):
            for name in [*names, *(each for each in folders if os.path.islink(os.path.join(parent, each)))]:
                full = os.path.join(parent, name)
                relative = os.path.relpath(full, self.path).replace(os.sep, "/")
                if not (relative == LIST_OF_ISSUES and os.path.islink(full)):
                    yield relative

    def read(self, name: str) -> bytes:
        return b"".join(self._pieces(name))

    def sha256(self, name: str) -> str:
        digest = hashlib.sha256()
        for piece in self._pieces(name):
            digest.update(piece)
        return digest.hexdigest()

    def _pieces(self, name: str) -> Iterator[bytes]:
        full = os.path.join(self.path, *name.split("/"))
        if os.path.islink(full) or (os.path.exists(full) and not os.path.isfile(full)):
            raise Wrong("link", name=name)
        if not os.path.exists(full):
            raise Wrong("missing", name=name)
        with open(full, "rb") as stream:
            while piece := stream.read(1 << 20):
                yield piece


class Key(NamedTuple):
    text: str
    name: str
    id: bytes
    kind: int
    public: bytes


def openssl_verify(public: bytes, signature: bytes, signed: bytes) -> bool:
    """Ed25519 by openssl. Raises Wrong when it is not there."""
    pem = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + public).decode()
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("key", "signature", "text")]
        contents = [f"-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----\n".encode(), signature, signed]
        for i in range(3):
            with open(paths[i], "wb") as stream:
                stream.write(contents[i])
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", paths[0]]
        command += ["-sigfile", paths[1], "-in", paths[2]]
        try:
            done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)  # noqa: S603
        except OSError as error:
            raise Wrong("no_openssl") from error
        if b"rawin" in done.stderr:
            raise Wrong("no_openssl")
        return done.returncode == 0


def unbase64(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    # Only one spelling counts, or a changed byte could mean the same.
    if base64.b64encode(raw).decode() != text:
        raise ValueError(text)
    return raw


def read_key(text: str) -> Key:
    name, identifier, encoded = text.split("+", 2)
    raw = unbase64(encoded)
    if len(raw) != 33 or hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8] != identifier:
        raise ValueError(text)
    return Key(text, name, bytes.fromhex(identifier), raw[0], raw[1:])


def signed_by(key: Key, signature: bytes, text: str, verify: Check) -> bool:
    if key.kind == 4:
        moment = int.from_bytes(signature[:8], "big")
        cosigned = f"cosignature/v1\ntime {moment}\n{text}".encode()
        return len(signature) == 72 and verify(key.public, signature[8:], cosigned)
    return key.kind == 1 and len(signature) == 64 and verify(key.public, signature, text.encode())


def lines_of(data: bytes) -> list[str]:
    text = data.decode()
    if not text.endswith("\n"):
        raise ValueError(text)
    return text[:-1].split("\n")


def load(data: bytes) -> Any:
    return json.loads(data.decode())


def whole(number: Any) -> int:
    if type(number) is not int or not 0 <= number < 1 << 53:
        raise ValueError(number)
    return number


def hashes(texts: Any) -> list[bytes]:
    if not isinstance(texts, list) or not all(HASH.match(each) for each in texts):
        raise ValueError(texts)
    return [bytes.fromhex(each) for each in texts]


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def climb(index: int, size: int, way: list[bytes], before: bytes, after: bytes) -> tuple[bytes, bytes] | None:
    """The old and the new root that a proof of RFC 9162 leads to; None when it has not the length of such a tree."""
    place, last = index, size - 1
    for sibling in way:
        if last == 0:
            return None
        if place & 1 or place == last:
            before, after = node(sibling, before), node(sibling, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node(after, sibling)
        place, last = place >> 1, last >> 1
    return (before, after) if last == 0 else None


def is_consistent(old: int, new: int, roots: tuple[bytes, bytes], proof: list[bytes]) -> bool:
    if old == new:
        return not proof and roots[0] == roots[1]
    if not 0 < old < new:
        return old == 0 and not proof and roots[0] == hashlib.sha256(b"").digest()
    place, last = old - 1, new - 1
    way = proof if old & (old - 1) else [roots[0], *proof]
    while place & 1:
        place, last = place >> 1, last >> 1
    return bool(way) and climb(place, last + 1, way[1:], way[0], way[0]) == roots


def root_of(level: list[bytes]) -> bytes:
    """The root of RFC 9162 over these hashes; an odd one out rises unchanged."""
    while len(level) > 1:
        pairs = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0] if level else hashlib.sha256(b"").digest()


def tile_name(level: int, number: int, width: int) -> str:
    """As C2SP tlog-tiles writes it: 1234067 is x001/x234/067, a tile that is not full ends in .p/ and its width."""
    digits = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        digits = f"x{number % 1000:03}/{digits}"
    return f"{TILES}/tile/{level}/{digits}{'' if width == TILE else f'.p/{width}'}"


class Verification:
    """One issue. `run` collects in `wrong` whatever is not as it should be, and in `facts` what was found."""

    def __init__(self, files: Any, *, verify: Check = openssl_verify, wanted: dict[str, str] | None = None) -> None:
        self.files, self.verify, self.wanted = files, verify, wanted or {}
        self.wrong: list[Wrong] = []
        self.facts: dict[str, Any] = {"figures": 0, "replies": 0, "covered": 0, "files": 0}
        self.issue: Any = None
        self.ledger: Any = None
        self.listed: Any = {}
        self.leaves: Any = {}
        # Of a country: what entries behind figures of many tasks say, and these entries.
        self.common: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
        self.keys: list[Key] = []
        self.witnesses: list[Key] = []
        self.said: dict[str, tuple[str, dict[str, Any]]] = {}
        # Of a country: the hashes of all leaves, one after the other, from the tiles.
        self.hashes: bytearray | None = None

    def run(self) -> Verification:
        self._try(MANIFEST, self._manifest)
        self._try(KEYS, self._keys)
        self._try(LEDGER, self._ledger)
        self._try(CHECKPOINT, self._checkpoint)
        self._try(ISSUE, self._issue)
        self._try(LEDGER, self._leaves)
        self._try(LEDGER, self._previous)
        self._try(ISSUE, self._totals)
        self._try(ISSUE, self._replies)
        self._try(ISSUE, self._figures)
        return self

    def _try(self, name: str, step: Callable[[], Iterable[Wrong]]) -> None:
        try:
            self.wrong.extend(step())
        except Wrong as wrong:
            self.wrong.append(wrong)
        except Exception:  # whatever a hostile file brings about is a reason not to believe it
            self.wrong.append(Wrong("unreadable", name=name))

    def _manifest(self) -> Iterator[Wrong]:
        data = self.files.read(MANIFEST)
        self.facts["hash"] = hashlib.sha256(data).hexdigest()
        wanted = self.wanted.get("hash")
        if wanted and wanted != self.facts["hash"]:
            yield Wrong("hash", found=self.facts["hash"], wanted=wanted)
        listed = self.listed = load(data)["files"]
        present = set(self.files.names()) - {MANIFEST, CHECKPOINT}
        for name in sorted(present - set(listed)):
            yield Wrong("extra", name=name)
        for name in sorted(listed):
            self.facts["files"] += 1
            if name not in present:
                yield Wrong("missing", name=name)
            elif self.files.sha256(name) != listed[name]:
                yield Wrong("changed", name=name)

    def _keys(self) -> Iterator[Wrong]:
        since = 0
        for line in lines_of(self.files.read(KEYS)):
            if line.startswith(WITNESS):
                self.witnesses.append(read_key(line[len(WITNESS) :]))
                continue
            parts = line.split(" ")
            key, since_then, since = read_key(parts[1]), since, whole(int(parts[0]))
            if self.keys:
                text = f"thucthi-key/1\n{self.keys[-1].text}\n{key.text}\n{since}\n"
                if since < since_then or not signed_by(self.keys[-1], unbase64(parts[2]), text, self.verify):
                    yield Wrong("handover", name=key.text)
            self.keys.append(key)
        self.facts["since"], self.facts["key"] = since, self.keys[-1].text
        pinned = self.wanted.get("key")
        if pinned and pinned not in [key.text for key in self.keys]:
            yield Wrong("key", name=pinned)

    def _ledger(self) -> Iterator[Wrong]:
        self.ledger = load(self.files.read(LEDGER))
        self.facts["size"], self.facts["root"] = whole(self.ledger["size"]), hashes([self.ledger["root"]])[0]
        self.facts["pending"] = [str(uid) for uid in self.ledger["pending"]]
        return iter(())

    def _checkpoint(self) -> Iterator[Wrong]:
        text, _, below = self.files.read(CHECKPOINT).decode().rpartition("\n\n")
        origin, size, root, line = text.split("\n")
        if self.facts.get("hash") is None or line != SNAPSHOT + self.facts["hash"]:
            yield Wrong("snapshot")
        said = (self.ledger["origin"], str(self.facts["size"]), base64.b64encode(self.facts["root"]).decode())
        if (origin, size, root) != said or self.facts["size"] < self.facts["since"]:
            yield Wrong("tree")
        signed = False
        for line in lines_of(below.encode()):
            mark, name, encoded = line.split(" ")
            raw = unbase64(encoded)
            signer = [key for key in (self.keys[-1], *self.witnesses) if (key.name, key.id) == (name, raw[:4])]
            if mark != "—" or not signer or not signed_by(signer[0], raw[4:], text + "\n", self.verify):
                yield Wrong("witness", name=name)
            signed = signed or signer[:1] == [self.keys[-1]]
        if not signed:
            yield Wrong("signature", name=self.keys[-1].name)

    def _issue(self) -> Iterator[Wrong]:
        self.issue = load(self.files.read(ISSUE))
        header = self.issue["header"]
        for name in ("issue", "as_of", "kind"):
            self.facts[name] = str(header[name])
        self.facts["simulated"] = header["simulated"] is True
        wanted = self.wanted.get("issue")
        if wanted and wanted != header["issue"]:
            yield Wrong("issue", found=header["issue"], wanted=wanted)

    def _leaves(self) -> Iterator[Wrong]:
        """Each entry by its own way; of a country the tiles, and its entries later, beside their figures."""
        if "pieces" not in self.ledger:
            yield from self._opened(self.ledger["leaves"])
            return
        yield from self._tiles()
        for name in self.ledger["shared"]:
            yield from self._in_file(name, lambda piece: self._opened(piece["leaves"]))
            self.common = (self.said, self.leaves)

    def _in_file(self, name: str, look: Callable[[Any], Iterator[Wrong]]) -> Iterator[Wrong]:
        """What is wrong with the content of one of the files that ledger.json names."""
        if name not in self.listed:
            raise Wrong("missing", name=name)
        try:
            yield from look(load(self.files.read(name)))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise Wrong("unreadable", name=name) from error

    def _tiles(self) -> Iterator[Wrong]:
        """Every tile is what the tiles below it make, and all of them make the signed root."""
        level, count, kept = 0, self.facts["size"], bytearray()
        tops: list[bytes] = []
        below: list[bytes] = []
        while count:
            full: list[bytes] = []
            for number in range(-(-count // TILE)):
                width = min(TILE, count - number * TILE)
                name = tile_name(level, number, width)
                tile = self.files.read(name)
                run = [tile[i : i + 32] for i in range(0, len(tile), 32)]
                if len(tile) != width * 32 or (level and run != below[number * TILE : number * TILE + width]):
                    raise Wrong("tile", name=name)
                if not level:
                    kept += tile
                    tops.append(root_of(run))
                full += [root_of(run)] if width == TILE else []
            below, level, count = full, level + 1, count // TILE
        if root_of(tops) != self.facts["root"]:
            raise Wrong("tile", name=TILES)
        self.hashes = kept
        return iter(())

    def _is_in_the_tree(self, index: int, leaf: Any, here: bytes) -> bool:
        size = self.facts["size"]
        if index >= size:
            return False
        if "pieces" in self.ledger:
            return self.hashes is not None and self.hashes[index * 32 : index * 32 + 32] == here
        led_to = climb(index, size, hashes(leaf["proof"]), here, here)
        return led_to is not None and led_to[1] == self.facts["root"]

    def _opened(self, leaves: Any) -> Iterator[Wrong]:
        self.said, self.leaves = dict(self.common[0]), {**self.common[1], **leaves}
        for uid, leaf in leaves.items():
            lines = leaf["leaf"].split("\n")
            here = hashlib.sha256(b"\x00" + leaf["leaf"].encode()).digest()
            is_ours = lines[:2] == ["thucthi-event/1", uid] and len(lines) == 6
            if not self._is_in_the_tree(whole(leaf["index"]), leaf, here) or not is_ours:
                yield Wrong("leaf", name=uid)
            yield from self._revealed(uid, lines[2], lines[4], leaf)

    def _revealed(self, uid: str, event: str, committed: str, leaf: Any) -> Iterator[Wrong]:
        """Which fields of an entry are opened: each digest is SHA-256(salt ‖ value), all of them are the commitment."""
        digests = leaf["digests"]
        if digests:
            text = "".join(f"{name} {digests[name]}\n" for name in sorted(digests))
            if hashlib.sha256(text.encode()).hexdigest() != committed:
                yield Wrong("revealed", field="digests", name=uid)
        opened = {}
        for name, (salt, value) in leaf["revealed"].items():
            if hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest() != digests[name]:
                yield Wrong("revealed", field=name, name=uid)
            opened[name] = json.loads(value)
        self.said[uid] = (event, opened)

    def _previous(self) -> Iterator[Wrong]:
        before = self.ledger["previous"]
        if before is None:
            return
        size, root = whole(before["size"]), hashes([before["root"]])[0]
        roots = (root, self.facts["root"])
        if not is_consistent(size, self.facts["size"], roots, hashes(before["consistency"])):
            yield Wrong("chain", name=before["issue"])

    def _tasks(self) -> Iterator[Any]:
        """One after the other. An issue of a whole country has them in the files that it names, in order of codes."""
        if "task_files" not in self.issue:
            yield from self.issue["tasks"]
            return
        before = ""
        for name in self.issue["task_files"]:
            for task in self._piece(name):
                if not before < task["code"]:
                    raise Wrong("piece", name=name)
                before = task["code"]
                yield task

    def _piece(self, name: str) -> list[Any]:
        if name not in self.listed:
            raise Wrong("missing", name=name)
        try:
            piece = load(self.files.read(name))
            is_ours, tasks = piece["issue"] == self.issue["header"], piece["data"]["tasks"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Wrong("unreadable", name=name) from error
        if not is_ours or not isinstance(tasks, list) or "tasks" in self.issue:
            raise Wrong("piece", name=name)
        return tasks

    def _totals(self) -> Iterator[Wrong]:
        counted: dict[tuple[str, str], Counter[str]] = {}
        for task in self._tasks():
            now = task["standing"]
            standing = (
                "total",
                *(f"{scale}s.{now[scale]}" for scale in ("stage", "schedule")),
                f"reported.{now['reported']}",
            )
            places = {("issue", "issue"), ("programmes", task["programme"])}
            places |= {("documents", each) for each in task["documents"]}
            for place in places | {("organisations", each) for each in task["answering"]}:
                count = counted.setdefault(place, Counter())
                for field in standing:
                    count[field] += 1
        rows = [("issue", "issue", self.issue["tally"])]
        rows += [("documents", row["slug"], row["tally"]) for row in self.issue["documents"]]
        rows += [("organisations", row["code"], row["own"]) for row in self.issue["organisations"]]
        rows += [("programmes", row["code"], row["tally"]) for row in self.issue["programmes"]]
        for group, name, tally in rows:
            yield from _tally(name, tally, counted.get((group, name), Counter()))

    def _replies(self) -> Iterator[Wrong]:
        """Each reply of a body beside the entry by which it was made; an issue from before there were any has none."""
        told: dict[str, list[tuple[str, Any]]] = {}
        for body in self.issue["organisations"]:
            for said in body.get("statements", []):
                if said["entry"]:
                    told.setdefault(said["entry"], []).append((body["code"], said))
                else:
                    yield Wrong("no_reply", name=body["code"], period=said["period"])
        if "pieces" not in self.ledger:
            yield from self._replied(told)
        else:
            for name in self.ledger.get("replies", []):
                yield from self._in_file(name, lambda piece: self._of_replies(piece, told))
        for uid in sorted(set(told) - set(self.facts["pending"])):
            yield Wrong("leaf", name=uid)

    def _of_replies(self, piece: Any, told: dict[str, list[tuple[str, Any]]]) -> Iterator[Wrong]:
        yield from self._opened(piece["leaves"])
        yield from self._replied(told)

    def _replied(self, told: dict[str, list[tuple[str, Any]]]) -> Iterator[Wrong]:
        """Those whose entries are open now; the others stay in `told`."""
        for uid in sorted(set(told) & set(self.said)):
            for code, said in told.pop(uid):
                yield from self._reply(uid, code, said)

    def _reply(self, uid: str, code: str, shown: Any) -> Iterator[Wrong]:
        (event, said), digests = self.said[uid], self.leaves[uid]["digests"]
        if INVENTED in digests and not self.facts["simulated"]:
            yield Wrong("simulated")
        if not digests:
            self.facts["covered"] += 1
            return
        self.facts["replies"] += 1
        wanted: dict[str, tuple[Any, Any]] = {"event": (REPLYING, event)}
        wanted["organisation"] = (code, said.get("content.organisation", "—"))
        fields = ["period", "text", *(["stated_on"] if "content.stated_on" in digests else [])]
        wanted = {**wanted, **{field: (shown[field], said.get("content." + field, "—")) for field in fields}}
        wanted["is_public"] = (True, said.get("content.is_public", "—"))
        for field, (published, kept) in wanted.items():
            if published != kept:
                yield Wrong("reply", name=code, period=shown["period"], field=field, shown=published, kept=kept)

    def _figures(self) -> Iterator[Wrong]:
        if "pieces" not in self.ledger:
            yield from self._behind(self._tasks(), self.ledger["figures"])
            return
        tasks, many = self._tasks(), whole(self.ledger["tasks_of_a_piece"])
        for name in self.ledger["pieces"]:
            yield from self._in_file(name, lambda piece: self._of_piece(piece, itertools.islice(tasks, many)))
        self.said, self.leaves = {}, {}
        yield from self._behind(tasks, {})

    def _of_piece(self, piece: Any, tasks: Iterable[Any]) -> Iterator[Wrong]:
        yield from self._opened(piece["leaves"])
        yield from self._behind(tasks, piece["figures"])

    def _behind(self, tasks: Iterable[Any], figures: Any) -> Iterator[Wrong]:
        reports = {said.get("subject_id"): said for event, said in self.said.values() if event in DECLARING}
        for task in tasks:
            code, named = task["code"], figures.get(task["code"], {})
            for row in task["history"]:
                declared, decided = named.get("history", {}).get(row["period"], (None, None))
                if row["declared"] is not None:
                    yield from self._declared(code, row["period"], declared, row)
                if row["verdict"] is not None:
                    report = self.said.get(declared, ("", {}))[1].get("subject_id")
                    yield from self._decided(code, row["period"], decided, row, report)
            yield from self._standing(task["standing"], code, named, reports)

    def _standing(self, now: Any, code: str, named: Any, reports: Any) -> Iterator[Wrong]:
        if now["declared"] is not None:
            yield from self._declared(code, "standing", named.get("declared"), {"declared": now["declared"]})
        if now["accepted"] is None:
            return
        report, event = named.get("accepted_report"), self.said.get(named.get("accepted"), ("", {}))[0]
        if "pieces" in self.ledger and event not in COVERING:
            # No other file is asked: the entry of the report itself must lie beside that of the verdict on it.
            wanted = {"task": (code, "content.task"), "report": (report, "subject_id")}
            yield from self._compared(code, "standing", named.get("accepted_declared"), (DECLARING, wanted))
        elif report in reports and reports[report].get("content.task") != code:
            yield Wrong("figure", task=code, period="standing", field="accepted", shown=code, kept="?")
        accepted = {"verdict": "accepted", "accepted": now["accepted"]}
        yield from self._decided(code, "standing", named.get("accepted"), accepted, report)

    def _declared(self, task: str, period: str, uid: Any, row: Any) -> Iterator[Wrong]:
        wanted = {"declared": (row["declared"], "content.progress"), "task": (task, "content.task")}
        if period != "standing":
            wanted["period"], wanted["claim"] = (period, "content.period"), (row["claim"], "content.claim")
            wanted["cause"] = (row["cause"] or "", "content.cause")
            wanted["evidence"] = ([each["sha256"] for each in row["evidence"]], "content.evidence")
        yield from self._compared(task, period, uid, (DECLARING, wanted))

    def _decided(self, task: str, period: str, uid: Any, row: Any, report: Any) -> Iterator[Wrong]:
        event = self.said.get(uid, ("", {}))[0]
        wanted: dict[str, tuple[Any, str]] = {"report": (report, "subject_id")}
        if event == "reports.accepted":
            wanted = {"accepted": (row["accepted"], f"content.accepted:{report}")}
        elif row["verdict"] == "accepted":
            wanted["accepted"] = (row["accepted"], "content.progress_accepted")
        events = ("report.accepted", "reports.accepted") if row["verdict"] == "accepted" else ("report.returned",)
        yield from self._compared(task, period, uid, (events, wanted))

    def _compared(
        self, task: str, period: str, uid: Any, expected: tuple[tuple[str, ...], dict[str, tuple[Any, str]]]
    ) -> Iterator[Wrong]:
        if uid is None:
            yield Wrong("no_entry", task=task, period=period)
        elif uid in self.said:
            yield from self._of_entry(task, period, uid, expected)
        elif uid not in self.facts["pending"]:
            yield Wrong("leaf", name=uid)

    def _of_entry(self, task: str, period: str, uid: str, expected: Any) -> Iterator[Wrong]:
        digests, is_shared = self.leaves[uid]["digests"], self.said[uid][0] in COVERING
        # The name of a field is seen whether or not it is opened.
        if (is_shared or INVENTED in digests) and not self.facts["simulated"]:
            yield Wrong("simulated")
        if is_shared or not digests:
            self.facts["covered"] += 1
        else:
            yield from self._kept(task, period, self.said[uid], expected)

    def _kept(self, task: str, period: str, entry: Any, expected: Any) -> Iterator[Wrong]:
        (event, said), (events, wanted) = entry, expected
        self.facts["figures"] += 1
        if event not in events:
            yield Wrong("figure", task=task, period=period, field="event", shown=events[0], kept=event)
        for field, (shown, name) in wanted.items():
            if name not in said or said[name] != shown:
                yield Wrong("figure", task=task, period=period, field=field, shown=shown, kept=said.get(name, "—"))


def _tally(name: str, tally: Any, counted: Counter[str]) -> Iterator[Wrong]:
    """Every count of a total, as `counted` from its tasks."""
    kept: dict[str, Any] = {"total": counted["total"], "reported": counted["reported.reported"]}
    kept["owed"] = kept["reported"] + counted["reported.not_reported"]
    for part in ("stages", "schedules"):
        fields = {*(f"{part}.{key}" for key in tally[part]), *(each for each in counted if each.startswith(f"{part}."))}
        kept = {**kept, **{field: counted[field] for field in fields}}
    schedules = {each: counted[f"schedules.{each}"] for each in DECIDED}
    rates = {
        "completion": (
            counted["stages.done"], counted["total"] - sum(counted[f"stages.{each}"] for each in NOT_COUNTABLE),
        ),
        "on_time": (sum(schedules[each] for each in KEPT), sum(schedules[each] for each in DECIDED)),
    }  # fmt: skip
    for rate, (above, below) in rates.items():
        kept[rate] = {"denominator": below, "numerator": above} if below else None
    for field in sorted(kept):
        group, _, key = field.partition(".")
        shown = tally[group].get(key) if key else tally[group]
        if shown != kept[field]:
            yield Wrong("total", name=name, field=field, shown=shown, kept=kept[field])


def compared(new: Verification, old: Verification) -> list[Wrong]:
    """Whether `new` continues the issue `old`, which somebody kept; adds to what is wrong with `new`."""
    new.wrong.extend(Wrong("older", sentence=wrong) for wrong in old.wrong)
    new._try(LEDGER, lambda: _continues(new, old))
    return new.wrong


def _continues(new: Verification, old: Verification) -> Iterator[Wrong]:
    name, before = old.facts["issue"], new.ledger["previous"] or {}
    # A monthly issue may come out after a weekly one of a later day; within one kind days only grow.
    is_same_kind = new.facts["kind"] == old.facts["kind"]
    moments = [(each.facts["as_of"], each.facts["size"]) for each in (old, new)]
    if (is_same_kind and moments[1] <= moments[0]) or moments[1][1] < moments[0][1]:
        yield Wrong("order", found=new.facts["issue"], name=name)
    if before.get("manifest_hash") != old.facts["hash"]:
        yield Wrong("previous", found=before.get("issue", "—"), name=name)
    elif (before["size"], before["root"]) != (old.facts["size"], old.facts["root"].hex()):
        yield Wrong("previous_tree", name=name)
    if [key.text for key in old.keys] != [key.text for key in new.keys[: len(old.keys)]]:
        yield Wrong("keys_changed", name=name)
    for uid in sorted(set(old.facts["pending"]) & set(new.facts["pending"])):
        yield Wrong("still_pending", name=uid)
    new.facts["continues"] = name


def told(result: Verification, english: bool) -> Iterator[str]:
    """What a person reads: the verdict first, then a sentence for each fault, or the notes."""
    facts, wrong = result.facts, result.wrong
    if wrong:
        shown = [Wrong("bad", n=len(wrong)), *wrong[:MOST_SENTENCES]]
        shown += [Wrong("more", n=len(wrong) - MOST_SENTENCES)] if len(wrong) > MOST_SENTENCES else []
    else:
        counts = {key: facts[key] for key in ("issue", "as_of", "files", "figures", "size")}
        shown = [Wrong("good", **counts)]
        shown += [Wrong("continued", name=facts["continues"])] if "continues" in facts else []
        shown += [Wrong("replies", n=facts["replies"])] if facts["replies"] else []
        shown += [Wrong("is_simulated")] if facts["simulated"] else []
        shown += [Wrong("covered", n=facts["covered"])] if facts["covered"] else []
        shown += [Wrong("pending", n=len(facts["pending"]))] if facts["pending"] else []
        shown += [] if result.wanted.get("key") else [Wrong("unpinned", name=facts["key"])]
    return (sentence(each, english) for each in shown)


def main(arguments: list[str] | None = None) -> int:
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="Kiểm tra một kỳ công bố của Thực Thi · Verify a published issue.")
    parser.add_argument("directory", nargs="?", default=here, help="thư mục của kỳ · directory of the issue")
    parser.add_argument("--since", metavar="OLDER", help="kỳ cũ đã lưu, để so · an older issue that you kept")
    parser.add_argument("--key", default="", help="khóa đã biết từ nguồn khác · the key as you know it from elsewhere")
    parser.add_argument("--manifest", default="", metavar="HASH", help="mã bản kê đã biết · hash of the manifest")
    parser.add_argument("--issue", default="", help="kỳ muốn kiểm tra, ví dụ 2026-W47 · the issue you mean")
    parser.add_argument("--en", action="store_true", help="bằng tiếng Anh · in English")
    given = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    name = os.path.basename(os.path.realpath(given.directory))
    wanted = {"hash": given.manifest or (name if HASH.match(name) else ""), "key": given.key, "issue": given.issue}
    result = Verification(Folder(given.directory), wanted=wanted).run()
    if given.since:
        compared(result, Verification(Folder(given.since)).run())
    for line in told(result, given.en):
        print(line)  # noqa: T201 - it is a command
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
