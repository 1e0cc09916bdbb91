/* The cells of a stage's panels: their grids, their names and texts, and which of them can be changed. */

import { box } from "./dom.js";
import { keyOf } from "./edits.js";
import { ColourGrid, NumberGrid, fits } from "./grid.js";
import { Handles } from "./handles.js";
import { axisOf, cellOf, pointerAt, stepOf } from "./terms.js";

export class Cells {
  constructor(stage, edits) {
    Object.assign(this, { stage, edits, grids: [], toolbars: new Map(), solved: new Map() });
    this.el = box("cells");
  }

  gridOf(node) {
    return this.grids.find((grid) => grid.el.contains(node));
  }

  /* What an element stands for: {panel, cell}, or null. */
  find(node) {
    const grid = this.gridOf(node);
    const cell = grid?.cellOfElement(node.closest("[role=gridcell]"));
    return cell ? { panel: grid.panel, cell } : null;
  }

  /* -- what stands in a cell -- */

  textsOf(panel) {
    return panel.texts ?? this.stage.frame?.texts?.[panel.name] ?? [];
  }

  /* The text of a cell as the learner sees it: what was typed last, or what the picture shows. */
  shownAt(grid, cell) {
    const operand = this.operandCell(grid.panel, cell);
    return this.markOf(grid.panel, operand)?.text ?? this.textsOf(grid.panel)[grid.numberOf(cell)];
  }

  markOf({ edits }, at) {
    return at ? this.edits.marks.get(keyOf(edits, at)) : undefined;
  }

  /* The cell of an array that is edited through a cell of a panel, or null: borders and sums cannot be. */
  operandCell(panel, cell) {
    const { terms } = this.stage.picture;
    if (!panel.edits || !panel.view || !terms || !this.edits.isEditable) return null;
    return this.remember(panel, "operand", cell, (step) => cellOf(terms, panel.edits, panel.view, cell, step));
  }

  /* Why nothing stands in a cell: its step is still to come, or there is nothing to stand there. */
  absence(panel, cell) {
    const { terms } = this.stage.picture;
    if (this.stage.shown < 0 || !panel.view || !terms) return "not computed yet";
    const solve = (step) => stepOf(terms, pointerAt(panel.view, cell), step) ?? -1;
    return this.remember(panel, "steps", cell, solve) > this.stage.stepShown() ? "not computed yet" : "empty";
  }

  /* What is solved once stays: for all steps, unless the panel shows another part at each. */
  remember(panel, what, cell, solve) {
    const step = this.stage.stepShown();
    const key = `${panel.name} ${what} ${cell.join(" ")} ${panel.view.fixed.length ? step : ""}`;
    if (!this.solved.has(key)) this.solved.set(key, solve(step));
    return this.solved.get(key);
  }

  /* Name all cells anew, after the frame on the canvas and what is being changed. */
  write() {
    for (const grid of this.grids) {
      const texts = this.textsOf(grid.panel);
      grid.write((panel, cell, number) => {
        const text = texts[number] ?? "";
        const at = text === "" ? null : this.operandCell(panel, cell);
        return { text: text || this.absence(panel, cell), operand: at && panel.edits, at, mark: this.markOf(panel, at) };
      });
    }
  }

  /* -- a new picture -- */

  adopt(picture) {
    const declared = JSON.stringify([picture.terms, picture.panels.map(({ view }) => view)]);
    if (declared !== this.declared) this.solved.clear();
    this.declared = declared;
    const before = new Map(this.grids.map((grid) => [grid.panel.name, grid]));
    const isWritten = ({ texts, name }) => Boolean(texts ?? picture.first.texts?.[name]);
    const panels = picture.panels.filter((panel) => panel.slices.length);
    this.grids = panels.map((panel) => this.gridFor(panel, isWritten(panel), before.get(panel.name)));
    this.arrange();
    this.takeHandles(panels.filter(isWritten));
  }

  gridFor(panel, isWritten, old) {
    const isSame = old && fits(old, panel, isWritten);
    const grid = isSame ? old : new (isWritten ? NumberGrid : ColourGrid)(this.stage, panel);
    grid.adopt(panel);
    grid.heir = old && !isSame && old.el.contains(document.activeElement) ? old.at : null;
    return grid;
  }

  /* Put new grids in their place; those that were there are not moved, for that would take the focus from them. */
  arrange() {
    const kept = new Set(this.grids.map(({ el }) => el));
    const heirs = this.grids.filter(({ heir }) => heir);
    let before = null;
    for (const { el } of this.grids) {
      if (!el.isConnected || el.parentNode !== this.el) before ? before.after(el) : this.el.prepend(el);
      before = el;
    }
    for (const el of this.el.querySelectorAll("[role=grid]")) if (!kept.has(el)) el.remove();
    for (const grid of heirs) grid.focus(grid.nearest(grid.heir));
  }

  /* Handles stand beside the first panel that shows all of an array. */
  takeHandles(panels) {
    const { terms } = this.stage.picture;
    const found = new Map();
    for (const panel of terms && this.edits.isEditable ? panels : []) {
      if (!panel.edits || !panel.view || panel.view.fixed.length || found.has(panel.edits)) continue;
      const axes = [1, 2].map((axis) => axisOf(terms, panel.edits, panel.view, axis));
      const sized = axes.map((axis) => ({ axis, count: terms.operands[panel.edits][axis]?.size }));
      if (axes.some((axis) => axis >= 0)) found.set(panel.edits, { panel, sized });
    }
    for (const [operand, { el }] of this.toolbars) if (!found.has(operand) && this.toolbars.delete(operand)) el.remove();
    for (const [operand, { panel, sized }] of found) {
      this.handlesFor(operand).adopt(panel.title, sized);
      this.placeHandles(operand, panel);
    }
  }

  handlesFor(operand) {
    if (!this.toolbars.has(operand)) {
      const made = new Handles((axis, by) => this.edits.resize(this.stage.number, operand, axis, by));
      this.toolbars.set(operand, made);
      this.el.append(made.el);
    }
    return this.toolbars.get(operand);
  }

  placeHandles(operand, { slices }) {
    const [across, down] = this.stage.picture.size;
    const right = Math.max(...slices.map(({ x, width }) => x + width));
    const bottom = Math.max(...slices.map(({ y, height }) => y + height));
    const top = Math.min(...slices.map(({ y }) => y));
    const { style } = this.toolbars.get(operand).el;
    for (const [name, value, whole] of [["right", right, across], ["bottom", bottom, down], ["top", top, down]]) {
      style.setProperty(`--convviz-${name}`, `${(100 * value) / whole}%`);
    }
  }
}
