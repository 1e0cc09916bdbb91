/* A text that follows a lesson's state. What a reader has unfolded stays unfolded when the text changes. */

import { element, isDark, whenThemed } from "../../player/browser/dom.js";

export const text = {
  render({ model, el }) {
    const bin = new AbortController();
    const root = element("div", { class: "convviz convviz-written" });
    const unfolded = () => [...root.querySelectorAll("details")].map(({ open }) => open);
    const show = () => {
      const before = unfolded();
      root.innerHTML = model.get("value");
      root.querySelectorAll("details").forEach((details, number) => (details.open = before[number] ?? details.open));
    };
    el.append(root);
    // A symbol lights the cell that it stands for: in the pictures, whose `hover` is linked to this one.
    const points = (node) => node?.closest?.("[data-points]")?.dataset.points;
    const point = (node) => model.set("hover", points(node) ?? points(root.querySelector(":focus")) ?? "");
    // What is unfolded at the lower edge of the window comes into sight, as far as its symbols go.
    const reveal = () => [...root.querySelectorAll("details[open] .convviz-symbol")].at(-1)?.scrollIntoView({ block: "nearest" });
    root.addEventListener("click", ({ target }) => target.closest("summary") && setTimeout(reveal));
    for (const name of ["pointerover", "focusin"]) root.addEventListener(name, ({ target }) => point(target));
    for (const name of ["pointerleave", "focusout"]) root.addEventListener(name, () => setTimeout(point));
    model.on("change:value", show);
    whenThemed(() => (root.dataset.dark = isDark(el)), bin.signal);
    show();
    return () => {
      bin.abort();
      model.off("change:value", show);
      root.remove();
    };
  },
};

export default text;
