/* The convviz Player: it holds rendered frames and shows the one at `index`, without asking the kernel.

   A Film belongs to a model: the frames of its picture, compressed and decoded, and what to ask the kernel for.
   A View belongs to a place on the page: canvas, outlines, caption, controls. The views of a model share its film.
   A place is what can be shown: 0 … count − 1 are the steps, −turns … −1 the kernel's turn, which comes before step 0.

   Pages and tests may rely on: .convviz-player with data-shown (the frame that is on the canvas: its step, or −turns …
   −1), data-generation (of which picture) and aria-busy (the frame wanted is still to come); the aria-label of every
   button and input; .convviz-caption; .convviz-readout; and in .convviz-outlines one g[data-role] for each slice with
   outlined cells: every row in data-rows with every column in data-columns; and data-slice, its number. */

const HELD_BYTES = 64 * 2 ** 20;
const DECODED_BYTES = 96 * 2 ** 20;
const [BATCH, NEARBY, COMB, AHEAD] = [48, 256, 64, 3];
const [TURN_MS, TURN_PAUSE_MS, RESIZE_MS] = [1000 / 24, 500, 150];
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];
const KEYS = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last", " ": "play" };

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const range = (start, end) => Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);

/* With the kernel gone, sending fails; showing must not. */
function attempt(action) {
  try {
    action();
  } catch (error) {
    console.debug("convviz: not sent;", error);
  }
}

/* ---- frames ---- */

class Film {
  constructor(model) {
    this.model = model;
    this.channel = 0; // the one shown large where there are too many
    this.views = new Set();
    this.held = new Map(); // place -> {caption, blob}
    this.bitmaps = new Map(); // place -> ImageBitmap, the longest unused first
    this.clear();
    model.on("change:picture", () => this.load());
    model.on("msg:custom", (message, buffers) => this.receive(message, buffers));
    this.load();
  }

  load() {
    const picture = this.model.get("picture");
    if (!picture?.first || picture.generation === this.picture?.generation) return;
    this.clear();
    this.picture = picture;
    this.first = this.placeOf(picture.first.key);
    this.hold(this.first, picture.first.caption, picture.first.png);
    this.decode(this.first);
  }

  clear() {
    this.bitmaps.forEach((bitmap) => bitmap.close());
    this.bitmaps.clear();
    this.held.clear();
    this.bytes = 0;
    this.decoding = new Set();
    this.asked = new Set();
  }

  /* A saved page may hold an excerpt: then place i is step picture.steps[i]. */
  keyAt(place) {
    return place < 0 ? place : (this.picture.steps?.[place] ?? place);
  }

  placeOf(key) {
    return key < 0 ? key : (this.picture.steps?.indexOf(key) ?? key);
  }

  index() {
    return clamp(this.model.get("index"), 0, this.picture.count - 1);
  }

  /* Which frames to have at hand, most urgent first: what views show, a turn to come, the neighbours, then a sparse
     comb over the whole run, so that dragging the slider finds a frame everywhere. */
  wishes() {
    const { count, turns } = this.picture;
    const [views, index, turn] = [[...this.views], this.index(), range(-turns, 0)];
    const places = new Set(views.map((view) => view.target()));
    if (views.some((view) => view.turnDue || view.turning !== null)) turn.forEach((place) => places.add(place));
    const nearby = range(0, NEARBY).flatMap((far) => [index + far, index - far]).filter((place) => place >= 0);
    const comb = range(0, COMB).map((tooth) => Math.round((tooth * (count - 1)) / (COMB - 1)));
    for (const place of [...nearby, ...turn, ...comb]) if (place < count) places.add(place);
    const room = (HELD_BYTES * this.held.size) / Math.max(1, this.bytes);
    return [...places].slice(0, Math.max(8, Math.floor(room)));
  }

  ask(urgently = false) {
    if (![...this.views].some((view) => view.isWatched())) return;
    const places = this.wishes().filter((place) => !this.held.has(place)).slice(0, BATCH);
    if (!urgently && places.every((place) => this.asked.has(place))) return;
    this.asked = new Set(places);
    const keys = places.map((place) => this.keyAt(place));
    attempt(() => this.model.send({ type: "want", generation: this.picture.generation, keys }));
  }

  receive(message, buffers) {
    if (message.type !== "frame" || message.generation !== this.picture?.generation) return;
    const place = this.placeOf(message.key);
    this.hold(place, message.caption, buffers[0]);
    this.asked.delete(place);
    this.views.forEach((view) => view.receive(place));
    if (this.asked.size < BATCH / 4) this.ask();
  }

