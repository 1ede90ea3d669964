// Asks the browser for a passkey when a form with `input[data-passkey]` is sent, and sends the answer with the form.
// Whatever goes wrong, the form is sent without one: the page that answers says so in words.
(() => {
  "use strict";

  const bytes = (text) => {
    const padded = text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
    return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const ask = async (input, token) => {
    const answer = await fetch(input.dataset.options, {
      method: "POST",
      body: new URLSearchParams({ csrfmiddlewaretoken: token }),
      credentials: "same-origin",
      redirect: "error",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const options = await answer.json();
    options.challenge = bytes(options.challenge);
    if (input.dataset.passkey === "create") {
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = named(options.excludeCredentials);
      return navigator.credentials.create({ publicKey: options });
    }
    options.allowCredentials = named(options.allowCredentials);
    return navigator.credentials.get({ publicKey: options });
  };

  const written = (credential) => {
    const { response } = credential;
    const parts = { clientDataJSON: text(response.clientDataJSON) };
    if (response.attestationObject) {
      parts.attestationObject = text(response.attestationObject);
      parts.transports = response.getTransports ? response.getTransports() : [];
    } else {
      parts.authenticatorData = text(response.authenticatorData);
      parts.signature = text(response.signature);
      if (response.userHandle) parts.userHandle = text(response.userHandle);
    }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  };

  // The sign-in page's own tick counts for the passkey's form.
  const mirror = (form) => form.querySelectorAll("[data-mirrors]").forEach((copy) => {
    const tick = document.getElementById(copy.dataset.mirrors);
    copy.value = tick && tick.checked ? "on" : "";
  });

  // A refused passkey is asked for anew: an answer counts once.
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-passkey]").forEach((input) => {
    input.value = "";
    delete input.dataset.asked;
  }));

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const input = form.querySelector("input[data-passkey]");
    if (!input) return;
    mirror(form);
    const tick = input.dataset.needs && document.getElementById(input.dataset.needs);
    if (input.dataset.asked === "done" || (tick && !tick.checked)) return;
    // Before the page's own guard against a second press, which would take this for the first.
    event.preventDefault();
    event.stopImmediatePropagation();
    if (input.dataset.asked) return;
    input.dataset.asked = "now";
    try {
      if (!window.PublicKeyCredential) throw new Error("no passkeys here");
      input.value = written(await ask(input, form.elements.csrfmiddlewaretoken.value));
    } catch {
      input.value = "";
    }
    input.dataset.asked = "done";
    form.requestSubmit(event.submitter);
  }, true);
})();
