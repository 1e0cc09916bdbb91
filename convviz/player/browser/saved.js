/* A saved page: the player, and what stands in for the kernel, answering its messages with the page's own frames. */

import { player } from "./player.js";
import { inflated, Reel } from "./reel.js";
import { standIn } from "./stand_in.js";

const said = new Map(); // generation -> {key: {caption, texts}}
for (const { dataset, textContent } of document.querySelectorAll("[data-says]")) {
  said.set(Number(dataset.says), await inflated(textContent).json());
}

const painters = new Map(); // generation and key -> what paints the frame
for (const script of document.querySelectorAll("[data-keys]")) {
  const reel = new Reel(() => JSON.parse(script.textContent));
  const { generation, keys } = script.dataset;
  keys.split(" ").forEach((key, at) => painters.set(`${generation} ${key}`, () => reel.paint(at)));
}

const frameHeld = (generation, key) => ({
  key,
  ...said.get(generation)[key],
  png: painters.get(`${generation} ${key}`),
});

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
