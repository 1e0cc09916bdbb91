/* The handles of a stage: beside each array that can be edited, to add and remove rows and columns. */

import { Handles } from "./handles.js";
import { NumberGrid } from "./number_grid.js";
import { axisOf } from "./terms.js";

const HANDLE_PX = 28;

export class Edges {
  constructor(stage, edits) {
    Object.assign(this, { stage, edits, toolbars: new Map() });
  }

  /* Take new grids. Handles stand beside the first one that does not show another part of its array at each step. */
  adopt(grids) {
    this.wasEditable = this.edits.isEditable;
    const { terms } = this.stage.picture;
    const found = new Map();
    for (const grid of terms && this.wasEditable ? grids : []) {
      const { edits, view } = grid.panel;
      if (!(grid instanceof NumberGrid) || !edits || !view || found.has(edits)) continue;
      const axes = [1, 2].map((axis) => axisOf(terms, edits, view, axis));
      const counted = axes.map((axis) => ({ axis, count: terms.operands[edits][axis]?.size }));
      if (axes.some((axis) => axis >= 0)) found.set(edits, { grid, counted });
    }
    for (const [operand, { el }] of this.toolbars) {
      if (!found.has(operand) && this.toolbars.delete(operand)) el.remove();
    }
    for (const [operand, { grid, counted }] of found) this.put(this.handlesOf(operand), grid, counted);
  }

  /* Take the handles away, or bring them back, where the player becomes editable or ceases to be. */
  keepUp(grids) {
    if (this.wasEditable !== this.edits.isEditable) this.adopt(grids);
  }

  handlesOf(operand) {
    const resize = (axis, by) => this.edits.resize(this.stage.number, operand, axis, by);
    if (!this.toolbars.has(operand)) this.toolbars.set(operand, new Handles(resize));
    return this.toolbars.get(operand);
  }

  /* Beside the panel's edges; below it where they would cover what is above it or beside it, or not fit there:
     the layout has left room for them (`below_px` in scenes/layout/box.py). */
  put(handles, grid, counted) {
    const { title, heading, slices } = grid.panel;
    const [across, down] = this.stage.picture.size;
    const { style, classList } = handles.el;
    const least = (start) => Math.min(...slices.map((slice) => slice[start]));
    const most = (start, size) => Math.max(...slices.map((slice) => slice[start] + slice[size]));
    const [left, right, top, bottom] = [least("x"), most("x", "width"), least("y"), most("y", "height")];
    handles.adopt(title, counted);
    if (grid.el.nextSibling !== handles.el) grid.el.after(handles.el);
    const hasRows = counted[0].axis >= 0;
    classList.toggle("convviz-tight", hasRows && (right + HANDLE_PX > across || bottom - top < 4 * HANDLE_PX));
    const isTaken = slices.length > 1 || slices.some(({ above }) => above);
    classList.toggle("convviz-low", isTaken || right - left < heading + 2 * HANDLE_PX);
    const sides = { left: left / across, right: right / across, top: top / down, bottom: bottom / down };
    for (const [name, share] of Object.entries(sides)) style.setProperty(`--convviz-${name}`, `${100 * share}%`);
  }
}