  hold(place, caption, png) {
    const blob = new Blob([png], { type: "image/png" });
    this.bytes += blob.size - (this.held.get(place)?.blob.size ?? 0);
    this.held.set(place, { caption, blob });
    if (this.bytes > HELD_BYTES) this.forget();
  }

  forget() {
    const rank = new Map(this.wishes().map((place, i) => [place, i]));
    const urgency = (place) => rank.get(place) ?? NEARBY + Math.abs(place - this.index()) + rank.size;
    for (const place of [...this.held.keys()].sort((a, b) => urgency(b) - urgency(a))) {
      if (this.bytes <= 0.9 * HELD_BYTES) break;
      this.bytes -= this.held.get(place).blob.size;
      this.held.delete(place);
    }
  }

  /* See to it that the frame can be painted soon: decode it, or ask for it before all others. */
  fetch(place) {
    if (this.held.has(place)) this.decode(place);
    else if (this.asked.values().next().value !== place) this.ask(true);
  }

  async decode(place) {
    if (this.bitmaps.has(place) || this.decoding.has(place) || !this.held.has(place)) return;
    const { decoding } = this;
    decoding.add(place);
    const bitmap = await createImageBitmap(this.held.get(place).blob).catch((error) => console.warn("convviz:", error));
    decoding.delete(place);
    if (!bitmap || decoding !== this.decoding) return bitmap?.close();
    this.bitmaps.set(place, bitmap);
    const room = Math.max(4 * AHEAD, Math.floor(DECODED_BYTES / (4 * bitmap.width * bitmap.height)));
    for (const [old, unused] of [...this.bitmaps].slice(0, Math.max(0, this.bitmaps.size - room))) {
      unused.close();
      this.bitmaps.delete(old);
    }
    this.views.forEach((view) => view.show());
  }

  decodeAround(place) {
    for (const far of range(1, AHEAD + 1)) [place + far, place - far].forEach((near) => this.decode(near));
  }

  bitmap(place) {
    const bitmap = this.bitmaps.get(place);
    if (bitmap && this.bitmaps.delete(place)) this.bitmaps.set(place, bitmap);
    return bitmap;
  }
}

/* ---- which cells belong together ---- */

/* What to outline when `cell` of the panel `role` is pointed at while `step` is shown. Cells of a role are numbered through
   all slices, channel by channel or map by map. What is outlined is {role, slices, rows, columns}, every row with every
   column of every slice; or {role, cells} of the kernel and what looks like it, as a panel may hold them as grids or as
   one flat vector. */
function related(links, role, cell, step) {
  const { flip, stride, dilation, kernel, padded, output, channels, filters, groups } = links;
  const axes = [0, 1];
  const each = kernel[0] * kernel[1];
  const split = (number, [rows, columns]) =>
    [Math.floor(number / (rows * columns)), Math.floor(number / columns) % rows, number % columns];
  const block = (name, [slices, rows, columns]) => ({ role: name, slices, rows, columns });
  const read = (axis, window, offset) => window * stride[axis] + offset * dilation[axis];
  const offsets = axes.map((axis) => range(0, kernel[axis]));
  const windows = axes.map((axis) => range(0, output[axis]));
  const group = (number, size, others) => range(0, others).map((n) => Math.floor(number / size) * others + n);
  if (role === "input") {
    const [channel, ...here] = split(cell, padded);
    const reads = (axis) => (window) => offsets[axis].some((offset) => read(axis, window, offset) === here[axis]);
    const readers = group(channel, channels / groups, filters / groups);
    const makes = axes.map((axis) => windows[axis].filter(reads(axis)));
    return [block(role, [channel, ...here].map((n) => [n])), block("output", [readers, ...makes])];
  }
  const [filter, ...shown] = split(role === "output" ? cell : step, output);
  const read_here = axes.map((axis) => offsets[axis].map((offset) => read(axis, shown[axis], offset)));
  const readable = group(filter, filters / groups, channels / groups);
  if (role === "output") {
    return [block(role, [filter, ...shown].map((n) => [n])), block("input", [readable, ...read_here])];
  }
  const channel = { sums: cell, weights: cell % channels }[role] ?? Math.floor(cell / each);
  if (!readable.includes(channel)) return [];
  const sum = [{ role: "sums", cells: [channel] }, { role: "weights", cells: [filter * channels + channel] }];
  if (role === "sums" || role === "weights") {
    const slice = range(channel * each, (channel + 1) * each);
    const alike = ["kernel", "patch", "products"].map((panel) => ({ role: panel, cells: slice }));
    return [...sum, ...alike, block("input", [[channel], ...read_here])];
  }
  if (!["given", "kernel", "patch", "products"].includes(role)) return [];
  const turned = (number) => (flip ? channel * each + each - 1 - (number % each) : number);
  const laid = role === "given" ? turned(cell) : cell;
  const [, ...offset] = split(laid, kernel);
  const among = role === "given" || role === "kernel" ? windows : shown.map((n) => [n]);
  const meets = axes.map((axis) => among[axis].map((window) => read(axis, window, offset[axis])));
  return [
    ...["kernel", "patch", "products"].map((panel) => ({ role: panel, cells: [laid] })),
    { role: "given", cells: [turned(laid)] },
    ...sum,
    block("input", [[channel], ...meets]),
  ];
}

