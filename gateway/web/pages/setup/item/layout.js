// Where the boxes and lines of a routing stand: each operation after all that it waits for, parallel ones beside each
// other. Pure: numbers in, numbers out.
const BOX = { width: 190, most: 236, height: 116 };
const GAP = { x: 46, y: 16, row: 40 };
const LANE = 10; // room of a line that passes by a layer
const NARROW = 620;

/**
 * Each operation's layer: the longest way from a start. What goes in a circle, while somebody is typing, stays where it
 * was first met.
 */
function levelsOf(steps) {
  const before = new Map(
    steps.map((step) => [step.op, step.before.filter((op) => steps.some((one) => one.op === op))]),
  );
  const levels = new Map();
  const level = (op, above) => {
    if (levels.has(op)) return levels.get(op);
    const found = before
      .get(op)
      .filter((one) => !above.includes(one))
      .map((one) => level(one, [...above, op]) + 1);
    levels.set(op, Math.max(0, ...found));
    return levels.get(op);
  };
  for (const step of steps) level(step.op, []);
  return { levels, before };
}

/** Layers of nodes {id, op|null, from: [nodes before]}: a line over several layers passes each by a lane of its own. */
function layersOf(steps) {
  const { levels, before } = levelsOf(steps);
  const layers = [];
  const add = (level, node) => {
    layers[level] ??= [];
    layers[level].push(node);
    return node;
  };
  const nodes = new Map(
    steps.map((step) => [
      step.op,
      add(levels.get(step.op), { id: String(step.op), op: step.op, level: levels.get(step.op), from: [] }),
    ]),
  );
  for (const node of nodes.values()) {
    for (const op of before.get(node.op)) {
      let last = nodes.get(op);
      for (let level = last.level + 1; level < node.level; level += 1)
        last = add(level, { id: `${op}>${node.op}@${level}`, op: null, level, from: [last] });
      node.from.push(last);
    }
  }
  const filled = Array.from(layers, (layer) => layer ?? []);
  const place = (layer, node) => layer.indexOf(node);
  for (let at = 1; at < filled.length; at += 1) {
    const weight = (node) =>
      node.from.length
        ? node.from.reduce((sum, one) => sum + place(filled[one.level], one), 0) / node.from.length
        : filled[at].length;
    filled[at] = filled[at]
      .map((node, index) => ({ node, index, weight: weight(node) }))
      .sort((a, b) => a.weight - b.weight || a.index - b.index)
      .map((one) => one.node);
  }
  return filled;
}

/** Top to bottom, for a narrow page: layers below each other. */
function upright(layers, width) {
  let y = 0;
  for (const layer of layers) {
    const lanes = layer.filter((node) => node.op === null).length;
    const boxes = layer.length - lanes;
    const w = Math.min(BOX.most + 60, (width - (layer.length - 1) * GAP.y - lanes * LANE) / Math.max(1, boxes));
    let x = (width - boxes * w - lanes * LANE - (layer.length - 1) * GAP.y) / 2;
    for (const node of layer) {
      const own = node.op === null ? LANE : w;
      Object.assign(node, { x, y, w: own, h: BOX.height });
      x += own + GAP.y;
    }
    y += BOX.height + GAP.row;
  }
  return y - GAP.row;
}

/** Left to right, in as many rows as the width needs. */
function across(layers, width) {
  const most = Math.max(1, Math.floor((width + GAP.x) / (BOX.width + GAP.x)));
  const rows = Math.ceil(layers.length / most);
  const columns = Math.ceil(layers.length / rows);
  const w = Math.min(BOX.most, (width - (columns - 1) * GAP.x) / columns);
  const tall = (layer) =>
    layer.reduce((sum, node) => sum + (node.op === null ? LANE : BOX.height), 0) + (layer.length - 1) * GAP.y;
  let top = 0;
  for (let row = 0; row < rows; row += 1) {
    const shown = layers.slice(row * columns, (row + 1) * columns);
    const height = Math.max(...shown.map(tall));
    shown.forEach((layer, column) => {
      let y = top + (height - tall(layer)) / 2;
      for (const node of layer) {
        const h = node.op === null ? LANE : BOX.height;
        Object.assign(node, { x: column * (w + GAP.x), y, w, h, row, end: top + height });
        y += h + GAP.y;
      }
    });
    top += height + GAP.row;
  }
  return top - GAP.row;
}

const middle = (node) => node.y + node.h / 2;

function line(from, to, isUpright, width) {
  if (isUpright) {
    const [x1, y1, x2, y2] = [from.x + from.w / 2, from.y + from.h, to.x + to.w / 2, to.y];
    const bend = (y2 - y1) / 2;
    return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
  }
  const [x1, y1, x2, y2] = [from.x + from.w, middle(from), to.x, middle(to)];
  if (from.row === to.row) return `M${x1} ${y1}C${x1 + GAP.x / 2} ${y1} ${x2 - GAP.x / 2} ${y2} ${x2} ${y2}`;
  const turn = from.end + GAP.row / 2;
  const right = Math.min(x1 + 12, width - 1);
  return `M${x1} ${y1}H${right}V${turn}H${x2 - 12}V${y2}H${x2}`;
}

/**
 * steps [{op, before: [op]}] on a page of `width` px: {height, boxes: [{op, x, y, w, h}], lines: [{key, d, ends}]};
 * `ends`: an arrow stands at its end.
 */
export function layout(steps, width) {
  if (!steps.length || width < 80) return { height: 0, boxes: [], lines: [] };
  const layers = layersOf(steps);
  const isUpright = width < NARROW;
  const inner = isUpright ? width : width - 2 * 14; // lines to the next row turn beside the boxes
  const height = isUpright ? upright(layers, inner) : across(layers, inner);
  const nodes = layers.flat();
  if (!isUpright) for (const node of nodes) node.x += 14;
  const lines = nodes.flatMap((node) =>
    node.from.map((from) => ({
      key: `${from.id}-${node.id}`,
      d: line(from, node, isUpright, width),
      ends: node.op !== null,
    })),
  );
  const passing = nodes
    .filter((node) => node.op === null)
    .map((node) => ({
      key: node.id,
      d: isUpright
        ? `M${node.x + node.w / 2} ${node.y}V${node.y + node.h}`
        : `M${node.x} ${middle(node)}H${node.x + node.w}`,
      ends: false,
    }));
  return {
    height,
    boxes: nodes.filter((node) => node.op !== null).map(({ op, x, y, w, h }) => ({ op, x, y, w, h })),
    lines: [...lines, ...passing],
  };
}
