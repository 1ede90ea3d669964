// What pages do a little better with a script; every page works without it.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // The error summary is the first thing a person who cannot see the page must meet; its links go into the field.
  const focusErrorSummary = () => {
    const summary = document.querySelector("[data-error-summary]");
    if (!summary) return;
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const target = link && document.getElementById(link.hash.slice(1));
      if (!target) return;
      event.preventDefault();
      (target.closest("fieldset, .usa-form-group") || target).scrollIntoView({ block: "center" });
      target.focus({ preventScroll: true });
    });
  };

  const showSecrets = (toggle) => {
    const input = document.getElementById(toggle.dataset.shows);
    if (!input) return;
    const label = input.labels[0] ? input.labels[0].textContent.trim() : "";
    const say = (word) => {
      toggle.textContent = word;
      toggle.setAttribute("aria-label", `${word} ${label}`.trim());
    };
    toggle.removeAttribute("aria-pressed");
    say(toggle.dataset.show);
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const show = input.type === "password";
      input.type = show ? "text" : "password";
      say(show ? toggle.dataset.hide : toggle.dataset.show);
    });
    // Never leave it readable for the browser's store of typed words.
    if (input.form) input.form.addEventListener("submit", () => { input.type = "password"; });
  };

  const copyTexts = (button) => {
    const source = document.getElementById(button.dataset.copies);
    if (!source || !navigator.clipboard) return;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.done;
    });
  };

  // A second press sends nothing. The server counts a token once anyway; this only spares the person a worry.
  const sendOnce = (form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      all("[data-wait]", form).forEach((wait) => { wait.textContent = wait.dataset.wait; });
      if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    });
  };
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("[data-wait]", form).forEach((wait) => { wait.textContent = ""; });
    all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }));

  // A select becomes a type-ahead. The select stays in the form and keeps the answer.
  class Combo {
    constructor(box) {
      this.box = box;
      this.select = box.querySelector("select");
      this.options = [...this.select.options].filter((option) => option.value);
      this.active = -1;
      this.found = [];
      this.build();
      this.listen();
    }

    build() {
      const { select } = this;
      const id = select.id;
      this.input = Object.assign(document.createElement("input"), { type: "text", className: "usa-input", id, autocomplete: "off" });
      select.id = `${id}_select`;
      select.hidden = true;
      this.list = Object.assign(document.createElement("ul"), { id: `${id}_list`, className: "combo__list", hidden: true });
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-labelledby", `${id}_label`);
      this.status = Object.assign(document.createElement("div"), { className: "usa-sr-only" });
      this.status.setAttribute("role", "status");
      const label = document.querySelector(`label[for="${id}"]`);
      if (label) label.id = `${id}_label`;
      const wiring = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
      for (const name of ["aria-describedby", "aria-invalid"]) {
        if (select.hasAttribute(name)) wiring[name] = select.getAttribute(name);
      }
      if (select.required) wiring["aria-required"] = "true";
      Object.entries(wiring).forEach(([name, value]) => this.input.setAttribute(name, value));
      if (select.value) this.input.value = select.selectedOptions[0].textContent.trim();
      this.box.append(this.input, this.list, this.status);
    }

    listen() {
      this.input.addEventListener("input", () => { this.choose(this.exact()); this.open(this.input.value); });
      this.input.addEventListener("click", () => this.open(this.select.value ? "" : this.input.value));
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => this.leave());
      // Before blur, or the list would be gone when the click arrives.
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        const item = event.target.closest("li[data-index]");
        if (item) this.take(this.found[Number(item.dataset.index)]);
      });
    }

    words(option) {
      return `${option.textContent} ${option.dataset.search || ""}`.toLowerCase();
    }

    exact() {
      const typed = this.input.value.trim().toLowerCase();
      return this.options.find((option) => option.textContent.trim().toLowerCase() === typed);
    }

    choose(option) {
      this.select.value = option ? option.value : "";
    }

    open(typed) {
      const parts = typed.trim().toLowerCase().split(/\s+/);
      this.found = this.options.filter((option) => parts.every((part) => this.words(option).includes(part)));
      this.active = -1;
      this.list.replaceChildren(...this.found.map((option, index) => {
        const item = Object.assign(document.createElement("li"), { id: `${this.list.id}_${index}`, textContent: option.textContent.trim() });
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.dataset.index = index;
        return item;
      }));
      this.show(this.found.length > 0);
      this.status.textContent = this.found.length ? `${this.box.dataset.found} ${this.found.length}` : this.box.dataset.none;
      this.status.className = this.found.length ? "usa-sr-only" : "combo__none";
    }

    show(visible) {
      this.list.hidden = !visible;
      this.input.setAttribute("aria-expanded", String(visible));
      if (!visible) this.input.removeAttribute("aria-activedescendant");
    }

    move(step) {
      if (this.list.hidden) this.open(this.select.value ? "" : this.input.value);
      if (!this.found.length) return;
      this.active = (this.active + step + this.found.length + (this.active < 0 && step < 0 ? 1 : 0)) % this.found.length;
      [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === this.active)));
      const item = this.list.children[this.active];
      this.input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    }

    take(option) {
      this.choose(option);
      this.input.value = option.textContent.trim();
      this.status.textContent = "";
      this.show(false);
    }

    key(event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        this.move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && !this.list.hidden && this.active >= 0) {
        event.preventDefault();
        this.take(this.found[this.active]);
      } else if (event.key === "Escape" && !this.list.hidden) {
        event.preventDefault();
        this.show(false);
      }
    }

    // Leaving with one possible answer takes it; with none or several the server asks again.
    leave() {
      if (!this.select.value && this.input.value.trim() && this.found.length === 1) this.take(this.found[0]);
      this.status.textContent = "";
      this.show(false);
    }
  }

  focusErrorSummary();
  all("[data-shows]").forEach(showSecrets);
  all("[data-copies]").forEach(copyTexts);
  all("[data-prints]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  all("form[data-once-only]").forEach(sendOnce);
  all("[data-combo]").forEach((box) => new Combo(box));
})();
