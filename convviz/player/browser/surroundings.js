/* How a player is looked at: how much room each picture has, how fine the screen is, whether the page is dark. */

import { attempt, clamp, isDark, whenThemed } from "./dom.js";

const RESIZE_MS = 150;
const [LEAST_WIDTH, GAP] = [480, 24]; // pictures stand side by side where each gets so many pixels
const [NARROWEST, WIDEST, SLACK] = [320, 1400, 24];

/* Have the view measured whenever its surroundings change, and told when it comes into sight. */
export function watchSurroundings(view, signal) {
  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => measure(view), view.stages[0].look ? RESIZE_MS : 0);
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  const watch = (observer, ...what) => {
    observer.observe(...what);
    signal.addEventListener("abort", () => observer.disconnect());
  };
  watch(new ResizeObserver(later), view.el);
  watch(new IntersectionObserver((entries) => view.appear(entries.at(-1).isIntersecting)), view.shelf);
  whenThemed(later, signal);
  const zoomed = () => {
    if (signal.aborted) return;
    later();
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", zoomed, { once: true, signal });
  };
  zoomed();
}

/* Tell the kernel how each picture is looked at; a few pixels more or less are not worth a new picture. */
export function measure(view) {
  const room = view.shelf.clientWidth;
  if (!room) return;
  const across = clamp(Math.floor((room + GAP) / (LEAST_WIDTH + GAP)), 1, view.stages.length);
  const shares = view.model.get("shares") ?? [];
  const share = (number) => (across === shares.length ? shares[number] / shares.reduce((sum, one) => sum + one) : 1 / across);
  const zoom = view.el.currentCSSZoom ?? 1; // of a page for a projector
  const [density, dark] = [clamp(devicePixelRatio * zoom, 0.5, 4), isDark(view.host)];
  view.el.dataset.dark = dark;
  for (const stage of view.stages) {
    const width = clamp(Math.floor((room - GAP * (across - 1)) * share(stage.number)), NARROWEST, WIDEST);
    const look = { width, density, dark, channel: stage.film.channel };
    const known = stage.look ?? {};
    const isSame = ["density", "dark", "channel"].every((name) => look[name] === known[name]);
    if (isSame && Math.abs(width - known.width) < SLACK) continue;
    stage.look = look;
    stage.expect(look);
    attempt(() => view.model.send({ type: "look", picture: stage.number, ...look }));
  }
  view.appear(view.isOnScreen);
}
