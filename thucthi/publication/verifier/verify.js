"use strict";
// The same checks as verify.py, in the same order, with the same sentences; nothing leaves this page.
const SENTENCES = "SENTENCES";
const MANIFEST = "manifest.json", CHECKPOINT = "checkpoint", ISSUE = "issue.json";
const LEDGER = "proofs/ledger.json", KEYS = "proofs/keys.txt";
const SNAPSHOT = "snapshot-sha256 ", WITNESS = "witness ";
const HASH = /^[0-9a-f]{64}$/, MOST_SENTENCES = 60;
const DECLARING = ["report.submitted", "report.corrected"], COVERING = ["simulated_reports.added", "country.simulated"];
const INVENTED = "content.simulated";
const KEPT = ["done_early", "done_on_time"], DECIDED = ["done_early", "done_on_time", "done_late", "overdue"];
const NOT_COUNTABLE = ["draft", "cancelled", "superseded"];

class Wrong extends Error {
  constructor(code, said = {}) { super(code); this.code = code; this.said = said; }
}

// --- bytes and texts ---

const utf8 = new TextEncoder();
const join = (...parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function text(bytes) { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); }

function unhex(digits) {
  if (typeof digits !== "string" || !/^([0-9a-f]{2})*$/.test(digits)) throw new Error(digits);
  return Uint8Array.from(digits.match(/../g) || [], (pair) => parseInt(pair, 16));
}

function base64(bytes) { return btoa(String.fromCharCode(...bytes)); }

function unbase64(encoded) {
  const raw = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  if (base64(raw) !== encoded) throw new Error(encoded); // only one spelling counts
  return raw;
}

// An own property, or an error: a hostile file must not reach what every object has.
function at(object, key) {
  if (object === null || typeof object !== "object" || !Object.hasOwn(object, key)) throw new Error(key);
  return object[key];
}

function or(object, key, otherwise) { return Object.hasOwn(object, key) ? object[key] : otherwise; }

function whole(number) {
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(number);
  return number;
}

function hashes(texts) {
  if (!Array.isArray(texts) || !texts.every((each) => HASH.test(each))) throw new Error("hashes");
  return texts.map(unhex);
}

function rows(list) {
  if (!Array.isArray(list)) throw new Error("rows");
  return list;
}

function linesOf(bytes) {
  const all = text(bytes);
  if (!all.endsWith("\n")) throw new Error("lines");
  return all.slice(0, -1).split("\n");
}

// --- keys and signatures ---

async function verifyEd25519(publicKey, signature, signed) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if (error.name === "NotSupportedError") throw new Wrong("no_ed25519");
    return false;
  }
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, signed);
}

async function readKey(line) {
  const [name, identifier, ...rest] = line.split("+");
  const raw = unbase64(rest.join("+"));
  const id = hex(await sha256(join(utf8.encode(name + "\n"), raw))).slice(0, 8);
  if (raw.length !== 33 || id !== identifier) throw new Error(line);
  return { text: line, name, id, kind: raw[0], public: raw.slice(1) };
}

async function signedBy(key, signature, signed) {
  if (key.kind === 4) {
    if (signature.length !== 72) return false;
    const moment = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
    const cosigned = utf8.encode(`cosignature/v1\ntime ${moment}\n${signed}`);
    return verifyEd25519(key.public, signature.slice(8), cosigned);
  }
  return key.kind === 1 && signature.length === 64 && verifyEd25519(key.public, signature, utf8.encode(signed));
}

// --- the tree of RFC 9162 ---

const node = (left, right) => sha256(join([1], left, right));
// Halving without shifts: a shift would cut a number to 32 bits.
const half = (number) => Math.floor(number / 2);
const isOdd = (number) => number % 2 === 1;

async function climb(index, size, way, before, after) {
  let place = index, last = size - 1;
  for (const sibling of way) {
    if (last === 0) return null;
    if (isOdd(place) || place === last) {
      before = await node(sibling, before);
      after = await node(sibling, after);
      while (place !== 0 && !isOdd(place)) { place = half(place); last = half(last); }
    } else {
      after = await node(after, sibling);
    }
    place = half(place);
    last = half(last);
  }
  return last === 0 ? [hex(before), hex(after)] : null;
}

async function isConsistent(old, size, roots, proof) {
  if (old === size) return proof.length === 0 && roots[0] === roots[1];
  if (!(0 < old && old < size)) return old === 0 && !proof.length && roots[0] === hex(await sha256(new Uint8Array()));
  let place = old - 1, last = size - 1;
  const way = Number.isInteger(Math.log2(old)) ? [unhex(roots[0]), ...proof] : proof;
  while (isOdd(place)) { place = half(place); last = half(last); }
  return way.length > 0 && same(await climb(place, last + 1, way.slice(1), way[0], way[0]), roots);
}

