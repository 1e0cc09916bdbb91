/* The widgets' models, as anywidget hands them to a widget, and links between them. */

import { standIn } from "../../player/browser/stand_in.js";

export function modelFor(id, state, wire) {
  const model = standIn(state);
  const changed = new Set();
  const take = model.set;
  return Object.assign(model, {
    /* What comes from elsewhere is not sent back. */
    take,
    set(name, value) {
      if (model.get(name) !== value) changed.add(name);
      take(name, value);
    },
    save_changes() {
      const state = Object.fromEntries([...changed].map((name) => [name, model.get(name)]));
      changed.clear();
      if (Object.keys(state).length) wire.update(id, state);
    },
    send: (content, _, buffers = []) => wire.send(id, content, buffers),
  });
}

/* Two traits that are always the same, as `ipywidgets.jslink` has them. */
function link(source, name, target, other) {
  const follow = (from, trait, to, its) =>
    from.on(`change:${trait}`, () => {
      to.set(its, from.get(trait));
      to.save_changes();
    });
  follow(source, name, target, other);
  follow(target, other, source, name);
}

export function linkAll(links, models) {
  for (const [source, name, target, other] of links) link(models.get(source), name, models.get(target), other);
}

/* ipywidgets takes bytes out of a state and says where they belong. */
export function withBuffers({ state, buffer_paths: paths = [] }, buffers) {
  paths.forEach((path, number) => {
    const holder = path.slice(0, -1).reduce((part, name) => part[name], state);
    holder[path.at(-1)] = buffers[number];
  });
  return state;
}
