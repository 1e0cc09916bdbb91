/* Handles at the edges of a panel that can be edited: buttons that add or remove a row or a column. */

import { box, button } from "./dom.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Handles {
  /* `resize(axis, by)` is what they do: the axis counts in the array that the panel edits. */
  constructor(resize) {
    this.el = box("handles");
    this.el.setAttribute("role", "toolbar");
    this.parts = ["row", "column"].map((word) => this.make(word, resize));
    this.el.append(...this.parts.map(({ el }) => el));
    this.buttons = this.parts.flatMap(({ fewer, more }) => [fewer, more]);
    this.el.addEventListener("keydown", (event) => this.press(event));
  }

  make(word, resize) {
    const part = { word, fewer: button("minus", ""), more: button("plus", "") };
    part.fewer.addEventListener("click", () => part.count > 1 && resize(part.axis, -1));
    part.more.addEventListener("click", () => resize(part.axis, 1));
    part.el = box("handle", part.fewer, part.more);
    part.el.dataset.edge = word;
    return part;
  }

  /* Take a panel: its title, and for rows and columns the array's axis (−1 if none) and how many there are. */
  adopt(title, axes) {
    this.el.setAttribute("aria-label", `size of ${title}`);
    this.parts.forEach((part, at) => {
      Object.assign(part, axes[at]);
      part.el.hidden = part.axis < 0;
      part.fewer.setAttribute("aria-disabled", part.count <= 1);
      name(part.fewer, `remove a ${part.word} from ${title}`);
      name(part.more, `add a ${part.word} to ${title}`);
    });
    this.usable = this.parts.filter(({ el }) => !el.hidden).flatMap(({ fewer, more }) => [fewer, more]);
    if (!this.usable.some((one) => one.tabIndex === 0)) this.rove(this.usable[0]);
  }

  press(event) {
    const by = STEPS[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const { usable } = this;
    const to = usable[(usable.indexOf(event.target.closest("button")) + by + usable.length) % usable.length];
    this.rove(to);
    to.focus();
  }

  rove(to) {
    for (const one of this.buttons) one.tabIndex = one === to ? 0 : -1;
  }
}

function name(node, words) {
  node.title = words;
  node.setAttribute("aria-label", words);
}
