/* What a learner has got right, as the lessons' desks note it in this browser; nothing of it is sent anywhere. */
{
  const [NOTED, OFF] = ["convviz-right", "convviz-right-off"];
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(NOTED)) ?? {};
    } catch {
      return {};
    }
  };
  const attempt = (action) => {
    try {
      return action();
    } catch {
      return null; // a browser that keeps nothing
    }
  };
  const box = document.querySelector(".landing-keep input");
  const forget = document.querySelector(".landing-forget");
  const start = document.querySelector(".landing-start");
  const cards = [...document.querySelectorAll(".landing-card")];
  const [first, words] = [start.href, start.textContent];

  const show = () => {
    const right = read();
    box.checked = attempt(() => localStorage.getItem(OFF)) !== "1";
    forget.hidden = !Object.keys(right).length;
    for (const card of cards) {
      const { count = 0 } = right[card.dataset.notebook] ?? {};
      const said = card.querySelector(".landing-progress");
      said.textContent = count ? `✓ ${count} right` : "";
      said.title = count ? `You predicted ${count} ${count === 1 ? "number" : "numbers"} correctly in this lesson` : "";
    }
    const last = Object.entries(right).sort(([, one], [, other]) => other.at - one.at)[0]?.[0];
    const card = cards.find(({ dataset }) => dataset.notebook === last);
    start.href = card?.querySelector("a").href ?? first;
    start.textContent = card ? `Go on with ${card.querySelector(".landing-number").textContent.replace("Lesson", "lesson")}` : words;
  };

  box.addEventListener("change", () => {
    attempt(() => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
    if (!box.checked) attempt(() => localStorage.removeItem(NOTED));
    show();
  });
  forget.addEventListener("click", () => {
    attempt(() => localStorage.removeItem(NOTED));
    show();
    box.focus();
  });
  addEventListener("pageshow", show);
  addEventListener("storage", show);
  show();
}
