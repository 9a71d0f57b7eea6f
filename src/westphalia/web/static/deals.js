// A slider in place of each list of points along a scale. The list keeps the value for the form.
class OptionSlider extends HTMLElement {
  connectedCallback() {
    const list = this.querySelector("select");
    if (!list || this.querySelector("input")) return;
    const slider = document.createElement("input");
    const said = document.createElement("output");
    slider.type = "range";
    slider.min = 0;
    slider.max = list.length - 1;
    slider.value = list.selectedIndex;
    slider.id = list.id; // so that the label is the slider's
    slider.setAttribute("aria-describedby", list.getAttribute("aria-describedby") ?? "");
    list.removeAttribute("id");
    list.hidden = true;
    const tell = () => {
      list.selectedIndex = slider.value;
      said.textContent = list.options[list.selectedIndex].text;
      slider.setAttribute("aria-valuetext", said.textContent);
    };
    slider.addEventListener("input", tell);
    said.setAttribute("aria-hidden", "true"); // the slider says it itself
    tell();
    this.append(slider, said);
  }
}
customElements.define("option-slider", OptionSlider);
