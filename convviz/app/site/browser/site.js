/* A page of the site. What was baked of its widgets can be looked at and stepped through at once; a Python in a worker
   makes all the rest of it live, with the same widgets under the same numbers.

   baked.js    answers without Python: frames, and what is said at each step
   wire.js     what widgets and Python say to each other, one message after another
   models.js   the widgets' models, and links between them
   python.js   when Python is loaded, and what the page says about that
   worker.js   Python itself, a module of its own */

import { build } from "../../../lessons/browser/tree.js";
import { Baked } from "./baked.js";
import { linkAll, modelFor } from "../../browser/models.js";
import { Python } from "./python.js";
import { Wire } from "./wire.js";

const site = JSON.parse(document.getElementById("site").textContent);
const baked = new Baked(site.opening, site.name);
const python = new Python(site);
const wire = new Wire(baked, python);

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

async function open() {
  const trees = await baked.open();
  const models = wire.models;
  for (const [cell, tree] of Object.entries(trees)) {
    build(tree, document.querySelector(`.lesson-awaited[data-cell="${cell}"]`), (part) => {
      if (!models.has(part.id)) models.set(part.id, modelFor(part.id, baked.started(part), wire));
      return models.get(part.id);
    });
  }
  while (document.querySelector(".convviz-player:not([data-shown])")) await frame();
  document.body.classList.add("lesson-previewed");
  document.body.dataset.site = "baked";
  const { links } = await baked.readSteps();
  linkAll(links, models);
  baked.follow(models);
  python.loadWhenIdle();
}

open().catch((error) => {
  console.error("convviz:", error);
  document.body.classList.add("lesson-previewed"); // there is the text
  python.say(location.protocol === "file:" ? "file" : "missing");
});

export default site;
