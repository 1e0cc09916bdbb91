/* The bar below the pictures: its buttons, its slider, and what they say. */

import { box, button, element, icon, offer, set } from "./dom.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];
const STEPPING = ["first", "previous", "play", "next", "last"];

const saying = (key, index, count) => (key < 0 ? "the kernel flips" : `step ${index + 1} of ${count}`);

/* Words that a narrow bar leaves out. */
const wordy = (words) => element("span", { class: "convviz-wordy" }, words);

export class Controls {
  constructor(view, on) {
    this.view = view;
    this.first = button("first", "first step");
    this.previous = button("previous", "previous step");
    this.play = button("play", "play");
    this.next = button("next", "next step");
    this.last = button("last", "last step");
    this.slider = element("input", { type: "range", min: 0, max: 0, "aria-label": "step" });
    this.readout = element("span", { class: "convviz-readout" });
    this.map = element("select", { "aria-label": "map", title: "feature map" });
    this.channel = element("select", { "aria-label": "channel", title: "channel shown large" });
    this.flip = button("flip", "flip the kernel", element("span", {}, "flip", wordy(" the kernel")));
    this.speed = element("select", { "aria-label": "speed", title: "speed" });
    this.speed.append(...SPEEDS.map((speed) => new Option(`${speed}×`, speed, speed === 1, speed === 1)));
    this.loop = button("loop", "loop");
    this.more = button("more", "more controls");
    this.play.classList.add("convviz-play");
    this.more.setAttribute("aria-expanded", false);
    const steps = box("steps", ...STEPPING.map((name) => this[name]));
    this.options = box("options", this.map, this.channel);
    const extras = box("extras", this.speed, this.loop, this.flip);
    this.el = box("controls", steps, this.slider, this.readout, this.options, this.more, extras);
    this.listen(on);
  }

  listen(on) {
    const { view } = this;
    const { steering } = view;
    for (const name of STEPPING) on(this[name], "click", () => steering.act(name));
    on(this.slider, "pointerdown", () => (this.isDragged = true));
    on(this.slider, "change", () => (this.isDragged = false));
    on(this.slider, "input", () => steering.slide(this.slider, this.isDragged));
    on(this.speed, "change", () => view.playback.pace());
    on(this.map, "change", () => steering.goToMap(Number(this.map.value)));
    on(this.channel, "change", () => view.enlarge(Number(this.channel.value)));
    on(this.loop, "click", () => view.save("loop", !view.model.get("loop")));
    on(this.flip, "click", () => view.playback.startFlip());
    on(this.more, "click", () => set(this.more, "aria-expanded", this.el.classList.toggle("convviz-unfolded")));
  }

  /* Take new pictures: how many steps there are, and what there is to pick from. */
  adopt({ count, flips, maps, channels, channel }) {
    this.slider.max = count - 1;
    this.flip.hidden = !flips;
    this.el.classList.toggle("convviz-flipless", !flips);
    offer(this.map, "map", maps);
    offer(this.channel, "channel", channels);
    this.options.hidden = this.map.hidden && this.channel.hidden;
    this.channel.value = Math.min(channel, channels - 1);
    const longest = Math.max(...[saying(0, count - 1, count), flips ? saying(-1) : ""].map((words) => words.length));
    this.readout.style.setProperty("--convviz-readout", `${0.85 * longest}ch`);
  }

  /* `key` and `at` are the frame that is due and its index, `index` the step that stays, `map` the one it fills. */
  show({ key, at, index, count, map, isPlaying, loop }) {
    const words = saying(key, at, count);
    if (this.readout.textContent !== words) {
      const [, step, rest] = /^(step |the kernel )?(.*)$/.exec(words);
      this.readout.replaceChildren(...(step ? [wordy(step)] : []), rest);
    }
    this.slider.value = index;
    this.map.value = map;
    this.slider.setAttribute("aria-valuetext", saying(0, Math.min(index, count - 1), count));
    for (const name of ["first", "previous"]) this[name].setAttribute("aria-disabled", index === 0);
    for (const name of ["next", "last"]) this[name].setAttribute("aria-disabled", index >= count - 1);
    this.loop.setAttribute("aria-pressed", loop);
    const label = isPlaying ? "pause" : "play";
    if (this.play.title === label) return;
    this.play.replaceChildren(icon(label));
    this.play.title = label;
    this.play.setAttribute("aria-label", label);
  }
}
