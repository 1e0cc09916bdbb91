/* What a teacher's link asks of a page, `hide=…`, `lock=…`, `steps=…` and `theme=projector`; and where such a link is made. */

import { announcePrints, element } from "../../player/browser/dom.js";

const HIDDEN = { controls: "Hide the controls", hints: "Hide the hints", code: "Hide the code" };
const PROJECTOR = "projector";

/* The words after a name in the page's address. */
export const wordsOf = (name) => (new URLSearchParams(location.search).get(name) ?? "").split(",").filter(Boolean);

const numbersIn = (text) => (text.match(/\d+/g) ?? []).map(Number);
/* The picture counts its steps from 1, an address from 0. */
const asCounted = (steps) => steps.map((step) => step + 1).join(", ");
const asAddressed = (text) => numbersIn(text).map((number) => number - 1).filter((step) => step >= 0);

/* Let the page know what is hidden, whether all is large, and which steps are shown on paper. */
export function dress() {
  document.body.dataset.hides = wordsOf("hide").filter((word) => word in HIDDEN).join(" ");
  document.body.classList.toggle("convviz-projector", wordsOf("theme").includes(PROJECTOR));
  document.body.dataset.prints = numbersIn(wordsOf("steps").join(",")).join(",");
  announcePrints();
}

/* An address that asks for all this, and otherwise for what the page shows. */
function linkFor({ hides, locks, steps, isLarge }) {
  const kept = location.search.slice(1).split("&").filter((part) => part && !/^(hide|lock|steps|theme)=/.test(part));
  const theme = wordsOf("theme").filter((word) => word !== PROJECTOR);
  const asked = Object.entries({ hide: hides, lock: locks, steps, theme: isLarge ? [PROJECTOR] : theme });
  const query = [...kept, ...asked.filter(([, words]) => words.length).map(([name, words]) => `${name}=${words.join(",")}`)];
  return `${location.origin}${location.pathname}${query.length ? `?${query.join("&")}` : ""}`;
}

/* Where a teacher makes a link to the lesson as it is now. */
export class Teaching {
  constructor(names) {
    const box = (label, name, isOn) => {
      const made = element("input", { type: "checkbox", name });
      made.checked = isOn;
      return element("label", { class: "convviz-tick" }, made, element("span", {}, label));
    };
    const lockable = names.filter((name) => name !== "step");
    this.hides = Object.entries(HIDDEN).map(([word, label]) => box(label, word, wordsOf("hide").includes(word)));
    this.lock = box("Lock all numbers and settings", "lock", wordsOf("lock").includes("all"));
    this.large = box("Large, for a projector", "projector", wordsOf("theme").includes(PROJECTOR));
    this.steps = element("input", { class: "convviz-entry", inputmode: "numeric", placeholder: "such as 1, 5, 9", value: asCounted(numbersIn(wordsOf("steps").join(","))) });
    const paper = element("div", { class: "convviz-control" }, element("label", {}, element("span", {}, "Steps on paper"), this.steps));
    this.link = element("input", { class: "convviz-entry", readonly: "", "aria-label": "Link for a class" });
    this.copy = element("button", { type: "button", class: "convviz-button" }, "Copy");
    this.said = element("span", { role: "status" });
    const hint = `The link opens what you see now, at this step. After lock= it may also name some of: ${lockable.join(", ")}.`;
    const fields = element("div", { class: "convviz-fields" }, ...this.hides, this.lock, this.large, paper, this.link, this.copy, this.said);
    const advice = element("p", { class: "convviz-said" }, hint);
    this.root = element("details", { class: "convviz-group convviz-teaching" }, element("summary", {}, "Link for a class"), fields, advice);
    this.root.addEventListener("toggle", () => this.write());
    fields.addEventListener("input", () => this.write());
    this.link.addEventListener("focus", () => (this.write(), this.link.select()));
    this.copy.addEventListener("click", () => this.give());
  }

  write() {
    const isOn = (label) => label.querySelector("input").checked;
    const hides = Object.keys(HIDDEN).filter((_, at) => isOn(this.hides[at]));
    const steps = asAddressed(this.steps.value);
    this.link.value = linkFor({ hides, locks: isOn(this.lock) ? ["all"] : [], steps, isLarge: isOn(this.large) });
    this.said.textContent = "";
  }

  async give() {
    this.write();
    const done = await navigator.clipboard?.writeText(this.link.value).then(() => true, () => false);
    if (done) this.said.textContent = "Copied.";
    else this.link.select();
  }
}
