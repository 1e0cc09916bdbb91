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
    Object.assign(this, { states: new Map(), models: new Map(), changes: new Map(), styles: new Set() });
    this.kernel = connect((...message) => this.hear(...message));
  }

  /* -- what there is -- */

  /* Widgets and what is inside of them, as `tree.js` builds them; nothing where not all of them are ours. The kernel
     says what each is like when it makes it; a page that came too late to hear that asks. */
  async treesOf(ids) {
    const isKnown = (id) => this.states.has(id) && this.childrenOf(id).every(isKnown);
    if (!ids.every(isKnown)) await this.ask();
    const trees = ids.map((id) => this.treeOf(id));
    return trees.every(Boolean) ? trees : null;
  }

  /* Ask for the states of all widgets. */
  async ask() {
    const id = `${this.kernel.session}-widgets`;
    const answer = new Promise((resolve) => (this.control = { id, resolve }));
    this.kernel.say("comm_open", { comm_id: id, target_name: CONTROL, data: {} }, { metadata: { version: CONTROL_VERSION } });
    this.kernel.say("comm_msg", { comm_id: id, data: { method: "request_states" } });
    for (const [id, { state }] of Object.entries(await answer)) this.states.set(id, state);
  }

  childrenOf(id) {
    return (this.states.get(id).children ?? []).map(idIn);
  }

  treeOf(id) {
    const state = this.states.get(id) ?? {};
    const classes = state._dom_classes ?? [];
    if (state._model_name === BOX) {
      const children = this.childrenOf(id).map((child) => this.treeOf(child));
      return children.every(Boolean) ? { classes, children } : null;
    }
    const kind = KINDS[state._anywidget_id];
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
    const links = [...this.states.values()].filter(({ _model_name: name }) => name === LINK);
    const ends = links.map(({ source, target }) => [idIn(source[0]), source[1], idIn(target[0]), target[1]]);
    linkAll(ends.filter(([source, , target]) => this.models.has(source) && this.models.has(target)), this.models);
  }

  /* -- from the page -- */

  /* Of one widget's changes, the next ones wait until the kernel has done what the last ones asked for. */
  async update(id, state) {
    const before = this.changes.get(id);
    if (before) return Object.assign(before.next, state);
    const next = {};
    const said = this.say(id, { method: "update", state, buffer_paths: [] });
    this.changes.set(id, { said: said.id, state, next });
    await said;
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

  hear(type, { comm_id: id, data }, buffers, parent) {
    if (type === "comm_open" && data.state) this.states.set(id, withBuffers(data, buffers));
    if (type !== "comm_msg") return;
    if (id === this.control?.id) return this.control.resolve(withBuffers({ ...data, state: data.states }, buffers));
    if (data.method === "custom") this.models.get(id)?.tell("msg:custom", data.content, buffers);
    else if (data.method === "update") this.take(id, withBuffers(data, buffers), parent); // an echo only says what the page has said
  }

  take(id, state, parent) {
    const model = this.models.get(id);
    if (!model) return Object.assign(this.states.get(id) ?? {}, state);
    // What has been changed here since is newer than what the kernel says of the time before.
    const { said, state: changed = {}, next = {} } = this.changes.get(id) ?? {};
    const isOld = (name) => name in next || (name in changed && parent !== said);
    for (const [name, value] of Object.entries(state)) if (!isOld(name)) model.take(name, value);
  }
}
