/* The grid of a panel whose numbers are written: an element for each cell. */

import { element, set } from "./dom.js";
import { Grid } from "./grid.js";

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
    this.parts.forEach((part, number) => {
      const slice = this.panel.slices[number];
      this.put(part, slice);
      part.style.setProperty("--convviz-above", `${(100 * this.panel.rows * slice.above) / slice.height}%`);
    });
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
    const isEditable = this.cells.some((node) => node.dataset.operand);
    set(this.el, "aria-readonly", isEditable ? null : "true");
    set(this.el, "aria-describedby", isEditable ? this.stage.view.hint.id : null);
  }
}
