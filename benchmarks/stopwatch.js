/* The stopwatch, the same for every contender: from a key going down, or the pointer moving, to new pictures in the page.

   A picture is a canvas or an img. It has changed when something was drawn onto the canvas, or the img has loaded its
   data, and it then looks like nothing that was in the page before. Looking is done after the clock was read. */
(() => {
  const scratch = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  const [LIMIT_MS, QUIET_MS] = [30_000, 3000];
  const drawn = new Map(); // picture -> when it was drawn last, until it has been looked at
  let [within, heard, shown] = ["body", () => {}, () => {}];

  function look(picture) {
    const [width, height] = [picture.naturalWidth ?? picture.width, picture.naturalHeight ?? picture.height];
    if (!width || !height) return "empty";
    Object.assign(scratch.canvas, { width, height });
    scratch.drawImage(picture, 0, 0);
    const pixels = new Uint32Array(scratch.getImageData(0, 0, width, height).data.buffer);
    return pixels.reduce((hash, pixel) => Math.imul(hash ^ pixel, 16777619), 0);
  }

  const pictures = () => [...document.querySelectorAll("canvas, img")].filter((picture) => picture.closest(within));

  function note(picture) {
    if (!picture.closest(within)) return;
    if (!drawn.has(picture)) requestAnimationFrame(() => see(picture));
    drawn.set(picture, performance.now());
  }

  function see(picture) {
    const at = drawn.get(picture);
    drawn.delete(picture);
    shown(look(picture), at);
  }

  CanvasRenderingContext2D.prototype.drawImage = function (...about) {
    draw.apply(this, about);
    if (this.canvas.isConnected) note(this.canvas);
  };
  document.addEventListener("load", (event) => event.target.tagName === "IMG" && note(event.target), true);
  for (const name of ["keydown", "pointermove"]) addEventListener(name, (event) => heard(event), true);

  const late = (reject, what) => setTimeout(() => reject(new Error(`no ${what} after ${LIMIT_MS} ms`)), LIMIT_MS);

  globalThis.stopwatch = {
    /* Get ready to time the next event of a type ("keydown"), until so many pictures within an element are new. The
       reading is [milliseconds, look of the last one]. */
    arm(type, many, where) {
      let pressed = null;
      within = where;
      const seen = new Set(pictures().map(look));
      heard = (event) => event.type === type && (pressed ??= event.timeStamp);
      this.reading = new Promise((resolve, reject) => {
        shown = (looks, at) => {
          if (pressed === null || at < pressed || seen.has(looks)) return;
          seen.add(looks);
          many -= 1;
          if (!many) resolve([at - pressed, looks]);
        };
        late(reject, "new picture");
      });
    },

    /* Write down every move of the pointer as [milliseconds, x, y], and every picture as [milliseconds, look], until
       one looks like the last, or none has come for a while: ipympl, which sends differences, can end up with a pixel
       that is another. The reading is both lists. */
    follow(last, where) {
      const [moves, shows] = [[], []];
      within = where;
      let quiet;
      heard = (event) => {
        if (event.type !== "pointermove") return;
        for (const { timeStamp, clientX, clientY } of event.getCoalescedEvents()) moves.push([timeStamp, clientX, clientY]);
      };
      this.reading = new Promise((resolve, reject) => {
        shown = (looks, at) => {
          shows.push([at, looks]);
          clearTimeout(quiet);
          quiet = setTimeout(() => resolve([moves, shows]), looks === last ? 0 : QUIET_MS);
        };
        late(reject, "last picture");
      });
    },
  };
})();
