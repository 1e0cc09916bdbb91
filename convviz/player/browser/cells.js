/* The cells of a stage's panels: their grids, their names and texts, and which of them can be changed. */

import { attempt, box } from "./dom.js";
import { keyOf } from "./edits.js";
import { ColourGrid, NumberGrid, fits } from "./grid.js";
import { Handles } from "./handles.js";
import { axisOf, cellOf, pointerAt, stepOf } from "./terms.js";

const [HANDLE_PX, LETTER_PX] = [32, 9];

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

  /* What the cell in colours says that has the focus: the kernel is asked, and undefined until it has answered. */
  read({ panel, at, node }) {
    const { film, number, shown, picture } = this.stage;
    if (document.activeElement !== node) return undefined;
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
    if (this.wasEditable !== this.edits.isEditable) this.takeHandles();
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
    this.takeHandles();
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

  /* Handles stand beside the first panel of an array that does not show another part of it at each step. */
  takeHandles() {
    this.wasEditable = this.edits.isEditable;
    const { terms } = this.stage.picture;
    const found = new Map();
    for (const grid of terms && this.wasEditable ? this.grids : []) {
      const { edits, view } = grid.panel;
      if (!(grid instanceof NumberGrid) || !edits || !view || found.has(edits)) continue;
      const axes = [1, 2].map((axis) => axisOf(terms, edits, view, axis));
      if (axes.some((axis) => axis >= 0)) found.set(edits, { grid, axes });
    }
    for (const [operand, { el }] of this.toolbars) if (!found.has(operand) && this.toolbars.delete(operand)) el.remove();
    for (const [operand, { grid, axes }] of found) {
      const { el } = this.handlesFor(operand, axes.map((axis) => ({ axis, count: terms.operands[operand][axis]?.size })), grid);
      if (grid.el.nextSibling !== el) grid.el.after(el);
      this.placeHandles(el, grid.panel);
    }
  }

  handlesFor(operand, axes, { panel }) {
    const resize = (axis, by) => this.edits.resize(this.stage.number, operand, axis, by);
    const handles = this.toolbars.get(operand) ?? new Handles(resize);
    this.toolbars.set(operand, handles);
    handles.adopt(panel.title, axes);
    return handles;
  }

  /* Beside the panel's edges; below it where a pair of them would cover its title, or not fit beside it. */
  placeHandles({ style, classList }, { title, slices }) {
    const [across, down] = this.stage.picture.size;
    const ends = (start, size) => [Math.min(...slices.map((s) => s[start])), Math.max(...slices.map((s) => s[start] + s[size]))];
    const [[left, right], [top, bottom]] = [ends("x", "width"), ends("y", "height")];
    classList.toggle("convviz-tight", right + HANDLE_PX > across);
    classList.toggle("convviz-low", right - left < 2 * HANDLE_PX + LETTER_PX * title.length);
    const sides = { left: left / across, right: right / across, top: top / down, bottom: bottom / down };
    for (const [name, share] of Object.entries(sides)) style.setProperty(`--convviz-${name}`, `${100 * share}%`);
  }
}
