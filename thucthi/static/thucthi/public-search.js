// Search of the public site, without accents, over the ready-made index tim-kiem/chi-muc.js. A plain script and not a
// module: a page opened from a disk may load no module. The page says what to do without it (A–Z).
"use strict";
(() => {
  // The same folding as kernel/vietnamese_text.py.
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC")
    .replaceAll("đ", "d").split(/\s+/).filter(Boolean).join(" ");

  // Smaller is better: with its accents, at the beginning, as one phrase, all words somewhere; -1: not at all.
  const rank = (text, folded, raw, asked) => {
    if (!asked.split(" ").every((word) => folded.includes(word))) return -1;
    if (text.includes(raw)) return 0;
    return folded.startsWith(asked) ? 1 : folded.includes(asked) ? 2 : 3;
  };

  // Rows of the index [kind, folder, name, anchor], the best first, otherwise in their order.
  const search = (rows, query) => {
    const raw = query.toLowerCase().normalize("NFC").split(/\s+/).filter(Boolean).join(" ");
    const asked = fold(query);
    if (!asked) return [];
    return rows.map((row, place) => ({ row, place, rank: rank(row[2].toLowerCase(), fold(row[2]), raw, asked) }))
      .filter((hit) => hit.rank >= 0).sort((one, other) => one.rank - other.rank || one.place - other.place)
      .map((hit) => hit.row);
  };

  globalThis.thucThiSearch = { fold, search };
  const MOST = 60;
  const list = globalThis.document?.querySelector("[data-search]");
  if (!list) return;
  const { root, foreign, found, none } = list.dataset;
  const kinds = list.dataset.kinds.split("|");
  const said = document.querySelector("[data-search-said]");
  const field = document.querySelector("[data-search-field]");

  const show = () => {
    const hits = search(globalThis.thucThiIndex?.rows ?? [], field.value);
    list.replaceChildren(...hits.slice(0, MOST).map(([kind, folder, name, anchor]) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${root}${folder}/index.html${anchor ? `#${anchor}` : ""}`;
      link.textContent = name;
      if (foreign) link.lang = "vi";
      const word = document.createElement("span");
      word.className = "tt-muted";
      word.textContent = ` ${kinds[kind]}`;
      line.append(link, word);
      return line;
    }));
    said.textContent = field.value.trim() ? (hits.length ? `${hits.length} ${found}` : none) : "";
  };

  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", show);
  show();
})();
