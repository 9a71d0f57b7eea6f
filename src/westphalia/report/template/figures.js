// Draws each figure anew, at the width of the reader's screen, once it comes into view.
const looks = document.getElementById("looks").textContent;
const { dark } = JSON.parse(looks);
const night = matchMedia("(prefers-color-scheme: dark)");
const views = new Map();

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);

function read(text) {
  return JSON.parse(text, (_, value) => (night.matches && dark[value]) || value);
}

function showTip(handler, event, item, value) {
  tip.hidden = value === null || value === undefined || value === "";
  if (tip.hidden) return;
  const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
  tip.replaceChildren(...rows.filter(([, said]) => said !== "undefined").map(([name, said]) => {
    const line = document.createElement("p");
    const head = document.createElement("b");
    head.textContent = name ? `${name} ` : "";
    line.append(head, String(said));
    return line;
  }));
  const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
  tip.style.left = `${scrollX + Math.max(8, Math.min(event.clientX + 12, room))}px`;
  tip.style.top = `${scrollY + event.clientY + 16}px`;
}

async function drawFigure(plot) {
  const spec = read(plot.parentElement.querySelector("script.spec").textContent);
  spec.width = Math.max(spec.usermeta?.narrowest ?? 300, plot.clientWidth);
  spec.config = read(looks).config;
  const frame = plot.querySelector(".live");
  views.get(plot)?.finalize();
  // With `ast`, expressions are read, not compiled: the page's policy need not allow code made from text.
  const options = { ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: showTip };
  views.set(plot, await vegaEmbed(frame, spec, options));
  plot.classList.add("drawn");
}

function draw(plot) {
  drawFigure(plot).catch(() => plot.classList.remove("drawn"));
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    seen.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "300px" });
document.querySelectorAll(".plot").forEach((plot) => seen.observe(plot));

let width = document.documentElement.clientWidth;
const redraw = lodashDebounce(() => {
  if (width === document.documentElement.clientWidth) return;
  width = document.documentElement.clientWidth;
  [...views.keys()].forEach(draw);
}, 200);
addEventListener("resize", redraw);
night.addEventListener("change", () => [...views.keys()].forEach(draw));
addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });
