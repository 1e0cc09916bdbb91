/* Python in a worker: it runs the cells of a page and then answers one message after another. */

let page = null;

const copy = (buffers) => {
  const bytes = buffers.toJs();
  buffers.destroy();
  return bytes.map((one) => one.slice());
};

async function start({ pyodide: home, archive, notebook, packages }) {
  const { loadPyodide } = await import(`${home}pyodide.mjs`);
  const bytesAt = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
    return answer.arrayBuffer();
  };
  const [python, ours, cells] = await Promise.all([loadPyodide({ indexURL: home, packages }), bytesAt(archive), bytesAt(notebook)]);
  postMessage({ type: "computing" });
  python.unpackArchive(ours, "zip", { extractDir: "/convviz" });
  python.FS.writeFile("/page.ipynb", new Uint8Array(cells));
  python.runPython('import sys; sys.path.insert(0, "/convviz")');
  python.pyimport("convviz.app.site.ipython").stand_in();
  const { Waking } = python.pyimport("convviz.app.site.waking");
  page = Waking("/page.ipynb", (text, buffers) => {
    const bytes = copy(buffers);
    postMessage({ ...JSON.parse(text), buffers: bytes }, bytes.map(({ buffer }) => buffer));
  });
  toPython = (buffers) => python.toPy(buffers);
  postMessage({ type: "live" });
}

let toPython;

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
