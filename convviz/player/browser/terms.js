/* The index notation of an operation, asked as convviz/terms asks it: what belongs to a cell.

   A pointer is what hovering sends from picture to picture: {at: [[coordinate, cell], …], fixed: [index, …],
   held: [coordinate, …]}, the coordinates of the cell that is pointed at, and what its panel holds at the step on the
   screen. */

import { range } from "./dom.js";
import { among, below, cellAt, exactly, product, solve } from "./solving.js";

/* The coordinates of a view: each with its axis, and how many cells one position is from the next. */
function coordinatesOf(view) {
  return ["slice", "row", "column"].flatMap((name, axis) =>
    view[name].map((coordinate, at) => {
      const by = view[name].slice(at + 1).reduce((cells, { size }) => cells * size, 1);
      return [axis, by, coordinate];
    }),
  );
}

const digits = (view, cell) =>
  coordinatesOf(view).map(([axis, by, coordinate]) => [coordinate, Math.floor(cell[axis] / by) % coordinate.size]);

/* All positions that show at a cell. */
function positions({ size, offset, copies, ...coordinate }) {
  if (!copies.length) return below(size);
  const shows = (at) => cellAt({ size, offset, copies, ...coordinate }, at);
  return among(range(offset, offset + copies.length).filter((at) => shows(at) >= 0 && shows(at) < size));
}

/* All positions that hold the same number as a cell: several where an axis has copies, as in mirrored padding. */
function alike({ offset, copies }, cell) {
  const origin = copies.length ? copies[cell - offset] : -1;
  return origin < 0 ? exactly(cell) : among(copies.flatMap((other, at) => (other === origin ? [at + offset] : [])));
}

const stepsView = (terms) => ({ slice: [], row: [], column: terms.step, fixed: [], held: [] });
export const pointerAt = (view, cell) => ({ at: digits(view, cell), fixed: view.fixed, held: view.held });
export const pointerAtStep = (terms, step) => pointerAt(stepsView(terms), [0, 0, step]);

/* What is pointed at, as the hover trait has it; null for what makes no sense. */
export function readPointer(text) {
  try {
    const { at, fixed, held } = JSON.parse(text);
    return [at, fixed, held].every(Array.isArray) ? { at, fixed, held } : null;
  } catch {
    return null;
  }
}

/* Coordinates of the step that contain one of the fixed indices stay as they are in that step; those that are held are
   at its number. */
const keptAt = (terms, step, { fixed, held }) => [
  ...digits(stepsView(terms), [0, 0, step])
    .filter(([{ of }]) => fixed.some((index) => index in of))
    .map(([coordinate, at]) => [coordinate, exactly(at)]),
  ...held.map((coordinate) => [coordinate, exactly(step)]),
];

/* Whether a view, or a pointer, depends on the step. */
export const isOfStep = ({ fixed, held }) => fixed.length + held.length > 0;

/* The coordinates with a border of zeros which the pointer and the view settle together, but neither alone. */
function hiddenBorders(terms, pointer, view) {
  const names = (coordinates, { fixed, held }) =>
    new Set([...fixed, ...[...held, ...coordinates].flatMap(({ of }) => Object.keys(of))]);
  const pointed = names(pointer.at.map(([coordinate]) => coordinate), pointer);
  const shown = names(coordinatesOf(view).map(([, , coordinate]) => coordinate), view);
  const isSettled = ({ of }, ...seen) => Object.keys(of).every((index) => seen.some((one) => one.has(index)));
  return terms.bordered
    .flatMap((name) => terms.operands[name])
    .filter((axis) => isSettled(axis, pointed, shown) && !isSettled(axis, pointed) && !isSettled(axis, shown));
}

/* Whether a pointer comes from a picture of an operation that has no index in common with this one. */
function isForeign(terms, { at, fixed }) {
  const names = [...fixed, ...at.flatMap(([{ of }]) => Object.keys(of))];
  return names.length > 0 && !names.some((index) => index in terms.indices);
}

/* What each group of indices adds to the cells of a view that share a term with what is pointed at; null if none do. */
function shiftsOf(terms, pointer, view, step) {
  if (isForeign(terms, pointer)) return null;
  const shown = coordinatesOf(view);
  const asked = [
    ...pointer.at.map(([coordinate, at]) => [coordinate, alike(coordinate, at)]),
    ...shown.map(([, , coordinate]) => [coordinate, positions(coordinate)]),
    ...keptAt(terms, step, pointer),
    ...keptAt(terms, step, view),
    ...hiddenBorders(terms, pointer, view).map((axis) => [axis, below(axis.size)]),
  ];
  return solve(shown, asked, terms.indices);
}

