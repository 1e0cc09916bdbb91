/* A film is the frames of one picture of a player: compressed, decoded, and what to ask the kernel for.

   A step has a number; a frame has a key: that of its step, or −flips … −1 for the frames of the kernel's flip, which
   come before step 0. The index counts the steps that there are: a saved page may hold an excerpt. */

import { attempt, clamp, range } from "./dom.js";

const HELD_BYTES = 64 * 2 ** 20;
const DECODED_BYTES = 96 * 2 ** 20;
const [BATCH, NEARBY, COMB, AHEAD] = [48, 256, 64, 3];
const [NEAREST, STAY_MS] = [5, 1500];

export class Film {
  constructor(model, number) {
    Object.assign(this, { model, number });
    this.channel = 0; // the one shown large where there are too many
    this.isHeldBack = false; // while a number is dragged, only the frame that is looked at is wanted
    this.stages = new Set(); // where it is shown
    this.held = new Map(); // key -> {caption, texts, paint, size}
    this.bitmaps = new Map(); // key -> ImageBitmap, the longest unused first
    this.clear();
    model.on("change:pictures", () => this.load());
    model.on("msg:custom", (message, buffers) => this.receive(message, buffers));
    this.load();
  }

  load() {
    const picture = this.model.get("pictures")?.[this.number];
    if (!picture?.first || picture.generation === this.picture?.generation) return;
    this.clear();
    this.picture = picture;
    const { key, png, ...first } = picture.first;
    this.hold(key, first, png);
    this.decode(key);
    this.staying = setTimeout(() => this.stay(), STAY_MS);
  }

  clear() {
    this.hasStayed = false; // the picture may soon be another one
    clearTimeout(this.staying);
    this.bitmaps.forEach((bitmap) => bitmap.close());
    this.bitmaps.clear();
    this.held.clear();
    this.bytes = 0;
    this.decoding = new Set();
    this.asked = new Set();
  }

  stay() {
    this.hasStayed = true;
    this.ask();
  }

  stepAt(index) {
    return this.picture.steps?.[index] ?? index;
  }

  /* The index of a step; −1 if the film does not hold it. */
  indexOf(step) {
    if (this.picture.steps) return this.picture.steps.indexOf(step);
    return step >= 0 && step < this.picture.count ? step : -1;
  }

  /* How many steps fill one map. */
  stepsOfMap() {
    return (this.picture.total ?? this.picture.count) / Math.max(1, this.picture.maps ?? 1);
  }

  index() {
    return clamp(this.model.get("index"), 0, this.picture.count - 1);
  }

  /* Which frames to have at hand, most urgent first: what stages show, a flip to come, the nearest. Once the picture
     has stayed for a while: more of them, and a sparse comb over the whole run, so that dragging the slider finds a frame
     everywhere. To draw those at once would be in vain for a picture that the next change replaces. */
  wishes() {
    const { count, flips } = this.picture;
    const [stages, index, flip] = [[...this.stages], this.index(), range(-flips, 0)];
    const keys = new Set(stages.map((stage) => stage.target()));
    if (this.isHeldBack) return [...keys];
    const wish = (more) => more.forEach((key) => keys.add(key));
    const steps = (numbers) => numbers.filter((at) => at >= 0 && at < count).map((at) => this.stepAt(at));
    const around = (most) => steps(range(0, most).flatMap((far) => [index + far, index - far]));
    const comb = () => steps(range(0, COMB).map((tooth) => Math.round((tooth * (count - 1)) / (COMB - 1))));
    if (stages.some((stage) => stage.isFlipNear())) wish(flip);
    wish(around(NEAREST));
    if (this.hasStayed) wish([...around(NEARBY), ...flip, ...comb()]);
    const room = (HELD_BYTES * this.held.size) / Math.max(1, this.bytes);
    return [...keys].slice(0, Math.max(8, Math.floor(room)));
  }

  ask(urgently = false) {
    if (![...this.stages].some((stage) => stage.isWatched())) return;
    const keys = this.wishes().filter((key) => !this.held.has(key)).slice(0, BATCH);
    if (!urgently && keys.every((key) => this.asked.has(key))) return;
    this.asked = new Set(keys);
    const { number, picture } = this;
    attempt(() => this.model.send({ type: "want", picture: number, generation: picture.generation, keys }));
  }

  receive(message, buffers) {
    const { type, picture, generation, key, ...frame } = message;
    if (picture !== this.number || generation !== this.picture?.generation) return;
    if (type === "reading") this.stages.forEach((stage) => stage.cells.hear(message));
    if (type !== "frame") return;
    this.hold(key, frame, buffers[0]);
    this.asked.delete(key);
    this.stages.forEach((stage) => stage.receive(key));
    if (this.asked.size < BATCH / 4) this.ask();
  }

  /* Keep a frame: a PNG, or what paints it where a saved page keeps the pixels. */
  hold(key, { caption, texts }, png) {
    const paint = png instanceof Function ? png : () => createImageBitmap(new Blob([png], { type: "image/png" }));
    const size = png.byteLength ?? 0;
    this.bytes += size - (this.held.get(key)?.size ?? 0);
    this.held.set(key, { caption, texts, paint, size });
    if (this.bytes > HELD_BYTES) this.forget();
  }

  forget() {
    const rank = new Map(this.wishes().map((key, at) => [key, at]));
    const urgency = (key) => rank.get(key) ?? NEARBY + Math.abs(this.indexOf(key) - this.index()) + rank.size;
    for (const key of [...this.held.keys()].sort((a, b) => urgency(b) - urgency(a))) {
      if (this.bytes <= 0.9 * HELD_BYTES) break;
      this.bytes -= this.held.get(key).size;
      this.held.delete(key);
    }
  }

  /* See to it that the frame can be painted soon: decode it, or ask for it before all others. */
  fetch(key) {
    if (this.held.has(key)) this.decode(key);
    else if (this.asked.values().next().value !== key) this.ask(true);
  }

  async decode(key) {
    if (this.bitmaps.has(key) || this.decoding.has(key) || !this.held.has(key)) return;
    const { decoding } = this;
    decoding.add(key);
    const bitmap = await this.held.get(key).paint().catch((error) => console.warn("convviz:", error));
    decoding.delete(key);
    if (!bitmap || decoding !== this.decoding) return bitmap?.close();
    this.bitmaps.set(key, bitmap);
    const room = Math.max(4 * AHEAD, Math.floor(DECODED_BYTES / (4 * bitmap.width * bitmap.height)));
    for (const [old, unused] of [...this.bitmaps].slice(0, Math.max(0, this.bitmaps.size - room))) {
      unused.close();
      this.bitmaps.delete(old);
    }
    this.stages.forEach((stage) => stage.ready());
  }

  decodeAround(key) {
    const here = key < 0 ? key : this.indexOf(key);
    const around = range(1, AHEAD + 1).flatMap((far) => [here + far, here - far]);
    around.forEach((at) => this.decode(at < 0 ? at : this.stepAt(at)));
  }

  bitmap(key) {
    const bitmap = this.bitmaps.get(key);
    if (bitmap && this.bitmaps.delete(key)) this.bitmaps.set(key, bitmap);
    return bitmap;
  }
}
