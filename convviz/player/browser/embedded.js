/* A recording as a widget, as anywidget and MyST take one: for pages of other people. */

import { element } from "./dom.js";
import { Recording } from "./recording.js";

/* What whoever shows it may want otherwise, and what that must be like. */
const WISHES = {
  index: (index) => Number.isInteger(index) && index >= 0,
  interval_ms: (pause) => Number.isInteger(pause) && pause >= 20,
  loop: (loops) => typeof loops === "boolean",
};

function wishesOf(model) {
  const wished = Object.entries(WISHES).map(([name, isGood]) => [name, model?.get?.(name), isGood]);
  return Object.fromEntries(wished.filter(([, value, isGood]) => isGood(value)));
}

/* In its shadow root, no style of the page around reaches it. */
export const widgetOf = (held, style) => {
  const recording = new Recording(held);
  return {
    /* Returns what ends it, once there is something to see. */
    async render({ model, el }) {
      const [host, place, sheet] = [element("div"), element("div"), new CSSStyleSheet()];
      sheet.replaceSync(style);
      const root = host.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      root.append(place);
      el.append(host);
      const end = await recording.play(place, wishesOf(model));
      return () => {
        end();
        host.remove();
      };
    },
  };
};
