/* A panel for keyboards and screen readers: cells with names over the painted ones, and a single Tab stop.

   A panel of numbers has an element for each cell. A panel in colours may have a million cells: it has one element,
   which stands for the cell that has the focus. */

import { clamp, element } from "./dom.js";

const PAGE_ROWS = 5;

class Grid {
  constructor(stage, panel) {
    Object.assign(this, { stage, panel, at: [0, 0, 0] });
    this.el = element("div", { role: "grid", class: "convviz-grid" });
    this.el.addEventListener("keydown", (event) => this.press(event));
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
    const { title, slices, first, captions } = this.panel;
    const part = slices.length > 1 || first ? `, ${captions?.[slice] ?? `slice ${first + slice}`}` : "";
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

/* The cells of a panel whose numbers are written. */
export class NumberGrid extends Grid {
  constructor(stage, panel) {
    super(stage, panel);
    const { rows, columns, slices } = panel;
    const cells = (slice, row) => Array.from({ length: columns }, (_, column) => this.make([slice, row, column]));
    const line = (slice) => (_, row) => element("div", { role: "row" }, ...cells(slice, row));
    this.cells = [];
    this.parts = slices.map((_, slice) =>
      element("div", { role: "rowgroup", class: "convviz-slice" }, ...Array.from({ length: rows }, line(slice))),
    );
    this.el.append(...this.parts);
    this.cells[0].tabIndex = 0;
  }

  make(cell) {
    const made = element("div", { role: "gridcell", class: "convviz-cell", tabindex: -1 });
    made.addEventListener("focus", () => this.rove(cell));
    this.cells.push(made);
    return made;
  }

  place() {
    this.parts.forEach((part, slice) => this.put(part, this.panel.slices[slice]));
  }

  elementAt(cell) {
    return this.cells[this.numberOf(cell)];
  }

  cellOfElement(node) {
    const number = this.cells.indexOf(node);
    return number < 0 ? null : this.cellNumbered(number);
  }

  rove(cell) {
    this.elementAt(this.at).tabIndex = -1;
    this.at = cell;
    this.elementAt(cell).tabIndex = 0;
  }

  focus(cell) {
    this.elementAt(cell).focus();
  }

  /* Name the cells after what stands in them, and mark those that can be changed and those that were. */
  write(about) {
    this.cells.forEach((node, number) => {
      const cell = this.cellNumbered(number);
      const { text, operand, at, mark } = about(this.panel, cell, number);
      const said = mark ? mark.text : text;
      set(node, "aria-label", this.name(cell, mark?.reason ? `${said}, refused` : said));
      set(node, "data-operand", operand);
      set(node, "data-cell", at?.join(" "));
      set(node, "aria-readonly", operand ? null : "true");
      set(node, "aria-invalid", mark?.reason ? "true" : null);
      set(node, "data-mark", mark ? (mark.reason ? "refused" : "pending") : null);
      set(node, "data-text", mark?.text);
    });
    set(this.el, "aria-readonly", this.cells.some((node) => node.dataset.operand) ? null : "true");
  }
}

/* The one cell that moves over a panel in colours. */
export class ColourGrid extends Grid {
  constructor(stage, panel) {
    super(stage, panel);
    set(this.el, "aria-readonly", "true");
    set(this.el, "aria-colcount", panel.columns);
    set(this.el, "aria-rowcount", panel.rows * panel.slices.length);
    this.row = element("div", { role: "row" });
    this.el.append(this.row);
  }

  place() {
    if (this.node) this.point(this.node);
    else this.stand();
  }

  /* A new element for each cell: one that is renamed while it has the focus is not read out. */
  stand() {
    const [before, made] = [this.node, element("div", { role: "gridcell", class: "convviz-cell", tabindex: 0 })];
    this.node = made;
    this.point(made);
    this.row.append(made);
    return before;
  }

  point(node) {
    const { rows, columns, slices } = this.panel;
    const [slice, row, column] = this.at;
    const [piece, width, height] = [slices[slice], slices[slice].width / columns, slices[slice].height / rows];
    this.put(node, { x: piece.x + column * width, y: piece.y + row * height, width, height });
    set(node, "aria-colindex", column + 1);
    set(this.row, "aria-rowindex", slice * rows + row + 1);
    set(node, "aria-label", this.name(this.at));
  }

  elementAt() {
    return this.node;
  }

  cellOfElement(node) {
    return node === this.node ? this.at : null;
  }

  focus(cell) {
    this.at = cell;
    const before = this.stand();
    this.node.focus();
    before.remove();
  }

  write() {}
}

/* Attributes are written only where they change: a page of many cells stays quick. */
function set(node, name, value) {
  if (value == null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/* Whether a grid can stand for a panel: of the same kind and shape. */
export function fits(grid, panel, isWritten) {
  const same = ["rows", "columns"].every((name) => grid.panel[name] === panel[name]);
  return same && grid instanceof NumberGrid === isWritten && grid.panel.slices.length === panel.slices.length;
}
