// A table of inputs that saves itself row by row: <form data-grid data-grid-url="…" data-grid-key="…"> around <tr data-row="…">.
// What was typed stays in this browser until the server has it; arrows and Enter move; cells copied from Excel are spread.
// The server answers 200 or 422 with the end of the row; anything else (a sign-in page included) counts as not sent.
const PREFIX = "thucthi-bang:";
const KEEP = 14 * 24 * 3_600_000;
const AGAIN = 15_000;
const SOON = 300;

const store = {
  read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden */ } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  dropOld() {
    try {
      for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
        if (!(store.read(key)?.at > Date.now() - KEEP)) store.drop(key);
      }
    } catch { /* forbidden */ }
  },
};

class Row {
  constructor(grid, line) {
    this.grid = grid;
    this.line = line;
    this.key = line.dataset.row;
    this.inputs = [...line.querySelectorAll("input:not([type=hidden]):not([type=checkbox])")];
    this.was = line.querySelector("input[type=hidden]");
    this.end = line.querySelector("[data-end]");
    this.changes = 0;
    this.sent = 0;
    this.busy = false;
    this.lost = false;
    this.place = `${PREFIX}${grid.key}:${this.key}`;
    const left = store.read(this.place);
    if (left?.typed && this.was) this.putBack(left); else if (left) store.drop(this.place);
  }

  get waits() { return this.changes !== this.sent; }

  putBack({ typed, was }) {
    // A row that has a version is saved on the one it was typed on, so that nobody's later words are overwritten.
    if (JSON.parse(was || "{}").version) this.was.value = was;
    const shown = JSON.parse(this.was.value || "{}");
    for (const input of this.inputs) {
      const period = input.name.split(".").pop();
      if (!(input.name in typed)) continue;
      if ((typed[input.name] || "") !== (shown[period] || "")) this.changes += 1;
      input.value = typed[input.name];
    }
    if (this.waits) this.say("typed"); else store.drop(this.place);
  }

  touched() {
    this.changes += 1;
    this.keep();
    if (!this.busy) this.say("typed");
  }

  keep(lost = false) {
    const typed = Object.fromEntries(this.inputs.map((one) => [one.name, one.value]));
    const title = this.line.querySelector("[data-row-name]")?.textContent.trim() || document.querySelector("h1")?.textContent.trim();
    store.write(this.place, { at: Date.now(), typed, was: this.was.value, lost, page: location.pathname + location.search, title });
  }

  say(word) { this.end.innerHTML = this.grid.words[word]; }

  body() {
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "nam", "nguon"]) body.append(name, this.grid.form.elements[name]?.value || "");
    body.append("dong", this.key);
    for (const input of [this.was, ...this.inputs]) body.append(input.name, input.value);
    return body;
  }

  async save(keepalive = false) {
    if (this.busy || !this.waits) return;
    this.busy = true;
    const upTo = this.changes;
    this.say("saving");
    try {
      const answer = await fetch(this.grid.url, { method: "POST", body: this.body(), keepalive, redirect: "manual" });
      if (answer.status === 200 || answer.status === 422) this.answered(await answer.text(), answer.ok, upTo);
      else this.say("refused");
    } catch {
      this.lost = true;
      this.keep(true);
      this.say("lost");
    } finally {
      this.busy = false;
      this.grid.tellLost();
    }
    if (this.waits && !this.lost && this.changes !== upTo) this.soon();
  }

  answered(html, taken, upTo) {
    const end = new DOMParser().parseFromString(html, "text/html").querySelector("[data-row-end]");
    if (!end) { this.say("refused"); return; }
    this.lost = false;
    this.sent = upTo;
    this.end.innerHTML = end.innerHTML;
    const faulty = new Set(JSON.parse(end.dataset.faulty));
    for (const input of this.inputs) {
      const isFaulty = faulty.has(input.name.split(".").pop());
      input.toggleAttribute("aria-invalid", isFaulty);
      input.closest("td").classList.toggle("tt-field-error", isFaulty);
    }
    // Somebody else wrote meanwhile: what stands now was told, so the next saving is on top of it.
    if (!taken && "again" in end.dataset) this.was.value = end.dataset.shown;
    if (!taken || this.waits) return;
    this.was.value = end.dataset.shown;
    const shown = JSON.parse(end.dataset.shown);
    for (const input of this.inputs.filter((one) => "cell" in one.dataset)) {
      const period = input.name.split(".").pop();
      if (document.activeElement !== input && period in shown) input.value = shown[period];
    }
    store.drop(this.place);
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SOON);
  }
}

