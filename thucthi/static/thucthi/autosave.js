// Keeps a draft: a copy in this browser at every keystroke, one on the server every 20 seconds and when a field is left.
// <form data-autosave-url="…" data-autosave-key="bao-cao-7-v3" data-autosave-saved-text="Đã lưu nháp lúc">; the key
// changes with the version of the draft, so that a copy of something already sent is never put back.
// The server answers 2xx without redirect; anything else (a sign-in page included) counts as not sent.
const EVERY = 20_000;
const KEEP = 14 * 24 * 3_600_000;
const PREFIX = "thucthi-nhap:";

const store = {
  read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: the server copy remains */ } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  dropOld() {
    try {
      for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
        if (!(store.read(key)?.at > Date.now() - KEEP)) store.drop(key);
      }
    } catch { /* forbidden */ }
  },
};

const typed = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");

function putBack(form, pairs) {
  const hidden = (control) => control.type === "hidden" || control.type === "file" || !control.name;
  for (const control of [...form.elements].filter((one) => "value" in one && !hidden(one))) {
    const values = pairs.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (control.options) [...control.options].forEach((option) => { option.selected = values.includes(option.value); });
    else if (values.length) control.value = values[0];
  }
}

function keep(form) {
  const key = PREFIX + (form.dataset.autosaveKey || form.dataset.autosaveUrl);
  const banner = form.querySelector("[data-autosave-banner]");
  const saved = form.querySelector("[data-autosave-saved]");
  const wording = form.querySelector("[data-autosave-wording]");
  let changes = 0, sent = 0, busy = false, leaving = false, soon = 0;

  async function send(keepalive = false) {
    if (busy || leaving || changes === sent) return;
    busy = true;
    const upTo = changes;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
    try {
      const answer = await fetch(form.dataset.autosaveUrl, { method: "POST", body, keepalive });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      sent = upTo;
      if (changes === sent) store.drop(key);
      if (banner) banner.hidden = true;
      if (wording) wording.textContent = (await answer.json()).wording || wording.textContent;
      if (saved) saved.textContent = `${form.dataset.autosaveSavedText || "Đã lưu nháp lúc"} ${new Date().toTimeString().slice(0, 5)}`;
    } catch {
      if (banner) banner.hidden = false;
      const kept = store.read(key);
      if (kept) store.write(key, { ...kept, lost: true });
    } finally {
      busy = false;
    }
  }

  const whence = { send: form.dataset.autosaveUrl, page: location.pathname, title: document.querySelector("h1")?.textContent.trim() };
  const left = store.read(key);
  if (left?.pairs) {
    putBack(form, left.pairs);
    changes += 1;
    if (banner) banner.hidden = false;
    send();
  }
  form.addEventListener("input", () => { changes += 1; store.write(key, { at: Date.now(), pairs: typed(form), ...whence }); });
  // A press on "send" leaves the field first: wait a moment, so that a draft never races the report it became.
  form.addEventListener("focusout", () => { clearTimeout(soon); soon = setTimeout(send, 500); });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(soon); });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", () => send());
  document.addEventListener("visibilitychange", () => { if (document.hidden) send(true); });
  setInterval(send, EVERY);
}

store.dropOld();
document.querySelectorAll("form[data-autosave-url]").forEach(keep);
