/* A saved page: it plays the recording that it holds. */

import { Recording } from "./recording.js";

/* What the page holds stands beside its script, which would be read at length before it could begin. */
function heldIn(page) {
  const said = [...page.querySelectorAll("[data-says]")].map(({ dataset, textContent }) => [dataset.says, textContent]);
  const reels = [...page.querySelectorAll("[data-keys]")].map((script) => ({
    generation: Number(script.dataset.generation),
    keys: script.dataset.keys.split(" ").map(Number),
    read: () => JSON.parse(script.textContent),
  }));
  return { state: JSON.parse(page.getElementById("state").textContent), says: Object.fromEntries(said), reels };
}

/* In a frame, the page around has margins of its own. If that shows slides, PageUp and PageDown turn them, as a presenter's
   remote control sends these keys to whatever was clicked last: reveal.js hears messages of this form. */
const SLIDES = { PageDown: "next", PageUp: "prev" };
function fitFrame(main) {
  document.documentElement.classList.add("framed");
  document.addEventListener("keydown", ({ key }) => {
    if (SLIDES[key]) parent.postMessage(JSON.stringify({ method: SLIDES[key] }), "*");
  });
  // A frame that Python wrote has the height that its page needs, wherever the page around lets it be seen.
  if (!frameElement?.matches(".convviz-frame")) return;
  new ResizeObserver(() => (frameElement.style.height = `${main.offsetHeight}px`)).observe(main);
}

const main = document.getElementById("player");
if (parent !== window) fitFrame(main);
new Recording(heldIn(document)).play(main);