class Grid {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.gridUrl;
    this.key = form.dataset.gridKey;
    this.words = Object.fromEntries([...form.querySelectorAll("[data-grid-word]")].map((one) => [one.dataset.gridWord, one.innerHTML]));
    this.banner = form.querySelector("[data-grid-banner]");
    this.count = form.querySelector("[data-grid-count]");
    this.rows = [...form.querySelectorAll("tr[data-row]")].map((line) => new Row(this, line));
    this.of = new Map(this.rows.flatMap((row) => row.inputs.map((input) => [input, row])));
    this.listen();
    this.rows.filter((row) => row.waits).forEach((row) => row.save());
  }

  listen() {
    const form = this.form;
    form.addEventListener("input", (event) => this.of.get(event.target)?.touched());
    form.addEventListener("keydown", (event) => this.move(event));
    form.addEventListener("paste", (event) => this.paste(event));
    // Leaving the row saves it; moving from cell to cell inside of it does not.
    form.addEventListener("focusout", (event) => {
      const row = this.of.get(event.target);
      if (row && this.of.get(event.relatedTarget) !== row) row.soon();
    });
    form.addEventListener("focusin", (event) => { if (event.target.matches("[data-cell]")) event.target.select(); });
    form.addEventListener("submit", () => { for (const row of this.rows) clearTimeout(row.timer); });
    form.querySelector("[data-grid-retry]")?.addEventListener("click", () => this.again());
    addEventListener("online", () => this.again());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.rows.forEach((row) => row.save(true)); });
    setInterval(() => { if (this.rows.some((row) => row.lost)) this.again(); }, AGAIN);
  }

  again() { this.rows.filter((row) => row.waits).forEach((row) => row.save()); }

  tellLost() {
    const lost = this.rows.filter((row) => row.lost).length;
    if (this.banner) this.banner.hidden = !lost;
    if (this.count) this.count.textContent = lost;
  }

  place(input) {
    const row = this.of.get(input);
    return row ? [this.rows.indexOf(row), row.inputs.indexOf(input)] : null;
  }

  go(down, along) {
    const input = this.rows[down]?.inputs[along];
    if (input) input.focus();
    return Boolean(input);
  }

  move(event) {
    const at = this.place(event.target);
    if (!at || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const [down, along] = at;
    const input = event.target;
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const atStart = whole || (input.selectionStart === 0 && input.selectionEnd === 0);
    const atEnd = whole || (input.selectionStart === input.value.length);
    const steps = {
      ArrowDown: () => this.go(down + 1, along),
      ArrowUp: () => this.go(down - 1, along),
      ArrowLeft: () => atStart && this.go(down, along - 1),
      ArrowRight: () => atEnd && this.go(down, along + 1),
      // Enter goes down like in a spreadsheet, and never sends the whole form by accident.
      Enter: () => { if (!this.go(down + (event.shiftKey ? -1 : 1), along)) this.rows[down].soon(); return true; },
    };
    if (!event.shiftKey || event.key === "Enter") if (steps[event.key]?.()) event.preventDefault();
  }

  paste(event) {
    const at = this.place(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!at || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    const [down, along] = at;
    const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
    const touched = new Set();
    lines.forEach((cells, below) => cells.forEach((cell, beside) => {
      const row = this.rows[down + below];
      const input = row?.inputs[along + beside];
      if (!input) return;
      input.value = cell.trim();
      touched.add(row);
    }));
    for (const row of touched) { row.touched(); row.soon(); }
  }
}

store.dropOld();
document.querySelectorAll("form[data-grid]").forEach((form) => new Grid(form));
