// Review by keyboard: each action is sent at once, and the page shows the figure as it then is.
"use strict";
const review = document.getElementById("review");
const said = document.getElementById("said");
const who = document.getElementById("who");
const groups = [...svg.querySelectorAll("g[data-number]")];
const field = Object.fromEntries(["label", "kind", "type", "length"].map((name) => [name, document.getElementById(name)]));
const units = { pm: 1e-3, "å": 0.1, nm: 1, um: 1e3, "µm": 1e3, "μm": 1e3, mm: 1e6, cm: 1e7, m: 1e9 };
let at = null, mode = null, typed = "", typedAt = 0, waiting = null, isBusy = false;
who.value = localStorage.getItem("exsclaim-reviewer") || "reviewer";
who.addEventListener("change", () => localStorage.setItem("exsclaim-reviewer", who.value));
function boxOf(group) {
  const rect = group.querySelector("rect.panel");
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
  return [x, y, x + width, y + height];
}
function choose(number) {
  at = groups.find((group) => group.dataset.number === String(number)) || null;
  for (const each of document.querySelectorAll("[data-number]")) each.classList.toggle("at", !!at && each.dataset.number === at.dataset.number);
  document.getElementById("at").textContent = at ? `${at.dataset.number}${at.dataset.labels ? ` (${at.dataset.labels})` : ""}` : "–";
  if (at) sessionStorage.setItem("exsclaim-at", at.dataset.number);
}
function leave(skip) {
  const to = new URL(location.href);
  to.searchParams.delete("figure");
  to.searchParams.delete("token");
  if (skip) to.searchParams.set("skip", skip); else to.searchParams.delete("skip");
  location.assign(to);
}
async function send(changes, accepted = false) {
  if (isBusy) return;
  if (!who.value.trim()) { said.textContent = "Say who you are first"; who.focus(); return; }
  isBusy = true;
  said.textContent = "Saving …";
  said.className = "";
  try {
    const answer = await fetch("/api/corrections", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ figure_id: review.dataset.figure, who: who.value.trim(), changes, accepted, seen: review.dataset.seen }),
    });
    if (!answer.ok) throw new Error((await answer.json()).error || answer.statusText);
  } catch (error) { said.textContent = `Not saved: ${error.message}`; said.className = "problem"; isBusy = false; return; }
  if (accepted) { leave(Number(review.dataset.skip)); return; }
  const to = new URL(location.href);
  to.searchParams.set("figure", review.dataset.figure);
  to.searchParams.delete("token");
  location.assign(to);
}
function set(values) {
  if (at) send([{ action: "set", box: boxOf(at), ...values }]);
  else said.textContent = "Choose a panel first: press its number";
}
function inNm(text) {
  const found = text.trim().match(/^(\d+(?:\.\d*|,\d{1,2})?|[.,]\d+)\s*([a-zåµμ]+)$/i); // "1,000 nm" may be 1 or 1000
  const size = found && units[found[2].toLowerCase()];
  return size ? Number(found[1].replace(",", ".")) * size : null;
}
function point(tool, words) {
  take(tool, at ? middleOf(boxOf(at)) : undefined);
  said.textContent = `${words} (keys: arrows, Enter; Esc leaves it)`;
}
const middleOf = ([x0, y0, x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];
const split = (columns) => ({
  begin(place) {
    const [x0, y0, x1, y1] = boxOf(at);
    const [x, y] = place.map(Math.round);
    take(null);
    if (columns ? x <= x0 || x >= x1 : y <= y0 || y >= y1) { said.textContent = "That is not inside of the panel"; return; }
    const parts = columns ? [[x0, y0, x, y1], [x, y0, x1, y1]] : [[x0, y0, x1, y], [x0, y, x1, y1]];
    send([{ action: "remove", box: [x0, y0, x1, y1] }, ...parts.map((box, n) => ({ action: "add", box, ...(n === 0 && at.dataset.labels ? { label: at.dataset.labels } : {}) }))]);
  },
});
function drawing(done) {
  let start = null, drawn = null;
  return {
    begin(place) { start = place; drawn = added("rect", "drawn"); },
    move(place) {
      const [x0, y0, x1, y1] = between(start, place);
      for (const [name, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 })) drawn.setAttribute(name, value);
    },
    end(place) {
      const box = between(start, place);
      take(null);
      if (box[2] - box[0] < 4 || box[3] - box[1] < 4) said.textContent = "That box is too small"; else done(box);
    },
    leave() { drawn?.remove(); },
  };
}
const actions = {
  accept: () => send([], true),
  skip: () => leave(Number(review.dataset.skip) + 1),
  remove: () => at ? send([{ action: "remove", box: boxOf(at) }]) : set({}),
  caption: () => {
    const words = String(getSelection()).replace(/\s+/g, " ").trim();
    if (words) set({ caption: [words] }); else said.textContent = "Mark words of the caption first, then press c";
  },
  move: () => at ? point(drawing((box) => set({ new_box: box })), "Draw the box of the panel") : set({}),
  add: () => point(drawing((box) => send([{ action: "add", box, kind: "unclear" }])), "Draw the box of the new panel"),
  columns: () => at ? point(split(true), "Click where the panel is to be split") : set({}),
  rows: () => at ? point(split(false), "Click where the panel is to be split") : set({}),
  merge: () => {
    if (!at) { set({}); return; }
    mode = "merge";
    said.textContent = "Press the number of the panel to merge with, or click it";
  },
};
// Of a figure with more than nine panels, digits that follow each other soon are one number.
function number(digit, then) {
  typed = performance.now() - typedAt < 700 ? typed + digit : digit;
  if (!groups.some((group) => group.dataset.number === typed)) typed = digit;
  typedAt = performance.now();
  clearTimeout(waiting);
  const wanted = typed;
  if (then === choose || wanted * 10 > groups.length) then(wanted); else waiting = setTimeout(() => then(wanted), 700);
}
function merge(number) {
  const other = groups.find((group) => group.dataset.number === String(number));
  mode = null;
  if (!other || other === at) { said.textContent = "There is no other panel of this number"; return; }
  const [a, b] = [boxOf(at), boxOf(other)];
  const box = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
  send([{ action: "remove", box: b }, { action: "set", box: a, new_box: box }]);
}
for (const button of review.querySelectorAll("[data-do]")) button.addEventListener("click", () => actions[button.dataset.do]());
field.label.addEventListener("change", () => set({ label: field.label.value.trim() }));
field.kind.addEventListener("change", () => field.kind.value && set({ kind: field.kind.value }));
field.type.addEventListener("change", () => field.type.value && set({ type: field.type.value }));
field.length.addEventListener("change", () => {
  const nm = inNm(field.length.value);
  if (nm) set({ length_nm: nm }); else said.textContent = `“${field.length.value}” is no length: 500 nm, 2 µm`;
});
svg.addEventListener("pointerdown", (event) => {
  if (tool) return;
  const group = event.target.closest("g[data-number]");
  if (group && mode === "merge") merge(group.dataset.number);
  else if (group) choose(group.dataset.number);
});
function between(a, b) {
  const ends = [[a[0], b[0], size.width], [a[1], b[1], size.height]].map(([from, to, most]) => [Math.max(0, Math.min(from, to)), Math.min(most, Math.max(from, to))]);
  return [ends[0][0], ends[1][0], ends[0][1], ends[1][1]].map(Math.round);
}
for (const each of document.querySelectorAll(".one-panel")) each.addEventListener("click", () => choose(each.dataset.number));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (mode === "label") {
    if (event.key === "Escape") { mode = null; said.textContent = ""; return; }
    if (event.key.length > 1 && event.key !== "Backspace") return;
    event.preventDefault();
    mode = null;
    set({ label: event.key === "Backspace" ? "" : event.key });
    return;
  }
  if (/^[0-9]$/.test(event.key)) {
    event.preventDefault();
    number(event.key, mode === "merge" ? merge : choose);
    return;
  }
  const step = { ".": 1, ",": -1 }[event.key];
  if (step) { choose(groups.length ? (((at ? Number(at.dataset.number) : step > 0 ? 0 : 1) - 1 + step + groups.length) % groups.length) + 1 : 0); return; }
  const keys = { Enter: "accept", a: "accept", z: "skip", Delete: "remove", c: "caption", b: "move", n: "add", x: "columns", y: "rows", m: "merge" };
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  if (event.key === "Escape") { mode = null; said.textContent = ""; return; }
  if (event.key === "l") {
    event.preventDefault();
    if (at) { mode = "label"; said.textContent = "Press the right letter; Backspace: none is printed"; } else set({});
  } else if (event.key in { k: 1, t: 1, s: 1 }) {
    event.preventDefault();
    if (at) field[{ k: "kind", t: "type", s: "length" }[event.key]].focus(); else set({});
  } else if (event.key in keys) { event.preventDefault(); actions[keys[event.key]](); }
});
const kept = sessionStorage.getItem("exsclaim-at");
if (new URL(location.href).searchParams.has("figure") && kept) choose(kept);
