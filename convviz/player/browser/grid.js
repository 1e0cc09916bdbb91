/* A panel for keyboards and screen readers: cells with names over the painted ones, and a single Tab stop.

   A panel of numbers has an element for each cell. A panel in colours may have a million cells: it has one element,
   which stands for the cell that has the focus. */

import { clamp, element } from "./dom.js";

const PAGE_ROWS = 5;

export class Grid {
  constructor(stage, panel) {
    Object.assign(this, { stage, panel, at: [0, 0, 0] });
    this.el = element("div", { role: "grid", class: "convviz-grid" });
    this.el.addEventListener("keydown", (event) => this.press(event));
  }

  /* Whether this grid can stand for another picture's panel. */
  fits({ rows, columns, slices }) {
    const { panel } = this;
    return panel.rows === rows && panel.columns === columns && panel.slices.length === slices.length;
  }

  /* Take a picture's panel of the same shape. */
  adopt(panel) {
    this.panel = panel;
    this.el.setAttribute("aria-label", panel.title);
    this.el.dataset.panel = panel.name;
    this.place();
  }

  numberOf([slice, row, column]) {
    return (slice * this.panel.rows + row) * this.panel.columns + column;
  }

  cellNumbered(number) {
    const { rows, columns } = this.panel;
    return [Math.floor(number / (rows * columns)), Math.floor(number / columns) % rows, number % columns];
  }

  /* The cell of the same place, if there is one; else the one nearest to it. */
  nearest([slice, row, column]) {
    const { slices, rows, columns } = this.panel;
    return [clamp(slice, 0, slices.length - 1), clamp(row, 0, rows - 1), clamp(column, 0, columns - 1)];
  }

  name([slice, row, column], text) {
    const { title, slices, first, captions, each = "slice" } = this.panel;
    const called = /\D/.test(captions?.[slice] ?? "") ? captions[slice] : `${each} ${first + slice}`;
    const part = slices.length > 1 ? `, ${called}` : "";
    const place = `${title}${part}, row ${row + 1}, column ${column + 1}`;
    return text === undefined ? place : `${place}: ${text}`;
  }

  press(event) {
    const next = event.altKey || event.metaKey || event.shiftKey ? null : this.next(event.key, event.ctrlKey);
    if (!next || event.target.tagName === "INPUT") return;
    event.preventDefault();
    event.stopPropagation();
    this.focus(next);
  }

  /* The cell that a key leads to. Slices stand one below the other. */
  next(key, isFar) {
    const { rows, columns, slices } = this.panel;
    const [slice, row, column] = this.at;
    const [line, lines, page] = [slice * rows + row, slices.length * rows, slices.length > 1 ? rows : PAGE_ROWS];
    const to = (y, x) => {
      const [down, right] = [clamp(y, 0, lines - 1), clamp(x, 0, columns - 1)];
      return [Math.floor(down / rows), down % rows, right];
    };
    if (isFar) return { Home: to(0, 0), End: to(lines, columns) }[key];
    return {
      ArrowLeft: to(line, column - 1),
      ArrowRight: to(line, column + 1),
      ArrowUp: to(line - 1, column),
      ArrowDown: to(line + 1, column),
      Home: to(line, 0),
      End: to(line, columns),
      PageUp: to(line - page, column),
      PageDown: to(line + page, column),
    }[key];
  }

  /* Where a part of the picture is, as a share of it, so that it keeps its place in a picture that is scaled. */
  put(node, { x, y, width, height }) {
    const [across, down] = this.stage.picture.size;
    const share = (value, whole) => `${(100 * value) / whole}%`;
    Object.assign(node.style, { left: share(x, across), top: share(y, down) });
    Object.assign(node.style, { width: share(width, across), height: share(height, down) });
  }
}
