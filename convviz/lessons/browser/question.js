import { element } from "../../player/browser/dom.js";

/* The place of a cell, such as [0, 1], stays on one line. */
const whole = (text) => text.replace(/\[[^\]]*\]/g, (place) => place.replaceAll(" ", "\u00a0"));

/* A question with a field for the guess; above it, the question that was open before, with what closed it. */
export class Question {
  constructor(number, send, right) {
    Object.assign(this, { number, send, right });
    this.before = element("div", { class: "convviz-before" });
    this.prompt = element("p", { class: "convviz-prompt", id: `convviz-prompt-${Math.random().toString(36).slice(2)}` });
    this.guess = element("input", {
      type: "text", inputmode: "text", autocomplete: "off", maxlength: 40, class: "convviz-entry",
      "aria-label": "Your prediction", "aria-describedby": this.prompt.id,
    });
    const check = element("button", { type: "submit", class: "convviz-button convviz-go" }, "Check");
    const reveal = element("button", { type: "button", class: "convviz-button" }, "Show me");
    this.form = element("form", {}, this.guess, check, reveal);
    this.verdict = element("p", { class: "convviz-verdict", role: "status" });
    this.over = element("div", { class: "convviz-over" });
    const again = element("button", { type: "button", class: "convviz-button" }, "Start over");
    this.over.append(element("p", {}, "That was the last step."), again);
    const title = element("h3", {}, number ? "One more question" : "Predict");
    this.root = element("section", { class: "convviz-question" }, title, this.before, this.prompt, this.form, this.verdict, this.over);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      send("guess", { question: number, text: this.guess.value });
    });
    reveal.addEventListener("click", () => send("reveal", { question: number }));
    again.addEventListener("click", () => send("start_over"));
  }

  show({ prompt, verdict: [mark, text], before: [asked, how, said] }) {
    if (prompt !== this.shown) this.guess.value = "";
    this.shown = prompt;
    this.prompt.textContent = whole(prompt);
    this.prompt.hidden = this.form.hidden = !prompt;
    this.over.hidden = Boolean(prompt);
    this.verdict.textContent = text ? `${mark} ${text}` : "";
    this.verdict.hidden = !text;
    const kept = asked ? [element("p", { class: "convviz-asked" }, whole(asked)), element("p", { role: "status" }, `${how} ${said}`)] : [];
    if (this.before.textContent !== kept.map((line) => line.textContent).join("")) this.before.replaceChildren(...kept);
    this.before.hidden = !asked;
    if (how === "✓" && said !== this.praised) this.right();
    this.praised = how === "✓" ? said : "";
    this.isOver = !prompt && !asked;
    this.root.hidden = false;
  }
}