// --- one issue ---

class Verification {
  // `files`: Map from a path to a function that gives its bytes.
  constructor(files, wanted = {}) {
    Object.assign(this, { files, wanted, wrong: [], issue: null, ledger: null, keys: [], witnesses: [] });
    this.facts = { figures: 0, covered: 0, files: 0 };
    this.said = new Map();
  }

  async run() {
    await this.attempt(MANIFEST, () => this.checkManifest());
    await this.attempt(KEYS, () => this.checkKeys());
    await this.attempt(LEDGER, () => this.readLedger());
    await this.attempt(CHECKPOINT, () => this.checkCheckpoint());
    await this.attempt(ISSUE, () => this.readIssue());
    await this.attempt(LEDGER, () => this.checkLeaves());
    await this.attempt(LEDGER, () => this.checkPrevious());
    await this.attempt(ISSUE, () => this.checkTotals());
    await this.attempt(ISSUE, () => this.checkFigures());
    return this;
  }

  add(code, said) { this.wrong.push(new Wrong(code, said)); }

  async attempt(name, step) {
    try {
      await step();
    } catch (error) {
      this.wrong.push(error instanceof Wrong ? error : new Wrong("unreadable", { name }));
    }
  }

  async read(name) {
    const file = this.files.get(name);
    if (!file) throw new Wrong("missing", { name });
    return file();
  }

  async json(name) { return JSON.parse(text(await this.read(name))); }

  async checkManifest() {
    this.facts.hash = hex(await sha256(await this.read(MANIFEST)));
    if (this.wanted.hash && this.wanted.hash !== this.facts.hash) {
      this.add("hash", { found: this.facts.hash, wanted: this.wanted.hash });
    }
    const listed = at(await this.json(MANIFEST), "files");
    const present = new Set([...this.files.keys()].filter((name) => name !== MANIFEST && name !== CHECKPOINT));
    for (const name of [...present].filter((each) => !Object.hasOwn(listed, each)).sort()) this.add("extra", { name });
    for (const name of Object.keys(listed).sort()) {
      this.facts.files += 1;
      if (!present.has(name)) this.add("missing", { name });
      else if (hex(await sha256(await this.read(name))) !== listed[name]) this.add("changed", { name });
    }
  }

  async checkKeys() {
    let since = 0;
    for (const line of linesOf(await this.read(KEYS))) {
      if (line.startsWith(WITNESS)) {
        this.witnesses.push(await readKey(line.slice(WITNESS.length)));
        continue;
      }
      const parts = line.split(" ");
      const key = await readKey(parts[1]), former = this.keys.at(-1), before = since;
      if (!/^\d+$/.test(parts[0])) throw new Error(line);
      since = whole(Number(parts[0]));
      if (former) {
        const handover = `thucthi-key/1\n${former.text}\n${key.text}\n${since}\n`;
        if (since < before || !(await signedBy(former, unbase64(parts[2]), handover))) this.add("handover", { name: key.text });
      }
      this.keys.push(key);
    }
    Object.assign(this.facts, { since, key: this.keys.at(-1).text });
    const pinned = this.wanted.key;
    if (pinned && !this.keys.some((key) => key.text === pinned)) this.add("key", { name: pinned });
  }

  async readLedger() {
    this.ledger = await this.json(LEDGER);
    this.facts.size = whole(at(this.ledger, "size"));
    this.facts.root = hex(hashes([at(this.ledger, "root")])[0]);
    this.facts.pending = rows(at(this.ledger, "pending")).map(String);
  }

  async checkCheckpoint() {
    const all = text(await this.read(CHECKPOINT)), gap = all.lastIndexOf("\n\n");
    if (gap < 0) throw new Error("no note");
    const note = all.slice(0, gap), lines = note.split("\n");
    if (lines.length !== 4) throw new Error("no checkpoint");
    if (this.facts.hash === undefined || lines[3] !== SNAPSHOT + this.facts.hash) this.add("snapshot");
    const said = [at(this.ledger, "origin"), String(this.facts.size), base64(unhex(this.facts.root))];
    if (!same(lines.slice(0, 3), said) || at(this.facts, "size") < at(this.facts, "since")) this.add("tree");
    const ours = this.keys.at(-1);
    let signed = false;
    for (const line of linesOf(utf8.encode(all.slice(gap + 2)))) {
      const [mark, name, encoded, ...rest] = line.split(" ");
      const raw = unbase64(encoded), id = hex(raw.slice(0, 4));
      const signer = [ours, ...this.witnesses].find((key) => key.name === name && key.id === id);
      if (mark !== "—" || rest.length || !signer || !(await signedBy(signer, raw.slice(4), note + "\n"))) {
        this.add("witness", { name });
      }
      signed = signed || signer === ours;
    }
    if (!signed) this.add("signature", { name: ours.name });
  }

