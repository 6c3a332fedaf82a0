// Hover joins a panel, its text and its mentions; a ruler measures in nm. Without this file the page can be read as it is.
"use strict";
const marked = [...document.querySelectorAll("[data-labels]")];
const labelsOf = (element) => element.dataset.labels.split(" ").filter(Boolean);
function light(element, on) {
  const wanted = new Set(labelsOf(element).map((label) => label.toLowerCase()));
  for (const each of marked) {
    const same = each === element || labelsOf(each).some((label) => wanted.has(label.toLowerCase()));
    if (same) each.classList.toggle("lit", on);
  }
}
for (const each of marked) {
  for (const event of ["mouseenter", "focusin"]) each.addEventListener(event, () => light(each, true));
  for (const event of ["mouseleave", "focusout"]) each.addEventListener(event, () => light(each, false));
}
const stage = document.getElementById("stage");
const svg = stage.querySelector("svg");
const ruler = document.getElementById("ruler");
const measured = document.getElementById("measured");
const copy = document.getElementById("copy");
const svgNames = "http://www.w3.org/2000/svg";
ruler.hidden = false;
let line = null;
ruler.addEventListener("click", () => {
  const on = !stage.classList.contains("measuring");
  stage.classList.toggle("measuring", on);
  ruler.setAttribute("aria-pressed", String(on));
  measured.textContent = on ? "Draw a line over the figure" : "";
  if (!on) { line?.remove(); line = null; copy.hidden = true; }
});
function pointOf(event) {
  const box = svg.getBoundingClientRect();
  const size = svg.viewBox.baseVal;
  return [(event.clientX - box.left) / box.width * size.width, (event.clientY - box.top) / box.height * size.height];
}
function scaleAt(x, y) {
  let best = null, least = Infinity;
  for (const group of svg.querySelectorAll("g")) {
    const box = group.querySelector("rect.panel").getBBox();
    const inside = x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
    if (inside && box.width * box.height < least) { least = box.width * box.height; best = group.dataset.nmPerPx; }
  }
  return best ? Number(best) : null;
}
function inUnits(nm) {
  for (const [unit, size] of [["m", 1e9], ["mm", 1e6], ["µm", 1e3], ["nm", 1]]) {
    if (nm >= size) return `${Number((nm / size).toPrecision(4))} ${unit}`;
  }
  return `${Number((nm * 1000).toPrecision(4))} pm`;
}
svg.addEventListener("pointerdown", (event) => {
  if (!stage.classList.contains("measuring")) return;
  const [x, y] = pointOf(event);
  line?.remove();
  line = svg.appendChild(document.createElementNS(svgNames, "line"));
  for (const end of ["1", "2"]) { line.setAttribute("x" + end, x); line.setAttribute("y" + end, y); }
  svg.setPointerCapture(event.pointerId);
});
svg.addEventListener("pointermove", (event) => {
  if (!line || !svg.hasPointerCapture(event.pointerId)) return;
  const [x, y] = pointOf(event);
  line.setAttribute("x2", x);
  line.setAttribute("y2", y);
  const from = [Number(line.getAttribute("x1")), Number(line.getAttribute("y1"))];
  const px = Math.hypot(x - from[0], y - from[1]);
  const angle = Math.atan2(from[1] - y, x - from[0]) * 180 / Math.PI;
  const scale = scaleAt(...from);
  const length = scale ? `${inUnits(px * scale)} (${px.toFixed(1)} px)` : `${px.toFixed(1)} px, no scale here`;
  measured.textContent = `${length}, ${angle.toFixed(1)}°`;
  copy.hidden = false;
});
copy.addEventListener("click", async () => {
  try { await navigator.clipboard.writeText(measured.textContent); copy.textContent = "Copied"; }
  catch { getSelection().selectAllChildren(measured); copy.textContent = "Press Ctrl+C"; }
});
