// Questions that depend on an answer appear as soon as it is given. Without this script they come with Next.
(() => {
  "use strict";

  const form = document.getElementById("step");
  if (!form) return;

  const answer = (name) => String(new FormData(form).get(name) ?? "").trim();

  // A question that is not asked waits in its <template>, where it is neither seen nor sent. Its nodes move in and out,
  // so that what was typed into it is still there when it comes back.
  const questions = [...form.querySelectorAll("[data-question][data-shown-when]")].map((found) => {
    const wishes = Object.entries(JSON.parse(found.dataset.shownWhen));
    if (found instanceof HTMLTemplateElement) {
      const box = document.createElement("div");
      found.before(box);
      return { box, store: found, wishes };
    }
    const store = document.createElement("template");
    found.after(store);
    return { box: found, store, wishes };
  });

  const arrange = () => {
    for (const { box, store, wishes } of questions) {
      const isAsked = wishes.every(([name, wanted]) => wanted.includes(answer(name)));
      if (isAsked && !box.hasChildNodes()) {
        box.append(store.content);
        if (window.htmx) window.htmx.process(box);
      } else if (!isAsked && box.hasChildNodes()) {
        store.content.append(...box.childNodes);
      }
    }
  };

  form.addEventListener("change", arrange);
  window.addEventListener("pageshow", arrange);
  arrange();
})();
