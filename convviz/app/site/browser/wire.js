/* What the widgets of a page and Python say to each other: one message after another, in the order in which things
   happened. What is changed while there is no Python yet is kept for it. */

import { withBuffers } from "../../browser/models.js";

const ONLY_LOOKS = ["look", "want", "read", "visit"];
const EDITS = ["edit", "paste", "resize"];
/* Of these only the newest counts. */
const NEWEST = ["look", "want", "visit"];

export class Wire {
  constructor(baked, python) {
    Object.assign(this, { baked, python, models: new Map(), queue: [], sent: null });
    python.on = { live: () => this.wake(), message: (message) => this.receive(message), lost: (why, isOver) => this.refuseAll(why, isOver) };
  }

  /* -- from the widgets -- */

  update(id, state) {
    const last = this.queue.at(-1);
    if (last?.type === "update" && last.id === id) Object.assign(last.state, state);
    else this.queue.push({ type: "update", id, state });
    this.next();
  }

  send(id, content, buffers) {
    const { type } = content;
    if (type === "want" && content.generation <= 0) return this.want(id, content);
    if (!this.python.isLive) {
      if (type === "look") this.baked.fit(this.models).catch((error) => console.debug("convviz:", error));
      if (type === "read") return this.python.load("asked");
      if (type === "visit" && this.visit(id, content)) return;
    }
    const isSame = (old) => NEWEST.includes(type) && old.id === id && old.content?.type === type && old.content.picture === content.picture;
    this.queue = this.queue.filter((old) => !isSame(old));
    this.queue.push({ type: "custom", id, content, buffers: buffers.map(copied) });
    if (type === "visit") this.python.load("link");
    else if (!ONLY_LOOKS.includes(type)) this.python.load("change");
    this.next();
  }

  async want(id, content) {
    if (!content.keys.length) return;
    const isThere = await this.baked.hand(this.models.get(id), id, content).catch(() => false);
    if (!isThere && !this.python.isLive) this.python.load("step");
  }

  /* What the page's address asks for; whether it needs no Python. */
  visit(id, { search, lock }) {
    const parts = search.split("&").filter(Boolean);
    const step = parts.length === 1 && /^step=(\d{1,6})$/.exec(parts[0])?.[1];
    if (lock || (parts.length && !step)) return false;
    const main = [...this.models.values()].find((model) => model.get("pictures") && model.get("controls"));
    if (step) main?.set("index", Number(step)), main?.save_changes();
    setTimeout(() => this.models.get(id).tell("msg:custom", { type: "visited" }));
    return true;
  }

  /* -- to Python and back -- */

  /* Python has run the cells: it is told first how the page is looked at and which steps it stands at, and then all else. */
  wake() {
    this.baked.isOver = true;
    const looks = this.queue.filter(({ content }) => content?.type === "look");
    const others = this.queue.filter((message) => !looks.includes(message));
    const at = others.findIndex(({ type }) => type !== "update");
    const [before, after] = at < 0 ? [others, []] : [others.slice(0, at), others.slice(at)];
    this.queue = [...before, ...looks, { type: "refresh" }, ...after];
    this.next();
  }

  next() {
    if (this.sent || !this.queue.length || !this.python.isLive) return;
    this.sent = this.queue.shift();
    this.python.post(this.sent);
  }

  receive({ type, id, data, buffers }) {
    if (type === "done") {
      if (this.sent.type === "refresh") document.body.dataset.site = "live";
      this.sent = null;
      if (!this.queue.length) this.python.rest();
      return this.next();
    }
    const model = this.models.get(id);
    if (data.method === "custom") return model.tell("msg:custom", data.content, buffers);
    // What has been changed here since, and waits for Python, is newer than what Python says of the time before.
    const newer = this.queue.filter((message) => message.type === "update" && message.id === id);
    const isOld = (name) => newer.some(({ state }) => name in state);
    for (const [name, value] of Object.entries(withBuffers(data, buffers))) if (!isOld(name)) model.take(name, value);
  }

  /* There is no Python: whoever changed a number is told so. All else waits, if there may be one later. */
  refuseAll(reason, isOver) {
    for (const { id, content } of this.queue) {
      if (!EDITS.includes(content?.type)) continue;
      this.models.get(id).tell("msg:custom", { ...content, type: "refused", reason });
    }
    const waits = ({ type, content }) => type === "update" || content?.type === "look" || (!isOver && !EDITS.includes(content?.type));
    this.queue = this.queue.filter(waits);
  }
}

const copied = (buffer) => new Uint8Array(ArrayBuffer.isView(buffer) ? buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength) : buffer.slice(0));
