/* A saved page: the player, and what stands in for the kernel, answering its messages with the page's own frames. */

import { player } from "./player.js";
import { bytesOf, standIn } from "./stand_in.js";

function frameHeld(generation, key) {
  const held = document.querySelector(`[data-generation="${generation}"][data-key="${key}"]`);
  return { key, ...JSON.parse(held.dataset.says), png: bytesOf(held.textContent) };
}

function recorded({ versions, ...state }) {
  const stepAt = ({ steps }) => steps[Math.min(state.index, steps.length - 1)];
  const fitting = (number, width) => {
    const some = versions[number];
    const picture = some.findLast(({ size }) => 0.65 * size[0] <= width) ?? some[0];
    return { ...picture, first: frameHeld(picture.generation, stepAt(picture)) };
  };
  const model = standIn(state, {
    look({ picture: number, width }) {
      const picture = fitting(number, width);
      if (picture.generation === state.pictures[number].generation) return;
      model.set("pictures", state.pictures.with(number, picture));
    },
    want({ picture, generation, keys }, tell) {
      for (const key of keys) {
        const { png, ...frame } = frameHeld(generation, key);
        tell("msg:custom", { type: "frame", picture, generation, ...frame }, [png]);
      }
    },
  });
  state.pictures = versions.map((_, number) => fitting(number, document.body.clientWidth));
  return model;
}

const model = recorded(JSON.parse(document.getElementById("state").textContent));
const el = document.getElementById("player");
const widget = player();
widget.initialize({ model });
widget.render({ model, el });
