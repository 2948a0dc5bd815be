// A form that is kept as it is filled in: `data-keep`; what is said of it stands in
// `[data-keep-says]`. Without scripts it is kept when one goes on.
const PAUSE_MS = 500;

export function watchKeep() {
  document.querySelectorAll("form[data-keep]").forEach(watch);
}

function watch(form) {
  const says = form.querySelector("[data-keep-says]");
  let waiting;
  let sending;
  form.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { sending = keep(form, says, sending); }, PAUSE_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    sending?.abort();
  });
}

function keep(form, says, before) {
  before?.abort();
  const stop = new AbortController();
  const body = new URLSearchParams(new FormData(form));
  fetch(form.action, { method: "POST", body, signal: stop.signal, headers: { "X-Part": "1" } })
    .then((answer) => {
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      return answer.text();
    })
    .then((html) => {
      const when = new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
      says.textContent = `${form.dataset.kept} ${when}`;
    })
    .catch(() => {
      if (!stop.signal.aborted) says.textContent = form.dataset.failed;
    });
  return stop;
}
