// A meeting is moved by dragging it, or by choosing it and then its place (mouse, finger or keys).
// The server checks the move at once and answers with the whole grid, or with why it is refused.
let picked = null;

document.addEventListener("dragstart", (event) => {
  const card = cardOf(event.target);
  if (!card) return;
  pick(card);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.dataset.meeting);
});
document.addEventListener("dragover", (event) => {
  const cell = placeOf(event.target);
  if (!picked || !cell) return;
  event.preventDefault();
  mark(cell);
});
document.addEventListener("dragleave", (event) => placeOf(event.target)?.classList.remove("over"));
document.addEventListener("dragend", () => drop(false));
document.addEventListener("drop", (event) => {
  const cell = placeOf(event.target);
  if (!picked || !cell) return;
  event.preventDefault();
  place(cell);
});
document.addEventListener("click", (event) => {
  const card = cardOf(event.target);
  const cell = placeOf(event.target);
  if (picked && cell && !cell.contains(picked)) {
    place(cell);
  } else if (card) {
    if (card === picked) drop(true);
    else pick(card);
  }
});
document.addEventListener("keydown", (event) => {
  if (!picked) return;
  if (event.key === "Escape") {
    const card = picked;
    drop(true);
    card.focus();
  } else if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    step(event.key);
  } else if ((event.key === "Enter" || event.key === " ") && event.target.matches?.("td[data-slot]")) {
    event.preventDefault();
    place(event.target);
  }
});

function hall() {
  return document.querySelector("[data-hall]");
}

function cardOf(target) {
  return target.closest?.("[data-hall] button.meeting") ?? null;
}

function placeOf(target) {
  return target.closest?.("[data-hall] td[data-slot]") ?? null;
}

function say(words) {
  const status = document.querySelector("[data-status]");
  if (status) status.textContent = words ?? "";
}

function mark(cell) {
  for (const other of document.querySelectorAll("td.over")) other.classList.remove("over");
  cell.classList.add("over");
}

function pick(card) {
  drop(false);
  picked = card;
  card.setAttribute("aria-pressed", "true");
  hall().classList.add("picking");
  for (const cell of hall().querySelectorAll("td[data-slot]")) {
    cell.tabIndex = -1;
    cell.setAttribute("aria-label", `${cell.dataset.name} ${cell.textContent.trim().replace(/\s+/g, " ")}`);
  }
  say(hall().dataset.picked);
}

function drop(isSaid) {
  if (!picked) return;
  picked.setAttribute("aria-pressed", "false");
  picked = null;
  hall()?.classList.remove("picking");
  for (const cell of document.querySelectorAll("[data-hall] td[data-slot]")) {
    cell.removeAttribute("tabindex");
    cell.removeAttribute("aria-label");
    cell.classList.remove("over");
  }
  if (isSaid) say(hall()?.dataset.back);
}

// From place to place with the arrows, over what has begun and what is closed.
function step(key) {
  const from = placeOf(document.activeElement) ?? placeOf(picked) ?? hall().querySelector("td[data-slot]");
  const rows = [...hall().querySelectorAll("tbody tr")];
  let row = rows.indexOf(from.parentElement);
  let column = from.cellIndex;
  const down = { ArrowUp: -1, ArrowDown: 1 }[key] ?? 0;
  const right = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0;
  for (;;) {
    row += down;
    column += right;
    const cell = rows[row]?.cells[column];
    if (!cell) return;
    if (cell.matches("td[data-slot]")) {
      cell.focus();
      return;
    }
  }
}

async function place(cell) {
  const part = hall();
  const meeting = picked.dataset.meeting;
  const fields = new FormData();
  fields.set("csrf", part.dataset.csrf);
  fields.set("version", part.dataset.version);
  fields.set("meeting", meeting);
  fields.set("slot", cell.dataset.slot);
  fields.set("table", cell.dataset.table);
  if (cell.querySelector(".meeting")) fields.set("swap", "1");
  const wait = part.dataset.wait;
  const moved = part.dataset.moved;
  drop(false);
  say(wait);
  const answer = await fetch(part.dataset.hall, { method: "POST", headers: { "X-Part": "1" }, body: fields });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#timetable");
  if (!fresh) {
    location.reload();
    return;
  }
  keepPlace(part, fresh);
  if (fresh.dataset.id !== part.dataset.id) {
    history.replaceState(null, "", `?t=${fresh.dataset.id}#timetable`);
  }
  fresh.querySelector(`[data-meeting="${CSS.escape(meeting)}"]`)?.focus();
  if (answer.ok) say(moved);
  else fresh.querySelector(".faults")?.scrollIntoView({ block: "nearest" });
}

function keepPlace(old, fresh) {
  const { scrollLeft, scrollTop } = old.querySelector(".hall");
  old.replaceWith(fresh);
  fresh.querySelector(".hall")?.scrollTo(scrollLeft, scrollTop);
}
