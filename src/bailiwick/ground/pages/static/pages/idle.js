// Warns before the session ends for want of activity (20 minutes), and loads the page anew when it has ended (30): the
// server decides, this only tells. Without JavaScript the page itself shows the same (layouts/idle.html).
(() => {
  "use strict";
  const dialog = document.querySelector("dialog[data-idle-warned-after]");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const left = dialog.querySelector("output");
  const warnedAfter = Number(dialog.dataset.idleWarnedAfter) * 1000;
  const endsAfter = Number(dialog.dataset.idleEndsAfter) * 1000;
  const otherWindows = "BroadcastChannel" in window ? new BroadcastChannel("bailiwick-activity") : null;
  let lastActive = Date.now();

  const goOn = () => {
    lastActive = Date.now();
    if (dialog.open) dialog.close();
  };

  const stay = async () => {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error("not signed in any more");
    goOn();
    otherWindows?.postMessage("active");
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    stay().catch(() => location.reload());
  });
  // Escape means "I am here" as well.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    form.requestSubmit();
  });
  otherWindows?.addEventListener("message", goOn);
  otherWindows?.postMessage("active");
  dialog.setAttribute("aria-labelledby", dialog.querySelector("h2").id);

  // The clock, not a count of ticks: a laptop that slept wakes up to the truth.
  setInterval(() => {
    const idle = Date.now() - lastActive;
    if (idle >= endsAfter) {
      // A moment later, so that the server has counted to the end as well.
      lastActive = Date.now() - warnedAfter;
      setTimeout(() => location.reload(), 2000);
    } else if (idle >= warnedAfter) {
      left.textContent = String(Math.ceil((endsAfter - idle) / 60000));
      if (!dialog.open) dialog.showModal();
    }
  }, 1000);
})();
