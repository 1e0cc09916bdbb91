/* A view is one place on the page where a player is shown: stages side by side, the caption, one bar of controls. */

import { Controls } from "./controls.js";
import { attempt, box, element, isDark, keepKeys, range, write } from "./dom.js";
import { Playback } from "./playback.js";
import { Prints } from "./prints.js";
import { Stage } from "./stage.js";
import { Steering } from "./steering.js";
import { captionColumns, measure, watchSurroundings } from "./surroundings.js";
import { readPointer } from "./terms.js";

const HINT = "Type a number to change it. Alt with the arrow keys up and down makes it larger and smaller.";
const TRAITS = ["index", "hover", "loop", "ghost"];

let hints = 0; // so many have been numbered

export class View {
  constructor(model, films, edits, host) {
    Object.assign(this, { model, films, edits, host, bin: new AbortController(), isOnScreen: false });
    const { signal } = this.bin;
    const on = (target, event, callback) => target.addEventListener(event, callback, { signal });
    this.playback = new Playback(this);
    this.steering = new Steering(this);
    this.controls = new Controls(this, on);
    this.stages = films.map((film) => new Stage(this, film, edits, signal));
    this.prints = new Prints(this, signal);
    this.build();
    on(this.el, "keydown", (event) => this.steering.press(event));
    // A finger leaves the screen at once: what it pointed at stays until it points elsewhere.
    on(document, "pointerdown", (event) => {
      if (event.pointerType === "touch" && !event.composedPath().includes(this.shelf)) this.point(null);
    });
    this.follow();
    host.append(this.el);
    this.el.dataset.dark = isDark(host);
    watchSurroundings(this, signal);
    this.show();
  }

  build() {
    this.caption = element("div", { class: "convviz-caption", role: "status", "aria-live": "polite" });
    this.longest = element("div", { class: "convviz-longest", "aria-hidden": true });
    this.alert = element("p", { class: "convviz-alert", role: "alert" });
    this.hint = element("p", { class: "convviz-hint", id: `convviz-hint-${(hints += 1)}` }, HINT);
    this.shelf = box("shelf", ...this.stages.map(({ figure }) => figure));
    this.captions = box("captions", this.caption, this.longest);
    // The bar stands below the pictures, and comes first for the Tab key: their grids are many stops.
    this.el = box("player", this.controls.el, this.shelf, this.alert, this.captions, this.hint, this.prints.el);
    this.el.classList.add("convviz");
    this.el.classList.toggle("convviz-bare", this.model.get("controls") === false);
    this.host.classList.add("convviz-host");
    for (const [name, value] of [["role", "group"], ["aria-label", "step by step"]]) this.el.setAttribute(name, value);
    keepKeys(this.el, this.bin.signal);
  }

  follow() {
    const { signal } = this.bin;
    const heard = TRAITS.map((name) => [`change:${name}`, () => this.show()]);
    heard.push(["change:editable", () => this.changed()]);
    for (const [event, callback] of heard) this.model.on(event, callback);
    this.edits.watchers.add(this);
    signal.addEventListener("abort", () => {
      for (const [event, callback] of heard) this.model.off(event, callback);
      this.edits.watchers.delete(this);
    });
  }

  dispose() {
    this.playback.yield();
    this.bin.abort();
    this.el.remove();
  }

  /* -- what there is -- */

  get pictures() {
    return this.stages.map(({ picture }) => picture);
  }

  get count() {
    return Math.max(...this.pictures.map(({ count }) => count));
  }

  get flips() {
    return Math.max(...this.pictures.map(({ flips }) => flips));
  }

  /* The picture that the bar speaks of: the one that is pointed at, or that flips, or the first. */
  get leading() {
    const flips = ({ picture }) => this.playback.flipKey(picture.flips) !== null;
    const { stages } = this;
    return stages.find((stage) => stage.previewed() !== null) ?? stages.find(flips) ?? stages[0];
  }

  interval() {
    return this.model.get("interval_ms") / Number(this.controls.speed.value);
  }

  ghost() {
    return this.model.get("ghost") ?? -1;
  }

  isLate() {
    return this.stages.some((stage) => stage.isLate());
  }

