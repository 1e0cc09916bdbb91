/* How a lesson opens: its prose is there at once; what the kernel computes is put in its place when it comes, and shown
   when all of it has come to rest. */
globalThis.lesson = (() => {
  const REST_MS = 100;
  const PATIENCE_MS = 2000;
  const parts = [...document.querySelectorAll("#lesson .lesson-awaited")];

  // Voila typesets formulas late; until then their source is nothing to read.
  for (const text of document.querySelectorAll("#lesson .jp-MarkdownOutput > :is(p, ul, ol, details)")) {
    if (/\$[^$]+\$/.test(text.textContent)) text.classList.add("lesson-formula");
  }

  // Every output has become a widget or a text, and every widget has its view ("Loading…" is none) …
  const unready =
    'script[type="application/vnd.voila.cell-output+json"], .jp-OutputArea-output.lm-Panel:not(:has(*)), ' +
    ".convviz-player:not([data-shown])";
  const show = () => {
    observer.disconnect();
    document.body.classList.remove("lesson-loading");
    document.querySelectorAll(".lesson-awaited").forEach((part) => part.classList.remove("lesson-awaited"));
    document.querySelectorAll(".lesson-formula").forEach((text) => text.classList.remove("lesson-formula"));
  };
  // … and what is inside of the widgets has come to rest: it is built a moment later.
  let rest, patience;
  const check = () => {
    if (document.querySelector(unready)) return;
    clearTimeout(rest);
    rest = setTimeout(show, REST_MS);
    patience ??= setTimeout(show, PATIENCE_MS);
  };
  const observer = new MutationObserver(check);

  return {
    place(number, made) {
      const part = parts.find(({ dataset }) => dataset.cell === String(number));
      part.append(...made.childNodes);
      made.remove();
    },
    computed() {
      observer.observe(document.getElementById("lesson"), { childList: true, subtree: true, attributeFilter: ["data-shown"] });
      check();
    },
  };
})();
