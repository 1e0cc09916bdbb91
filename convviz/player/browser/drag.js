/* A number is dragged: up makes it larger, down smaller; with Shift ten times as fast, with Alt a tenth. */

import { Dial } from "./dial.js";

const [THRESHOLD_PX, TICK_PX] = [4, 8];

export const factorOf = ({ shiftKey, altKey }) => (shiftKey ? 10 : altKey ? 0.1 : 1);

export class NumberDrag {
  /* `hands` says what becomes of it: start(), turn(text) for each new value, end(text). */
  constructor(event, node, text, hands) {
    Object.assign(this, { node, hands, dial: new Dial(text), from: event.clientY, y: event.clientY, pointer: event.pointerId });
    this.isMoving = false;
    this.bin = new AbortController();
    const on = (name, callback) =>
      node.addEventListener(name, (event) => event.pointerId === this.pointer && callback(event), { signal: this.bin.signal });
    on("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) on(name, () => this.end());
    node.setPointerCapture(event.pointerId);
  }

  move(event) {
    event.stopPropagation();
    if (!this.isMoving) {
      if (Math.abs(event.clientY - this.from) < THRESHOLD_PX) return;
      this.isMoving = true;
      this.hands.start();
    }
    const ticks = Math.trunc((this.y - event.clientY) / TICK_PX);
    if (!ticks) return;
    this.y -= ticks * TICK_PX;
    this.hands.turn(this.dial.turn(ticks, factorOf(event)));
  }

  end() {
    this.bin.abort();
    this.hands.end(this.isMoving ? this.dial.text : null);
  }
}
