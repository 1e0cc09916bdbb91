/* Numbers are changed where they are drawn: typed, dragged, turned with keys, or pasted. */

import { Dial, asWritten } from "./dial.js";
import { NumberDrag } from "./drag.js";
import { isBlock, openField } from "./field.js";

const TURNS = { ArrowUp: [1, 1], ArrowDown: [-1, 1], PageUp: [1, 10], PageDown: [-1, 10] };
const BEGINS_NUMBER = /^[-−+.\d]$/;

export class Editing {
  constructor(stage, edits, signal) {
    Object.assign(this, { stage, edits });
    this.turned = null; // what is turned with keys: {found, dial}
    this.isClickSpent = false; // the click that ends a drag is none
    const on = (name, callback) => stage.el.addEventListener(name, callback, { signal });
    on("pointerdown", (event) => this.grasp(event));
    on("click", (event) => this.click(event));
    on("keydown", (event) => this.press(event));
    on("keyup", () => this.finishTurning());
    on("focusout", () => this.finishTurning());
    on("paste", (event) => this.paste(event));
  }

  /* The cell that an event is about, if it can be edited and no field is open over it. */
  find(event) {
    const node = event.target.closest("[data-operand]");
    if (!node || event.target.tagName === "INPUT") return null;
    const grid = this.stage.gridOf(node);
    const at = node.dataset.cell.split(" ").map(Number);
    return { node, grid, cell: grid.cellOfElement(node), operand: node.dataset.operand, at };
  }

  send({ operand, at }, text, isLive = false) {
    this.edits.edit(this.stage.number, operand, at, text, isLive);
  }

  grasp(event) {
    this.isClickSpent = false;
    const found = event.button === 0 && event.isPrimary ? this.find(event) : null;
    if (!found) return;
    const root = this.stage.view.el;
    new NumberDrag(event, found.node, this.stage.textAt(found.grid, found.cell), {
      start: () => root.classList.add("convviz-dragging"),
      turn: (text) => this.send(found, asWritten(text), true),
      end: (text) => {
        root.classList.remove("convviz-dragging");
        this.isClickSpent = text !== null;
        if (text !== null) this.send(found, asWritten(text));
      },
    });
  }

  click(event) {
    if (event.target.closest("input, button")) return;
    const found = this.find(event);
    if (this.isClickSpent) this.isClickSpent = false;
    else if (found) this.open(found);
    else this.stage.pin(this.stage.cellAt(event));
  }

  press(event) {
    const cell = event.target.closest("[role=gridcell]");
    if (!cell || event.target.tagName === "INPUT") return;
    const found = this.find(event);
    const turn = event.altKey && !event.ctrlKey && TURNS[event.key];
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (!found && event.key === "Enter" && isPlain) this.stage.pin(this.stage.cellOfNode(cell));
    else if (found && turn) this.turn(found, ...turn);
    else if (found && isPlain && ["Enter", "F2"].includes(event.key)) this.open(found);
    else if (found && isPlain && ["Backspace", "Delete"].includes(event.key)) this.open(found, "");
    else if (found && isPlain && BEGINS_NUMBER.test(event.key)) this.open(found, event.key);
    else if (found && event.key === "Escape") this.edits.forgive(found.operand, found.at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  turn(found, ticks, factor) {
    if (this.turned?.found.node !== found.node) {
      this.finishTurning();
      this.turned = { found, dial: new Dial(this.stage.textAt(found.grid, found.cell)) };
    }
    this.send(found, asWritten(this.turned.dial.turn(ticks, factor)), true);
  }

  finishTurning() {
    const { turned } = this;
    this.turned = null;
    if (turned) this.send(turned.found, asWritten(turned.dial.text));
  }

  /* Open a field over the cell; `begun` is what was typed already. */
  open(found, begun) {
    const { node, grid, cell } = found;
    const before = this.stage.textAt(grid, cell).replace("≈", "");
    const commit = (text, event) => {
      if (text.trim() !== before.replace("−", "-")) this.send(found, text);
      if (event) this.leave(event, grid, cell, node);
    };
    const cancel = () => {
      this.edits.forgive(found.operand, found.at);
      node.focus();
    };
    const paste = (text) => {
      node.focus();
      this.edits.paste(this.stage.number, found.operand, found.at, text);
    };
    const field = openField(node, grid.name(cell), begun ?? before.replace("−", "-"), { commit, cancel, paste });
    if (begun) field.setSelectionRange(begun.length, begun.length);
  }

  /* After Tab, the next cell; after the last one, what comes after the grid. */
  leave(event, grid, cell, node) {
    node.focus();
    if (event.key !== "Tab") return;
    const number = grid.numberOf(cell) + (event.shiftKey ? -1 : 1);
    if (number < 0 || number >= grid.cells.length) return;
    event.preventDefault();
    grid.focus(grid.cellNumbered(number));
  }

  paste(event) {
    const found = this.find(event);
    if (!found) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    if (isBlock(text)) this.edits.paste(this.stage.number, found.operand, found.at, text);
    else this.send(found, text.trim());
  }
}
