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
