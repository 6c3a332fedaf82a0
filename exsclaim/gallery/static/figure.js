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
const picture = stage.querySelector("img");
const tellMissing = () => { document.getElementById("no-image").hidden = false; stage.hidden = true; };
picture.addEventListener("error", tellMissing);
if (picture.complete && !picture.naturalWidth) tellMissing();
const svg = stage.querySelector("svg");
const size = svg.viewBox.baseVal;
const svgNames = "http://www.w3.org/2000/svg";
const added = (name, className) => {
  const element = svg.appendChild(document.createElementNS(svgNames, name));
  element.setAttribute("class", className);
  return element;
};
// A tool gets points of the figure, in its pixels: begin, move, end. The mouse gives them, or arrows and Enter.
let tool = null, cursor = null, atCursor = null, begun = false;
function take(next, start = [size.width / 2, size.height / 2]) {
  tool?.leave?.();
  tool = next;
  begun = false;
  cursor?.remove();
  cursor = null;
  stage.classList.toggle("pointing", !!tool);
  if (tool) { atCursor = start.map(Math.round); svg.setAttribute("tabindex", "0"); svg.focus({ preventScroll: true }); }
  else svg.removeAttribute("tabindex");
}
function pointOf(event) {
  const box = svg.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width * size.width, (event.clientY - box.top) / box.height * size.height];
}
svg.addEventListener("pointerdown", (event) => {
  if (!tool) return;
  cursor?.remove();
  cursor = null;
  svg.setPointerCapture(event.pointerId);
  begun = true;
  tool.begin(pointOf(event));
});
svg.addEventListener("pointermove", (event) => { if (tool && begun && svg.hasPointerCapture(event.pointerId)) tool.move?.(pointOf(event)); });
svg.addEventListener("pointerup", (event) => {
  if (!tool || !begun) return;
  begun = false;
  tool.end?.(pointOf(event));
});
svg.addEventListener("pointercancel", () => { begun = false; });
svg.addEventListener("keydown", (event) => {
  if (!tool || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = event.shiftKey ? 1 : Math.max(1, Math.round(size.width / 100));
  const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] || [];
  if (dx === undefined && event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
  cursor ??= added("path", "cursor");
  if (dx !== undefined) {
    atCursor = [Math.max(0, Math.min(size.width, atCursor[0] + dx)), Math.max(0, Math.min(size.height, atCursor[1] + dy))];
    if (begun) tool.move?.(atCursor);
  } else if (begun) { begun = false; tool.end?.(atCursor); } else { begun = true; tool.begin(atCursor); }
  const arm = size.width / 60;
  cursor?.setAttribute("d", `M${atCursor[0] - arm} ${atCursor[1]}h${2 * arm}M${atCursor[0]} ${atCursor[1] - arm}v${2 * arm}`);
});
const ruler = document.getElementById("ruler");
const measured = document.getElementById("measured");
const copy = document.getElementById("copy");
ruler.hidden = false;
let lines = [];
ruler.addEventListener("click", () => {
  const on = ruler.getAttribute("aria-pressed") !== "true";
  take(on ? rulerTool : null);
  if (on) { ruler.setAttribute("aria-pressed", "true"); measured.textContent = "Draw a line, a second one for an angle; keys: arrows, Enter"; }
});
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
const endsOf = (line) => ["x1", "y1", "x2", "y2"].map((name) => Number(line.getAttribute(name)));
const angleOf = (line) => { const [x1, y1, x2, y2] = endsOf(line); return Math.atan2(y1 - y2, x2 - x1) * 180 / Math.PI; };
function measure(line) {
  const [x1, y1, x2, y2] = endsOf(line);
  const px = Math.hypot(x2 - x1, y2 - y1);
  const scale = scaleAt(x1, y1);
  const length = scale ? `${inUnits(px * scale)} (${px.toFixed(1)} px)` : `${px.toFixed(1)} px, no scale here`;
  let said = `${length}, ${angleOf(line).toFixed(1)}°`;
  if (lines.length === 2) {
    const turn = Math.abs(angleOf(lines[0]) - angleOf(lines[1])) % 180;
    said += `; between the lines ${Math.min(turn, 180 - turn).toFixed(1)}° (${Math.max(turn, 180 - turn).toFixed(1)}°)`;
  }
  measured.textContent = said;
  copy.hidden = false;
  copy.textContent = "Copy";
}
const rulerTool = {
  begin([x, y]) {
    if (lines.length === 2) { for (const each of lines) each.remove(); lines = []; }
    const line = added("line", "measure");
    for (const end of ["1", "2"]) { line.setAttribute("x" + end, x); line.setAttribute("y" + end, y); }
    lines.push(line);
  },
  move([x, y]) {
    const line = lines.at(-1);
    line.setAttribute("x2", x);
    line.setAttribute("y2", y);
    measure(line);
  },
  end() {
    const line = lines.at(-1);
    const [x1, y1, x2, y2] = endsOf(line);
    if (x1 === x2 && y1 === y2) { line.remove(); lines.pop(); }
  },
  leave() {
    for (const each of lines) each.remove();
    lines = [];
    ruler.setAttribute("aria-pressed", "false");
    measured.textContent = "";
    copy.hidden = true;
  },
};
copy.addEventListener("click", async () => {
  try { await navigator.clipboard.writeText(measured.textContent); copy.textContent = "Copied"; }
  catch { getSelection().selectAllChildren(measured); copy.textContent = "Press Ctrl+C"; }
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && tool) take(null); });
