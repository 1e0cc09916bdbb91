/* The convviz Desk: the questions and controls of a lesson, and its state in the page's address.

   Pages and tests may rely on: .convviz-desk; .convviz-question with its form; [data-control] around each control, named as
   the lesson names it; .convviz-wrong and .convviz-notice, which are alerts; the names of all buttons and fields. */

import { announceAnswer, announceChange, attempt, element, isDark, keepKeys, whenThemed } from "../../player/browser/dom.js";
import { controlFor } from "./controls.js";
import { AddressBar } from "./address.js";
import { Saving } from "./saving.js";
import { noteRight } from "./progress.js";
import { Question } from "./question.js";
import { Teaching, dress } from "./teaching.js";

const SETTLE_MS = 1500;

const says = (name, tag, attributes = {}) => element(tag, { class: `convviz-${name}`, ...attributes });
const press = (label, action) => {
  const made = element("button", { type: "button", class: "convviz-button" }, label);
  made.addEventListener("click", action);
  return made;
};

class DeskView {
  constructor(model, el) {
    Object.assign(this, { model, bin: new AbortController(), questions: [], controls: new Map() });
    if (AddressBar.isAtHome()) dress();
    this.send = (type, words = {}, buffers = []) => {
      if (type !== "visit") announceChange();
      return attempt(() => model.send({ type, ...words }, undefined, buffers));
    };
    this.saving = new Saving(model, this.send, this.bin.signal);
    this.build();
    el.append(this.root);
    if (AddressBar.isAtHome()) this.root.append(new Teaching(model.get("names")).root);
    this.address = new AddressBar(model, this.send, this.bin.signal);
    for (const [name, action] of [
      ["change:content", () => (announceAnswer(), this.show())],
      ["change:questions", () => this.ask()],
    ]) {
      model.on(name, action);
      this.bin.signal.addEventListener("abort", () => model.off(name, action));
    }
    whenThemed(() => (this.root.dataset.dark = isDark(el)), this.bin.signal);
    this.show();
    this.ask();
  }

  dispose() {
    this.keeping?.abort();
    this.bin.abort();
    this.root.remove();
  }

  build() {
    this.asked = says("questions", "div");
    this.hint = says("advice", "p", { role: "status" });
    this.notice = says("notice", "p", { role: "alert" });
    this.groups = says("groups", "div");
    this.undo = press("Undo", () => this.send("undo"));
    this.reset = press("Reset", () => this.send("reset"));
    this.copy = press("Copy link", () => this.address.copy(this.copied));
    this.copied = says("copied", "span", { role: "status" });
    this.copy.hidden = !AddressBar.isAtHome();
    const row = says("actions", "div");
    row.append(this.undo, this.reset, this.copy, this.copied);
    this.root = says("desk", "div");
    keepKeys(this.root, this.bin.signal);
    this.root.classList.add("convviz");
    this.root.append(this.asked, this.notice, this.hint, this.groups, this.saving.root, row);
  }

  show() {
    const { hint, groups, error, notice, undo, reset, saves, used } = this.model.get("content");
    this.hint.textContent = hint ?? "";
    this.hint.hidden = !hint;
    this.notice.textContent = notice ?? "";
    this.notice.hidden = !notice;
    this.saving.show(saves);
    this.undo.disabled = !undo;
    this.reset.disabled = !reset;
    const named = (groups ?? []).flatMap((group) => group.controls);
    if (named.some(({ name }) => !this.controls.has(name))) this.layOut(groups);
    const answered = this.used && used.times !== this.used.times ? used.name : null;
    this.used = used;
    for (const about of named) {
      const why = error?.name === about.name ? error.text : "";
      this.controls.get(about.name).show(about, why, answered === about.name);
    }
  }

  layOut(groups) {
    const use = (name, value, buffers) => {
      this.keepInPlace(this.controls.get(name).root);
      this.send("use", buffers ? { name } : { name, value }, buffers);
    };
    this.groups.replaceChildren(
      ...groups.map(({ title, opened, controls }) => {
        const body = says("fields", "div");
        for (const about of controls) {
          const control = controlFor(about, use);
          this.controls.set(about.name, control);
          body.append(control.root);
        }
        const folded = says("group", "details", opened ? { open: "" } : {});
        folded.append(element("summary", {}, title), body);
        return folded;
      }),
    );
  }

  /* A picture above that becomes higher or lower must not move what is under the finger, until the reader scrolls on. */
  keepInPlace(node) {
    const lesson = this.root.closest(".convviz-lesson");
    const top = node.getBoundingClientRect().top;
    this.keeping?.abort();
    const keeping = (this.keeping = new AbortController());
    const observer = new ResizeObserver(() => node.isConnected && scrollBy(0, node.getBoundingClientRect().top - top));
    const timer = setTimeout(() => keeping.abort(), SETTLE_MS);
    keeping.signal.addEventListener("abort", () => (observer.disconnect(), clearTimeout(timer)));
    for (const name of ["wheel", "touchmove", "keydown"]) addEventListener(name, () => keeping.abort(), { signal: keeping.signal, passive: true });
    if (lesson) observer.observe(lesson);
  }

  ask() {
    const asked = this.model.get("questions");
    while (this.questions.length < asked.length) {
      const question = new Question(this.questions.length, this.send, () => AddressBar.isAtHome() && noteRight());
      this.questions.push(question);
      this.asked.append(question.root);
    }
    asked.forEach((about, number) => this.questions[number].show(about));
    const over = this.questions.filter(({ isOver }) => isOver);
    over.forEach(({ root }, number) => (root.hidden = number > 0));  // it is said once that the last step is reached
  }
}

export const desk = {
  render({ model, el }) {
    const view = new DeskView(model, el);
    return () => view.dispose();
  },
};

export default desk;
