/* A lesson's page in the app: what its kernel has computed becomes widgets here.

   A page that shows other things besides, as a notebook of somebody else may, is left to Voila's own program, which is
   twenty times as large and can show everything.

   kernel.js    the connection to the kernel: messages, and when they are done
   frames.js    what a message looks like on its way
   widgets.js   what widgets and kernel say to each other
   models.js    the widgets' models, and links between them */

import { preview } from "../../lessons/browser/preview.js";
import { WIDGETS, build } from "../../lessons/browser/tree.js";
import { Kernel } from "./kernel.js";
import { Widgets } from "./widgets.js";

const VIEW = "application/vnd.jupyter.widget-view+json";

/* What the cells show, with the script of Voila's that says so. */
const outputs = () =>
  [...document.querySelectorAll('#lesson script[type="application/vnd.voila.cell-output+json"]')].map((script) => ({
    script,
    id: JSON.parse(script.textContent).data?.[VIEW]?.model_id,
  }));

/* Build what the cells show, in place of what Voila says about it; whether all of it is ours. */
async function show(widgets) {
  const shown = outputs();
  const isForVoila = document.querySelector(".lesson-formula") || !shown.every(({ id }) => id);
  const trees = isForVoila ? null : await widgets.treesOf(shown.map(({ id }) => id));
  if (!trees) return false;
  shown.forEach(({ script }, at) => {
    const host = document.createElement("div");
    script.replaceWith(host);
    build(trees[at], host, (part) => widgets.modelOf(part));
  });
  widgets.link();
  return true;
}

/* A page that is left needs no kernel any more, and one that is found again needs a new one. */
function endWithPage({ baseUrl, kernelId }) {
  addEventListener("pagehide", () => navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernelId}`));
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}

/* Voila's program begins when the page is loaded, which may have been a while ago. */
function leaveToVoila({ voila }) {
  const add = addEventListener.bind(globalThis);
  globalThis.addEventListener = (type, listener, ...how) =>
    type === "load" && document.readyState === "complete" ? queueMicrotask(listener) : add(type, listener, ...how);
  for (const src of voila) document.head.append(Object.assign(document.createElement("script"), { src, async: false }));
}

async function open() {
  await lesson.isStarted;
  const page = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const widgets = new Widgets((hear) => new Kernel(page, { hear, lose: () => lesson.lose?.() }));
  endWithPage(page);
  await lesson.isComputed;
  if (await show(widgets)) lesson.kernel = widgets.kernel;
  else {
    widgets.kernel.close();
    leaveToVoila(page);
  }
}

/* A page that Voila's program shows from the start imports this for what its widgets are made of, and no more. */
if (document.querySelector('script[type="module"][src$="/lesson.js"]')) {
  lesson.builds(preview);
  open();
}

const program = { widgets: WIDGETS };

export default program;
