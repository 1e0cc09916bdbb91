import { element } from "../../player/browser/dom.js";
import { Control } from "./control.js";
import { ArrayFile, Block } from "./loading.js";

const FEW = 4;
const SHORT = 28;

/* A few values side by side. */
class Segments extends Control {
  fill() {
    const { label, options, hint } = this.about;
    this.buttons = options.map((text, number) => {
      const made = element("button", { type: "button", class: "convviz-segment" }, text);
      made.addEventListener("click", () => this.use(number));
      return made;
    });
    const group = element("div", { class: "convviz-segments", role: "group", "aria-label": label }, ...this.buttons);
    this.root.append(element("span", { class: "convviz-label", "aria-hidden": true, title: hint }, label), group);
  }

  update({ options, value, fits }) {
    this.buttons.forEach((made, number) => {
      if (made.textContent !== options[number]) made.textContent = options[number];
      made.setAttribute("aria-pressed", number === value);
      made.disabled = Boolean(fits && !fits[number]);
    });
  }
}

/* Many values, in a list of the browser's own; what is none of them is called the learner's own. */
class Options extends Control {
  fill() {
    const list = element("select", { class: "convviz-entry" });
    this.root.append(this.labelled(list));
    list.addEventListener("change", () => this.use(this.valueOf(list.selectedIndex)));
  }

  update({ options, value, other, fits }) {
    const list = this.field;
    if (list.dataset.options !== options.join("\n")) {
      list.replaceChildren(...[other, ...options].map((text) => new Option(text)));
      list.dataset.options = options.join("\n");
    }
    [...list.options].forEach((option, at) => (option.disabled = at === 0 || Boolean(fits && !fits[at - 1])));
    list.selectedIndex = value + 1;
  }

  valueOf(number) {
    return number - 1;
  }
}

/* The ready-made arrays, which go by their titles. */
class Samples extends Options {
  update({ options, value, other }) {
    super.update({ options, value: options.indexOf(value), other });
  }

  valueOf(number) {
    return this.about.options[number - 1];
  }

  show(about, error) {
    super.show(about, error);
    if (error) this.update(about); // the array on the screen is still the old one
  }
}

/* A line that is typed; Enter or leaving it counts. What is being typed stays when the lesson changes meanwhile. */
class Line extends Control {
  fill() {
    const field = element("input", { type: "text", class: "convviz-entry", autocomplete: "off", maxlength: 60 });
    this.root.append(this.labelled(field));
    field.addEventListener("input", () => (this.isTyping = true));
    field.addEventListener("change", () => {
      this.isTyping = false;
      this.isWaiting = true; // an answer to something earlier may still be on its way
      this.use(field.value);
    });
    field.addEventListener("blur", () => (this.isTyping = false));
  }

  show(about, error, isAnswer) {
    if (isAnswer) this.isWaiting = false;
    super.show(about, error, isAnswer);
  }

  update({ value }) {
    if (!this.isTyping && !this.isWaiting) this.field.value = value;
  }
}

/* A whole number, with a button for one less and one for one more. */
class Stepper extends Line {
  fill() {
    super.fill();
    this.field.setAttribute("inputmode", "numeric");
    const { label } = this.about;
    const step = (sign, name, by) => {
      const made = element("button", { type: "button", class: "convviz-button", "aria-label": `${label}: ${name}` }, sign);
      made.addEventListener("click", () => this.use(String(Number(this.about.value) + by)));
      return made;
    };
    [this.less, this.more] = [step("−", "one less", -1), step("+", "one more", 1)];
    this.root.append(this.less, this.more);
    this.field.addEventListener("keydown", (event) => {
      const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      this.isTyping = false;
      (by > 0 ? this.more : this.less).click();
    });
  }

  update({ value, least, most }) {
    super.update({ value });
    this.less.disabled = Number(value) <= least;
    this.more.disabled = Number(value) >= most;
  }
}

class Press extends Control {
  fill() {
    const made = element("button", { type: "button", class: "convviz-button", title: this.about.hint }, this.about.label);
    made.addEventListener("click", () => this.use(true));
    this.root.append(made);
    this.button = made;
  }

  update({ fits = true }) {
    this.button.disabled = !fits;
  }
}

export function controlFor(about, use) {
  const { kind, options } = about;
  const isShort = options && options.length <= FEW && options.join("").length <= SHORT;
  const kinds = { choice: isShort ? Segments : Options, list: Samples, number: Stepper, text: Line, random: Press, press: Press, paste: Block, file: ArrayFile };
  return new kinds[kind](about, use);
}