/* The cells of a view that belong to what is pointed at: blocks of every row with every column in every slice. */
export function related(terms, pointer, view, step) {
  const shifts = shiftsOf(terms, pointer, view, step);
  if (!shifts) return [];
  let alone = [[0], [0], [0]];
  const several = [];
  for (const part of shifts) {
    const along = [0, 1, 2].map((axis) => [...new Set(part.map((shift) => shift[axis]))]);
    if (along.filter((shifts) => shifts.length > 1).length > 1) several.push(part);
    else alone = alone.map((at, axis) => [...new Set(at.flatMap((one) => along[axis].map((by) => one + by)))]);
  }
  return product(several).map((chosen) => {
    const [slices, rows, columns] = alone.map((at, axis) => {
      const base = chosen.reduce((sum, shift) => sum + shift[axis], 0);
      return at.map((one) => one + base).sort((one, other) => one - other);
    });
    return { slices, rows, columns };
  });
}

/* The cell itself that is pointed at, in views of the same coordinates: one that no window reads belongs to nothing. */
export function ownCell(view, pointer) {
  const shown = coordinatesOf(view);
  const alike = (some, others) => JSON.stringify(some) === JSON.stringify(others);
  const isSameView = alike(shown.map(([, , coordinate]) => coordinate), pointer.at.map(([coordinate]) => coordinate));
  const isThere = pointer.at.every(([{ size }, at]) => at >= 0 && at < size);
  if (!isSameView || !isThere || isOfStep(view) || isOfStep(pointer)) return null;
  const cell = [0, 0, 0];
  shown.forEach(([axis, by], number) => (cell[axis] += by * pointer.at[number][1]));
  return cell;
}

/* The step to which a cell belongs; null where there is none, or more than one. */
export function stepOf(terms, pointer, step) {
  const shifts = shiftsOf(terms, pointer, stepsView(terms), step);
  if (!shifts?.every((part) => part.length === 1)) return null;
  return shifts.reduce((sum, [[, , column]]) => sum + column, 0);
}

/* Whether each cell of the panel that is pointed at stands for a step, as an output's do: pointing shows that step. The
   coordinates of the step are then among those of the panel, or it holds them where they are on the screen. */
export function standsForStep(terms, pointer) {
  const open = ({ of }) => Object.entries(of).filter(([index]) => terms.indices[index] > 1).sort().join();
  const shown = new Set(pointer.at.map(([coordinate]) => open(coordinate)));
  const isHeld = ({ of }) => pointer.fixed.some((index) => index in of);
  const moving = terms.step.filter((coordinate) => open(coordinate) && !isHeld(coordinate));
  return moving.length > 0 && moving.every((coordinate) => shown.has(open(coordinate)));
}

/* The cell of an operand that a cell of a panel shows, or null where it shows none (a border, a sum). */
export function cellOf(terms, operand, view, cell, step) {
  const shown = digits(view, cell);
  const asked = [...shown.map(([coordinate, at]) => [coordinate, exactly(at)]), ...keptAt(terms, step, view)];
  const found = terms.operands[operand].map((coordinate) => {
    const axis = { ...coordinate, copies: [] }; // what the border holds copies of is not changed there
    const same = shown.filter(([other]) => isSame(other.of, axis.of));
    const moved = same.map(([other, at]) => at - other.offset + axis.offset);
    const solved = () => columnsOf(solve([[2, 1, axis]], [...asked, [axis, below(axis.size)]], terms.indices));
    const places = new Set(moved.length ? moved : solved());
    const [place] = places;
    return places.size === 1 && place >= 0 && place < axis.size ? place : null;
  });
  return found.includes(null) ? null : found;
}

const columnsOf = (shifts) =>
  shifts ? product(shifts).map((chosen) => chosen.reduce((sum, [, , column]) => sum + column, 0)) : [];

function isSame(some, others) {
  const names = Object.keys(some);
  return names.length === Object.keys(others).length && names.every((index) => some[index] === others[index]);
}

/* Which axis of an operand runs along the rows (1) or columns (2) of a view; −1 if none does, or not one alone, or if
   the view shows another part of it at each step. */
export function axisOf(terms, operand, view, axis) {
  const [coordinate, ...others] = axis === 1 ? view.row : view.column;
  const isKept = view.held.length || view.fixed.some((index) => index in (coordinate?.of ?? {}));
  if (!coordinate || others.length || isKept) return -1;
  const names = ({ of }) => Object.keys(of).sort().join();
  return terms.operands[operand].findIndex((other) => names(other) === names(coordinate));
}
