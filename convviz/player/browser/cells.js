/* The cells of a stage's panels: their grids, their names and texts, and which of them can be changed. */

import { attempt, box, focusedNear } from "./dom.js";
import { keyOf } from "./edits.js";
import { ColourGrid } from "./colour_grid.js";
import { Edges } from "./edges.js";
import { NumberGrid } from "./number_grid.js";
import { cellOf, isOfStep, pointerAt, stepOf } from "./terms.js";

export class Cells {
  constructor(stage, edits) {
    Object.assign(this, { stage, edits, grids: [], solved: new Map() });
    this.edges = new Edges(stage, edits);
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

  /* What the cell in colours says that has the focus: the kernel is asked, and undefined until it has answered. */
  read({ panel, at, node }) {
    const { film, number, shown, picture } = this.stage;
    if (focusedNear(node) !== node) return undefined;
    const asked = { picture: number, generation: picture.generation, key: shown, panel: panel.name, cell: at };
    const isNew = JSON.stringify(asked) !== JSON.stringify(this.asked);
    if (isNew) Object.assign(this, { asked, answer: undefined });
    if (isNew && shown !== undefined) attempt(() => film.model.send({ type: "read", ...asked }));
    return this.answer === "" ? this.absence(panel, at) : this.answer;
  }

  hear({ generation, key, panel, cell, text }) {
    const answered = { picture: this.stage.number, generation, key, panel, cell };
    if (JSON.stringify(answered) !== JSON.stringify(this.asked)) return;
    this.answer = text;
    this.write();
  }

  /* What a cell of an array is called where it can be edited. */
  nameOf(key) {
    for (const grid of this.grids) {
      const number = grid.cells?.findIndex(({ dataset }) => `${dataset.operand} ${dataset.cell}` === key) ?? -1;
      if (number >= 0) return grid.name(grid.cellNumbered(number));
    }
    return null;
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
    const key = `${panel.name} ${what} ${cell.join(" ")} ${isOfStep(panel.view) ? step : ""}`;
    if (!this.solved.has(key)) this.solved.set(key, solve(step));
    return this.solved.get(key);
  }

  /* Name all cells anew, after the frame on the canvas and what is being changed. */
  write() {
    this.edges.keepUp(this.grids);
    for (const grid of this.grids) {
      const texts = this.textsOf(grid.panel);
      grid.write((panel, cell, number) => {
        const text = texts[number] ?? "";
        const at = text === "" ? null : this.operandCell(panel, cell);
        const said = text || this.absence(panel, cell);
        return { text: said, operand: at && panel.edits, at, mark: this.markOf(panel, at) };
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
    this.edges.adopt(this.grids);
  }

  gridFor(panel, isWritten, old) {
    const Kind = isWritten ? NumberGrid : ColourGrid;
    const isSame = old instanceof Kind && old.fits(panel);
    const grid = isSame ? old : new Kind(this.stage, panel);
    grid.adopt(panel);
    grid.heir = old && !isSame && old.el.contains(focusedNear(old.el)) ? old.at : null;
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
}
