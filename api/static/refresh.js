// Parts of a page that change by themselves: a run under way, a list of leads.
//
//   <div data-refresh="/ui/runs/ID/part" data-every="1000">…</div>
//
// The part is fetched again until it comes back without `data-refresh`. A part that asks for it
// (`data-go`) sends the browser on.
const SLOWEST_MS = 15000;

export function watchRefresh(root = document) {
  for (const part of root.querySelectorAll("[data-refresh]")) schedule(part, delayOf(part));
}

function delayOf(part) {
  return Number(part.dataset.every) || 1500;
}

function schedule(part, delay) {
  setTimeout(() => refresh(part, delay), delay);
}

async function refresh(part, delay) {
  if (!part.isConnected) return;
  try {
    const answer = await fetch(part.dataset.refresh, { headers: { "X-Part": "1" } });
    if (!answer.ok) throw new Error(String(answer.status));
    replace(part, await answer.text());
  } catch {
    schedule(part, Math.min(delay * 2, SLOWEST_MS));
  }
}

function replace(part, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (!fresh) return;
  if (fresh.dataset.go) {
    location.assign(fresh.dataset.go);
    return;
  }
  part.replaceWith(fresh);
  if (fresh.dataset.refresh) schedule(fresh, delayOf(fresh));
  document.dispatchEvent(new CustomEvent("yinqi:refreshed", { detail: fresh }));
}
