/* Which positions the terms of an operation lead to, solved as convviz/terms/solving.py does, which explains it.

   What is asked is a list of [coordinate, allowed]; `allowed` is {low, high, has}: positions that terms may lead to.
   Domains are [first, last] numbers that an index may still have. */

export const product = (lists) =>
  lists.reduce((found, list) => found.flatMap((some) => list.map((one) => [...some, one])), [[]]);

export const exactly = (position) => ({ low: position, high: position, has: (other) => other === position });
export const below = (size) => ({ low: 0, high: size - 1, has: (other) => other >= 0 && other < size });

export function among(positions) {
  const every = new Set(positions);
  return { low: positions[0], high: positions.at(-1), has: (other) => every.has(other) };
}

/* The cell at which a position shows: beyond the ends, the one that is copied there. */
export function cellAt({ size, offset, copies }, position) {
  return copies.length && (position < 0 || position >= size) ? copies[position - offset] : position;
}

const isSettled = ([first, last]) => first === last;
const indicesOf = ({ of }) => Object.keys(of);
const uses = (coordinate, indices) => indicesOf(coordinate).some((index) => indices.includes(index));

/* What each group of indices adds to slice, row and column, over all terms that lead where they may; null if none do.
   `shown` is what to find: [axis, cells from one position to the next, coordinate]. Unknown indices count as 0. */
export function solve(shown, asked, ranges) {
  const indices = asked.flatMap(([coordinate]) => indicesOf(coordinate));
  const all = Object.fromEntries(indices.map((index) => [index, [0, (ranges[index] ?? 1) - 1]]));
  const domains = narrow(all, asked);
  if (!domains) return null;
  const settled = Object.keys(domains).filter((index) => isSettled(domains[index]));
  const open = Object.keys(domains).filter((index) => !settled.includes(index));
  const found = [[shift(shown.filter(([, , coordinate]) => !uses(coordinate, open)), domains)]];
  for (const part of parts(open, asked)) {
    const mine = shown.filter(([, , coordinate]) => uses(coordinate, part));
    const within = asked.filter(([coordinate]) => uses(coordinate, part));
    const some = Object.fromEntries([...part, ...settled].map((index) => [index, domains[index]]));
    const shifts = new Map();
    for (const term of solutions(some, within)) {
      const one = shift(mine, term);
      shifts.set(one.join(), one);
    }
    if (!shifts.size) return null;
    found.push([...shifts.values()]);
  }
  return found;
}

function shift(shown, term) {
  const cells = [0, 0, 0];
  for (const [axis, by, coordinate] of shown) cells[axis] += by * cellAt(coordinate, reach(coordinate, term)[0]);
  return cells;
}

/* All terms that lead where they may: try the index with the fewest numbers, then narrow the others. A term that is
   handed out is valid until the next one is. */
function* solutions(domains, asked) {
  const term = narrow(domains, asked);
  if (!term) return;
  const width = (index) => term[index][1] - term[index][0];
  const [index, ...others] = Object.keys(term).filter(width).sort((one, other) => width(one) - width(other));
  if (index === undefined) return yield term;
  for (let [number, last] = term[index]; number <= last; number++) {
    term[index] = [number, number];
    if (others.length) yield* solutions(term, asked);
    else if (asked.every(([coordinate, { has }]) => has(reach(coordinate, term)[0]))) yield term;
  }
}

/* Take away the numbers with which an index leads nowhere, whatever the others are; null if no number is left. */
function narrow(before, asked) {
  const domains = { ...before };
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const [coordinate, { low, high, has }] of asked) {
      for (const [index, by] of Object.entries(coordinate.of)) {
        const [least, most] = reach(coordinate, { ...domains, [index]: [0, 0] });
        const [first, last] = within(domains[index], by, low - most, high - least);
        if (first > last) return null;
        isChanged ||= first !== domains[index][0] || last !== domains[index][1];
        domains[index] = [first, last];
      }
      const [least, most] = reach(coordinate, domains);
      if (least === most && !has(least)) return null;
    }
  }
  return domains;
}

/* The first and the last position to which some indices lead; those that are missing count as 0. */
function reach({ of, offset }, domains) {
  let [least, most] = [offset, offset];
  for (const [index, by] of Object.entries(of)) {
    const [first, last] = domains[index] ?? [0, 0];
    least += by * (by > 0 ? first : last);
    most += by * (by > 0 ? last : first);
  }
  return [least, most];
}

/* The numbers that times `by` are from `least` to `most`. */
function within([first, last], by, least, most) {
  if (by < 0) [by, least, most] = [-by, -most, -least];
  return [Math.max(first, Math.ceil(least / by)), Math.min(last, Math.floor(most / by))];
}

/* The indices in groups that some coordinate adds up: the groups do not depend on each other. */
function parts(indices, asked) {
  let found = indices.map((index) => [index]);
  for (const [coordinate] of asked) {
    const together = found.filter((part) => uses(coordinate, part));
    if (together.length > 1) found = [...found.filter((part) => !together.includes(part)), together.flat()];
  }
  return found;
}
