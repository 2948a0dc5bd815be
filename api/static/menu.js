// The menu is open where there is room for it, and a button where there is not; what is folded of
// it the other way round: it opens over the page where there is room, and is just there on a phone.
export function watchMenu() {
  const wide = matchMedia("(min-width: 62rem)");
  const menus = document.querySelectorAll("[data-menu]");
  const folded = document.querySelectorAll("[data-more]");
  const fit = () => {
    menus.forEach((menu) => { menu.open = wide.matches; });
    folded.forEach((more) => { more.open = !wide.matches; });
  };
  const close = () => { if (wide.matches) folded.forEach((more) => { more.open = false; }); };
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-more]")) close();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  wide.addEventListener("change", fit);
  fit();
}
