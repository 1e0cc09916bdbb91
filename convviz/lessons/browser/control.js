import { element } from "../../player/browser/dom.js";

/* What all controls have: a root with a line for what went wrong. */
export class Control {
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
    this.root.hidden = Boolean(about.hidden);
    this.root.inert = Boolean(about.locked);
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
