/* A reel is some frames of a film as pages without Python hold them: tiles, each of them once, and for each frame a map of which
   tile lies where. A frame costs the page what is new in it, and any frame can be painted by itself. */

import { bytesOf } from "./stand_in.js";

const MOST_OPEN = 6; // reels that are unpacked at a time

/* Unpack bytes, as Python's zlib packs them. */
const inflated = (text) =>
  new Response(new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate")));

export class Reel {
  static open = [];

  constructor(read) {
    this.read = read; // returns what the page holds
  }

  /* What it holds, unpacked; what has not been asked for the longest is packed up again. */
  unpacked() {
    Reel.open = [this, ...Reel.open.filter((reel) => reel !== this)];
    for (const reel of Reel.open.splice(MOST_OPEN)) delete reel.contents;
    return (this.contents ??= this.unpack());
  }

  async unpack() {
    const { size, side, maps, tiles } = this.read();
    const png = new Blob([bytesOf(tiles)], { type: "image/png" });
    const [numbers, sheet] = await Promise.all([inflated(maps).arrayBuffer(), createImageBitmap(png)]);
    const [across, down] = size.map((length) => Math.ceil(length / side));
    const lies = new Uint32Array(numbers);
    for (let at = across * down; at < lies.length; at += 1) lies[at] += lies[at - across * down];
    const canvas = new OffscreenCanvas(...size);
    const painted = new Int32Array(across * down).fill(-1); // the tiles on the canvas
    return { side, across, lies, sheet, canvas, painted };
  }

  /* Paint one of its frames: what is on the canvas already stays. */
  async paint(number) {
    const { side, across, lies, sheet, canvas, painted } = await this.unpacked();
    const context = canvas.getContext("2d", { alpha: false });
    const row = sheet.width / side;
    lies.subarray(number * painted.length, (number + 1) * painted.length).forEach((tile, place) => {
      if (painted[place] === tile) return;
      painted[place] = tile;
      const from = [(tile % row) * side, Math.floor(tile / row) * side, side, side];
      context.drawImage(sheet, ...from, (place % across) * side, Math.floor(place / across) * side, side, side);
    });
    return createImageBitmap(canvas);
  }
}

/* A whole film as a page holds it: what is said, and reels. Returns what hands out a frame by its key, if there is one. */
export async function filmed({ says, reels }) {
  const painters = new Map();
  for (const held of reels) {
    const reel = new Reel(held.read ?? (() => held));
    held.keys.forEach((key, at) => painters.set(key, () => reel.paint(at)));
  }
  const said = await inflated(says).json();
  return (key) => (painters.has(key) ? { key, ...said[key], png: painters.get(key) } : undefined);
}
