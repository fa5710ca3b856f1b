"use strict";
// A few small helps; every page also works without them.
(() => {
  // htmx notes the address for its history, which is switched off: nothing stays in this browser.
  window.addEventListener("load", () => sessionStorage.clear());

  // "/" goes to the search field, unless somebody is typing.
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    const field = document.querySelector("[data-slash]");
    if (event.key === "/" && !typing && field) {
      event.preventDefault();
      field.focus();
    }
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
    }
  });

  // What is typed into a form with a ticket is kept on the server, never in this browser.
  const timers = new WeakMap();
  const keep = async (form) => {
    const ticket = form.elements.form_ticket;
    if (!ticket) return;
    const note = form.querySelector("[data-draft-note]");
    const typed = new FormData(form);
    form.querySelectorAll("input[type=password], input[type=file]").forEach((field) => typed.delete(field.name));
    try {
      const answer = await fetch(`/konsep/${ticket.value}/`, {method: "POST", body: typed, redirect: "manual"});
      if (note) note.textContent = answer.status === 204 ? note.dataset.kept : note.dataset.lost;
    } catch {
      if (note) note.textContent = note.dataset.lost;
    }
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    if (!form?.elements.form_ticket) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => keep(form), 800));
  });

  // A button is pressed once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    clearTimeout(timers.get(form));
    if (form.dataset.sent) return event.preventDefault();
    if (form.method === "post" && form.elements.form_ticket) {
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, 8000);
    }
  });
})();