  async readIssue() {
    this.issue = await this.json(ISSUE);
    const header = at(this.issue, "header"), issue = at(header, "issue");
    Object.assign(this.facts, { issue: String(issue), as_of: String(at(header, "as_of")), kind: String(at(header, "kind")) });
    this.facts.simulated = at(header, "simulated") === true;
    if (this.wanted.issue && this.wanted.issue !== issue) this.add("issue", { found: issue, wanted: this.wanted.issue });
  }

  async checkLeaves() {
    for (const [uid, leaf] of Object.entries(at(this.ledger, "leaves"))) {
      const lines = leaf.leaf.split("\n"), index = whole(leaf.index);
      const here = await sha256(join([0], utf8.encode(leaf.leaf)));
      const led = index < this.facts.size ? await climb(index, this.facts.size, hashes(leaf.proof), here, here) : null;
      const isOurs = lines[0] === "thucthi-event/1" && lines[1] === uid && lines.length === 6;
      if (!led || led[1] !== this.facts.root || !isOurs) this.add("leaf", { name: uid });
      await this.checkRevealed(uid, lines[2], lines[4], leaf);
    }
  }

  async checkRevealed(uid, event, committed, leaf) {
    const digests = at(leaf, "digests"), names = Object.keys(digests).sort(), opened = new Map();
    if (names.length) {
      const lines = names.map((name) => `${name} ${digests[name]}\n`).join("");
      if (hex(await sha256(utf8.encode(lines))) !== committed) this.add("revealed", { field: "digests", name: uid });
    }
    for (const [name, [salt, value]] of Object.entries(at(leaf, "revealed"))) {
      if (hex(await sha256(join(unhex(salt), utf8.encode(value)))) !== at(digests, name)) {
        this.add("revealed", { field: name, name: uid });
      }
      opened.set(name, JSON.parse(value));
    }
    this.said.set(uid, [event, opened]);
  }

  async checkPrevious() {
    const before = at(this.ledger, "previous");
    if (before === null) return;
    const size = whole(at(before, "size")), root = hex(hashes([at(before, "root")])[0]);
    const proof = hashes(at(before, "consistency"));
    if (!(await isConsistent(size, this.facts.size, [root, this.facts.root], proof))) {
      this.add("chain", { name: before.issue });
    }
  }

  async checkTotals() {
    const tasks = rows(at(this.issue, "tasks"));
    this.checkTally("issue", this.issue.tally, tasks);
    for (const [name, key, code, tally] of [["documents", "documents", "slug", "tally"], ["organisations", "answering", "code", "own"]]) {
      const groups = new Map();
      for (const task of tasks) for (const each of new Set(task[key])) groups.set(each, [...(groups.get(each) || []), task]);
      for (const row of rows(at(this.issue, name))) this.checkTally(row[code], row[tally], groups.get(row[code]) || []);
    }
    for (const row of rows(at(this.issue, "programmes"))) {
      this.checkTally(row.code, row.tally, tasks.filter((task) => task.programme === row.code));
    }
  }

  checkTally(name, tally, tasks) {
    const count = (part) => tasks.reduce((found, task) => {
      const key = at(task.standing, part);
      return found.set(key, (found.get(key) || 0) + 1);
    }, new Map());
    const stages = count("stage"), schedules = count("schedule"), reports = count("reported");
    const of = (counted, keys) => keys.reduce((sum, key) => sum + (counted.get(key) || 0), 0);
    const kept = { total: tasks.length, reported: of(reports, ["reported"]) };
    kept.owed = of(reports, ["reported", "not_reported"]);
    for (const [part, counted] of [["stages", stages], ["schedules", schedules]]) {
      for (const key of new Set([...counted.keys(), ...Object.keys(at(tally, part))])) kept[`${part}.${key}`] = of(counted, [key]);
    }
    const ratio = (numerator, denominator) => (denominator ? { denominator, numerator } : null);
    kept.completion = ratio(of(stages, ["done"]), tasks.length - of(stages, NOT_COUNTABLE));
    kept.on_time = ratio(of(schedules, KEPT), of(schedules, DECIDED));
    for (const field of Object.keys(kept).sort()) {
      const [group, ...rest] = field.split("."), key = rest.join(".");
      let shown = key ? or(at(tally, group), key, null) : at(tally, group);
      if (shown && typeof shown === "object") shown = { denominator: shown.denominator, numerator: shown.numerator };
      if (!same(shown, kept[field])) this.add("total", { name, field, shown, kept: kept[field] });
    }
  }

