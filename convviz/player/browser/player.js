/* The convviz Player in the browser: it holds rendered frames and shows the one at `index`, without asking the kernel.

   film.js       the frames of one picture, shared by all views of a model
   edits.js      what is changed in the pictures, on its way to the kernel, shared likewise
   view.js       a place on the page: stages side by side, caption, controls
   prints.js     the steps that are shown on paper
   stage.js      one picture in a view: its canvas, outlines (pointing.js), cells (cells.js) and editing (editing.js)
   terms.js      the index notation that says which cells belong together, as convviz/terms.py does

   Pages and tests may rely on these hooks:
   .convviz-player    data-shown (key of the frame on the canvas: its step, or −flips … −1), data-generation (of which
                      picture), aria-busy (a frame that is wanted is still to come), data-dark
   .convviz-stage     one a picture: data-picture (its number), data-shown, data-generation; data-unsized while a picture
                      for the room at hand is still to come
   .convviz-caption, .convviz-readout, .convviz-alert
   .convviz-print     one step on paper: each of its pictures has data-shown when it is painted
   .convviz-outlines  g[data-panel] with data-slices, data-rows, data-columns: each row with each column of each slice
   .convviz-ghosts    the same, of the step that is dashed
   [role=grid]        data-panel; its cells have data-operand and data-cell where they can be edited, and data-mark
                      ("pending", "refused")
   the names (aria-label) of all buttons, fields, grids and cells */

import { Edits } from "./edits.js";
import { Film } from "./film.js";
import { View } from "./view.js";

/* Called once for each model. */
export const player = () => {
  let films, edits;
  return {
    initialize({ model }) {
      films = model.get("pictures").map((_, number) => new Film(model, number));
      edits = new Edits(model, films);
      return () => films.forEach((film) => film.clear());
    },
    render({ model, el }) {
      const view = new View(model, films, edits, el);
      return () => view.dispose();
    },
  };
};

export default player;
