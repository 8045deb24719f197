// The icon set: 24 × 24 strokes in the text's colour. `icon("box")`.
import { h } from "/js/lib/html.js";

/** @type {Record<string, string>} */
const PATHS = {
  item: "M4 8l8-4.500 8 4.500v8l-8 4.500-8-4.500zM4 8l8 4.500 8-4.500M12 12.500V20.500M8 5.800l8 4.500",
  hexagon: "M8 4.500h8l4.5 7.500-4.5 7.500H8L3.5 12z",
  cart: "M3 5h3l2.500 10h9.500l2-7.500H7M9.500 19h.01M17 19h.01",
  layers: "M12 4l9 4.500-9 4.500-9-4.500zM3.500 12.500l8.500 4.300 8.500-4.300M3.500 16.300l8.500 4.200 8.500-4.200",
  definitions: "M4 4h7v7H4zM13 4h7v4h-7zM13 11h7v9h-7zM4 14h7v6H4z",
  readiness: "M9 4h6v3H9zM9 5H6v15h12V5h-3M9 13l2 2 4-4",
  camera: "M4 7.500h4l1.5-2.500h5l1.5 2.500h4V19H4zM12 16.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  order: "M6 3h12a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM9 8h6M9 12h6M9 16h4",
  book: "M12 6c-2-1.400-4.5-2-8-2v14c3.5 0 6 .6 8 2 2-1.400 4.5-2 8-2V4c-3.5 0-6 .6-8 2zM12 6v14",
  picture: "M4 5h16v14H4zM4 16.500l4.5-5 4 4 3-3 4.5 4.500M15.5 9h.01",
  board: "M3 21h18M4 21V11l5 3v-3l5 3V4h5v17M9 17h.01M14 17h.01",
  quality: "M12 3l7 2.500v5.500c0 4.5-3 8-7 10-4-2-7-5.5-7-10V5.500z",
  shield: "M12 3l7 2.500v5.500c0 4.5-3 8-7 10-4-2-7-5.5-7-10V5.500zM9 12l2 2 4-4",
  erp: "M8 7l-5 5 5 5M16 7l5 5-5 5M14 4l-4 16",
  import: "M12 4v11M7 10l5 5 5-5M4 20h16",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.300a3.5 3.5 0 0 1 0 6.400" +
    "M18 14.500a6.5 6.5 0 0 1 3.5 5.5",
  person: "M12 11.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.500a7.5 7.5 0 0 1 15 0",
  device: "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM11 17h2",
  machine: "M3 20h18M5 20V5h9v4M5 9h9v11M14 12h5v8M8.5 9v5M7 14h3",
  part:
    "M3 17V10l4-4h10l4 4v7h-3M6 17H3M9 17h6M7.5 17m-1.8 0a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0-3.6 0" +
    "M16.5 17m-1.8 0a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0-3.6 0",
  box: "M12 3l8 4.500v9L12 21l-8-4.500v-9zM4 7.500l8 4.5 8-4.500M12 12v9",
  lot: "M4 5v14M7.5 5v14M10.5 5v9M13.5 5v14M16.5 5v9M20 5v14M10.5 18h.01M16.5 18h.01",
  truck: "M3 6h11v10H3zM14 10h4l3 3v3h-7M7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17.5 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  pad: "M4 4h16v16H4zM8 9h.01M12 9h.01M16 9h.01M8 15h8M8 12h.01M12 12h.01M16 12h.01",
  warning: "M12 4l9 16H3zM12 10v4.500M12 17.500h.01",
  pause: "M9 5v14M15 5v14",
  play: "M7 4.500l12 7.5-12 7.500z",
  stop: "M6 6h12v12H6z",
  check: "M5 12.500l4.5 4.500L19 7.5",
  close: "M6 6l12 12M18 6L6 18",
  undo: "M4 9h10a6 6 0 0 1 0 12H9M4 9l5-5M4 9l5 5",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8.500v7M12 8.500v7M16 8.500v7",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.500L20 20",
  wifi: "M3 9.500a13 13 0 0 1 18 0M6.5 13a8 8 0 0 1 11 0M10 16.500a3 3 0 0 1 4 0M12 19.500h.01",
  wifi_off:
    "M3 9.500a13 13 0 0 1 4-2.600M12 6a13 13 0 0 1 9 3.500M6.5 13a8 8 0 0 1 3-1.800" +
    "M14 11.300a8 8 0 0 1 3.5 1.700M10 16.500a3 3 0 0 1 4 0M12 19.500h.01M4 3l16 18",
  globe:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18" +
    "M12 3c2.5 2.5 3.8 5.7 3.8 9S14.5 18.5 12 21c-2.5-2.5-3.8-5.7-3.8-9S9.5 5.5 12 3z",
  moon: "M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500z",
  sun:
    "M12 16.500a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2v2M12 20v2M4 4l1.5 1.500M18.5 18.500L20 20" +
    "M2 12h2M20 12h2M4 20l1.5-1.500M18.5 5.500L20 4",
  leave: "M14 4h5a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-5M10 8l-4 4 4 4M6 12h10",
  history: "M4 12a8 8 0 1 0 2.500-5.800M4 4.500v4h4M12 8v4l3 2",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  key: "M14.5 13.500a5 5 0 1 0-4-4L3 17v4h4v-3h3v-3zM16 8h.01",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.700L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.700L12 17",
  refresh: "M20 11a8 8 0 1 0-2 6.500M20 5v6h-6",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  hold: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM10 9v6M14 9v6",
  flag: "M5 21V4h11l-2 4 2 4H5",
  backspace: "M9 5h11v14H9l-6-7zM12 9.500l5 5M17 9.500l-5 5",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  print: "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
  split: "M4 12h5l6-6h5M9 12l6 6h5M17 3l3 3-3 3M17 15l3 3-3 3",
  merge: "M4 6h5l6 6h5M4 18h5l6-6M17 9l3 3-3 3",
  tree: "M4 4h6v5H4zM14 9.500h6v5h-6zM14 17h6v5h-6zM7 9v10.500h7M7 12h7",
  change: "M4 8h13l-3-3M20 16H7l3 3",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21h4",
  chat: "M4 5h16v11H11l-5 4v-4H4zM8 9.500h8M8 12.500h5",
  hand:
    "M8 12V5.500a1.500 1.500 0 0 1 3 0V11M11 10.500V4.500a1.500 1.500 0 0 1 3 0V11" +
    "M14 11V6a1.500 1.500 0 0 1 3 0v8a6.500 6.500 0 0 1-6.500 6.500c-2.500 0-4-1.200-5.200-3.500" +
    "L3.500 13.500a1.500 1.500 0 0 1 2.600-1.500L8 14.500",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  help:
    "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.3-1 .8-1 1.700" +
    "M12 16.800h.01",
  tools: "M14.5 6.500a4 4 0 0 0 5 5L11 20l-4-4 8.5-8.500M5 21l-2-2",
};

/**
 * An icon of the set; give `label` when no text stands beside it.
 * @param {string | undefined} name
 * @param {{ label?: string, size?: number, className?: string }} [options]
 */
export function icon(name, { label, size, className = "" } = {}) {
  /** @type {Record<string, any>} */
  const props = {
    class: `icon ${className}`,
    viewBox: "0 0 24 24",
    ...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }),
  };
  if (size) props.style = { width: `${size}px`, height: `${size}px` };
  return h("svg", props, h("path", { d: PATHS[name ?? ""] }));
}

export const ICONS = Object.keys(PATHS);
