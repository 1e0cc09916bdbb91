import { element } from "../../player/browser/dom.js";

const FEW = 4;
const SHORT = 28;
const megabytes = (bytes) => bytes / 2 ** 20;

/* What all controls have: a root with a line for what went wrong. */
class Control {
  constructor(about, use) {
    Object.assign(this, { about, use: (value, buffers) => use(about.name, value, buffers) });
    this.error = element("p", { class: "convviz-wrong", role: "alert", id: `convviz-error-${Math.random().toString(36).slice(2)}` });
    this.root = element("div", { class: `convviz-control convviz-${about.kind}`, "data-control": about.name });
    this.fill();
    this.root.append(this.error);
  }

  /* Build what is needed for `about`. */
  fill() {}

  /* Bring it up to date; where something went wrong, what was typed stays. */
  show(about, error) {
    this.about = about;
    this.error.textContent = error ? `⚠ ${error}` : "";
    this.error.hidden = !error;
    if (this.field) {
      this.field.setAttribute("aria-invalid", Boolean(error));
      this.field.setAttribute("aria-describedby", this.error.id);
    }
    if (!error) this.update(about);
  }

  update() {}

  labelled(field) {
    this.field = field;
    const { label, hint } = this.about;
    return element("label", hint ? { title: hint } : {}, element("span", {}, label), field);
  }
}

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
      this.use(field.value);
    });
    field.addEventListener("blur", () => (this.isTyping = false));
  }

  update({ value }) {
    if (!this.isTyping) this.field.value = value;
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

/* A picture file. A large one is refused here: a message of its size would make the server close the connection. */
class PictureFile extends Control {
  fill() {
    const { label, most_bytes: most } = this.about;
    const words = `${label} (PNG or JPEG, up to ${megabytes(most)} MB)`;
    const input = element("input", { type: "file", accept: "image/png,image/jpeg,.png,.jpg,.jpeg", "aria-label": words });
    this.said = element("p", { class: "convviz-said", role: "status" });
    const button = element("label", { class: "convviz-button convviz-choose", title: words }, input, element("span", {}, label));
    this.root.append(button, this.said);
    this.field = input;
    input.addEventListener("change", () => this.choose(input.files[0]));
  }

  async choose(file) {
    if (!file) return;
    this.field.value = ""; // so that choosing the same file again is a change, too
    const most = this.about.most_bytes;
    const refuse = (why) => this.show(this.about, `${file.name}: ${why}. The picture on the screen stays.`);
    if (file.size > most) {
      const size = Math.ceil(10 * megabytes(file.size)) / 10;
      return refuse(`this file has ≈${size.toFixed(1)} MB; accepted: up to ${megabytes(most)} MB`);
    }
    const data = await file.arrayBuffer().catch(() => null);
    if (!data) return refuse("the browser could not read this file");
    this.waiting = file.name;
    this.use(file.name, [data]);
  }

  show(about, error) {
    super.show(about, error && this.waiting ? `${this.waiting}: ${error}. The picture on the screen stays.` : error);
    if (this.waiting) this.said.textContent = error ? "" : `${this.waiting}, shown with ${about.size} pixels`;
    this.waiting = null;
  }
}

export function controlFor(about, use) {
  const { kind, options } = about;
  const isShort = options && options.length <= FEW && options.join("").length <= SHORT;
  const kinds = { choice: isShort ? Segments : Options, list: Samples, number: Stepper, text: Line, random: Press, press: Press, file: PictureFile };
  return new kinds[kind](about, use);
}
