import { element } from "../../player/browser/dom.js";
import { Control } from "./control.js";

const megabytes = (bytes) => bytes / 2 ** 20;

/* Lines that are pasted or typed; a press of the button counts, and so does Ctrl+Enter. What was pasted stays. */
export class Block extends Control {
  fill() {
    const { label, most } = this.about;
    const area = element("textarea", { class: "convviz-entry", rows: 3, spellcheck: false, autocomplete: "off" });
    this.root.append(this.labelled(area));
    this.said = element("p", { class: "convviz-said", role: "status" });
    const use = element("button", { type: "button", class: "convviz-button", "aria-label": `${label}: use these numbers` }, "Use these numbers");
    const send = () => {
      const { length } = area.value; // a field that cut it off would leave other numbers
      if (length <= most) return this.use(area.value);
      this.show(this.about, `this has ${length} characters; accepted: up to ${most}`);
    };
    use.addEventListener("click", send);
    area.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && send());
    this.root.append(use, this.said);
  }

  show(about, error, isAnswer) {
    super.show(about, error);
    if (error) this.said.textContent = "";
    else if (isAnswer) this.said.textContent = `Shown: ${about.size}.`;
  }
}

/* A file: a picture, or a table. A large one is refused here: a message of its size would make the server close the connection. */
export class ArrayFile extends Control {
  fill() {
    const { label, most_bytes: most, accept, files } = this.about;
    const words = `${label} (${files}, up to ${megabytes(most)} MB)`;
    const input = element("input", { type: "file", accept, "aria-label": words });
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

  show(about, error, isAnswer) {
    super.show(about, error && this.waiting ? `${this.waiting}: ${error}. The picture on the screen stays.` : error);
    if (!isAnswer || !this.waiting) return;
    this.said.textContent = error ? "" : `${this.waiting}, shown with ${about.size}`;
    this.waiting = null;
  }
}
