/* What a lesson shows before its kernel has started: the same components, with a state that was written down before. The
   pictures stand where they will be; nothing of it can be used yet. */

import { bytesOf, handOut, standIn } from "../../player/browser/stand_in.js";
import { build } from "./tree.js";

/* A player that has some frames at hand: the first of each picture, or all. */
function playerFrom({ pictures, ...state }) {
  const frames = pictures.map(({ frames }) => new Map(frames.map((frame) => [frame.key, { ...frame, png: bytesOf(frame.png) }])));
  const first = (picture, number) => ({ ...picture, first: frames[number].values().next().value });
  return standIn(
    { hover: "", ...state, pictures: pictures.map(first) },
    { want: (wish, tell) => handOut(wish.keys.map((key) => frames[wish.picture].get(key)), wish, tell) },
  );
}

/* Build what was written down of a widget into an element that is on the page. */
export const preview = (tree, host) => build(tree, host, ({ kind, state }) => (kind === "player" ? playerFrom(state) : standIn(state)));
