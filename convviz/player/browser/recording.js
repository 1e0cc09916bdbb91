/* A recording: a player with all its frames, and what stands in for the kernel and answers messages with them. A saved page
   plays it (saved.js), and a module for pages of other people (embedded.js). */

import { player } from "./player.js";
import { filmed } from "./reel.js";
import { handOut, standIn } from "./stand_in.js";

export class Recording {
  constructor({ state, says, reels }) {
    Object.assign(this, { state, says, reels });
  }

  /* What each picture is made of, by its generation. */
  open() {
    const filmOf = async ([generation, says]) => {
      const reels = this.reels.filter((reel) => reel.generation === Number(generation));
      return [Number(generation), await filmed({ says, reels })];
    };
    this.films ??= Promise.all(Object.entries(this.says).map(filmOf)).then((films) => new Map(films));
    return this.films;
  }

  /* Play it in an element of the page; returns what ends that, once there is something to see. */
  async play(el, wishes = {}) {
    const films = await this.open();
    const model = modelOf({ ...this.state, ...wishes }, films, el.clientWidth || document.body.clientWidth);
    const widget = player();
    const clear = widget.initialize({ model });
    const leave = widget.render({ model, el });
    await appearance(el);
    return () => [leave, clear].forEach((end) => end());
  }
}

/* Wait until a picture is there: from now on, the player is as high as it will be. */
const appearance = (el) =>
  new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      resolve();
    });
    observer.observe(el, { subtree: true, attributeFilter: ["data-shown"] });
  });

function modelOf({ versions, ...state }, films, room) {
  const stepAt = ({ steps }) => steps[Math.min(state.index, steps.length - 1)];
  const fitting = (number, width) => {
    const some = versions[number];
    const picture = some.findLast(({ size }) => 0.65 * size[0] <= width) ?? some[0];
    return { ...picture, first: films.get(picture.generation)(stepAt(picture)) };
  };
  const model = standIn(state, {
    look({ picture: number, width }) {
      const picture = fitting(number, width);
      if (picture.generation === state.pictures[number].generation) return;
      model.set("pictures", state.pictures.with(number, picture));
    },
    want: (wish, tell) => handOut(wish.keys.map(films.get(wish.generation)), wish, tell),
  });
  state.pictures = versions.map((_, number) => fitting(number, room));
  return model;
}
