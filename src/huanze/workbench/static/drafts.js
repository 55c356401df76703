// The editor of a pack: line numbers beside the text, and a fault's line found by its link. It works without this as well.
"use strict";

(() => {
  const box = document.querySelector("[data-code]");
  if (!box) return;
  const text = box.querySelector("textarea");
  const gutter = box.querySelector("pre");
  const bad = new Set([...document.querySelectorAll("[data-line]")].map((link) => Number(link.dataset.line)));
  let shown = 0;

  function number() {
    const lines = text.value.split("\n").length;
    if (lines === shown) return;
    shown = lines;
    gutter.replaceChildren(...Array.from({ length: lines }, (_, i) => {
      const line = document.createElement("span");
      line.textContent = i + 1;
      if (bad.has(i + 1)) line.className = "hz-code-bad";
      return line;
    }).flatMap((line) => [line, "\n"]));
    follow();
  }

  function follow() {
    gutter.scrollTop = text.scrollTop;
  }

  function go(line) {
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, part) => sum + part.length + 1, 0);
    text.focus({ preventScroll: true });
    text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
    text.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(text).lineHeight));
    box.scrollIntoView({ block: "nearest" });
  }

  text.addEventListener("input", number);
  text.addEventListener("scroll", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    go(Number(link.dataset.line));
  });
  number();
})();
