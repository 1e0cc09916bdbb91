import { player } from "../../player/browser/player.js";
import { desk } from "./desk.js";
import { text } from "./text.js";

export const WIDGETS = { player, desk: () => desk, text: () => text };

/* Build what was written down of a widget, and all that is inside of it, into an element that is on the page. The models
   are the caller's. */
export function build(tree, host, modelOf) {
  const el = document.createElement("div");
  el.classList.add(...tree.classes);
  host.append(el);
  if (tree.classes.includes("convviz-beside")) standBeside(el.closest(".lesson-part"));
  if (tree.children) return tree.children.forEach((child) => build(child, el, modelOf));
  const widget = WIDGETS[tree.kind]();
  const model = modelOf(tree);
  widget.initialize?.({ model });
  widget.render({ model, el });
}

/* Let a part of a page stand beside the one before. A style that asks what is inside of a part (":has") would have the
   browser look at the whole page anew for whatever changes in it. */
export function standBeside(part) {
  part?.classList.add("lesson-beside");
  part?.previousElementSibling?.classList.add("lesson-besides");
}
