/* What was baked of a page: its first pictures, in the width and the colours that fit, the frames of its steps, fetched
   when somebody looks at them, and what is said at each step. */

import { filmed } from "../../../player/browser/reel.js";
import { bytesOf, handOut } from "../../../player/browser/stand_in.js";

const [MIDDLE, NARROW] = [900, 600]; // up to so many pixels, a window is one of those

const pageNow = () => {
  const width = innerWidth > MIDDLE ? "wide" : innerWidth > NARROW ? "middle" : "narrow";
  return `${width}-${document.body.dataset.jpThemeLight === "false" ? "dark" : "light"}`;
};

const jsonOf = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  return answer.json();
};

/* Lists the parts of a tree that have a state. */
const partsOf = (tree) => (tree.children ? tree.children.flatMap(partsOf) : [tree]);

export class Baked {
  constructor(folder, name) {
    Object.assign(this, { folder, name, page: pageNow(), generation: 0, films: new Map(), said: {} });
  }

  address(what) {
    return `${this.folder}${this.name}-${what}.json`;
  }

  async open() {
    const early = await globalThis.lessonOpening;
    return early ?? jsonOf(this.address(this.page));
  }

  async readSteps() {
    const { links, said } = await jsonOf(this.address("steps"));
    this.said = said;
    return { links };
  }

  /* The state of a widget to begin with. */
  started({ state, flips }) {
    if (!state.pictures) return state;
    return { hover: "", ...state, pictures: this.picturesOf(state, flips) };
  }

  picturesOf({ pictures }, flips) {
    return pictures.map(({ frames: [{ png, ...first }], ...picture }, number) => ({
      ...picture,
      flips: flips[number],
      generation: this.generation,
      revision: 1,
      first: { ...first, png: bytesOf(png) },
    }));
  }

  /* -- at another step, what is said is another thing -- */

  follow(models) {
    for (const [player, steps] of Object.entries(this.said)) {
      const model = models.get(Number(player));
      const first = this.firstOf(steps, models);
      const show = () => {
        if (this.isOver) return;
        const now = new Map(first.map(([id, name, value]) => [`${id} ${name}`, [id, name, value]]));
        for (const [id, name, value] of steps[model.get("index")] ?? []) now.set(`${id} ${name}`, [id, name, value]);
        for (const [id, name, value] of now.values()) models.get(id).take(name, value);
      };
      model.on("change:index", show);
      if (model.get("index") in steps) show();
    }
  }

  firstOf(steps, models) {
    const named = new Map(Object.values(steps).flat().map(([id, name]) => [`${id} ${name}`, [id, name]]));
    return [...named.values()].map(([id, name]) => [id, name, models.get(id).get(name)]);
  }

  /* -- frames -- */

  filmsOf(id) {
    const key = `${this.generation} ${id}`;
    if (!this.films.has(key)) this.films.set(key, jsonOf(this.address(`${this.page}-${id}`)).then((films) => Promise.all(films.map(filmed))));
    return this.films.get(key);
  }

  /* Hand out the frames that are there; whether the most wanted one is among them. */
  async hand(model, id, wish) {
    const films = await this.filmsOf(id);
    const frames = wish.keys.map(films[wish.picture]);
    handOut(frames, wish, model.tell);
    return Boolean(frames[0]);
  }

  /* Whether the window has become another one: pictures that fit it are then on their way. */
  async fit(models) {
    const page = pageNow();
    if (page === this.page) return;
    Object.assign(this, { page, generation: this.generation - 1 });
    const parts = Object.values(await jsonOf(this.address(page))).flatMap(partsOf);
    if (this.isOver || page !== this.page) return;
    for (const { id, state, flips } of parts) if (flips) models.get(id).take("pictures", this.picturesOf(state, flips));
  }
}
