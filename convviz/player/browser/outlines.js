/* Lines around the cells of a panel that belong together, drawn over the picture. */

import { element } from "./dom.js";

/* Neighbouring numbers together, as [first, end]: 1 2 3 5 becomes [1, 4] and [5, 6]. */
function runs(numbers, reach) {
  const found = [];
  for (const number of numbers) {
    if (found.length && number < found.at(-1)[1] + reach) found.at(-1)[1] = number + 1;
    else found.push([number, number + 1]);
  }
  return found;
}

/* The borders around the cells of one slice, as an SVG path; gaps under 3 pixels are closed, none would see them. */
function borders({ rows, columns }, piece, block) {
  const [w, h] = [piece.width / columns, piece.height / rows];
  const across = runs(block.columns, Math.max(1, 3 / w));
  const around = (top, bottom) => ([left, right]) =>
    `M${piece.x + left * w} ${piece.y + top * h}h${(right - left) * w}v${(bottom - top) * h}h${(left - right) * w}z`;
  return runs(block.rows, Math.max(1, 3 / h)).flatMap(([top, bottom]) => across.map(around(top, bottom))).join("");
}

/* Some cells of a panel in outline: a light line under a dark one, to be seen on any ground. */
export function outlined(panel, block) {
  const d = block.slices.map((number) => borders(panel, panel.slices[number], block)).join("");
  const about = {
    "data-panel": panel.name,
    "data-slices": block.slices.join(" "),
    "data-rows": block.rows.join(" "),
    "data-columns": block.columns.join(" "),
  };
  return element("g", about, ...["halo", "line"].map((name) => element("path", { d, class: `convviz-${name}` })));
}

/* Whether a block is all of a panel: to outline it says nothing. */
export const isWhole = (panel, { slices, rows, columns }) =>
  slices.length * rows.length * columns.length === panel.slices.length * panel.rows * panel.columns;
