/* Steering by buttons, keys and the slider: everything acts on the model's index, the one mutable fact. */

const KEYS = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last", " ": "play" };

export class Steering {
  constructor(view) {
    this.view = view;
  }

  press(event) {
    const isNative = { SELECT: true, INPUT: event.key !== " ", BUTTON: event.key === " " }[event.target.tagName];
    if (!KEYS[event.key] || isNative || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(KEYS[event.key]);
  }

  act(name) {
    const { view } = this;
    if (!view.pictures.every(Boolean)) return;
    const [index, last] = [view.model.get("index"), view.count - 1];
    if (name === "play") view.playback.isPlaying ? view.playback.pause() : view.playback.play();
    if (name === "first") this.go(0);
    if (name === "previous") this.go(Math.max(0, index - 1));
    if (name === "next") this.go(Math.max(index, Math.min(index + 1, last)));
    if (name === "last") this.go(last);
  }

  go(index) {
    const { view } = this;
    view.playback.yield();
    view.point(null);
    view.save("index", index);
    view.show();
  }

  /* Dragged over many more steps than it has pixels, the slider takes one that is at hand within three pixels. */
  slide(slider, isDragged) {
    const { film } = this.view.stages[0];
    const index = Number(slider.value);
    const reach = isDragged ? Math.floor((3 * this.view.count) / slider.clientWidth) : 0;
    const far = (other) => Math.abs(other - index);
    const held = reach ? [...film.held.keys()].map((key) => film.indexOf(key)) : [];
    const near = held.filter((other) => other >= 0 && far(other) <= reach);
    this.go(near.reduce((best, other) => (best === null || far(other) < far(best) ? other : best), null) ?? index);
  }

  /* Go to the same cell of another map. */
  goToMap(number) {
    const { film } = this.view.stages.find(({ picture }) => picture.maps > 1);
    const cells = film.stepsOfMap();
    this.goTo(film.indexOf(number * cells + (film.stepAt(film.index()) % cells)));
  }

  goTo(index) {
    if (index >= 0) this.go(index);
  }
}
