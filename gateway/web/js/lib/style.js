// The style sheets of a page, loaded once. What several pages share stands before what is a page's own.

/** @type {Map<string, Promise<void>>} */
const loaded = new Map();

/**
 * Loads a style sheet; settles when it is there, or never will be.
 * @param {string} href
 * @returns {Promise<void>}
 */
export function loadStyle(href) {
  let ready = loaded.get(href);
  if (!ready) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    ready = new Promise((done) => {
      link.onload = () => done();
      link.onerror = () => done();
    });
    const pages = document.head.querySelector('link[href^="/pages/"]');
    document.head.insertBefore(link, href.startsWith("/css/") ? pages : null);
    loaded.set(href, ready);
  }
  return ready;
}
