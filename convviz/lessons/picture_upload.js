/* The convviz PictureUpload: a button that takes a picture file, and a line that says what became of it.

   A file that is too large is refused here: a message as large as that would make the server close the connection.
   Everything else is for the kernel to judge, which sends back what to say.

   Pages and tests may rely on: .convviz-upload with its one file input, named by its label; and .convviz-said. */

const PATIENCE_MS = 15000;
const STAYS = "The picture on the screen stays.";

const megabytes = (bytes) => bytes / 2 ** 20;

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function build(most) {
  const label = `Your own picture (PNG or JPEG, up to ${megabytes(most)} MB)`;
  const accept = "image/png,image/jpeg,.png,.jpg,.jpeg";
  // Without a title, browsers say "no file chosen" of it when they are pointed at it, even after one was.
  const input = element("input", { type: "file", accept, title: label });
  const said = element("p", { class: "convviz-said", role: "status", "aria-live": "polite" });
  // JupyterLab takes keys before the page sees them; the attribute tells it to leave ours alone.
  const about = { class: "convviz-upload", "data-lm-suppress-shortcuts": true };
  // The input lies inside its label, so that it needs no id, which two on a page would have to share.
  const button = element("label", { class: "convviz-choose" }, input, element("span", {}, label));
  return { input, said, root: element("div", about, button, said) };
}

class View {
  constructor(model, el) {
    Object.assign(this, { model, ui: build(model.get("most_bytes")), bin: new AbortController() });
    this.chosen = 0; // how many files so far: what becomes of an earlier one is no longer of interest
    el.append(this.ui.root);
    this.listen();
    this.say(model.get("said"));
  }

  listen() {
    const { model, ui, bin } = this;
    const follow = (name, callback) => {
      model.on(name, callback);
      bin.signal.addEventListener("abort", () => model.off(name, callback));
    };
    follow("change:said", () => this.say(model.get("said")));
    follow("msg:custom", (message) => message.type === "said" && this.say(message.text));
    ui.input.addEventListener("change", () => this.choose(ui.input.files[0]), { signal: bin.signal });
  }

  dispose() {
    clearTimeout(this.waiting);
    this.bin.abort();
    this.ui.root.remove();
  }

  say(text) {
    this.waiting = clearTimeout(this.waiting);
    if (this.ui.said.textContent !== text) this.ui.said.textContent = text;
  }

  refuse(name, why) {
    this.say(`${name}: ${why}. ${STAYS}`);
  }

  async choose(file) {
    if (!file) return; // the dialogue was left without one
    const number = ++this.chosen;
    this.ui.input.value = ""; // so that choosing the same file again is a change, too
    const most = this.model.get("most_bytes");
    if (file.size > most) {
      const size = Math.ceil(10 * megabytes(file.size)) / 10;
      this.refuse(file.name, `this file has ≈${size.toFixed(1)} MB; accepted: up to ${megabytes(most)} MB`);
      return;
    }
    this.say(`Reading ${file.name} …`);
    const data = await file.arrayBuffer().catch((error) => console.warn("convviz:", error));
    if (number !== this.chosen || this.bin.signal.aborted) return;
    if (data) this.send(file.name, data);
    else this.refuse(file.name, "the browser could not read this file");
  }

  /* With the kernel gone, sending fails, or nobody answers. */
  send(name, data) {
    const unheard = () => this.refuse(name, "no answer came; the page may have lost its kernel, reloading it may help");
    this.waiting = setTimeout(unheard, PATIENCE_MS);
    try {
      this.model.send({ type: "picture", name }, undefined, [data]);
    } catch (error) {
      console.debug("convviz: not sent;", error);
      this.say("");
      unheard();
    }
  }
}

export default {
  render({ model, el }) {
    const view = new View(model, el);
    return () => view.dispose();
  },
};
