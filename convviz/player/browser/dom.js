/* What every part of the page is made of: elements, icons, buttons, and whether the page around them is dark. */

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
export const range = (start, end) => Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);

/* What has the focus, seen from a node. Within a shadow root the document names the host alone: marimo and MyST put
   players into shadow roots. */
export const focusedNear = (node) => node.getRootNode().activeElement ?? null;

/* With the kernel gone, sending fails; showing must not. */
export function attempt(action) {
  try {
    action();
    return true;
  } catch (error) {
    console.debug("convviz: not sent;", error);
    return false;
  }
}

/* Let the page around know that somebody changed something: it watches whether there is anybody to compute it. Players
   are told that the page asks for other steps on paper. */
export const announceChange = () => document.dispatchEvent(new CustomEvent("convviz-change"));
export const announcePrints = () => document.dispatchEvent(new CustomEvent("convviz-prints"));
export const announceAnswer = () => document.dispatchEvent(new CustomEvent("convviz-answer"));

const DRAWN = ["svg", "g", "path", "rect"];

/* Make an element. Attributes that are null or undefined are left out. */
export function element(tag, attributes = {}, ...children) {
  const isDrawn = DRAWN.includes(tag);
  const made = isDrawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/* Attributes are written only where they change: a page of many cells stays quick. */
export function set(node, name, value) {
  if (value == null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

export const box = (name, ...children) => element("div", { class: `convviz-${name}` }, ...children);

const SHAPES = {
  first: "M6 5v14M17 5l-7 7 7 7",
  previous: "M15 5l-7 7 7 7",
  play: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  next: "M9 5l7 7-7 7",
  last: "M7 5l7 7-7 7M18 5v14",
  loop: "M5 12V9a2 2 0 0 1 2-2h12M15.500 3.500 19 7l-3.500 3.500M19 12v3a2 2 0 0 1-2 2H5M8.500 13.500 5 17l3.500 3.500",
  flip: "M12 5a7 7 0 1 1-6.500 4.500M12 1.500V8.500L7.500 5z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  "add a row": "M12 2v10M7 7h10M3 16v5h18v-5",
  "remove a row": "M7 7h10M3 16v5h18v-5",
  "add a column": "M7 7v10M2 12h10M16 3h5v18h-5",
  "remove a column": "M2 12h10M16 3h5v18h-5",
  undo: "M9 6 4 11l5 5M4 11h10a6 6 0 0 1 0 12",
  link: "M10 14a5 5 0 0 0 7 0l3-3a5 5 0 0 0-7-7l-1 1M14 10a5 5 0 0 0-7 0l-3 3a5 5 0 0 0 7 7l1-1",
};

export function icon(name) {
  const about = { viewBox: "0 0 24 24", "aria-hidden": true, class: "convviz-icon" };
  return element("svg", about, element("path", { d: SHAPES[name] }));
}

/* A button with an icon; `label` is its name and its tooltip. */
export const button = (name, label, ...text) =>
  element("button", { type: "button", "aria-label": label, title: label }, icon(name), ...text);

/* Write each of some sentences once, one below the other. */
export function write(node, sentences) {
  const words = [...new Set(sentences)];
  if (words.join("\n") === [...node.children].map((line) => line.textContent).join("\n")) return;
  node.replaceChildren(...words.map((sentence) => element("p", {}, sentence)));
}

/* Fill a list with numbered things to pick from; with a single one there is nothing to pick. */
export function offer(list, what, count) {
  if (list.length !== count) list.replaceChildren(...range(0, count).map((n) => new Option(`${what} ${n}`, n)));
  list.hidden = count < 2;
}

function brightness(colour) {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return alpha < 128 ? null : (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/* JupyterLab says whether it is dark; elsewhere the ground tells, or, where none is painted, the letters. */
export function isDark(node) {
  const { jpThemeLight } = document.body.dataset;
  if (jpThemeLight) return jpThemeLight === "false";
  for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) {
    const ground = brightness(getComputedStyle(at).backgroundColor);
    if (ground !== null) return ground < 0.5;
  }
  return brightness(getComputedStyle(node).color) > 0.5;
}

/* Call back now, and whenever the page may have become light or dark. */
export function whenThemed(callback, signal) {
  const observer = new MutationObserver(callback);
  const attributes = { attributes: true, attributeFilter: ["class", "style", "data-jp-theme-light", "data-theme"] };
  for (const node of [document.documentElement, document.body]) observer.observe(node, attributes);
  signal.addEventListener("abort", () => observer.disconnect());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback, { signal });
  callback();
}

/* Keep the keys that are pressed in an element from JupyterLab. It has shortcuts for whatever has the focus (the arrow
   keys fold headings, "d d" deletes a cell), some of its versions before the page sees a key, unless the very element
   that has the focus says no; and in its cells it lets no field take Enter. */
export function keepKeys(root, signal) {
  root.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", true), { signal });
  root.addEventListener("keydown", (event) => turnsSlide(event) || event.stopPropagation(), { signal });
}

/* A presenter's remote control sends PageUp and PageDown. Where nothing here takes them, they turn the slides around it. */
const turnsSlide = ({ key, target, defaultPrevented }) =>
  ["PageUp", "PageDown"].includes(key) && !defaultPrevented && !["INPUT", "SELECT"].includes(target.tagName);
