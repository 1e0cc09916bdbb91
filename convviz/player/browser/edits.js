/* What is changed in the picture, on its way to the kernel. Of a number that is dragged or turned by keys one message is
   on its way at a time, and the newest wins; all else, and where a drag ends, is sent at once: before a button that is
   pressed next.

   The page sends {type: "edit" | "paste" | "resize", number, …}; the kernel answers each with {type: "handled", number,
   generations}, with {type: "refused", number, reason, …}, or, where it made no sense, with {type: "dropped", number}.
   Until then the cell shows what was typed. */

import { announceChange, attempt } from "./dom.js";

const PATIENCE_MS = 10_000;

export const LONGEST_TEXT = 40;
const LONGEST_PASTE = 20_000;

export const keyOf = (operand, cell) => `${operand} ${cell.join(" ")}`;
/* The cell that a message changes, if it changes a single one. */
const cellIn = ({ type, operand, cell }) => (type === "edit" ? keyOf(operand, cell) : null);

/* Whether a message waits for the answer to one that was sent. */
const waitsFor = (sent, next) => next.live || (!sent.live && cellIn(sent) !== null && cellIn(sent) === cellIn(next));

export class Edits {
  constructor(model, films) {
    Object.assign(this, { model, films, queue: [], sent: new Map(), number: 0 });
    this.revision = model.get("pictures")[0]?.revision;
    this.marks = new Map(); // cell of an operand -> {text, reason?, until?}: what is shown there
    this.watchers = new Set();
    this.refusal = { reason: "" }; // and the cell that it is about, if it is about one
    model.on("msg:custom", (message) => this.receive(message));
    model.on("change:pictures", () => this.arrive());
  }

  get isEditable() {
    return this.model.get("editable") === true;
  }

  edit(picture, operand, cell, text, live = false) {
    this.marks.set(keyOf(operand, cell), { text });
    if (live) this.holdBack(true);
    this.send({ type: "edit", picture, operand, cell, text, live });
  }

  paste(picture, operand, cell, text) {
    const limit = `${LONGEST_PASTE} characters fit`;
    if (text.length > LONGEST_PASTE) return this.complain(`That is too much to paste: ${limit}.`);
    this.send({ type: "paste", picture, operand, cell, text });
  }

  resize(picture, operand, axis, by) {
    this.send({ type: "resize", picture, operand, axis, by });
  }

  send(message) {
    const last = this.queue.at(-1);
    if (last && cellIn(last) !== null && cellIn(last) === cellIn(message)) this.queue.pop();
    this.queue.push(message);
    for (const [number, { at }] of this.sent) if (performance.now() - at > PATIENCE_MS) this.sent.delete(number);
    announceChange();
    this.next();
    this.tell();
  }

  next() {
    if (!this.queue.length || [...this.sent.values()].some((sent) => waitsFor(sent, this.queue[0]))) return;
    const message = { ...this.queue.shift(), number: ++this.number };
    this.sent.set(message.number, { ...message, at: performance.now() });
    if (attempt(() => this.model.send(message))) return this.next();
    Object.assign(this, { sent: new Map(), queue: [] });
    this.marks.clear();
    this.holdBack(false);
    this.complain("There is no connection to the kernel: nothing can be changed.");
  }

  receive({ type, number, ...answer }) {
    const sent = this.sent.get(number);
    if (!["handled", "refused", "dropped"].includes(type) || !sent) return;
    this.sent.delete(number);
    const key = cellIn(sent);
    const isNewest = ![...this.sent.values(), ...this.queue].some((later) => cellIn(later) === key);
    if (type === "refused") this.refuse(sent, answer, key, isNewest);
    else if (!key) this.marks.clear();
    else if (isNewest && type === "dropped") this.marks.delete(key);
    else if (isNewest && this.marks.has(key)) this.marks.get(key).until = answer.generations;
    if (type === "handled" && isNewest) this.refusal = { reason: "" };
    this.next();
    if (!this.sent.size && !sent.live) this.holdBack(false);
    this.tell();
  }

  refuse({ text }, { reason }, key, isNewest) {
    if (key && isNewest) this.marks.set(key, { text, reason });
    if (isNewest) this.refusal = { key, reason };
  }

  /* Another picture than one's own edits made (a reset, say) leaves nothing refused. */
  arrive() {
    const revision = this.model.get("pictures")?.[0]?.revision;
    if (revision === this.revision) return;
    this.revision = revision;
    if (this.sent.size || this.queue.length) return;
    for (const [key, { reason }] of this.marks) if (reason) this.marks.delete(key);
    this.refusal = { reason: "" };
    this.tell();
  }

  /* Take the marks away that the pictures on the canvas say themselves by now. */
  settle(generations) {
    for (const [key, { until }] of this.marks) {
      if (until?.every((generation, at) => generations[at] >= generation)) this.marks.delete(key);
    }
  }

  /* Give a refused value up: the cell shows the picture's again. */
  forgive(operand, cell) {
    if (!this.marks.get(keyOf(operand, cell))?.reason) return;
    this.marks.delete(keyOf(operand, cell));
    this.complain("");
  }

  complain(reason) {
    this.refusal = { reason };
    this.tell();
  }

  tell() {
    this.watchers.forEach((watcher) => watcher.changed());
  }

  holdBack(isHeldBack) {
    for (const film of this.films) {
      if (film.isHeldBack === isHeldBack) continue;
      film.isHeldBack = isHeldBack;
      if (!isHeldBack && film.picture) film.ask();
    }
  }
}
