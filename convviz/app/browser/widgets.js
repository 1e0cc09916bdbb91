/* The widgets of a page and what computes them, in ipywidgets' messages. */

import { linkAll, modelFor, withBuffers } from "./models.js";

const CONTROL = "jupyter.widget.control";
const CONTROL_VERSION = "1.0.0";
const REFERENCE = "IPY_MODEL_";

/* What a page of ours can show, by the names that anywidget has for the classes. */
const KINDS = {
  "convviz.player.player.Player": "player",
  "convviz.lessons.desk.Desk": "desk",
  "convviz.lessons.note.Text": "text",
};
const BOX = "BoxModel";
const LINK = "LinkModel";

const idIn = (reference) => reference.slice(REFERENCE.length);

export class Widgets {
  constructor(connect) {
    Object.assign(this, { models: new Map(), changes: new Map(), styles: new Set() });
    this.kernel = connect((type, content, buffers) => this.hear(type, content, buffers));
  }

  /* -- what there is -- */

  /* Ask for the states of all widgets. */
  async ask() {
    const id = `${this.kernel.session}-widgets`;
    const states = new Promise((resolve) => (this.control = { id, resolve }));
    this.kernel.say("comm_open", { comm_id: id, target_name: CONTROL, data: {} }, { metadata: { version: CONTROL_VERSION } });
    this.kernel.say("comm_msg", { comm_id: id, data: { method: "request_states" } });
    this.states = await states;
  }

  /* A widget and what is inside of it, as `tree.js` builds it; nothing where it is none of ours. */
  treeOf(id) {
    const { model_name: name, state } = this.states[id] ?? {};
    const classes = state?._dom_classes ?? [];
    if (name === BOX) {
      const children = state.children.map((child) => this.treeOf(idIn(child)));
      return children.every(Boolean) ? { classes, children } : null;
    }
    const kind = KINDS[state?._anywidget_id];
    return kind ? { kind, classes, id, state } : null;
  }

  modelOf({ id, state }) {
    if (!this.models.has(id)) this.models.set(id, modelFor(id, state, this));
    this.wear(state._css);
    return this.models.get(id);
  }

  /* Widgets of one kind have one style. */
  wear(style) {
    if (!style || this.styles.has(style)) return;
    this.styles.add(style);
    document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  }

  /* Traits of two widgets that are always the same. */
  link() {
    const links = Object.values(this.states).filter(({ model_name: name }) => name === LINK);
    const ends = links.map(({ state: { source, target } }) => [idIn(source[0]), source[1], idIn(target[0]), target[1]]);
    linkAll(ends.filter(([source, , target]) => this.models.has(source) && this.models.has(target)), this.models);
  }

  /* -- from the page -- */

  /* Of one widget's changes, the next ones wait until the kernel has done what the last ones asked for. */
  async update(id, state) {
    const waiting = this.changes.get(id);
    if (waiting) return Object.assign(waiting, state);
    this.changes.set(id, {});
    await this.say(id, { method: "update", state, buffer_paths: [] });
    const next = this.changes.get(id);
    this.changes.delete(id);
    if (Object.keys(next).length) this.update(id, next);
  }

  send(id, content, buffers) {
    this.say(id, { method: "custom", content }, buffers);
  }

  say(id, data, buffers = []) {
    return this.kernel.say("comm_msg", { comm_id: id, data }, { buffers });
  }

  /* -- from the kernel -- */

  hear(type, { comm_id: id, data }, buffers) {
    if (type !== "comm_msg") return;
    if (id === this.control?.id) return this.control.resolve(withBuffers({ ...data, state: data.states }, buffers));
    const model = this.models.get(id);
    if (data.method === "custom") model?.tell("msg:custom", data.content, buffers);
    // An echo says what the page has said itself.
    else if (data.method === "update") for (const [name, value] of Object.entries(withBuffers(data, buffers))) model?.take(name, value);
  }
}
