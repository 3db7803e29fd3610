"use strict";
// The same checks as verify.py, in the same order, with the same sentences; nothing leaves this page.
const SENTENCES = "SENTENCES";
const MANIFEST = "manifest.json", CHECKPOINT = "checkpoint", ISSUE = "issue.json";
const LEDGER = "proofs/ledger.json", KEYS = "proofs/keys.txt", TILES = "proofs", TILE = 256;
const SNAPSHOT = "snapshot-sha256 ", WITNESS = "witness ";
const HASH = /^[0-9a-f]{64}$/, MOST_SENTENCES = 60;
const REPLYING = "statement.made";
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

// The root over these hashes; an odd one out rises unchanged.
async function rootOf(level) {
  while (level.length > 1) {
    const pairs = [];
    for (let i = 0; i + 1 < level.length; i += 2) pairs.push(await node(level[i], level[i + 1]));
    level = pairs.concat(level.slice(pairs.length * 2));
  }
  return level.length ? level[0] : sha256(new Uint8Array());
}

function tileName(level, number, width) {
  const three = (part) => String(part % 1000).padStart(3, "0");
  let digits = three(number);
  while (number >= 1000) {
    number = Math.floor(number / 1000);
    digits = `x${three(number)}/${digits}`;
  }
  return `${TILES}/tile/${level}/${digits}${width === TILE ? "" : `.p/${width}`}`;
}

// --- one issue ---

