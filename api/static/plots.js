// Charts: the figure stands in the page as JSON, the script is that of the installed package.
let library;

export function watchPlots() {
  drawAll(document);
  document.addEventListener("yinqi:refreshed", (event) => drawAll(event.detail));
  document.addEventListener("yinqi:theme", () => drawAll(document));
}

async function drawAll(root) {
  const places = [...root.querySelectorAll("[data-plot]")];
  if (!places.length) return;
  await load();
  places.forEach(draw);
}

function load() {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = "/static/plotly.js";
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  return library;
}

function draw(place) {
  const figure = JSON.parse(document.getElementById(place.dataset.plot).textContent);
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(name).trim();
  const axis = { gridcolor: color("--line"), zerolinecolor: color("--line"), automargin: true, ticklabelstandoff: 4 };
  const layout = {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: color("--ink"), family: style.fontFamily },
    margin: { l: 56, r: 24, t: 40, b: 48 },
    colorway: ["#0f8a80", "#c8741a", "#3f6fc4", "#a8467f", "#6b8e23", "#7a6ad8"],
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
    ...figure.layout,
    xaxis: { ...axis, ...figure.layout?.xaxis },
    yaxis: { ...axis, ...figure.layout?.yaxis },
  };
  // What is taller than its box would lie over what follows.
  if (layout.height) place.style.height = `${layout.height}px`;
  globalThis.Plotly.react(place, figure.data, layout, { displayModeBar: false, responsive: true });
}
