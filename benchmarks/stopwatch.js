/* The stopwatch, the same for every contender: from the key going down to new pictures in the page.

   A picture is a canvas or an img. It has changed when something was drawn onto the canvas, or the img has loaded its
   data, and it then looks like nothing that was in the page before the key. Looking is done after the clock was read. */
(() => {
  const scratch = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  const LIMIT_MS = 30_000;
  let [seen, awaited, pressed, report] = [new Set(), 0, null, null];

  function look(picture) {
    const [width, height] = [picture.naturalWidth ?? picture.width, picture.naturalHeight ?? picture.height];
    if (!width || !height) return "empty";
    Object.assign(scratch.canvas, { width, height });
    scratch.drawImage(picture, 0, 0);
    const pixels = new Uint32Array(scratch.getImageData(0, 0, width, height).data.buffer);
    return pixels.reduce((hash, pixel) => Math.imul(hash ^ pixel, 16777619), 0);
  }

  function note(picture) {
    if (pressed === null || !awaited) return;
    const ms = performance.now() - pressed;
    requestAnimationFrame(() => {
      const looks = look(picture);
      if (!awaited || seen.has(looks)) return;
      seen.add(looks);
      awaited -= 1;
      if (!awaited) report(ms);
    });
  }

  CanvasRenderingContext2D.prototype.drawImage = function (...about) {
    draw.apply(this, about);
    if (this.canvas.isConnected) note(this.canvas);
  };
  document.addEventListener("load", (event) => event.target.tagName === "IMG" && note(event.target), true);
  addEventListener("keydown", (event) => (pressed ??= event.timeStamp), true);

  globalThis.stopwatch = {
    /* Get ready to time the next key, until so many new pictures are there. */
    arm(pictures) {
      seen = new Set([...document.querySelectorAll("canvas, img")].map(look));
      [awaited, pressed] = [pictures, null];
      this.reading = new Promise((resolve, reject) => {
        report = resolve;
        setTimeout(() => reject(new Error(`no new picture after ${LIMIT_MS} ms`)), LIMIT_MS);
      });
    },
  };
})();
