// On paper, the solutions of a lesson's tasks stand on a page of their own, the last one: in class they can be kept back.
addEventListener("beforeprint", () => {
  const lesson = document.getElementById("lesson");
  const solutions = [...lesson.querySelectorAll("details")].filter((node) => /^Solution/.test(node.querySelector("summary")?.textContent));
  if (!solutions.length || lesson.querySelector(".lesson-solutions")) return;
  const page = Object.assign(document.createElement("section"), { className: "lesson-solutions jp-RenderedHTMLCommon jp-MarkdownOutput" });
  page.innerHTML = "<h2>Solutions</h2>";
  for (const solution of solutions) {
    let task = solution.previousElementSibling;
    while (task && !/^\d+\.$/.test(task.querySelector(":scope > strong:first-child")?.textContent)) task = task.previousElementSibling;
    const written = document.createElement("div");
    written.append(...[...solution.childNodes].filter(({ localName }) => localName !== "summary").map((node) => node.cloneNode(true)));
    const number = task?.querySelector("strong").cloneNode(true);
    if (number) written.firstElementChild?.prepend(number, " ");
    page.append(written);
    solution.classList.add("lesson-solved");
  }
  lesson.append(page);
});
addEventListener("afterprint", () => {
  document.querySelector(".lesson-solutions")?.remove();
  for (const solution of document.querySelectorAll(".lesson-solved")) solution.classList.remove("lesson-solved");
});
