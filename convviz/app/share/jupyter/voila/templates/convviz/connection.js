/* Whether what computes is still there: the page's kernel, and the server. If not, a banner says so and brings it back. */
{
  const EVERY_MS = 20_000;
  const WHILE_LOST_MS = 2000;
  const PATIENCE_MS = 5000;
  const UNTIL_VOILA_MS = 500;
  const AFTER_A_CHANGE_MS = 1000;
  const ENDED = [404, 424]; // the second one is JupyterHub's word for an app that it has ended
  const { baseUrl, kernelId } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const banner = document.querySelector(".page-banner");
  const [said, button] = [banner.querySelector("p"), banner.querySelector("button")];
  let lost = ""; // "kernel" or "connection"
  let isChanged = false; // something was changed that nobody has computed
  let isTried = false; // somebody has asked for another try
  let soon = null;

  const WORDS = {
    kernel: "The program that computes this lesson has ended. You can go on stepping.",
    connection: "There is no connection to what computes this lesson. You can go on stepping.",
    tried: "There is no answer yet. Is the server running?",
  };

  const say = () => {
    isTried &&= lost === "connection";
    const words = lost ? `${WORDS[isTried ? "tried" : lost]}${isChanged ? " Your last change is not computed: make it once more afterwards." : ""}` : "";
    if (said.textContent !== words) said.textContent = words;
    button.textContent = lost === "kernel" ? "Start it again" : "Try again";
    banner.hidden = !lost;
  };

  /* What speaks to the kernel notices at once that it is cut off. Voila's tries again ever more seldom, and gives up in
     a minute; ours leaves that to this page. */
  const voilas = () => window.jupyterapp?.widgetManager?.kernel;
  const reconnect = () => {
    lesson.kernel?.reconnect();
    const kernel = voilas();
    if (kernel && !kernel.isDisposed && kernel.connectionStatus !== "connected") kernel.reconnect().catch(() => {});
  };

  const look = async () => {
    soon = clearTimeout(soon);
    try {
      const asked = { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) };
      const { status } = await fetch(`${baseUrl}api/kernels/${kernelId}`, asked);
      lost = ENDED.includes(status) ? "kernel" : status < 400 ? "" : "connection";
    } catch {
      lost = "connection";
    }
    if (!lost) {
      isChanged = false; // what was sent meanwhile has arrived
      reconnect();
    }
    say();
    return lost;
  };

  /* The same state on a new kernel: the address has it, and the step that was reached since. */
  const again = () => {
    const shown = Number(document.querySelector(".convviz-lesson .convviz-player")?.dataset.shown ?? 0);
    const others = location.search.slice(1).split("&").filter((part) => part && !part.startsWith("step="));
    const query = [...others, ...(shown > 0 ? [`step=${shown}`] : [])].join("&");
    history.replaceState(history.state, "", `${location.pathname}${query ? `?${query}` : ""}`);
    location.reload();
  };

  button.addEventListener("click", async () => {
    isTried = true;
    if ((await look()) === "kernel") again();
  });
  document.addEventListener("convviz-change", () => {
    isChanged = true;
    say();
    if (!lost) soon ??= setTimeout(look, AFTER_A_CHANGE_MS);
  });
  document.addEventListener("convviz-answer", () => (isChanged = false));
  document.addEventListener("visibilitychange", () => document.hidden || look());
  for (const name of ["online", "offline"]) addEventListener(name, look);
  setInterval(() => document.hidden || look(), EVERY_MS);
  setInterval(() => document.hidden || lost !== "connection" || look(), WHILE_LOST_MS);
  lesson.lose = () => lost || look();
  const watch = setInterval(() => {
    if (lesson.kernel) clearInterval(watch);
    const changed = voilas()?.connectionStatusChanged;
    if (!changed) return;
    clearInterval(watch);
    changed.connect((_, status) => status !== "connecting" || lost || look());
  }, UNTIL_VOILA_MS);
}
