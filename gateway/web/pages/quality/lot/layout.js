// Where the lots of a trace stand: a column for each depth, materials on the left, products on the right, as few
// crossings as a few sweeps leave. Pure.

const BOX = { w: 232, h: 80 };
const TALL = 100; // where a number takes two lines
const ONE_LINE = 21; // letters
const TWO_LINES = 40;
const GAP = { x: 104, y: 14 };
const SWEEPS = 4;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sorts a column by where its neighbours in the columns around it stand. */
function sweep(column, places, neighbours) {
  const wish = new Map(
    column.map((lot, at) => {
      const known = neighbours
        .get(lot)
        .filter((other) => places.has(other))
        .map((other) => places.get(other));
      return [lot, known.length ? mean(known) : at];
    }),
  );
  return [...column].sort((a, b) => wish.get(a) - wish.get(b));
}

const placesOf = (column) => new Map(column.map((lot, at) => [lot, at / Math.max(1, column.length - 1) || 0]));

/** A number that fits into two lines: what is too long is left out in its middle, as numbers differ at their ends. */
export function shortened(text, most = TWO_LINES) {
  const half = (most - 1) / 2;
  return text.length > most ? `${text.slice(0, Math.floor(half))}…${text.slice(-Math.ceil(half))}` : text;
}

/**
 * The nodes and edges of a trace with the jobs at which its lots lie: what they make is next to be reached. A job is a
 * node with `job` true, one step further than the lots that it was given; what it has used is in its products.
 */
export function withJobs({ nodes, edges, jobs }) {
  const steps = new Map(nodes.map((node) => [node.lot, node.depth]));
  const found = new Map();
  const given = jobs.map((one) => {
    const lot = `job ${one.job_id}`;
    const depth = Math.max(found.get(lot)?.depth ?? 0, (steps.get(one.lot) ?? 0) + 1);
    found.set(lot, { ...one, lot, depth, job: true });
    return { source: one.lot, target: lot, kind: "given", quantity: one.unused };
  });
  return { nodes: [...nodes, ...found.values()], edges: [...edges, ...given] };
}

/**
 * {boxes: Map(lot → {x, y}), lines: [{key, d, edge}], box: {w, h}, width, height} of the nodes and edges of a trace;
 * `names` are what stands at their heads.
 */
export function layout({ nodes, edges }, direction, names) {
  const box = { w: BOX.w, h: names.some((name) => name.length > ONE_LINE) ? TALL : BOX.h };
  const deepest = Math.max(...nodes.map((node) => node.depth));
  const columnOf = (node) => (direction === "forward" ? node.depth : deepest - node.depth);
  const columns = Array.from({ length: deepest + 1 }, () => []);
  const neighbours = new Map(nodes.map((node) => [node.lot, []]));
  for (const node of nodes) columns[columnOf(node)].push(node.lot);
  for (const { source, target } of edges) {
    neighbours.get(source).push(target);
    neighbours.get(target).push(source);
  }
  for (let turn = 0; turn < SWEEPS; turn += 1) {
    const order = columns.map((_, at) => (turn % 2 ? columns.length - 1 - at : at));
    for (const at of order) {
      const around = new Map([...placesOf(columns[at - 1] ?? []), ...placesOf(columns[at + 1] ?? [])]);
      columns[at] = sweep(columns[at], around, neighbours);
    }
  }
  const tallest = Math.max(...columns.map((column) => column.length));
  const height = tallest * (box.h + GAP.y) - GAP.y;
  const boxes = new Map();
  columns.forEach((column, at) => {
    const top = (height - (column.length * (box.h + GAP.y) - GAP.y)) / 2;
    column.forEach((lot, place) => {
      boxes.set(lot, { x: at * (box.w + GAP.x), y: Math.round(top + place * (box.h + GAP.y)) });
    });
  });
  const lines = edges.map((edge) => {
    const [from, to] = [boxes.get(edge.source), boxes.get(edge.target)];
    const [x1, y1, x2, y2] = [from.x + box.w, from.y + box.h / 2, to.x - 7, to.y + box.h / 2];
    const bend = Math.max(36, (x2 - x1) / 2);
    return {
      key: `${edge.source}>${edge.target}>${edge.kind}`,
      d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
      edge,
    };
  });
  return { boxes, lines, box, width: columns.length * (box.w + GAP.x) - GAP.x, height };
}
