// How far a file is on its way. Without this script the form is sent as ever, and the page is the same.
(() => {
  "use strict";

  const arrive = (form, request) => {
    if (request.responseURL !== form.action) {
      window.location.assign(request.responseURL);
      return;
    }
    // The answer to what was sent, with its mistakes: as if the browser had sent it itself.
    document.open();
    document.write(request.responseText);
    document.close();
  };

  document.querySelectorAll("[data-sending]").forEach((shown) => {
    const form = shown.closest("form");
    const bar = shown.querySelector("progress");
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.upload.addEventListener("progress", (at) => {
        if (at.lengthComputable) bar.value = Math.floor((100 * at.loaded) / at.total);
        shown.querySelector("span").textContent = `${bar.value} %`;
      });
      // Sent; what is left is to be read, and nobody knows how long that takes.
      request.upload.addEventListener("load", () => {
        bar.removeAttribute("value");
        shown.querySelector("span").textContent = shown.dataset.sent;
      });
      request.addEventListener("load", () => arrive(form, request));
      request.addEventListener("error", () => form.submit());
      shown.hidden = false;
      request.send(new FormData(form));
    });
  });
})();
