// Handles on the strips of the stands: drag them, or focus one and use the keys. The numbers beside a strip are
// what the form sends; the handles only write into them.
const PARTS = ["low", "mode", "high"];
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
const number = (field) => Number(field.value.trim().replace("−", "-").replace(",", "."));

class RangeStrip extends HTMLElement {
  connectedCallback() {
    if (this.handles) return;
    [this.low, this.high, this.step] = ["low", "high", "step"].map((name) => Number(this.dataset[name]));
    this.band = this.querySelector(".band");
    this.fields = {};
    for (const field of this.querySelectorAll("input[data-part]")) this.fields[field.dataset.part] = field;
    this.before = this.said();
    this.handles = Object.keys(this.fields).map((part) => this.handle(part));
    this.querySelector(".mode").setAttribute("visibility", this.fields.mode ? "hidden" : "visible");
    this.addEventListener("input", () => this.draw());
    this.closest("form").addEventListener("reset", () => setTimeout(() => this.draw()));
    this.draw();
  }

  said() { return Object.values(this.fields).map((field) => field.value).join(" "); }

  handle(part) {
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.dataset.part = part;
    handle.tabIndex = 0;
    handle.setAttribute("role", "slider");
    handle.setAttribute("aria-label", this.fields[part].getAttribute("aria-label"));
    handle.addEventListener("keydown", (event) => this.key(event, part));
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
      handle.focus();
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const { left, width } = this.band.getBoundingClientRect();
      this.set(part, this.low + ((event.clientX - left) / width) * (this.high - this.low));
    });
    this.band.append(handle);
    return handle;
  }

  key(event, part) {
    const ends = { Home: -Infinity, End: Infinity };
    if (!(event.key in KEYS) && !(event.key in ends)) return;
    event.preventDefault();
    const by = (KEYS[event.key] ?? 0) * (event.shiftKey ? 10 : 1) * this.step;
    this.set(part, ends[event.key] ?? number(this.fields[part]) + by);
  }

  // A handle stops at its neighbours, so that the three stay in order.
  set(part, wanted) {
    const [least, most] = this.room(part);
    const stepped = Math.round((wanted - this.low) / this.step) * this.step + this.low;
    const value = Math.min(Math.max(Number.isFinite(stepped) ? stepped : wanted, least), most);
    this.fields[part].value = String(Number(value.toPrecision(12)));
    this.draw();
  }

  room(part) {
    const order = PARTS.filter((each) => this.fields[each]);
    const at = order.indexOf(part);
    const least = at > 0 ? number(this.fields[order[at - 1]]) : this.low;
    const most = at < order.length - 1 ? number(this.fields[order[at + 1]]) : this.high;
    return [Math.max(least, this.low), Math.min(most, this.high)];
  }

  draw() {
    const share = (value) => Math.min(Math.max((100 * (value - this.low)) / (this.high - this.low), 0), 100);
    for (const handle of this.handles) {
      const value = number(this.fields[handle.dataset.part]);
      const [least, most] = this.room(handle.dataset.part);
      handle.style.left = `${share(value)}%`;
      for (const [name, of] of [["now", value], ["min", least], ["max", most]]) handle.setAttribute(`aria-value${name}`, of);
    }
    const { low, mode, high } = this.fields;
    const [from, to] = [share(number(low ?? mode)), share(number(high ?? mode))];
    this.querySelector(".range").setAttribute("x", `${from}%`);
    this.querySelector(".range").setAttribute("width", `${Math.max(to - from, 0)}%`);
    this.querySelector(".mode").setAttribute("cx", `${mode ? share(number(mode)) : (from + to) / 2}%`);
    this.classList.toggle("was-moved", this.said() !== this.before);
  }
}

customElements.define("range-strip", RangeStrip);
