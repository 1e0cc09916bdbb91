/* On paper, a player shows the steps that the page asks for (data-prints of its body: "0,4,8"), one below the other. Their
   frames are painted as soon as they are there, unseen: nobody waits while a page is printed. */

import { box, element, range } from "./dom.js";

const MOST_PRINTS = 24;

/* One picture at one step. For its film it is one more place where a frame is shown. */
class Print {
  constructor(stage, key) {
    Object.assign(this, { stage, key, film: stage.film, picture: stage.picture });
    this.cells = { hear: () => {} };
    this.canvas = element("canvas", { role: "img", width: 0, height: 0 });
    this.canvas.style.width = `${stage.picture.size[0]}px`;
    this.said = element("p");
    const title = stage.view.model.get("titles")?.[stage.number];
    this.el = element("div", {}, ...(title ? [element("b", {}, title)] : []), this.canvas, ...(stage.picture.says ? [] : [this.said]));
    this.film.stages.add(this);
    this.film.decode(key);
    this.ready();
  }

  target() {
    return this.key;
  }

  isFlipNear() {
    return false;
  }

  isWatched() {
    return !this.isPainted && this.stage.look !== undefined && this.picture === this.film.picture;
  }

  receive(key) {
    if (key === this.key) this.film.decode(key);
  }

  ready() {
    const bitmap = this.picture === this.film.picture && !this.isPainted && this.film.bitmap(this.key);
    if (!bitmap) return;
    const { canvas, film, key } = this;
    Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
    canvas.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0);
    this.said.textContent = film.held.get(key)?.caption ?? "";
    canvas.setAttribute("aria-label", this.said.textContent);
    this.isPainted = true;
    this.el.dataset.shown = key;
  }
}

export class Prints {
  constructor(view, signal) {
    Object.assign(this, { view, el: box("prints"), prints: [] });
    document.addEventListener("convviz-prints", () => this.adopt(), { signal });
    signal.addEventListener("abort", () => this.clear());
  }

  clear() {
    for (const print of this.prints) print.film.stages.delete(print);
    this.prints = [];
    this.el.replaceChildren();
  }

  /* The steps that are asked for and that there are. A player that follows another one shows the step at which it stands. */
  steps() {
    const { count, model } = this.view;
    const asked = (document.body.dataset.prints ?? "").split(",").filter(Boolean).map(Number);
    return model.get("controls") === false ? [] : asked.filter((step) => range(0, count).includes(step)).slice(0, MOST_PRINTS);
  }

  /* Begin anew: other pictures are shown, or other steps are asked for. */
  adopt() {
    this.clear();
    const { pictures, stages } = this.view;
    if (!document.body.dataset.prints || !pictures.every(Boolean)) return;
    const { count } = this.view;
    for (const step of this.steps()) {
      const prints = stages.map((stage) => new Print(stage, stage.film.stepAt(Math.min(step, stage.picture.count - 1))));
      const title = element("figcaption", {}, `Step ${step + 1} of ${count}`);
      this.el.append(element("figure", { class: "convviz-print" }, title, ...prints.map(({ el }) => el)));
      this.prints.push(...prints);
    }
    new Set(this.prints.map(({ film }) => film)).forEach((film) => film.ask());
  }
}
