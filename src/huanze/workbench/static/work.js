// Small helps of the business pages: order of units, rows of a plan, filters. Every page works without them.
"use strict";

(() => {
  // An ordered list of units: move a choice up or down by swapping it with its neighbour.
  for (const moves of document.querySelectorAll("[data-moves]")) moves.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const slot = button.closest("[data-slot]");
    const other = button.dataset.move === "up" ? slot.previousElementSibling : slot.nextElementSibling;
    if (!other) return;
    const [mine, theirs] = [slot.querySelector("select"), other.querySelector("select")];
    [mine.value, theirs.value] = [theirs.value, mine.value];
    other.querySelector(`[data-move="${button.dataset.move}"]`).focus();
  });

  // Rows of a plan: add one, take one away. Numbers only grow, so no two rows share a name.
  for (const hidden of document.querySelectorAll("[data-rows] [data-remove], [data-rows] > [data-add]")) hidden.hidden = false;
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]");
    if (add) {
      const set = add.closest("[data-rows]");
      const lines = set.querySelectorAll("[data-line]");
      const made = lines[lines.length - 1].cloneNode(true);
      const next = 1 + Math.max(...[...lines].map((line) => Number(line.querySelector("[name]").name.split(".").at(-2))));
      for (const field of made.querySelectorAll("[name]")) {
        const parts = field.name.split(".");
        parts[parts.length - 2] = next;
        field.name = parts.join(".");
        field.id = "f-" + parts.join("-");
        field.value = "";
        field.removeAttribute("aria-invalid");
      }
      for (const error of made.querySelectorAll(".hz-error")) error.remove();
      set.querySelector(".hz-rows").append(made);
      made.querySelector("textarea").focus();
    }
    const remove = event.target.closest("[data-remove]");
    if (remove) {
      const set = remove.closest("[data-rows]");
      const line = remove.closest("[data-line]");
      if (set.querySelectorAll("[data-line]").length > 1) line.remove();
      else for (const field of line.querySelectorAll("[name]")) field.value = "";
      set.querySelector("[data-add]").focus();
    }
  });

  // The first field at fault takes the focus after a refusal.
  document.querySelector('[role="alert"] ~ * [aria-invalid="true"], form [aria-invalid="true"]')?.focus();
})();
