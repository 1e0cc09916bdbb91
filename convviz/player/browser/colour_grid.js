/* The grid of a panel in colours: one element, which stands for the cell that has the focus. */

import { element, set } from "./dom.js";
import { Grid } from "./grid.js";

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
    made.addEventListener("focus", () => this.write());
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
    set(node, "aria-label", this.name(this.at, this.stage.cells.read(this)));
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

  /* What the cell says is asked for while it has the focus. */
  write() {
    this.point(this.node);
  }
}
