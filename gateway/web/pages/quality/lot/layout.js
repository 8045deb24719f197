// Where the lots of a trace stand: a column for each depth, materials on the left, products on the right, as few
// crossings as a few sweeps leave.

export const BOX = { w: 216, h: 80 };
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

/** {boxes: Map(lot → {x, y}), lines: [{key, d, edge}], width, height} of a trace as the API gives it. */
export function layout({ nodes, edges, direction }) {
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
  const height = tallest * (BOX.h + GAP.y) - GAP.y;
  const boxes = new Map();
  columns.forEach((column, at) => {
    const top = (height - (column.length * (BOX.h + GAP.y) - GAP.y)) / 2;
    column.forEach((lot, place) => {
      boxes.set(lot, { x: at * (BOX.w + GAP.x), y: Math.round(top + place * (BOX.h + GAP.y)) });
    });
  });
  const lines = edges.map((edge) => {
    const [from, to] = [boxes.get(edge.source), boxes.get(edge.target)];
    const [x1, y1, x2, y2] = [from.x + BOX.w, from.y + BOX.h / 2, to.x - 7, to.y + BOX.h / 2];
    const bend = Math.max(36, (x2 - x1) / 2);
    return {
      key: `${edge.source}>${edge.target}>${edge.kind}`,
      d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
      edge,
    };
  });
  return { boxes, lines, width: columns.length * (BOX.w + GAP.x) - GAP.x, height };
}
