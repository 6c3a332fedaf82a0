// Comforts of the grid; without this file everything still works.
"use strict";
for (const facet of document.querySelectorAll(".facet")) {
  const all = facet.querySelector(".all");
  if (!all) continue;
  all.hidden = false;
  facet.classList.add("short");
  all.addEventListener("click", () => { facet.classList.remove("short"); all.remove(); });
}
const sort = document.querySelector(".sort select");
if (sort) {
  sort.form.querySelector("button").hidden = true;
  sort.addEventListener("change", () => sort.form.submit());
}
if (matchMedia("(max-width: 46rem)").matches) document.querySelector(".fold")?.removeAttribute("open");
for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copies);
    try { await navigator.clipboard.writeText(text.textContent); button.textContent = "Copied"; }
    catch { getSelection().selectAllChildren(text); button.textContent = "Press Ctrl+C"; }
  });
}
const edits = [...document.querySelectorAll(".edit")];
for (const edit of edits) {
  edit.addEventListener("toggle", () => {
    if (!edit.open) return;
    for (const other of edits) if (other !== edit) other.open = false;
    edit.querySelector("input:not([type=hidden]), select").focus();
  });
  edit.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !edit.open) return;
    edit.open = false;
    edit.querySelector("summary").focus();
  });
}
const cards = [...document.querySelectorAll(".card .picture")];
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea") && event.target.type !== "checkbox";
  if (event.key === "/" && !typing) { event.preventDefault(); document.getElementById("prompt").focus(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = cards.indexOf(document.activeElement?.closest(".card")?.querySelector(".picture"));
  const columns = cards.length ? cards.filter((each) => each.offsetTop === cards[0].offsetTop).length : 1;
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
  if (event.key in steps && at >= 0) {
    const to = cards[at + steps[event.key]];
    if (to) { event.preventDefault(); to.focus(); }
  } else if (event.key === "x" && at >= 0) {
    const box = cards[at].closest(".card").querySelector("input[type=checkbox]");
    box.checked = !box.checked;
  }
});
