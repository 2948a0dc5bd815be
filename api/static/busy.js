// A form whose answer does not come at once says that it is on its way.
const PATIENCE_MS = 600;

export function watchBusy() {
  const sign = document.querySelector("[data-busy]");
  if (!sign) return;
  let waiting;
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => (sign.hidden = false), PATIENCE_MS);
  });
  // Also when somebody comes back to the page as the browser kept it.
  addEventListener("pageshow", () => {
    clearTimeout(waiting);
    sign.hidden = true;
  });
}
