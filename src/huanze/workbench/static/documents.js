// Helps of the document pages: dropping files, going between text and facts, keys, a piece of text to add. All works without them.
"use strict";

(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // ---- uploading: a file dropped on the form is sent at once; the bar tells how far it is
  const dropped = (event) => event.target.closest?.("[data-upload]");
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const form = dropped(event);
      if (!form) return;
      event.preventDefault();
      form.querySelector(".hz-drop").classList.toggle("hz-over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        form.querySelector('[type="file"]').files = event.dataTransfer.files;
        form.requestSubmit();
      }
    });
  }
  document.addEventListener("htmx:xhr:progress", (event) => {
    const now = event.target.querySelector?.(".hz-upload-now");
    if (!now || !event.detail.lengthComputable || !event.detail.total) return;
    const done = Math.floor((100 * event.detail.loaded) / event.detail.total);
    const bar = now.querySelector("progress");
    bar.hidden = false;
    bar.value = done;
    now.querySelector("span").textContent = done < 100 ? `正在上传 ${done}%` : "已上传，正在读取……";
  });

  // ---- a form of a fact shows the fields of its kind only
  function fit(form) {
    const kind = form.querySelector('select[name="kind"]')?.value;
    if (kind === undefined) return;
    for (const field of all("[data-kinds]", form)) field.hidden = !field.dataset.kinds.split(" ").includes(kind);
  }
  document.addEventListener("change", (event) => {
    const form = event.target.matches('select[name="kind"]') && event.target.closest("[data-fact-form]");
    if (form) fit(form);
  });
  const fitAll = () => all("[data-fact-form]").forEach(fit);
  fitAll();

  // ---- a card and its mark in the text
  const text = document.getElementById("text");
  const marksOf = (pk) => all(`#text [data-facts~="${pk}"]`);
  function light(pk, { scrollText = true } = {}) {
    for (const lit of all(".hz-lit")) lit.classList.remove("hz-lit");
    const marks = marksOf(pk);
    for (const mark of marks) mark.classList.add("hz-lit");
    if (scrollText && marks[0]) marks[0].scrollIntoView({ block: "nearest" });
  }
  function choose(card) {
    for (const other of all(".hz-current")) other.classList.remove("hz-current");
    card.classList.add("hz-current");
    card.scrollIntoView({ block: "nearest" });
    (card.querySelector("a.hz-fact-link") ?? card).focus({ preventScroll: true });
  }
  const current = () => document.querySelector(".hz-fact.hz-current");
  document.addEventListener("focusin", (event) => {
    const card = event.target.closest(".hz-fact");
    if (!card) return;
    if (!card.classList.contains("hz-current")) {
      for (const other of all(".hz-current")) other.classList.remove("hz-current");
      card.classList.add("hz-current");
    }
    light(card.dataset.fact);
  });
  document.addEventListener("click", (event) => {
    const mark = event.target.closest("#text a[href^='#f-']");
    if (mark) {
      const card = document.querySelector(mark.getAttribute("href"));
      if (!card?.classList.contains("hz-fact")) return;
      event.preventDefault();
      if (getSelection().isCollapsed) choose(card);
      return;
    }
    const link = event.target.closest("a.hz-fact-link");
    if (link) {
      event.preventDefault();
      light(link.closest(".hz-fact").dataset.fact);
    }
  });

  // ---- forms of corrections come into the card
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches("a[data-do]")) event.detail.target = event.target.closest(".hz-fact");
  });
  let then = "";
  document.addEventListener("htmx:afterSettle", (event) => {
    // It comes for every element that was put in, so also for the counts; settling would take the class away again.
    fitAll();
    const card = event.target;
    if (!card.matches?.(".hz-fact")) return;
    for (const mark of all(`#text a[href="#${card.id}"]`)) {
      if (card.dataset.decision !== "dropped" || mark.dataset.facts === card.dataset.fact) mark.dataset.decision = card.dataset.decision;
    }
    const form = card.querySelector("[data-fact-form]");
    if (form) {
      card.classList.add("hz-current");
      (form.querySelector('[aria-invalid="true"]') ?? form.querySelector("textarea, select, input:not([type=hidden])"))?.focus();
    } else if (then === "next" && !card.querySelector('[role="alert"]')) nextOpen(card);
    else choose(card);
    then = "";
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches("[data-fact-form]")) then = "next";
  });

  function nextOpen(from) {
    const cards = all(".hz-fact");
    const at = cards.indexOf(from ?? current());
    const found = [...cards.slice(at + 1), ...cards.slice(0, at + 1)].find((card) => card.dataset.decision === "open");
    if (found) choose(found);
    else document.getElementById("hz-next-open")?.click();
  }

  // ---- keys: a accept, e correct, x drop, n the next open one; g begins a jump elsewhere
  let jump = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && event.target.closest("[data-fact-form]")) {
      event.target.closest(".hz-fact")?.querySelector('[data-do="cancel"]')?.click();
      return;
    }
    if (event.target.closest("input, textarea, select, dialog")) return;
    if (Date.now() - jump < 1200) {
      jump = 0;
      return;
    }
    if (event.key === "g") jump = Date.now();
    const press = (act) => current()?.querySelector(`[data-do="${act}"]`)?.click();
    const act = {
      a: () => { then = "next"; press("accept"); },
      e: () => press("correct"),
      x: () => press("drop"),
      n: () => nextOpen(),
    }[event.key];
    if (act && text) {
      event.preventDefault();
      act();
    }
  });
  const more = document.getElementById("hz-more-keys");
  if (more) document.querySelector(".hz-keys").append(more.content.cloneNode(true));

  // ---- a piece of the text to add: offsets count characters, not halves of them
  const here = document.getElementById("hz-add-here");
  function offset(node, at) {
    const block = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".hz-block");
    if (!block) return null;
    const range = document.createRange();
    range.selectNodeContents(block);
    range.setEnd(node, at);
    return Number(block.dataset.start) + [...range.toString()].length;
  }
  let piece = null;
  function offer() {
    const selection = getSelection();
    if (!here) return;
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const inside = range && text.contains(range.commonAncestorContainer);
    const [start, end] = inside ? [offset(range.startContainer, range.startOffset), offset(range.endContainer, range.endOffset)] : [null, null];
    piece = start !== null && end !== null && end > start ? { start, end } : null;
    here.hidden = !piece;
    if (!piece) return;
    const box = range.getBoundingClientRect();
    here.style.left = `${Math.max(8, box.left + scrollX)}px`;
    here.style.top = `${box.bottom + scrollY + 6}px`;
  }
  if (here) {
    document.addEventListener("selectionchange", offer);
    here.addEventListener("mousedown", (event) => event.preventDefault());
    here.addEventListener("click", () => {
      if (!piece) return;
      here.hidden = true;
      htmx.ajax("GET", `${text.dataset.adds}?start=${piece.start}&end=${piece.end}`, { target: "#hz-dialog-body", swap: "innerHTML" });
    });
  }

  // ---- come from a link to one fact: show it in both panes
  const target = location.hash.startsWith("#f-") ? document.querySelector(location.hash) : null;
  if (target?.classList.contains("hz-fact")) {
    choose(target);
    light(target.dataset.fact);
  }
})();
