// Small helps of our pages. Every page works without them; nothing here decides anything.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog") !== null;

  // An explanation fetched by htmx opens in the dialog.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "hz-dialog-body") byId("hz-dialog").showModal();
  });

  // A session that has ended answers with the sign-in page: show it whole, not inside a part of this page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const url = event.detail.xhr.responseURL;
    if (url && new URL(url).pathname.startsWith("/sign-in/")) {
      event.preventDefault();
      location.reload();
    }
  });

  document.addEventListener("htmx:sendError", () => say("网络不通，这一步没有办成。请检查网络后再试。"));
  document.addEventListener("htmx:responseError", () => say("这一步没有办成。请刷新页面后再试；仍不成功请联系系统管理员。"));

  function say(text) {
    const box = document.createElement("div");
    box.className = "alert alert-danger hz-alert";
    box.textContent = text;
    byId("messages").replaceChildren(box);
    scrollTo({ top: 0 });
  }

  // Buttons that ask first. The dialog's answer submits the very button that was pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const dialog = byId("hz-confirm");
    byId("hz-confirm-text").textContent = question;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      form.dataset.confirmed = "1";
      form.requestSubmit(event.submitter);
      delete form.dataset.confirmed;
    }, { once: true });
    dialog.showModal();
  }, true);

  // A form that posts once: a second press while the answer is on its way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
    if (event.target.closest("[data-back]")) history.back();
    if (event.target.matches("dialog")) event.target.close();
  });

  // Keys: / searches, g then a letter goes somewhere, j and k walk a list, ? explains.
  let waiting = 0;
  function walk(step) {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("hz-current"));
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    rows[at]?.classList.remove("hz-current");
    next.classList.add("hz-current");
    (next.querySelector("a") ?? next).focus();
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (Date.now() - waiting < 1200) {
      waiting = 0;
      const link = document.querySelector(`.hz-nav [data-key="${CSS.escape(event.key)}"]`);
      if (link) link.click();
      return;
    }
    const act = {
      "/": () => byId("find")?.focus(),
      g: () => { waiting = Date.now(); },
      j: () => walk(1),
      k: () => walk(-1),
      "?": () => byId("hz-keys").showModal(),
    }[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
})();
