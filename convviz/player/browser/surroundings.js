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
    for (const [stage] of otherLooks(view)) stage.resize(true);
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

/* Tell the kernel how each picture is looked at. */
export function measure(view) {
  if (!view.shelf.clientWidth) return;
  view.el.dataset.dark = isDark(view.host);
  const others = new Map(otherLooks(view));
  for (const stage of view.stages) {
    const look = others.get(stage);
    if (look) {
      stage.look = look;
      stage.expect(look);
      attempt(() => view.model.send({ type: "look", picture: stage.number, ...look }));
    }
    stage.resize(false);
  }
  view.appear(view.isOnScreen);
}

/* Tell how much room each picture has, and how many of them stand side by side. */
function shelving(view) {
  const [room, count] = [view.shelf.clientWidth, view.stages.length];
  const across = clamp(Math.floor((room + GAP) / (LEAST_WIDTH + GAP)), 1, count);
  const shares = view.model.get("shares") ?? [];
  const share = (number) => (across === shares.length ? shares[number] / shares.reduce((sum, one) => sum + one) : 1 / across);
  return { across, widths: view.stages.map((_, number) => (room - GAP * (across - 1)) * share(number)) };
}

/* Write the columns of the captions: those of pictures side by side stand below their pictures. */
export function captionColumns(view) {
  const widths = view.pictures.map(({ size }) => Math.max(size[0], NARROWEST));
  return [...widths.slice(0, shelving(view).across - 1).map((width) => `${width}px`), "minmax(0, 1fr)"].join(" ");
}

/* List the stages whose look is no longer what the kernel was told, each with the new one; a few pixels more or less are
   not worth a new picture. */
function otherLooks(view) {
  if (!view.shelf.clientWidth) return [];
  const { widths } = shelving(view);
  const zoom = view.el.currentCSSZoom ?? 1; // of a page for a projector
  const [density, dark] = [clamp(devicePixelRatio * zoom, 0.5, 4), isDark(view.host)];
  const looked = view.stages.map((stage) => {
    const width = clamp(Math.floor(widths[stage.number]), NARROWEST, WIDEST);
    return [stage, { width, density, dark, channel: stage.film.channel }];
  });
  const isOther = ({ look: known = {} }, look) =>
    ["density", "dark", "channel"].some((name) => look[name] !== known[name]) || !(Math.abs(look.width - known.width) < SLACK);
  return looked.filter(([stage, look]) => isOther(stage, look));
}
