/* What a lesson shows before its kernel has started: the same components, with a state that was written down before. The
   pictures stand where they will be; nothing of it can be used yet. */

import { player } from "../../player/browser/player.js";
import { bytesOf, standIn } from "../../player/browser/stand_in.js";
import { desk } from "./desk.js";
import { text } from "./text.js";

/* A player that has some frames at hand: the first of each picture, or all. */
function playerFrom({ pictures, ...state }) {
  const frames = pictures.map(({ frames }) => new Map(frames.map((frame) => [frame.key, { ...frame, png: bytesOf(frame.png) }])));
  const first = (picture, number) => ({ ...picture, first: frames[number].values().next().value });
  const model = standIn(
    { hover: "", ...state, pictures: pictures.map(first) },
    {
      want({ picture, generation, keys }, tell) {
        for (const key of keys.filter((key) => frames[picture].has(key))) {
          const { png, ...frame } = frames[picture].get(key);
          tell("msg:custom", { type: "frame", picture, generation, ...frame }, [png]);
        }
      },
    },
  );
  const widget = player();
  widget.initialize({ model });
  return [widget, model];
}

const KINDS = { player: playerFrom, desk: (state) => [desk, standIn(state)], text: (state) => [text, standIn(state)] };

/* Build what was written down of a widget into an element that is on the page. */
export function build(tree, host) {
  const el = document.createElement("div");
  el.classList.add(...tree.classes);
  host.append(el);
  if (tree.children) return tree.children.forEach((child) => build(child, el));
  const [widget, model] = KINDS[tree.kind](tree.state);
  widget.render({ model, el });
}

globalThis.convvizPreview = build;
