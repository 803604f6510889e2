"use strict";
// Search, filters and sorting of the table of repositories. Without this script, all of it is shown.

const element = (id) => document.getElementById(id);
const table = element("repositories-table");
const body = table.tBodies[0];
// In the order of the config, in which ranges such as "0-3 7" count.
const rows = Array.from(body.rows);
const names = rows.map((row) => `${row.cells[0].textContent} ${row.cells[1].textContent}`.toLowerCase());
const tools = document.querySelector(".tools");
const search = element("search");
const selects = Array.from(tools.querySelectorAll("select"));
const status = element("status");
const more = element("more");
// The ranges of the link that was followed, and its text.
let followed = { ranges: "", text: "" };
// More rows at a time make a browser slow.
const MOST = 250;
let most = MOST;
// The positions of the rows, as they are sorted.
let order = rows.map((_, index) => index);

const rowsOf = (ranges) => {
  const found = new Set();
  for (const range of ranges.split(" ")) {
    const [first, last = first] = range.split("-").map(Number);
    for (let row = first; row <= last; row += 1) found.add(row);
  }
  return found;
};

const show = () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = [...selects.map((select) => select.value), followed.ranges].filter(Boolean).map(rowsOf);
  let found = 0;
  for (const index of order) {
    const fits = chosen.every((some) => some.has(index)) && words.every((word) => names[index].includes(word));
    if (fits) found += 1;
    rows[index].hidden = !fits || found > most;
  }
  const why = followed.text && ` (${followed.text})`;
  const first = found > most ? `, of which the first ${most} are shown` : "";
  status.textContent = `${found} of ${rows.length} found${why}${first}`;
  more.hidden = found <= most;
};

const clear = () => {
  search.value = "";
  for (const select of selects) select.value = "";
  followed = { ranges: "", text: "" };
  show();
};

const reveal = (address) => {
  const isHidden = Boolean(element(address.slice(1))?.hidden);
  if (isHidden) {
    most = rows.length;
    clear();
  }
  return isHidden;
};

const showUpTo = (count) => { most = count; show(); };
more.addEventListener("click", () => showUpTo(rows.length));
// Paper has no button.
let beforePrint = MOST;
window.addEventListener("beforeprint", () => { beforePrint = most; showUpTo(rows.length); });
window.addEventListener("afterprint", () => showUpTo(beforePrint));

search.addEventListener("input", show);
for (const select of selects) select.addEventListener("change", show);
tools.addEventListener("reset", (event) => { event.preventDefault(); clear(); });
tools.addEventListener("submit", (event) => event.preventDefault());

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link) return;
  if (link.dataset.rows) {
    clear();
    const where = link.closest("tr, article")?.querySelector("th, h3")?.firstChild.textContent;
    followed = { ranges: link.dataset.rows, text: [where, link.textContent].filter(Boolean).join(": ") };
    show();
  } else {
    reveal(link.getAttribute("href"));
  }
});

// The row that an address names is shown, also from a bookmark and on the way back.
window.addEventListener("hashchange", () => {
  if (reveal(location.hash)) element(location.hash.slice(1)).scrollIntoView();
});

// A picture that is wider than the window is scaled to it, and can be shown as it is.
const zoom = element("zoom");
const frame = document.querySelector("#picture .scroll");
const offer = () => {
  const isFull = frame.classList.contains("full");
  zoom.hidden = !isFull && frame.querySelector("svg").viewBox.baseVal.width <= frame.clientWidth + 1;
};
zoom.addEventListener("click", () => {
  zoom.setAttribute("aria-pressed", String(frame.classList.toggle("full")));
});
window.addEventListener("resize", offer);
offer();

const collator = new Intl.Collator("en", { numeric: true });
const key = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
const heads = Array.from(table.tHead.rows[0].cells);
heads.forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const sign = up ? 1 : -1;
    const keys = rows.map((row) => key(row, column));
    order = order.sort((one, other) => sign * collator.compare(keys[one], keys[other]) || one - other);
    body.append(...order.map((index) => rows[index]));
    show();
  });
});

tools.hidden = rows.length === 0;
status.hidden = rows.length === 0;
show();
if (reveal(location.hash)) element(location.hash.slice(1)).scrollIntoView();
