/* The Python of a page: when it is loaded, and what the page says about that. */

const [IDLE_MS, IDLE_AGAIN_MS] = [4000, 800];
const KEPT = "convviz-python"; // which Python this browser has had before, and so has at hand
const [SAYS, BANNER] = [document.querySelector(".page-python"), document.querySelector(".page-banner")];

const SIZE = ", about 20 MB this once";
const WORDS = {
  loading: `Python is being loaded${SIZE}. You can step through the pictures meanwhile.`,
  change: `Python is being loaded${SIZE}. Your change is made as soon as it is there; you can step meanwhile.`,
  link: `This link asks for other numbers. They are shown as soon as Python is loaded${SIZE}.`,
  step: `This step is not in the page. It is drawn as soon as Python is loaded${SIZE}.`,
  computing: "Python is here and computes this page …",
};
const PLAIN = {
  none: "This copy of the page has no Python: you can step, play and point, but numbers cannot be changed here.",
  old: "This browser is too old to run Python: you can step, play and point, but numbers cannot be changed.",
  failed: "Python could not be loaded. You can step, play and point all the same.",
  ended: "Python has ended. You can step, play and point all the same; load the page again to change numbers.",
  missing: "The pictures of this page could not be loaded.",
  file: "A browser shows this page's pictures only from a web server: run “python -m http.server” in its folder.",
};

/* Without memory that WebAssembly may grow, and exceptions in it, this Python does not start. */
const isOld = () => typeof WebAssembly !== "object" || !("Tag" in WebAssembly) || !("BigInt64Array" in globalThis);
const savesData = () => navigator.connection?.saveData || matchMedia("(prefers-reduced-data: reduce)").matches;

function kept(now) {
  try {
    if (now) localStorage.setItem(KEPT, now);
    return localStorage.getItem(KEPT);
  } catch {
    return null; // a page may not be allowed to keep anything
  }
}

export class Python {
  constructor({ python, name }) {
    Object.assign(this, { about: python, name, isLive: false, on: {} });
    this.isThere = Object.keys(python).length > 0;
    this.isKept = this.isThere && kept() === this.address;
    BANNER.querySelector("button").addEventListener("click", () => {
      BANNER.hidden = true;
      this.load(this.reason);
    });
  }

  get address() {
    return new URL(this.about.pyodide, document.baseURI).href;
  }

  /* Load it now, and say why one has to wait. */
  load(reason) {
    this.reason = reason in WORDS ? reason : "loading";
    if (this.isLive) return;
    if (!this.isThere || isOld()) return this.give(this.isThere ? "old" : "none");
    this.say(this.isComputing ? "computing" : this.reason);
    if (!this.worker) this.start();
  }

  loadWhenIdle() {
    if (!this.isThere || isOld() || savesData() || this.worker || this.isLive) return;
    const idle = globalThis.requestIdleCallback ?? setTimeout;
    const start = () => document.hidden || this.worker || this.failed || this.start();
    setTimeout(() => idle(start), this.isKept ? IDLE_AGAIN_MS : IDLE_MS);
  }

  start() {
    this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.worker.onerror = ({ message }) => this.fail(message || "the worker did not start");
    this.worker.onmessage = ({ data }) => this.hear(data);
    const absolute = (address) => new URL(address, document.baseURI).href;
    const { archives, packages } = this.about;
    this.worker.postMessage({
      type: "start",
      pyodide: this.address,
      archives: archives.map(absolute),
      notebook: absolute(`${this.name}.ipynb`),
      packages,
    });
  }

  hear(message) {
    if (message.type === "failed") return this.fail(message.text);
    if (message.type === "computing") {
      this.isComputing = true;
      if (!SAYS.hidden) this.say("computing");
    } else if (message.type === "live") {
      this.isLive = true;
      kept(this.address);
      this.on.live();
    } else this.on.message(message);
  }

  post(message) {
    this.worker.postMessage(message, (message.buffers ?? []).map(({ buffer }) => buffer));
  }

  /* Nothing is waited for. */
  rest() {
    SAYS.hidden = true;
  }

  fail(text) {
    console.warn("convviz: no Python;", text);
    this.worker?.terminate();
    Object.assign(this, { worker: null, failed: true, isComputing: false });
    // Whoever has asked for nothing misses nothing: it is tried once more when something is asked for.
    if (this.isLive || this.reason) this.give(this.isLive ? "ended" : "failed");
    this.isLive = false;
  }

  give(why) {
    this.say(why);
    this.on.lost(PLAIN[why], why !== "failed");
  }

  say(what) {
    const isBad = what in PLAIN;
    SAYS.hidden = isBad;
    BANNER.hidden = !isBad;
    BANNER.querySelector("button").hidden = what !== "failed";
    (isBad ? BANNER.querySelector("p") : SAYS).textContent = PLAIN[what] ?? WORDS[what].replace(this.isKept ? SIZE : "", "");
  }
}
