// Reading and coding with keys and selections. Without this script every page works by links and forms.

// --- keys: an element with data-key is clicked, or given the focus if it is a field ---

let isBusy = false;
let isAfterG = false;
const isTyping = (at) => at.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])") !== null;

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && event.target.form) {
    event.target.form.requestSubmit(event.target.form.querySelector("button"));
  } else if (event.key === "Escape" && isTyping(event.target)) {
    event.target.blur();
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
    // After "g" a digit opens a page of the case, see workbench.js.
    const isForUs = !isAfterG;
    isAfterG = event.key === "g";
    if (isForUs && !isBusy) press(event);
  }
});

function press(event) {
  if (step(event.key)) return event.preventDefault();
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find((one) => one.checkVisibility());
  if (!found || found.disabled) return;
  event.preventDefault();
  if (found.matches("a, button, summary")) found.click();
  else {
    found.checked = true;
    found.focus();
  }
}

// A decision is sent once, however long the key is held.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.matches("[hx-get]")) return;
  if (isBusy) event.preventDefault();
  isBusy = true;
});
addEventListener("pageshow", () => { isBusy = false; });

// --- from statement to statement in a text, and between text and margin ---

function step(key) {
  const places = [...document.querySelectorAll(".reader .at")];
  if (!places.length || !["j", "k"].includes(key)) return false;
  const here = document.activeElement?.closest(".at, .note");
  const now = places.findIndex((one) => here && (one === here || one.hash === `#${here.id}`));
  const next = places[Math.min(Math.max(now + (key === "j" ? 1 : -1), 0), places.length - 1)];
  next.scrollIntoView({ block: "center" });
  next.focus({ preventScroll: true });
  return true;
}

function light(id) {
  for (const one of document.querySelectorAll(".reader .is-lit")) one.classList.remove("is-lit");
  if (!id) return;
  for (const one of document.querySelectorAll(`.reader [data-of="${CSS.escape(id)}"]`)) one.classList.add("is-lit");
}

const reader = document.querySelector(".reader");
const idAt = (at) => at.closest?.("[data-of]")?.dataset.of ?? at.closest?.(".at")?.hash.slice("#note-".length);
if (reader) {
  for (const kind of ["pointerover", "focusin"]) reader.addEventListener(kind, (event) => light(idAt(event.target)));
  // A click on marked words leads to their statement; a drag selects words.
  reader.addEventListener("click", (event) => {
    const mark = event.target.closest("mark");
    if (mark && getSelection().isCollapsed) location.hash = `note-${mark.dataset.of}`;
  });
  light(reader.dataset.lit);
}

// --- a selection in the text becomes start and end, counted in code points ---

const form = document.getElementById("passage");

function place(node, offset) {
  const at = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const paragraph = at.closest("[data-start]");
  if (!paragraph) return null;
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(node, offset);
  return Number(paragraph.dataset.start) + [...before.toString()].length;
}

function choose() {
  const selection = getSelection();
  const words = selection.toString().trim();
  if (selection.isCollapsed || !words || !reader.contains(selection.anchorNode)) return;
  const range = selection.getRangeAt(0);
  const start = place(range.startContainer, range.startOffset);
  const end = place(range.endContainer, range.endOffset);
  if (start === null || end === null || end <= start) return;
  // Blanks at the ends of a selection are no words.
  const whole = range.toString();
  form.elements.start.value = start + [...whole].length - [...whole.trimStart()].length;
  form.elements.end.value = end - ([...whole].length - [...whole.trimEnd()].length);
  form.querySelector("q").textContent = words.length > 160 ? `${words.slice(0, 100)} … ${words.slice(-50)}` : words;
  form.hidden = false;
}

if (form) {
  let waiting;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(choose, 120);
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "panel") return;
    form.hidden = true;
    event.target.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  });
}