  async checkFigures() {
    const reports = new Map();
    for (const [event, said] of this.said.values()) if (DECLARING.includes(event)) reports.set(said.get("subject_id"), said);
    const figures = at(this.ledger, "figures");
    for (const task of rows(at(this.issue, "tasks"))) {
      const named = or(figures, task.code, {}), history = or(named, "history", {});
      for (const row of rows(at(task, "history"))) {
        const [declared, decided] = or(history, row.period, [null, null]);
        if (at(row, "declared") !== null) this.checkDeclared(task.code, row.period, declared, row);
        if (at(row, "verdict") !== null) this.checkDecided(task.code, row.period, decided, row, this.subject(declared));
      }
      this.checkStanding(task, named, reports);
    }
  }

  subject(uid) {
    const entry = this.said.get(uid);
    return entry && entry[1].has("subject_id") ? entry[1].get("subject_id") : null;
  }

  checkStanding(task, named, reports) {
    const now = at(task, "standing"), code = task.code;
    if (at(now, "declared") !== null) this.checkDeclared(code, "standing", or(named, "declared", null), now);
    if (at(now, "accepted") === null) return;
    const report = or(named, "accepted_report", null);
    if (reports.has(report) && reports.get(report).get("content.task") !== code) {
      this.add("figure", { task: code, period: "standing", field: "accepted", shown: code, kept: "?" });
    }
    this.checkDecided(code, "standing", or(named, "accepted", null), { verdict: "accepted", accepted: now.accepted }, report);
  }

  checkDeclared(task, period, uid, row) {
    const wanted = [["declared", row.declared, "content.progress"], ["task", task, "content.task"]];
    if (period !== "standing") {
      wanted.push(["period", period, "content.period"], ["claim", row.claim, "content.claim"]);
      wanted.push(["cause", row.cause || "", "content.cause"]);
      wanted.push(["evidence", row.evidence.map((each) => each.sha256), "content.evidence"]);
    }
    this.compare(task, period, uid, DECLARING, wanted);
  }

  checkDecided(task, period, uid, row, report) {
    const event = this.said.has(uid) ? this.said.get(uid)[0] : "";
    let wanted = [["report", report, "subject_id"]];
    if (event === "reports.accepted") wanted = [["accepted", row.accepted, `content.accepted:${report}`]];
    else if (row.verdict === "accepted") wanted.push(["accepted", row.accepted, "content.progress_accepted"]);
    const events = row.verdict === "accepted" ? ["report.accepted", "reports.accepted"] : ["report.returned"];
    this.compare(task, period, uid, events, wanted);
  }

  compare(task, period, uid, events, wanted) {
    if (uid === null) { this.add("no_entry", { task, period }); return; }
    if (!this.said.has(uid)) {
      if (!this.facts.pending.includes(uid)) this.add("leaf", { name: uid });
      return;
    }
    const [event, said] = this.said.get(uid), digests = this.ledger.leaves[uid].digests;
    const isShared = COVERING.includes(event);
    // The name of a field is seen whether or not it is opened.
    if ((isShared || Object.hasOwn(digests, INVENTED)) && !this.facts.simulated) this.add("simulated");
    if (isShared || !Object.keys(digests).length) { this.facts.covered += 1; return; }
    this.facts.figures += 1;
    if (!events.includes(event)) this.add("figure", { task, period, field: "event", shown: events[0], kept: event });
    for (const [field, shown, name] of wanted) {
      const kept = said.has(name) ? said.get(name) : "—";
      if (!said.has(name) || !same(shown, kept)) this.add("figure", { task, period, field, shown, kept });
    }
  }

  // Whether this issue continues `old`, which somebody kept.
  async compareWith(old) {
    for (const sentence of old.wrong) this.add("older", { sentence });
    await this.attempt(LEDGER, () => this.checkContinues(old));
    return this;
  }

