/* Python in a worker: it runs the cells of a page and then answers one message after another. */

import { filesIn, unpack } from "./archive.js";

const FOLDER = "/packages";
let page = null;
let toPython;

const copy = (buffers) => {
  const bytes = buffers.toJs();
  buffers.destroy();
  return bytes.map((one) => one.slice());
};

const answerOf = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  return answer;
};

/* All is fetched while Python starts. */
async function bring({ pyodide, archives, notebook, packages }) {
  const [python, text, ...files] = await Promise.all([
    import(`${pyodide}pyodide.mjs`).then(({ loadPyodide }) => loadPyodide({ indexURL: pyodide, packages })),
    answerOf(notebook).then((answer) => answer.text()),
    ...archives.map((address) => answerOf(address).then(filesIn)),
  ]);
  unpack(files.flat(), FOLDER, python.FS);
  python.FS.writeFile("/page.ipynb", text);
  return python;
}

async function start(message) {
  const python = await bring(message);
  postMessage({ type: "computing" });
  python.runPython(`import sys; sys.path.insert(0, "${FOLDER}")`);
  page = python.pyimport("convviz.app.site.starting").wake("/page.ipynb", (text, buffers) => {
    const bytes = copy(buffers);
    postMessage({ ...JSON.parse(text), buffers: bytes }, bytes.map(({ buffer }) => buffer));
  });
  toPython = (buffers) => python.toPy(buffers);
  postMessage({ type: "live" });
}

onmessage = ({ data: { buffers = [], ...message } }) => {
  if (message.type === "start") return start(message).catch((error) => postMessage({ type: "failed", text: String(error) }));
  try {
    page.hear(JSON.stringify(message), toPython(buffers));
  } catch (error) {
    if (error.name !== "PythonError") return postMessage({ type: "failed", text: String(error) });
    console.warn("convviz:", error); // what went wrong in a program of ours ends nothing
  }
  postMessage({ type: "done" });
};

export default page;