class Verification {
  // `files`: Map from a path to a function that gives its bytes.
  constructor(files, wanted = {}) {
    Object.assign(this, { files, wanted, wrong: [], issue: null, ledger: null, keys: [], witnesses: [] });
    this.facts = { figures: 0, replies: 0, covered: 0, files: 0 };
    this.listed = {};
    this.said = new Map();
    // Of a country: the tiles with the hashes of all leaves.
    this.hashes = null;
    this.leaves = {};
    // Of a country: what entries behind figures of many tasks say, and these entries.
    this.common = [new Map(), {}];
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
    await this.attempt(ISSUE, () => this.checkReplies());
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
    this.listed = listed;
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

  get isCountry() { return Object.hasOwn(this.ledger, "pieces"); }

  // Each entry by its own way; of a country the tiles first, and its entries where their figures are looked at.
  async checkLeaves() {
    if (!this.isCountry) {
      await this.checkOpened(at(this.ledger, "leaves"));
      return;
    }
    await this.checkTiles();
    for (const name of rows(at(this.ledger, "shared"))) {
      await this.inFile(name, (piece) => this.checkOpened(at(piece, "leaves")));
      this.common = [this.said, this.leaves];
    }
  }

  // What is wrong with the content of one of the files that ledger.json names.
  async inFile(name, look) {
    if (!Object.hasOwn(this.listed, name)) throw new Wrong("missing", { name });
    const bytes = await this.read(name);
    try {
      await look(JSON.parse(text(bytes)));
    } catch (error) {
      throw error instanceof Wrong ? error : new Wrong("unreadable", { name });
    }
  }

  // Every tile is what the tiles below it make, and all of them make the signed root.
  async checkTiles() {
    const kept = [], tops = [];
    let below = [];
    for (let level = 0, count = this.facts.size; count > 0; level += 1, count = Math.floor(count / TILE)) {
      const full = [];
      for (let number = 0; number * TILE < count; number += 1) {
        const width = Math.min(TILE, count - number * TILE), name = tileName(level, number, width);
        const bytes = await this.read(name), run = [];
        if (bytes.length !== width * 32) throw new Wrong("tile", { name });
        for (let i = 0; i < bytes.length; i += 32) run.push(bytes.slice(i, i + 32));
        if (level && !run.every((hash, i) => hex(hash) === hex(below[number * TILE + i]))) throw new Wrong("tile", { name });
        const root = await rootOf(run);
        if (!level) { kept.push(bytes); tops.push(root); }
        if (width === TILE) full.push(root);
      }
      below = full;
    }
    if (hex(await rootOf(tops)) !== this.facts.root) throw new Wrong("tile", { name: TILES });
    this.hashes = kept;
  }

  async isInTheTree(index, leaf, here) {
    if (index >= this.facts.size) return false;
    if (this.isCountry) {
      const start = (index % TILE) * 32;
      return this.hashes !== null && hex(this.hashes[Math.floor(index / TILE)].slice(start, start + 32)) === hex(here);
    }
    const led = await climb(index, this.facts.size, hashes(leaf.proof), here, here);
    return led !== null && led[1] === this.facts.root;
  }

  async checkOpened(leaves) {
    Object.assign(this, { said: new Map(this.common[0]), leaves: { ...this.common[1], ...leaves } });
    for (const [uid, leaf] of Object.entries(leaves)) {
      const lines = leaf.leaf.split("\n"), here = await sha256(join([0], utf8.encode(leaf.leaf)));
      const isOurs = lines[0] === "thucthi-event/1" && lines[1] === uid && lines.length === 6;
      if (!(await this.isInTheTree(whole(leaf.index), leaf, here)) || !isOurs) this.add("leaf", { name: uid });
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

  // One after the other. An issue of a whole country has them in the files that it names, in the order of codes.
  async *tasks() {
    if (!Object.hasOwn(this.issue, "task_files")) {
      yield* rows(at(this.issue, "tasks"));
      return;
    }
    let before = "";
    for (const name of rows(this.issue.task_files)) {
      for (const task of await this.piece(name)) {
        const code = at(task, "code");
        if (typeof code !== "string" || !(before < code)) throw new Wrong("piece", { name });
        before = code;
        yield task;
      }
    }
  }

  async piece(name) {
    if (!Object.hasOwn(this.listed, name)) throw new Wrong("missing", { name });
    const bytes = await this.read(name);
    let header, tasks;
    try {
      const piece = JSON.parse(text(bytes));
      header = Object.entries(at(piece, "issue")).sort();
      tasks = at(at(piece, "data"), "tasks");
    } catch {
      throw new Wrong("unreadable", { name });
    }
    const isOurs = same(header, Object.entries(at(this.issue, "header")).sort());
    if (!isOurs || !Array.isArray(tasks) || Object.hasOwn(this.issue, "tasks")) throw new Wrong("piece", { name });
    return tasks;
  }

  async checkTotals() {
    const counted = new Map();
    for await (const task of this.tasks()) {
      const now = at(task, "standing");
      const standing = ["total", `stages.${at(now, "stage")}`, `schedules.${at(now, "schedule")}`, `reported.${at(now, "reported")}`];
      const places = ["issue issue", `programmes ${at(task, "programme")}`];
      places.push(...rows(at(task, "documents")).map((each) => `documents ${each}`));
      places.push(...rows(at(task, "answering")).map((each) => `organisations ${each}`));
      for (const place of new Set(places)) {
        if (!counted.has(place)) counted.set(place, new Map());
        const count = counted.get(place);
        for (const each of standing) count.set(each, (count.get(each) || 0) + 1);
      }
    }
    const all = [["issue", "issue", at(this.issue, "tally")]];
    all.push(...rows(at(this.issue, "documents")).map((row) => ["documents", row.slug, row.tally]));
    all.push(...rows(at(this.issue, "organisations")).map((row) => ["organisations", row.code, row.own]));
    all.push(...rows(at(this.issue, "programmes")).map((row) => ["programmes", row.code, row.tally]));
    for (const [group, name, tally] of all) this.checkTally(name, tally, counted.get(`${group} ${name}`) || new Map());
  }

  checkTally(name, tally, counted) {
    const of = (...fields) => fields.reduce((sum, field) => sum + (counted.get(field) || 0), 0);
    const within = (part, keys) => of(...keys.map((key) => `${part}.${key}`));
    const kept = { total: of("total"), reported: of("reported.reported") };
    kept.owed = of("reported.reported", "reported.not_reported");
    for (const part of ["stages", "schedules"]) {
      const told = Object.keys(at(tally, part)).map((key) => `${part}.${key}`);
      for (const field of [...told, ...counted.keys()]) if (field.startsWith(`${part}.`)) kept[field] = of(field);
    }
    const ratio = (numerator, denominator) => (denominator ? { denominator, numerator } : null);
    kept.completion = ratio(of("stages.done"), of("total") - within("stages", NOT_COUNTABLE));
    kept.on_time = ratio(within("schedules", KEPT), within("schedules", DECIDED));
    for (const field of Object.keys(kept).sort()) {
      const [group, ...rest] = field.split("."), key = rest.join(".");
      let shown = key ? or(at(tally, group), key, null) : at(tally, group);
      if (shown && typeof shown === "object") shown = { denominator: shown.denominator, numerator: shown.numerator };
      if (!same(shown, kept[field])) this.add("total", { name, field, shown, kept: kept[field] });
    }
  }

  // Each reply of a body beside the entry by which it was made; an issue from before there were any has none.
  async checkReplies() {
    const told = new Map();
    for (const body of rows(at(this.issue, "organisations"))) {
      for (const said of rows(or(body, "statements", []))) {
        const entry = at(said, "entry");
        if (!entry) this.add("no_reply", { name: at(body, "code"), period: at(said, "period") });
        else if (typeof entry !== "string") throw new Error("entry");
        else told.set(entry, [...(told.get(entry) || []), [at(body, "code"), said]]);
      }
    }
    if (!this.isCountry) this.checkReplied(told);
    for (const name of this.isCountry ? rows(or(this.ledger, "replies", [])) : []) {
      await this.inFile(name, async (piece) => {
        await this.checkOpened(at(piece, "leaves"));
        this.checkReplied(told);
      });
    }
    for (const uid of [...told.keys()].sort()) if (!this.facts.pending.includes(uid)) this.add("leaf", { name: uid });
  }

  // Those whose entries are open now; the others stay in `told`.
  checkReplied(told) {
    for (const uid of [...told.keys()].filter((each) => this.said.has(each)).sort()) {
      for (const [code, said] of told.get(uid)) this.checkReply(uid, code, said);
      told.delete(uid);
    }
  }

  checkReply(uid, code, shown) {
    const [event, said] = this.said.get(uid), digests = this.leaves[uid].digests, period = at(shown, "period");
    if (Object.hasOwn(digests, INVENTED) && !this.facts.simulated) this.add("simulated");
    if (!Object.keys(digests).length) { this.facts.covered += 1; return; }
    this.facts.replies += 1;
    const kept = (field) => (said.has(`content.${field}`) ? said.get(`content.${field}`) : "—");
    const fields = ["period", "text", ...(Object.hasOwn(digests, "content.stated_on") ? ["stated_on"] : [])];
    const wanted = [["event", REPLYING, event], ["organisation", code, kept("organisation")]];
    wanted.push(...fields.map((field) => [field, at(shown, field), kept(field)]), ["is_public", true, kept("is_public")]);
    for (const [field, published, entry] of wanted) {
      if (!same(published, entry)) this.add("reply", { name: code, period, field, shown: published, kept: entry });
    }
  }

  async checkFigures() {
    if (!this.isCountry) {
      await this.checkBehind(this.tasks(), Infinity, at(this.ledger, "figures"));
      return;
    }
    const tasks = this.tasks(), many = whole(at(this.ledger, "tasks_of_a_piece"));
    for (const name of rows(this.ledger.pieces)) {
      await this.inFile(name, async (piece) => {
        await this.checkOpened(at(piece, "leaves"));
        await this.checkBehind(tasks, many, at(piece, "figures"));
      });
    }
    Object.assign(this, { said: new Map(), leaves: {} });
    await this.checkBehind(tasks, Infinity, {});
  }

  // The next tasks, at most so many; the others are left for whoever asks next.
  async checkBehind(tasks, most, figures) {
    const reports = new Map();
    for (const [event, said] of this.said.values()) if (DECLARING.includes(event)) reports.set(said.get("subject_id"), said);
    for (let done = 0; done < most; done += 1) {
      const { value: task, done: isOver } = await tasks.next();
      if (isOver) return;
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
    const [event] = this.said.get(or(named, "accepted", null)) || [""];
    if (this.isCountry && !COVERING.includes(event)) {
      // No other file is asked: the entry of the report itself must lie beside that of the verdict on it.
      const wanted = [["task", code, "content.task"], ["report", report, "subject_id"]];
      this.compare(code, "standing", or(named, "accepted_declared", null), DECLARING, wanted);
    } else if (reports.has(report) && reports.get(report).get("content.task") !== code) {
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
    const [event, said] = this.said.get(uid), digests = this.leaves[uid].digests;
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
    if (facts.replies) say("replies", { n: facts.replies });
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