  checkContinues(old) {
    const name = old.facts.issue, before = at(this.ledger, "previous") || {}, [was, is] = [old.facts, this.facts];
    // A monthly issue may come out after a weekly one of a later day; within one kind days only grow.
    const isSameKind = is.kind === was.kind;
    const isNoLater = is.as_of < was.as_of || (is.as_of === was.as_of && is.size <= was.size);
    if ((isSameKind && isNoLater) || is.size < was.size) {
      this.add("order", { found: is.issue, name });
    }
    if (or(before, "manifest_hash", null) !== was.hash) this.add("previous", { found: or(before, "issue", "—"), name });
    else if (!same([before.size, before.root], [was.size, was.root])) this.add("previous_tree", { name });
    const keys = old.keys.map((key) => key.text);
    if (!same(keys, this.keys.slice(0, keys.length).map((key) => key.text))) this.add("keys_changed", { name });
    for (const uid of was.pending.filter((each) => is.pending.includes(each)).sort()) this.add("still_pending", { name: uid });
    is.continues = name;
  }
}

// --- what a person reads ---

function sentence(wrong, english) {
  const fill = (value) => {
    if (value instanceof Wrong) return sentence(value, english);
    return Array.from(typeof value === "string" ? value : JSON.stringify(value)).slice(0, 300).join("");
  };
  const gap = (_, key) => (Object.hasOwn(wrong.said, key) ? fill(wrong.said[key]) : "?");
  return SENTENCES[wrong.code][english ? 1 : 0].replace(/\{(\w+)\}/g, gap);
}

function told(result, english) {
  const { facts, wrong } = result, shown = [];
  const say = (code, said) => shown.push(new Wrong(code, said));
  if (wrong.length) {
    say("bad", { n: wrong.length });
    shown.push(...wrong.slice(0, MOST_SENTENCES));
    if (wrong.length > MOST_SENTENCES) say("more", { n: wrong.length - MOST_SENTENCES });
  } else {
    say("good", facts);
    if (facts.continues !== undefined) say("continued", { name: facts.continues });
    if (facts.simulated) say("is_simulated");
    if (facts.covered) say("covered", { n: facts.covered });
    if (facts.pending.length) say("pending", { n: facts.pending.length });
    if (!result.wanted.key) say("unpinned", { name: facts.key });
  }
  return shown.map((each) => sentence(each, english));
}

// --- the page ---

// Files chosen as a directory: the path below it, and its name when that is the hash of a manifest.
function chosen(list) {
  const files = new Map();
  let folder = "";
  for (const [path, file] of list) {
    const parts = path.split("/");
    if (parts.length > 1) folder = parts.shift();
    files.set(parts.join("/"), async () => new Uint8Array(await file.arrayBuffer()));
  }
  return { files, folder };
}

async function filesBelow(entry, path) {
  if (entry.isFile) return [[path + entry.name, await new Promise((done, fail) => entry.file(done, fail))]];
  const reader = entry.createReader(), found = [];
  for (;;) {
    // One call gives at most a hundred entries.
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return found;
    for (const each of some) found.push(...(await filesBelow(each, `${path}${entry.name}/`)));
  }
}

const picked = { issue: null, older: null };

async function show() {
  const box = document.getElementById("result"), english = document.documentElement.lang === "en";
  box.replaceChildren();
  if (!picked.issue) return;
  const value = (id) => document.getElementById(id).value.trim();
  const known = HASH.test(picked.issue.folder) ? picked.issue.folder : "";
  const wanted = { hash: value("hash") || known, key: value("key"), issue: value("issue") };
  document.body.dataset.state = "working";
  const result = await new Verification(picked.issue.files, wanted).run();
  if (picked.older) await result.compareWith(await new Verification(picked.older.files).run());
  for (const line of told(result, english)) {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    box.append(paragraph);
  }
  document.body.dataset.state = result.wrong.length ? "wrong" : "right";
  box.focus();
}

function onChosen(name, list) {
  picked[name] = list.length ? chosen(list) : null;
  return show();
}

function start() {
  document.getElementById("asleep").remove();
  document.getElementById("awake").hidden = false;
  for (const name of ["directory", "older"]) {
    document.getElementById(name).addEventListener("change", (event) => {
      const files = Array.from(event.target.files, (file) => [file.webkitRelativePath || file.name, file]);
      onChosen(name === "older" ? "older" : "issue", files);
    });
  }
  for (const id of ["hash", "key", "issue"]) document.getElementById(id).addEventListener("change", show);
  for (const button of document.querySelectorAll("button[data-lang]")) {
    button.addEventListener("click", () => { document.documentElement.lang = button.dataset.lang; show(); });
  }
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry()).filter(Boolean);
    onChosen("issue", (await Promise.all(entries.map((entry) => filesBelow(entry, "")))).flat());
  });
}

globalThis.thucthi = { Verification, told, sentence };
if (globalThis.document) start();
