/* How a lesson opens: its prose is there at once; what the kernel computes is put in its place when it comes, and shown
   when all of it has come to rest. */
globalThis.lesson = (() => {
  const REST_MS = globalThis.lessonOpening ? 40 : 100;
  const FAILED_MS = 30_000;
  const PATIENCE_MS = globalThis.lessonOpening ? 15_000 : 2000; // what is shown before can be read meanwhile
  const standBeside = (part) => {
    part.classList.add("lesson-beside");
    part.previousElementSibling?.classList.add("lesson-besides");
  };
  const later = () => {
    const made = {};
    made.promise = new Promise((resolve) => (made.resolve = resolve));
    return made;
  };
  const [builder, kernel, end] = [later(), later(), later()];
  const parts = [...document.querySelectorAll("#lesson .lesson-awaited")];

  // Voila typesets formulas late; until then their source is nothing to read.
  for (const text of document.querySelectorAll("#lesson .jp-MarkdownOutput > :is(p, ul, ol, details)")) {
    if (/\$[^$]+\$/.test(text.textContent)) text.classList.add("lesson-formula");
  }

  // Every output has become a widget or a text, and every widget has its view ("Loading…" is none) …
  const unready =
    'script[type="application/vnd.voila.cell-output+json"], .jp-OutputArea-output.lm-Panel:not(:has(*)), ' +
    ".lesson-live :is(.convviz-player:not([data-shown]), .convviz-stage[data-unsized])";
  const show = () => {
    observer.disconnect();
    parts.filter((part) => part.querySelector(".convviz-beside")).forEach(standBeside); // our program has done so already
    document.body.classList.remove("lesson-loading", "lesson-early");
    document.querySelectorAll(".lesson-preview").forEach((before) => before.remove());
    document.querySelectorAll(".lesson-formula").forEach((text) => text.classList.remove("lesson-formula"));
  };
  // … and what is inside of the widgets has come to rest: it is built a moment later.
  let rest, patience;
  const count = (where) => document.querySelectorAll(`.lesson-${where} .convviz-stage`).length;
  const isUnready = () => document.querySelector(unready) || count("live") < count("preview");
  const check = () => {
    clearTimeout(rest);
    if (isUnready()) return;
    rest = setTimeout(settle, REST_MS);
    patience ??= setTimeout(show, PATIENCE_MS);
  };
  // A picture learns in the next frame that it has more or less room than before.
  const settle = async () => {
    const mine = rest;
    await frame();
    await new Promise((resolve) => setTimeout(resolve));
    if (mine === rest && !isUnready()) show();
  };
  const observer = new MutationObserver(check);

  const partOf = (number) => parts.find(({ dataset }) => dataset.cell === String(number));

  /* Until then, what was written down of it is shown; not of a link that asks for something else. */
  const preview = async () => {
    const [trees, build] = await Promise.all([globalThis.lessonOpening, builder.promise]);
    if (!document.body.classList.contains("lesson-loading")) return;
    for (const [number, tree] of Object.entries(trees)) build(tree, partOf(number).firstChild);
    while (document.querySelector(".lesson-preview .convviz-player:not([data-shown])")) await frame();
    document.body.classList.toggle("lesson-asked", Object.values(trees).some(isAskedOtherwise));
    document.body.classList.add("lesson-previewed");
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const isAskedOtherwise = ({ children = [], state = {} }) =>
    state.names?.some((name) => new URLSearchParams(location.search).has(name)) || children.some(isAskedOtherwise);
  if (globalThis.lessonOpening) preview().catch((error) => console.debug("convviz: no preview;", error));

  return {
    isStarted: kernel.promise,
    isComputed: end.promise,
    /* The page's program is there: so it builds what is inside of the parts. */
    builds: builder.resolve,
    hasKernel: kernel.resolve,
    place(number, made) {
      partOf(number).lastChild.append(...made.childNodes);
      made.remove();
    },
    computed() {
      observer.observe(document.getElementById("lesson"), { childList: true, subtree: true, attributeFilter: ["data-shown", "data-unsized"] });
      setTimeout(show, FAILED_MS); // should a widget fail, the others can be used all the same
      check();
      end.resolve();
    },
  };
})();
