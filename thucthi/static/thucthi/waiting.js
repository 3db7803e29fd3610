// A page that waits looks again every two seconds and shows itself anew once its state has changed.
// <div data-waiting="reading">…</div>; the page must be complete without this. After ten minutes it rests.
const EVERY = 2_000;
const UNTIL = Date.now() + 600_000;
const waiting = document.querySelector("[data-waiting]");

async function look() {
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-waiting]");
    if (!now) { location.reload(); return; }
    if (now.innerHTML !== waiting.innerHTML) waiting.innerHTML = now.innerHTML;
  } catch { /* not reachable now: the next look may be */ }
  if (Date.now() < UNTIL) setTimeout(look, EVERY);
}

if (waiting) setTimeout(look, EVERY);
