/* Pointing at a cell: what belongs to it is outlined in every panel of every picture, or its step is shown. */

import { isWhole, outlined } from "./outlines.js";
import { ownCell, pointerAt, pointerAtStep, related, standsForStep, stepOf } from "./terms.js";

export class Pointing {
  constructor(stage) {
    this.stage = stage;
    this.drawn = {}; // what each layer shows
  }

  /* The cell under a place on the page: {panel, cell}, or null. */
  cellAt({ clientX, clientY }) {
    const { picture, el } = this.stage;
    if (!picture) return null;
    const { left, top, width, height } = el.getBoundingClientRect();
    const [x, y] = [((clientX - left) / width) * picture.size[0], ((clientY - top) / height) * picture.size[1]];
    for (const panel of picture.panels) {
      // What stands above a slice, as stems do, belongs to its first row.
      const isIn = (s) => x >= s.x && x < s.x + s.width && y >= s.y - s.above && y < s.y + s.height;
      const slice = panel.slices.findIndex(isIn);
      if (slice < 0) continue;
      const piece = panel.slices[slice];
      const row = Math.max(0, Math.floor(((y - piece.y) / piece.height) * panel.rows));
      return { panel, cell: [slice, row, Math.floor(((x - piece.x) / piece.width) * panel.columns)] };
    }
    return null;
  }

  pointer(found) {
    return found?.panel.view && this.stage.picture.terms ? pointerAt(found.panel.view, found.cell) : null;
  }

  /* The step that a cell stands for, in panels where each cell stands for one; else null. */
  stepOf(pointer) {
    const { film } = this.stage;
    const { terms } = film.picture;
    if (!terms || !pointer || !standsForStep(terms, pointer)) return null;
    const step = stepOf(terms, pointer, film.stepAt(film.index()));
    return step !== null && film.indexOf(step) >= 0 ? step : null;
  }

  /* Stay at the step that a cell stands for; or have the channel that it is in shown large. */
  pin(found) {
    const { view, film, picture } = this.stage;
    const isAmongChannels = found && picture.channels && found.panel.slices.length > 1;
    const step = this.stepOf(this.pointer(found));
    if (step !== null) view.steering.goTo(film.indexOf(step));
    else if (isAmongChannels) view.enlarge(found.panel.first + found.cell[0]);
  }

  /* Outline what the cell pointed at has to do with; and, while a frame is on its way, where its window will be. */
  show(key) {
    const { stage } = this;
    const { terms } = stage.picture;
    const [step, ghost] = [stage.stepShown(), stage.view.ghost()];
    const pointer = stage.view.pointer();
    const late = terms && stage.shown !== key && key >= 0 ? pointerAtStep(terms, key) : null;
    const isOwn = late !== null && (!pointer || stage.previewed() !== null);
    this.draw(stage.outlines, isOwn ? late : pointer, step, isOwn);
    const isGhost = terms && key >= 0 && ghost !== step && stage.film.indexOf(ghost) >= 0;
    this.draw(stage.ghosts, isGhost ? pointerAtStep(terms, ghost) : null, step, true);
  }

  draw(layer, pointer, step, isStep) {
    const { picture } = this.stage;
    const wanted = pointer && `${picture.generation} ${step} ${isStep} ${JSON.stringify(pointer)}`;
    if (wanted === this.drawn[layer.className.baseVal]) return;
    this.drawn[layer.className.baseVal] = wanted;
    layer.replaceChildren(...(pointer && picture.terms ? this.blocks(pointer, step, isStep) : []));
  }

  blocks(pointer, step, isStep) {
    const { terms, panels } = this.stage.picture;
    const solve = (from) => panels.map(({ view }) => (view ? this.related(view, from, step) : []));
    const found = solve(pointer);
    // The picture itself shows what belongs to its step.
    if (!isStep && JSON.stringify(found) === JSON.stringify(solve(pointerAtStep(terms, step)))) return [];
    const isTelling = (panel, block) => !isWhole(panel, block) || (!isStep && isSingle(panel));
    return panels.flatMap((panel, at) =>
      found[at].filter((block) => isTelling(panel, block)).map((block) => outlined(panel, block)),
    );
  }

  /* Where the first slice is that belongs to a step; null where there is none. */
  spotOf(step) {
    const { terms, panels } = this.stage.picture;
    if (!terms || step < 0) return null;
    const panel = panels.find(({ view, slices }) => view && slices.length > 1);
    const [block] = panel ? this.related(panel.view, pointerAtStep(terms, step), step) : [];
    return block ? panel.slices[block.slices[0]] : null;
  }

  related(view, pointer, step) {
    const blocks = related(this.stage.picture.terms, pointer, view, step);
    const own = blocks.length ? null : ownCell(view, pointer);
    return own ? [{ slices: [own[0]], rows: [own[1]], columns: [own[2]] }] : blocks;
  }
}

const isSingle = ({ slices, rows, columns }) => slices.length * rows * columns === 1;