/* Neighbouring numbers together, as [first, end]: 1 2 3 5 becomes [1, 4] and [5, 6]. */
function runs(numbers, reach) {
  const found = [];
  for (const number of numbers) {
    if (found.length && number < found.at(-1)[1] + reach) found.at(-1)[1] = number + 1;
    else found.push([number, number + 1]);
  }
  return found;
}

/* The borders around the cells of one panel, as an SVG path; gaps under 3 pixels are closed, none would see them. */
function borders(spot, rows, columns) {
  const [w, h] = [spot.width / spot.columns, spot.height / spot.rows];
  const across = runs(columns, Math.max(1, 3 / w));
  const box = (top, bottom) => ([left, right]) =>
    `M${spot.x + left * w} ${spot.y + top * h}h${(right - left) * w}v${(bottom - top) * h}h${(left - right) * w}z`;
  return runs(rows, Math.max(1, 3 / h)).flatMap(([top, bottom]) => across.map(box(top, bottom))).join("");
}

/* ---- the page ---- */

const SHAPES = {
  first: "M6 5v14M17 5l-7 7 7 7",
  previous: "M15 5l-7 7 7 7",
  play: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  next: "M9 5l7 7-7 7",
  last: "M7 5l7 7-7 7M18 5v14",
  loop: "M5 12V9a2 2 0 0 1 2-2h12M15.500 3.500 19 7l-3.500 3.500M19 12v3a2 2 0 0 1-2 2H5M8.500 13.500 5 17l3.500 3.500",
  turn: "M12 5a7 7 0 1 1-6.500 4.500M12 1.500V8.500L7.500 5z",
};

