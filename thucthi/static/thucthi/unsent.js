// Says how much typed text has not reached the server, on this page or on others opened in this browser, and sends it again.
// <section data-unsent hidden> with [data-unsent-count], <ul data-unsent-list>, button [data-unsent-retry]; what a page
// marks with data-autosave-sent="key" has become a report and is kept no longer.
const DRAFTS = "thucthi-nhap:";
const ROWS = "thucthi-bang:";
const OLD = 60_000;
const EVERY = 2_000;

function read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } }
function drop(key) { try { localStorage.removeItem(key); } catch { /* forbidden */ } }

function waiting() {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(DRAFTS) || key.startsWith(ROWS))
      .map((key) => [key, read(key)])
      .filter(([, kept]) => kept?.page && (kept.lost || Date.now() - kept.at > OLD));
  } catch { return []; }
}

function show(banner) {
  const found = waiting();
  const told = JSON.stringify(found.map(([key]) => key));
  if (banner.dataset.told === told) return;
  banner.dataset.told = told;
  banner.hidden = !found.length;
  banner.querySelector("[data-unsent-count]").textContent = found.length;
  banner.querySelector("[data-unsent-list]").replaceChildren(...found.map(([, kept]) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = kept.page.startsWith("/") && !kept.page.startsWith("//") ? kept.page : "#";
    link.textContent = kept.title || kept.page;
    line.append(link);
    return line;
  }));
}

async function again(banner) {
  // Forms and rows of this page send themselves again when the connection comes back.
  dispatchEvent(new Event("online"));
  const here = [...document.querySelectorAll("form[data-autosave-key]")].map((form) => DRAFTS + form.dataset.autosaveKey);
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  for (const [key, kept] of waiting()) {
    if (!kept.send?.startsWith("/") || here.includes(key)) continue;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token);
    for (const [name, value] of kept.pairs) body.append(name, value);
    try {
      const answer = await fetch(kept.send, { method: "POST", body, redirect: "manual" });
      if (answer.ok) drop(key);
    } catch { /* still cut off */ }
  }
  show(banner);
}

document.querySelectorAll("[data-autosave-sent]").forEach((mark) => drop(DRAFTS + mark.dataset.autosaveSent));
document.querySelectorAll("[data-unsent]").forEach((banner) => {
  banner.querySelector("[data-unsent-retry]").addEventListener("click", () => again(banner));
  show(banner);
  setInterval(() => show(banner), EVERY);
});
