// Review by keyboard: each action is sent at once, and the page shows the figure as it then is.
"use strict";
const review = document.getElementById("review");
const said = document.getElementById("said");
const who = document.getElementById("who");
const groups = [...svg.querySelectorAll("g[data-number]")];
const field = Object.fromEntries(["label", "kind", "type", "length"].map((name) => [name, document.getElementById(name)]));
const units = { pm: 1e-3, "å": 0.1, nm: 1, um: 1e3, "µm": 1e3, "μm": 1e3, mm: 1e6, cm: 1e7, m: 1e9 };
let at = null, mode = null, start = null, drawn = null;
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
  if (!who.value.trim()) { said.textContent = "Say who you are first"; who.focus(); return; }
  said.textContent = "Saving …";
  try {
    const answer = await fetch("/api/corrections", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ figure_id: review.dataset.figure, who: who.value.trim(), changes, accepted }),
    });
    if (!answer.ok) throw new Error((await answer.json()).error || answer.statusText);
  } catch (error) { said.textContent = `Not saved: ${error.message}`; said.className = "problem"; return; }
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
  const found = text.trim().match(/^([\d.,]+)\s*([a-zåµμ]+)$/i);
  const size = found && units[found[2].toLowerCase()];
  return size ? Number(found[1].replace(",", ".")) * size : null;
}
function wait(next, words) { mode = next; said.textContent = words; stage.classList.toggle("drawing", ["move", "add", "columns", "rows"].includes(next)); }
const actions = {
  accept: () => send([], true),
  skip: () => leave(Number(review.dataset.skip) + 1),
  remove: () => at ? send([{ action: "remove", box: boxOf(at) }]) : set({}),
  caption: () => {
    const words = String(getSelection()).replace(/\s+/g, " ").trim();
    if (words) set({ caption: [words] }); else said.textContent = "Mark words of the caption first, then press c";
  },
  move: () => at ? wait("move", "Draw the box of the panel") : set({}),
  add: () => wait("add", "Draw the box of the new panel"),
  columns: () => at ? wait("columns", "Click where the panel is to be split") : set({}),
  rows: () => at ? wait("rows", "Click where the panel is to be split") : set({}),
  merge: () => at ? wait("merge", "Press the number of the panel to merge with, or click it") : set({}),
};
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
  if (stage.classList.contains("measuring")) return;
  const point = pointOf(event);
  if (mode === "columns" || mode === "rows") {
    const [x0, y0, x1, y1] = boxOf(at);
    const [x, y] = point.map(Math.round);
    const parts = mode === "columns" ? [[x0, y0, x, y1], [x, y0, x1, y1]] : [[x0, y0, x1, y], [x0, y, x1, y1]];
    mode = null;
    send([{ action: "remove", box: [x0, y0, x1, y1] }, ...parts.map((box, n) => ({ action: "add", box, ...(n === 0 && at.dataset.labels ? { label: at.dataset.labels } : {}) }))]);
  } else if (mode === "move" || mode === "add") {
    start = point;
    drawn = svg.appendChild(document.createElementNS(svgNames, "rect"));
    drawn.classList.add("drawn");
    svg.setPointerCapture(event.pointerId);
  } else {
    const group = event.target.closest("g[data-number]");
    if (group && mode === "merge") merge(group.dataset.number);
    else if (group) choose(group.dataset.number);
  }
});
function between(a, b) {
  const size = svg.viewBox.baseVal;
  const ends = [[a[0], b[0], size.width], [a[1], b[1], size.height]].map(([from, to, most]) => [Math.max(0, Math.min(from, to)), Math.min(most, Math.max(from, to))]);
  return [ends[0][0], ends[1][0], ends[0][1], ends[1][1]].map(Math.round);
}
svg.addEventListener("pointermove", (event) => {
  if (!drawn) return;
  const [x0, y0, x1, y1] = between(start, pointOf(event));
  for (const [name, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 })) drawn.setAttribute(name, value);
});
svg.addEventListener("pointerup", (event) => {
  if (!drawn) return;
  const box = between(start, pointOf(event));
  const was = mode;
  drawn.remove();
  drawn = null;
  mode = null;
  if (box[2] - box[0] < 4 || box[3] - box[1] < 4) { said.textContent = "That box is too small"; return; }
  if (was === "add") send([{ action: "add", box, kind: "unclear" }]);
  else set({ new_box: box });
});
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
  if (/^[1-9]$/.test(event.key)) {
    event.preventDefault();
    if (mode === "merge") merge(event.key); else choose(event.key);
    return;
  }
  const step = { ".": 1, ",": -1 }[event.key];
  if (step) { choose(groups.length ? (((at ? Number(at.dataset.number) : step > 0 ? 0 : 1) - 1 + step + groups.length) % groups.length) + 1 : 0); return; }
  const keys = { Enter: "accept", a: "accept", z: "skip", Delete: "remove", c: "caption", b: "move", n: "add", x: "columns", y: "rows", m: "merge" };
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  if (event.key === "Escape") { mode = null; said.textContent = ""; stage.classList.remove("drawing"); return; }
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
