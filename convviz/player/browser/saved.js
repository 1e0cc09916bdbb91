/* A saved page: the player, and what stands in for the kernel. The same messages are answered from the page's frames. */

import { player } from "./player.js";

function frameHeld(generation, key) {
  const held = document.querySelector(`[data-generation="${generation}"][data-key="${key}"]`);
  const png = Uint8Array.from(atob(held.textContent), (letter) => letter.charCodeAt(0));
  return { key, ...JSON.parse(held.dataset.says), png };
}

/* A model as anywidget hands one over. */
function standIn({ versions, ...state }) {
  const listeners = {};
  const tell = (event, ...words) => [...(listeners[event] ?? [])].forEach((listener) => listener(...words));
  const stepAt = ({ steps }) => steps[Math.min(state.index, steps.length - 1)];
  const fitting = (number, width) => {
    const some = versions[number];
    const picture = some.findLast(({ size }) => 0.65 * size[0] <= width) ?? some[0];
    return { ...picture, first: frameHeld(picture.generation, stepAt(picture)) };
  };
  const answers = {
    look({ picture: number, width }) {
      const picture = fitting(number, width);
      if (picture.generation === state.pictures[number].generation) return;
      model.set("pictures", state.pictures.with(number, picture));
    },
    want({ picture, generation, keys }) {
      for (const key of keys) {
        const { png, ...frame } = frameHeld(generation, key);
        tell("msg:custom", { type: "frame", picture, generation, ...frame }, [png]);
      }
    },
  };
  const model = {
    get: (name) => state[name],
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      tell(`change:${name}`);
    },
    save_changes() {},
    on: (event, listener) => (listeners[event] ??= []).push(listener),
    off: (event, listener) => (listeners[event] = (listeners[event] ?? []).filter((other) => other !== listener)),
    send: (message) => answers[message.type]?.(message),
  };
  state.pictures = versions.map((_, number) => fitting(number, document.body.clientWidth));
  return model;
}

const model = standIn(JSON.parse(document.getElementById("state").textContent));
const el = document.getElementById("player");
const widget = player();
widget.initialize({ model });
widget.render({ model, el });
