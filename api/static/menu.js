// The menu is open where there is room for it, and a button where there is not.
export function watchMenu() {
  const wide = matchMedia("(min-width: 62rem)");
  const menus = document.querySelectorAll("[data-menu]");
  const fit = () => menus.forEach((menu) => { menu.open = wide.matches; });
  wide.addEventListener("change", fit);
  fit();
}
