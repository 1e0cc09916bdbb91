import { element } from "../../player/browser/dom.js";

const KEPT_MS = 60_000;

/* The picture as a file: the kernel makes it, the browser saves it. */
export class Saving {
  constructor(model, send, signal) {
    Object.assign(this, { send, links: new Map() });
    this.buttons = new Map();
    this.row = element("div", { class: "convviz-actions", role: "group", "aria-label": "Save the picture" });
    this.said = element("p", { class: "convviz-said", role: "status" });
    this.root = element("section", { class: "convviz-saving" }, this.row, this.said);
    const hear = (content, buffers) => this.hear(content, buffers);
    model.on("msg:custom", hear);
    signal.addEventListener("abort", () => {
      model.off("msg:custom", hear);
      this.links.forEach((timer, link) => this.forget(link));
    });
  }

  show(about) {
    this.root.hidden = !about;
    if (!about) return;
    if (!this.buttons.size) this.row.append(element("span", { class: "convviz-label" }, "Save the picture"), ...about.kinds.map((kind) => this.button(kind)));
    this.steps = about.steps;
    for (const { ending, why } of about.kinds) {
      const made = this.buttons.get(ending);
      made.disabled = Boolean(why) || this.isBusy;
      made.title = why || (ending === "png" ? "this step" : about.steps || "its only step");
    }
    this.about = about;
  }

  button({ ending }) {
    const made = element("button", { type: "button", class: "convviz-button" }, ending.toUpperCase());
    made.addEventListener("click", () => {
      if (!this.send("download", { ending })) return;
      this.asked = ending;
      this.wait(true, `Making the ${ending.toUpperCase()} …`);
    });
    this.buttons.set(ending, made);
    return made;
  }

  wait(isBusy, said) {
    this.isBusy = isBusy;
    this.said.textContent = said;
    this.show(this.about);
  }

  /* Only the view that asked takes the file: another view of the same lesson hears of it, too. */
  hear({ type, done, of, name, kind, text }, buffers) {
    if (!this.asked) return;
    if (type === "saving") this.said.textContent = `Making the ${this.asked.toUpperCase()}: ${done} of ${of} frames.`;
    if (type !== "saved" && type !== "unsaved") return;
    const shown = this.asked === "png" || !this.steps ? "" : `, ${this.steps}`;
    this.asked = null;
    if (type === "saved") this.hand(name, new Blob([buffers[0]], { type: kind }));
    this.wait(false, type === "saved" ? `Saved as ${name}${shown}.` : `⚠ ${text}`);
  }

  hand(name, file) {
    const link = URL.createObjectURL(file);
    this.links.set(link, setTimeout(() => this.forget(link), KEPT_MS));
    element("a", { href: link, download: name }).click();
  }

  forget(link) {
    clearTimeout(this.links.get(link));
    this.links.delete(link);
    URL.revokeObjectURL(link);
  }
}