  hasFlip() {
    const isHeld = ({ film, picture }) => range(-picture.flips, 0).every((key) => film.held.has(key));
    return this.stages.every((stage) => !stage.picture.flips || (stage.isWatched() && isHeld(stage)));
  }

  /* -- pointing: the hover trait, as players that are linked share it -- */

  pointer() {
    const text = this.model.get("hover");
    if (this.read?.text !== text) this.read = { text, pointer: readPointer(text) };
    return this.read.pointer;
  }

  point(pointer) {
    const text = pointer ? JSON.stringify(pointer) : "";
    if (this.model.get("hover") !== text) this.model.set("hover", text);
  }

  isPreviewing() {
    return this.stages.some((stage) => stage.previewed() !== null);
  }

  /* -- steering -- */

  /* Have another one of many channels shown large. */
  enlarge(channel) {
    for (const film of this.films) film.channel = channel;
    measure(this);
  }

  save(name, value) {
    this.model.set(name, value);
    attempt(() => this.model.save_changes());
  }

  /* -- showing -- */

  appear(isOnScreen) {
    this.isOnScreen = isOnScreen;
    if (!this.films.every(({ picture }) => picture)) return;
    this.films.forEach((film) => film.ask());
    this.show();
  }

  received() {
    if (this.playback.isFlipDue) this.show();
  }

  /* Numbers are being changed, or were refused. */
  changed() {
    if (this.pictures.every(Boolean)) this.edits.settle(this.pictures.map(({ generation }) => generation));
    const shown = this.stages.filter(({ picture }) => picture);
    shown.forEach(({ cells }) => cells.write());
    const { key, reason } = this.edits.refusal;
    const name = shown.map(({ cells }) => cells.nameOf(key)).find(Boolean);
    const words = name ? `${name}: ${reason}` : reason;
    if (this.alert.textContent !== words) this.alert.textContent = words;
  }

  /* Bring the page up to date; safe to call at any time. */
  show() {
    if (!this.films.every(({ picture }) => picture)) return;
    const stale = this.stages.filter((stage) => stage.isStale());
    const bitmaps = stale.map(({ film }) => film.bitmap(film.picture.first.key));
    if (!bitmaps.every(Boolean)) return;
    if (stale.length) this.adopt(stale, bitmaps);
    this.stages.forEach((stage) => stage.show());
    this.refresh();
    if (!this.playback.timer || this.isPreviewing()) this.playback.pace();
    this.playback.flipWhenReady();
  }

  adopt(stale, bitmaps) {
    const before = this.pictures.every(Boolean) ? this.flips : 0;
    stale.forEach((stage, at) => stage.adopt(bitmaps[at]));
    const { pictures, count, flips } = this;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (flips !== before) this.playback.stopFlip();
    if (flips && !before) this.playback.isFlipDue = !isCalm;
    const most = (name) => Math.max(...pictures.map((picture) => picture[name] ?? 0));
    const [maps, channels] = [most("maps"), most("channels")];
    this.controls.adopt({ count, flips, maps, channels, channel: this.films[0].channel });
    this.captions.style.setProperty("--convviz-columns", captionColumns(this));
    write(this.longest, pictures.map(({ longest }) => longest ?? ""));
    this.el.dataset.says = pictures.every(({ says }) => says);
    this.changed();
    this.prints.adopt();
    stale.forEach(({ film }) => film.ask());
  }

  refresh() {
    const { controls, count, el, films, leading, model, playback } = this;
    const key = leading.target();
    for (const [name, value] of [["shown", leading.shown], ["generation", this.pictures[0].generation]]) {
      if (el.dataset[name] !== String(value)) el.dataset[name] = value;
    }
    el.setAttribute("aria-busy", this.isLate());
    this.caption.setAttribute("aria-live", playback.isPlaying ? "off" : "polite");
    write(this.caption, this.stages.map(({ frame }) => frame.caption));
    controls.show({
      key,
      count,
      at: leading.film.indexOf(leading.stepShown()),
      index: model.get("index"),
      map: Math.floor(leading.stepShown() / leading.film.stepsOfMap()),
      isPlaying: playback.isPlaying,
      loop: model.get("loop"),
    });
  }
}
