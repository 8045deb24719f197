// A screen's own style sheets, fetched when the screen is first shown.
import { useLayoutEffect, useState } from "/js/lib/html.js";

const loaded = new Map();

function load(name) {
  if (!loaded.has(name)) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = `/css/${name}.css`;
    const sheet = { done: false };
    sheet.ready = new Promise((done) => {
      const settle = () => {
        sheet.done = true;
        done();
      };
      link.onload = settle;
      link.onerror = settle;
    });
    document.head.append(link);
    loaded.set(name, sheet);
  }
  return loaded.get(name);
}

/** Load /css/<name>.css in this order; true once all are there, so that a screen never flashes unstyled. */
export function useStyle(...names) {
  const sheets = names.map(load);
  const [there, setThere] = useState(sheets.every((sheet) => sheet.done));
  useLayoutEffect(() => {
    if (!there) Promise.all(sheets.map((sheet) => sheet.ready)).then(() => setThere(true));
  }, [names.join()]);
  return there;
}
