/* Playing, and the flip of the kernel that comes before step 0: what moves by itself. */

const [FLIP_MS, FLIP_PAUSE_MS] = [1000 / 24, 500];

export class Playback {
  constructor(view) {
    this.view = view;
    this.isPlaying = false;
    this.flipping = null; // the key of the flip's frame that is due, while it goes on
    this.isFlipDue = false; // the flip is yet to be shown of its own accord
  }

  get isFlipNear() {
    return this.isFlipDue || this.flipping !== null;
  }

  /* The key of the frame that is due of a picture with so many frames of a flip; null where none is. */
  flipKey(flips) {
    return this.flipping !== null && flips ? Math.max(this.flipping, -flips) : null;
  }

  play() {
    const { view } = this;
    this.stopFlip();
    view.point(null);
    this.isPlaying = true;
    if (view.model.get("index") >= view.count - 1) view.save("index", 0);
    this.pace();
    view.show();
  }

  pause() {
    this.isPlaying = false;
    this.pace();
    this.view.show();
  }

  /* Stop everything, for somebody steps by hand. */
  yield() {
    this.isPlaying = false;
    this.stopFlip();
  }

  startFlip() {
    const { flips } = this.view;
    if (!flips) return;
    this.isPlaying = false;
    this.isFlipDue = false;
    this.view.point(null);
    this.flipping = -flips;
    this.view.show();
  }

  /* Show the flip of its own accord, but not before all of it is at hand. */
  flipWhenReady() {
    if (this.isFlipDue && this.view.hasFlip()) this.startFlip();
  }

  stopFlip() {
    this.flipping = null;
    this.isFlipDue = false;
    this.timer = clearTimeout(this.timer);
  }

  /* With the frame that is due on the canvas, wait until the next is due; a late one is waited for, never skipped. */
  pace() {
    const { view } = this;
    this.timer = clearTimeout(this.timer);
    const isMoving = this.isPlaying || this.flipping !== null;
    if (!isMoving || view.isLate() || view.isPreviewing()) return;
    const flip = this.flipping === -view.flips ? FLIP_PAUSE_MS : FLIP_MS;
    this.timer = setTimeout(() => this.advance(), this.flipping === null ? view.interval() : flip);
  }

  advance() {
    const { view } = this;
    this.timer = null;
    const next = view.model.get("index") + 1;
    if (this.flipping !== null) this.flipping = this.flipping < -1 ? this.flipping + 1 : null;
    else if (next < view.count) view.save("index", next);
    else if (view.model.get("loop")) view.save("index", 0);
    else this.isPlaying = false;
    view.show();
  }
}
