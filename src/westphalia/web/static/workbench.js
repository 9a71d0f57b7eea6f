// Small helps for every page. Without this script all pages work.
import "/static/figures.js";

// A button that undoes much asks first.
document.addEventListener("submit", (event) => {
  const words = event.submitter?.dataset.confirm;
  if (words && !confirm(words)) event.preventDefault();
});

// Keys: "?" opens the map of keys, "g" then a digit or h goes to a page of the case, "/" to the first search field.
const PLACES = "1234567890h";
let waiting = false;
const isTyping = (at) => at.closest("input, select, textarea, [contenteditable]") !== null;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (waiting) {
    waiting = false;
    const to = [...document.querySelectorAll("nav.tabs a")][PLACES.indexOf(event.key)];
    if (to) to.click();
  } else if (event.key === "g") {
    waiting = true;
  } else if (event.key === "?") {
    location.assign("/help/keys");
  } else if (event.key === "/") {
    const field = document.querySelector("input[type=search]");
    if (field) { event.preventDefault(); field.focus(); }
  }
});
