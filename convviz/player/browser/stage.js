/* A stage is where one picture of a player is shown: its canvas, the lines over it, and its cells for the keyboard. */

import { Cells } from "./cells.js";
import { box, element, focusedNear } from "./dom.js";
import { Editing } from "./editing.js";
import { Pointing } from "./pointing.js";

const KNOWN_WIDTH = 960; // of theme.DESKTOP, in which the kernel draws until it is told more

export class Stage {
  constructor(view, film, edits, signal) {
    Object.assign(this, { view, film, number: film.number });
    this.canvas = element("canvas", { role: "img", tabindex: 0, width: 0, height: 0 });
    const layer = (name) =>
      element("svg", { class: `convviz-${name}`, preserveAspectRatio: "none", "aria-hidden": true });
    this.ghosts = layer("ghosts");
    this.outlines = layer("outlines");
    this.cells = new Cells(this, edits);
    this.pointing = new Pointing(this);
    this.el = box("stage", this.canvas, this.ghosts, this.outlines, this.cells.el);
    this.el.dataset.picture = film.number;
    const title = view.model.get("titles")?.[film.number];
    this.figure = title ? element("figure", {}, element("figcaption", {}, title), this.el) : this.el;
    this.listen(signal);
    this.editing = new Editing(this, edits, signal);
    film.stages.add(this);
    signal.addEventListener("abort", () => film.stages.delete(this));
  }

  listen(signal) {
    const { el, pointing, view } = this;
    const on = (name, callback) => el.addEventListener(name, callback, { signal });
    const focused = () => this.cells.find(focusedNear(el));
    const point = (event) => view.point(pointing.pointer(pointing.cellAt(event)));
    for (const name of ["pointerdown", "pointermove"]) on(name, point);
    on("pointerleave", (event) => {
      if (event.pointerType === "touch") return;
      const isByKeyboard = el.querySelector(":focus-visible") !== null;
      view.point(isByKeyboard ? pointing.pointer(focused()) : null);
    });
    on("focusin", () => view.point(pointing.pointer(focused())));
    on("focusout", () => el.matches(":hover") || view.point(null));
  }

  /* -- what its film asks -- */

  /* The frame that is due here. */
  target() {
    const { film, view } = this;
    const { flips } = film.picture;
    return this.previewed() ?? view.playback.flipKey(flips) ?? film.stepAt(film.index());
  }

  previewed() {
    return this.pointing.stepOf(this.view.pointer());
  }

  stepShown() {
    const target = this.target();
    return target < 0 ? this.film.stepAt(this.film.index()) : target;
  }

  isFlipNear() {
    return this.view.playback.isFlipNear && this.film.picture.flips > 0;
  }

  isWatched() {
    return this.view.isOnScreen && this.look !== undefined && !this.isStale();
  }

  isStale() {
    return this.picture !== this.film.picture;
  }

  isLate() {
    return this.isStale() || this.shown !== this.target();
  }

  receive(key) {
    if (key === this.target()) this.film.decode(key);
    this.view.received();
  }

  ready() {
    this.view.show();
  }

  /* Note whether there will be another look, or the kernel was told the one there is. */
  resize(isResizing) {
    this.isResizing = isResizing;
    this.mark();
  }

  /* Note that the kernel is told another look: of the one that it begins with, there is no other picture to come. */
  expect({ width, density, dark, channel }) {
    const isKnown = this.lookedAt === undefined && width === KNOWN_WIDTH && density === 1 && !dark && !channel;
    this.lookedAt = isKnown ? -1 : (this.film.picture?.generation ?? 0);
  }

  /* Mark whether the picture is one that will be replaced by one for another look. */
  mark() {
    const isOld = (this.picture?.generation ?? 0) <= (this.lookedAt ?? -1);
    if (this.isResizing || isOld) this.el.dataset.unsized = true;
    else delete this.el.dataset.unsized;
  }

  /* -- showing -- */

  /* Take a new picture over, once its first frame can be painted: nothing flashes, nothing jumps. */
  adopt(bitmap) {
    const { film, el } = this;
    const { picture } = film;
    this.picture = picture;
    this.mark();
    el.style.setProperty("--convviz-width", `${picture.size[0]}px`);
    el.style.aspectRatio = picture.size.join(" / ");
    for (const layer of [this.ghosts, this.outlines]) layer.setAttribute("viewBox", `0 0 ${picture.size.join(" ")}`);
    this.cells.adopt(picture);
    this.paint(picture.first.key, bitmap);
  }

  show() {
    const key = this.target();
    const bitmap = this.film.bitmap(key);
    if (!bitmap) this.film.fetch(key);
    else if (key !== this.shown) this.paint(key, bitmap);
    this.pointing.show(key);
  }

  paint(key, bitmap) {
    const { canvas, film } = this;
    const isSame = canvas.width === bitmap.width && canvas.height === bitmap.height;
    if (!isSame) Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
    canvas.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0);
    this.frame = film.held.get(key) ?? this.frame;
    canvas.setAttribute("aria-label", this.frame.caption);
    this.shown = key;
    Object.assign(this.el.dataset, { shown: key, generation: this.picture.generation });
    this.cells.write();
    if (this.previewed() === null) this.keepInSight(key);
    film.decodeAround(key);
  }

  /* Where the shelf scrolls by itself, bring the first cell of a step into sight. */
  keepInSight(key) {
    const { el, picture, view: { shelf } } = this;
    const spot = shelf.scrollHeight > shelf.clientHeight && this.pointing.spotOf(key);
    if (!spot) return;
    const [stage, seen] = [el.getBoundingClientRect(), shelf.getBoundingClientRect()];
    const scale = stage.height / picture.size[1];
    const [top, height] = [stage.top + spot.y * scale - seen.top, spot.height * scale];
    if (top < 0 || top + height > seen.height) shelf.scrollTop += top - (seen.height - height) / 2;
  }
}
