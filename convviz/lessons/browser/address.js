import { wordsOf } from "./teaching.js";

const WAIT_MS = 300;

/* The lesson's state in the address of a page of its own (in Voila; a notebook's address belongs to JupyterLab). */
export class AddressBar {
  static isAtHome() {
    return document.body.dataset.voila !== undefined || /\/voila(\/|$)/.test(location.pathname);
  }

  constructor(model, send, signal) {
    Object.assign(this, { model, send, unread: 0 });
    if (!AddressBar.isAtHome()) return;
    const follow = (event, action) => {
      model.on(event, action);
      signal.addEventListener("abort", () => model.off(event, action));
    };
    follow("change:address", () => this.later());
    follow("msg:custom", ({ type }) => {
      if (type !== "visited") return;
      this.unread = Math.max(0, this.unread - 1); // also a second view of the lesson hears what the first one asked
      this.later();
    });
    addEventListener("popstate", () => this.open(), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.timer));
    this.open();
  }

  /* The parts of the address that belong to the lesson, and the others, as they are written. */
  parts() {
    const names = this.model.get("names");
    const all = location.search.slice(1).split("&").filter(Boolean);
    const isOwn = (part) => names.includes(decodeURIComponent(part.split("=")[0].replaceAll("%", "%25")));
    return [all.filter(isOwn), all.filter((part) => !isOwn(part))];
  }

  open() {
    const [own] = this.parts();
    const lock = wordsOf("lock").join(",");
    const isKnown = own.join("&") === this.model.get("address") && lock === this.model.get("locked");
    if (!this.unread && isKnown) return;
    this.unread += 1; // what the address asks for must not be overwritten before it has been read
    this.send("visit", { search: own.join("&"), lock });
  }

  later() {
    if (this.unread || this.timer) return;
    this.timer = setTimeout(() => this.write(), WAIT_MS);
  }

  write() {
    this.timer = clearTimeout(this.timer);
    if (this.unread) return;
    const [, others] = this.parts();
    const query = [...others, this.model.get("address")].filter(Boolean).join("&");
    history.replaceState(history.state, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
  }

  async copy(status) {
    const isTooLong = !this.model.get("address") && this.model.get("content").reset;
    if (isTooLong) return (status.textContent = "There are too many numbers here for a link.");
    this.write();
    const done = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    if (done) status.textContent = "Copied.";
    else status.replaceChildren(Object.assign(document.createElement("input"), { value: location.href, readOnly: true, ariaLabel: "Link" }));
  }
}