function element(tag, attributes, ...children) {
  const isDrawn = ["svg", "g", "path"].includes(tag);
  const made = isDrawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const shape = (name) => element("path", { d: SHAPES[name] });
const icon = (name) => element("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, shape(name));
const button = (name, label, ...text) =>
  element("button", { type: "button", "aria-label": label, title: label }, icon(name), ...text);
const box = (name, ...children) => element("div", { class: `convviz-${name}` }, ...children);

/* The number of a slice's first cell; a panel that shows one map at a time shows that of the step. */
function firstOf({ first, rows, columns }, step) {
  const cells = rows * columns;
  return first ?? Math.floor(step / cells) * cells;
}

/* What of a related group lies in a slice: its rows and columns, or nothing. */
function within(spot, step, { slices, rows, columns, cells }) {
  const [first, count] = [firstOf(spot, step), spot.rows * spot.columns];
  if (slices) return slices.includes(first / count) ? [rows, columns] : null;
  const here = cells.map((cell) => cell - first).filter((cell) => cell >= 0 && cell < count);
  const distinct = (numbers) => [...new Set(numbers)];
  if (!here.length) return null;
  return [distinct(here.map((n) => Math.floor(n / spot.columns))), distinct(here.map((n) => n % spot.columns))];
}

/* Cells outlined in a slice: a light line under a dark one, to be seen on any ground. */
function outlined(spot, rows, columns) {
  const d = borders(spot, rows, columns);
  const lines = ["halo", "line"].map((name) => element("path", { d, class: `convviz-${name}` }));
  const about = { "data-role": spot.role, "data-rows": rows.join(" "), "data-columns": columns.join(" ") };
  if (spot.first !== null) about["data-slice"] = spot.first / (spot.rows * spot.columns);
  return element("g", about, ...lines);
}

function build() {
  const ui = {
    canvas: element("canvas", { role: "img", tabindex: 0, width: 0, height: 0 }),
    outlines: element("svg", { class: "convviz-outlines", preserveAspectRatio: "none", "aria-hidden": true }),
    caption: element("p", { class: "convviz-caption", role: "status", "aria-live": "polite" }),
    longest: element("p", { class: "convviz-longest", "aria-hidden": true }),
    first: button("first", "first step"),
    previous: button("previous", "previous step"),
    play: button("play", "play"),
    next: button("next", "next step"),
    last: button("last", "last step"),
    slider: element("input", { type: "range", min: 0, max: 0, "aria-label": "step" }),
    readout: element("span", { class: "convviz-readout" }),
    map: element("select", { "aria-label": "map", title: "feature map" }),
    channel: element("select", { "aria-label": "channel", title: "channel shown large" }),
    speed: element("select", { "aria-label": "speed", title: "speed" }),
    loop: button("loop", "loop"),
    turn: button("turn", "turn the kernel", element("span", {}, "turn")),
  };
  ui.turn.lastChild.append(element("span", { class: "convviz-wordy" }, " the kernel"));
  ui.speed.append(...SPEEDS.map((speed) => new Option(`${speed}×`, speed, speed === 1, speed === 1)));
  ui.stage = box("stage", ui.canvas, ui.outlines);
  const steps = box("steps", ui.first, ui.previous, ui.play, ui.next, ui.last);
  const options = box("options", ui.readout, ui.map, ui.channel, ui.speed, ui.loop, ui.turn);
  const captions = box("captions", ui.caption, ui.longest);
  ui.root = box("player", ui.stage, captions, box("controls", steps, ui.slider, options));
  // JupyterLab takes keys before the page sees them; the last attribute tells it to leave ours alone.
  const about = { role: "group", "aria-label": "step by step", "data-lm-suppress-shortcuts": true };
  for (const [name, value] of Object.entries(about)) ui.root.setAttribute(name, value);
  return ui;
}

/* Fill a list with numbered things to pick from; with a single one there is nothing to pick. */
function offer(list, what, count) {
  if (list.length !== count) list.replaceChildren(...range(0, count).map((n) => new Option(`${what} ${n}`, n)));
  list.hidden = count < 2;
}

const saying = (place, count) => (place < 0 ? "the kernel turns" : `step ${place + 1} of ${count}`);

function brightness(colour) {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return alpha < 128 ? null : (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/* JupyterLab says so; elsewhere the ground tells, or, where none is painted, the letters. */
function isDark(node) {
  const { jpThemeLight } = document.body.dataset;
  if (jpThemeLight) return jpThemeLight === "false";
  for (let at = node; at; at = at.parentElement) {
    const ground = brightness(getComputedStyle(at).backgroundColor);
    if (ground !== null) return ground < 0.5;
  }
  return brightness(getComputedStyle(node).color) > 0.5;
}

class View {
  constructor(model, film, el) {
    Object.assign(this, { model, film, el, ui: build(), bin: new AbortController() });
    this.playing = false;
    this.turning = null; // the place in the kernel's turn that is due, while it turns
    this.turnDue = false; // the turn is yet to be shown of its own accord
    this.onScreen = false;
    this.look = null; // what the kernel was told about this view
    el.classList.add("convviz-host");
    this.ui.root.classList.toggle("convviz-bare", model.get("controls") === false);
    el.append(this.ui.root);
    film.views.add(this);
    this.follow();
    this.listen();
    this.observe();
    this.show();
  }

  dispose() {
    clearTimeout(this.timer);
    clearTimeout(this.resizing);
    this.bin.abort();
    this.film.views.delete(this);
    this.ui.root.remove();
  }

  /* -- what is heard -- */

  follow() {
    const show = () => this.show();
    for (const name of ["index", "hover", "loop"]) {
      this.model.on(`change:${name}`, show);
      this.bin.signal.addEventListener("abort", () => this.model.off(`change:${name}`, show));
    }
  }

  listen() {
    const { ui, bin } = this;
    const on = (target, event, callback) => target.addEventListener(event, callback, { signal: bin.signal });
    for (const name of ["first", "previous", "play", "next", "last"]) on(ui[name], "click", () => this.act(name));
    on(ui.slider, "pointerdown", () => (this.dragging = true));
    on(ui.slider, "change", () => (this.dragging = false));
    on(ui.slider, "input", () => this.go(this.reached(Number(ui.slider.value))));
    on(ui.speed, "change", () => this.pace());
    on(ui.map, "change", () => this.goToMap(Number(ui.map.value)));
    on(ui.channel, "change", () => this.enlarge(Number(ui.channel.value)));
    on(ui.loop, "click", () => this.save("loop", !this.model.get("loop")));
    on(ui.turn, "click", () => this.startTurn());
    on(ui.root, "keydown", (event) => this.press(event));
    for (const name of ["pointerdown", "pointermove"]) on(ui.stage, name, (event) => this.point(this.cellAt(event)));
    on(ui.stage, "pointerleave", (event) => event.pointerType !== "touch" && this.point(""));
    on(ui.stage, "click", (event) => this.pin(this.cellAt(event)));
    // A finger leaves the screen at once: what it pointed at stays until it points elsewhere.
    on(document, "pointerdown", (event) => {
      if (event.pointerType === "touch" && !ui.stage.contains(event.target)) this.point("");
    });
  }

  observe() {
    const { signal } = this.bin;
    const later = () => {
      clearTimeout(this.resizing);
      this.resizing = setTimeout(() => this.measure(), this.look ? RESIZE_MS : 0);
    };
    const watch = (observer, ...what) => {
      observer.observe(...what);
      signal.addEventListener("abort", () => observer.disconnect());
    };
    watch(new ResizeObserver(later), this.ui.root);
    watch(new IntersectionObserver((entries) => this.appear(entries.at(-1).isIntersecting)), this.ui.stage);
    const themed = { attributes: true, attributeFilter: ["class", "style", "data-jp-theme-light", "data-theme"] };
    for (const node of [document.documentElement, document.body]) watch(new MutationObserver(later), node, themed);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later, { signal });
    const zoomed = () => {
      if (signal.aborted) return;
      later();
      matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", zoomed, { once: true, signal });
    };
    zoomed();
  }

  /* Tell the kernel how the picture is looked at; a few pixels more or less are not worth a new picture. */
  measure() {
    if (!this.ui.root.clientWidth) return;
    const width = clamp(this.ui.root.clientWidth, 320, 1400);
    const look = { width, density: clamp(devicePixelRatio, 0.5, 4), dark: isDark(this.el), channel: this.film.channel };
    this.ui.root.dataset.dark = look.dark;
    const known = this.look ?? {};
    const isSame = ["density", "dark", "channel"].every((name) => look[name] === known[name]);
    if (isSame && Math.abs(width - known.width) < 24) return;
    this.look = look;
    attempt(() => this.model.send({ type: "look", ...look }));
    this.appear(this.onScreen);
  }

  appear(onScreen) {
    this.onScreen = onScreen;
    if (!this.film.picture) return;
    this.film.ask();
    this.show();
  }

  isWatched() {
    return this.onScreen && this.look !== null && this.picture === this.film.picture;
  }

  receive(place) {
    if (place === this.target()) this.film.decode(place);
    if (this.turnDue) this.show();
  }

  /* -- steering: everything acts on the model's index, the one mutable fact -- */

  act(name) {
    if (!this.picture) return;
    const [index, last] = [this.model.get("index"), this.picture.count - 1];
    if (name === "play") this.playing ? this.pause() : this.play();
    if (name === "first") this.go(0);
    if (name === "previous") this.go(Math.max(0, index - 1));
    if (name === "next") this.go(Math.max(index, Math.min(index + 1, last)));
    if (name === "last") this.go(last);
  }

  go(index) {
    this.playing = false;
    this.stopTurn();
    this.point("");
    this.save("index", index);
    this.show();
  }

  /* Dragged over many more steps than it has pixels, the slider takes one that is at hand within three pixels. */
  reached(place) {
    const reach = this.dragging ? Math.floor((3 * this.picture.count) / this.ui.slider.clientWidth) : 0;
    const far = (other) => Math.abs(other - place);
    const near = [...this.film.held.keys()].filter((held) => held >= 0 && far(held) <= reach);
    return near.reduce((best, held) => (best === null || far(held) < far(best) ? held : best), null) ?? place;
  }

  press(event) {
    const isNative = { SELECT: true, INPUT: event.key !== " ", BUTTON: event.key === " " }[event.target.tagName];
    if (!KEYS[event.key] || isNative || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(KEYS[event.key]);
  }

  save(name, value) {
    this.model.set(name, value);
    attempt(() => this.model.save_changes());
  }

  play() {
    this.stopTurn();
    this.point("");
    this.playing = true;
    if (this.model.get("index") >= this.picture.count - 1) this.save("index", 0);
    this.pace();
    this.show();
  }

  pause() {
    this.playing = false;
    this.pace();
    this.show();
  }

  startTurn() {
    if (!this.picture?.turns) return;
    this.playing = false;
    this.turnDue = false;
    this.point("");
    this.turning = -this.picture.turns;
    this.show();
  }

  stopTurn() {
    this.turning = null;
    this.turnDue = false;
    this.timer = clearTimeout(this.timer);
  }

  /* With the frame that is due on the canvas, wait until the next is due; a late one is waited for, never skipped. */
  pace() {
    this.timer = clearTimeout(this.timer);
    const isMoving = this.playing || this.turning !== null;
    if (!isMoving || this.shown !== this.target() || this.previewed() !== null) return;
    const step = this.model.get("interval_ms") / Number(this.ui.speed.value);
    const turn = this.turning === -this.picture.turns ? TURN_PAUSE_MS : TURN_MS;
    this.timer = setTimeout(() => this.advance(), this.turning === null ? step : turn);
  }

  advance() {
    this.timer = null;
    const next = this.model.get("index") + 1;
    if (this.turning !== null) this.turning = this.turning < -1 ? this.turning + 1 : null;
    else if (next < this.picture.count) this.save("index", next);
    else if (this.model.get("loop")) this.save("index", 0);
    else this.playing = false;
    this.show();
  }

  /* -- pointing -- */

  cellAt(event) {
    const { left, top, width, height } = this.ui.stage.getBoundingClientRect();
    const { hotspots, size } = this.picture ?? { hotspots: [], size: [1, 1] };
    const [x, y] = [((event.clientX - left) / width) * size[0], ((event.clientY - top) / height) * size[1]];
    const spot = hotspots.find((s) => x >= s.x && x < s.x + s.width && y >= s.y && y < s.y + s.height);
    if (!spot) return "";
    const [row, column] = [((y - spot.y) / spot.height) * spot.rows, ((x - spot.x) / spot.width) * spot.columns];
    return `${spot.role}:${firstOf(spot, this.stepShown()) + Math.floor(row) * spot.columns + Math.floor(column)}`;
  }

  point(cell) {
    if (this.model.get("hover") !== cell) this.model.set("hover", cell);
  }

  pin(cell) {
    const [role, number] = cell.split(":");
    if (role === "output") this.goTo(Number(number));
    const { padded, kernel } = this.picture?.links ?? {};
    const each = { sums: [1, 1], input: padded, kernel }[role];
    if (each && this.picture.channels) this.enlarge(Math.floor(Number(number) / (each[0] * each[1])));
  }

  goTo(step) {
    const place = this.film.placeOf(step);
    if (place >= 0 && place < this.picture.count) this.go(place);
  }

  goToMap(number) {
    const { output } = this.picture.links;
    const cells = output[0] * output[1];
    this.goTo(number * cells + (this.film.keyAt(this.film.index()) % cells));
  }

  /* Have another one of many channels shown large. */
  enlarge(channel) {
    this.film.channel = channel;
    this.measure();
  }

  hovered() {
    const [role, number] = this.model.get("hover").split(":");
    return number ? { role, cell: Number(number) } : null;
  }

  previewed() {
    const { role, cell } = this.hovered() ?? {};
    const place = role === "output" ? this.film.placeOf(cell) : -1;
    return place >= 0 && place < this.film.picture.count ? place : null;
  }

  /* -- showing -- */

  target() {
    return this.previewed() ?? this.turning ?? this.film.index();
  }

  stepShown() {
    return this.film.keyAt(Math.max(0, this.target()));
  }

  /* Bring the page up to date; safe to call at any time. */
  show() {
    const { film } = this;
    if (!film.picture || (this.picture !== film.picture && !this.adopt())) return;
    const place = this.target();
    const bitmap = film.bitmap(place);
    if (!bitmap) film.fetch(place);
    else if (place !== this.shown) this.paint(place, bitmap);
    this.refresh();
    if (!this.timer || this.previewed() !== null) this.pace();
    const turn = this.turnDue && this.isWatched() ? range(-this.picture.turns, 0) : [];
    if (turn.length && turn.every((one) => film.held.has(one))) this.startTurn();
  }

  /* Take a new picture over as soon as its first frame can be painted: nothing flashes, nothing jumps. */
  adopt() {
    const { film, ui } = this;
    const { picture, first } = film;
    const bitmap = film.bitmap(first);
    if (!bitmap) return false;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (picture.turns !== this.picture?.turns) this.stopTurn();
    if (picture.turns && !this.picture?.turns) this.turnDue = !isCalm;
    this.picture = picture;
    ui.slider.max = picture.count - 1;
    ui.turn.hidden = !picture.turns;
    offer(ui.map, "map", picture.links.filters ?? 0);
    offer(ui.channel, "channel", picture.channels ?? 0);
    ui.channel.value = clamp(film.channel, 0, picture.channels - 1);
    ui.root.style.setProperty("--convviz-width", `${picture.size[0]}px`);
    ui.stage.style.aspectRatio = picture.size.join(" / ");
    ui.outlines.setAttribute("viewBox", `0 0 ${picture.size.join(" ")}`);
    ui.longest.textContent = picture.longest ?? "";
    const sayings = [saying(picture.count - 1, picture.count), picture.turns ? saying(-1) : ""];
    ui.readout.style.minWidth = `${0.85 * Math.max(...sayings.map((words) => words.length))}ch`;
    this.paint(first, bitmap);
    film.ask();
    return true;
  }

  paint(place, bitmap) {
    const { ui, film } = this;
    const { canvas } = ui;
    const isSame = canvas.width === bitmap.width && canvas.height === bitmap.height;
    if (!isSame) Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
    canvas.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0);
    const caption = film.held.get(place)?.caption ?? "";
    ui.caption.textContent = caption;
    if (caption.length > ui.longest.textContent.length) ui.longest.textContent = caption;
    canvas.setAttribute("aria-label", caption);
    this.shown = place;
    Object.assign(ui.root.dataset, { shown: film.keyAt(place), generation: this.picture.generation });
    film.decodeAround(place);
  }

  refresh() {
    const { ui, film } = this;
    const { count } = this.picture;
    const [target, index] = [this.target(), film.index()];
    ui.root.setAttribute("aria-busy", this.shown !== target);
    ui.caption.setAttribute("aria-live", this.playing ? "off" : "polite");
    ui.readout.textContent = saying(target, count);
    ui.slider.value = index;
    const { output } = this.picture.links;
    if (output) ui.map.value = Math.floor(this.stepShown() / (output[0] * output[1]));
    ui.slider.setAttribute("aria-valuetext", saying(index, count));
    for (const name of ["first", "previous"]) ui[name].setAttribute("aria-disabled", this.model.get("index") === 0);
    for (const name of ["next", "last"]) ui[name].setAttribute("aria-disabled", index === count - 1);
    ui.loop.setAttribute("aria-pressed", this.model.get("loop"));
    const label = this.playing ? "pause" : "play";
    if (ui.play.title !== label) {
      ui.play.replaceChildren(icon(label));
      ui.play.title = label;
      ui.play.setAttribute("aria-label", label);
    }
    this.outline(target);
  }

  /* Outline what the pointed-at cell has to do with; and, while a frame is on its way, where its window will be. */
  outline(target) {
    const { links, hotspots, generation } = this.picture;
    const hovered = this.hovered();
    const late = this.shown !== target && target >= 0 ? { role: "output", cell: this.film.keyAt(target) } : null;
    const cause = hovered && hovered.role !== "output" ? hovered : late;
    const wanted = cause && `${generation} ${target} ${cause.role} ${cause.cell}`;
    if (wanted === this.outlined) return;
    this.outlined = wanted;
    const step = this.stepShown();
    const groups = cause && links.kernel ? related(links, cause.role, cause.cell, step) : [];
    const slices = groups.flatMap((group) =>
      hotspots
        .filter((spot) => spot.role === group.role)
        .map((spot) => [spot, within(spot, step, group)])
        .filter(([, cells]) => cells),
    );
    this.ui.outlines.replaceChildren(...slices.map(([spot, cells]) => outlined(spot, ...cells)));
  }
}

/* Called once for each model. */
const player = () => {
  let film;
  return {
    initialize({ model }) {
      film = new Film(model);
      return () => film.clear();
    },
    render({ model, el }) {
      const view = new View(model, film, el);
      return () => view.dispose();
    },
  };
};

export default player;
