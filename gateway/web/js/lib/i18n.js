// Texts by key, and names by language. The server sends each page its own texts, and the start those that all have.
import { signal } from "/js/lib/html.js";
import { withParticles } from "/js/lib/particles.js";
import { recall, remember } from "/js/lib/store.js";

/** @typedef {"ko" | "en" | "vi"} Language @type {Record<string, string>} */
export const LANGUAGES = { ko: "한국어", en: "English", vi: "Tiếng Việt" };
/** @type {Record<string, string>} */
const LOCALES = { ko: "ko-KR", en: "en-GB", vi: "vi-VN" };
const START = "";

const FIRST = "ko";
/** The language that this browser asks for, if the shop has it. */
const browsers = () => navigator.languages.map((code) => code.slice(0, 2)).find((code) => LANGUAGES[code]);
/**
 * The language of this browser: the one that was chosen on it, or its own. "language.passing" is that of whoever is
 * signed in on a tablet.
 * @returns {string}
 */
const own = () => [recall("language"), browsers(), FIRST].find((code) => LANGUAGES[code]);

export const language = signal(LANGUAGES[recall("language.passing")] ? recall("language.passing") : own());
export const locale = () => LOCALES[language.value];

/** @type {Record<string, string>} */
let texts = {};
/** The folders whose texts are there, in the present language. @type {Set<string>} */
let loaded = new Set();
/** The folder of the page that is shown. */
let shown = START;

/**
 * @returns {Promise<Record<string, string>>}
 * @param {string} folder
 * @param {string} code
 */
async function load(folder, code) {
  const response = await fetch(`${folder}/texts/${code}.json`);
  if (!response.ok) throw new Error(`no texts for ${code}`);
  return response.json();
}

/** Loads the texts that all pages have; call once before the first render. */
export async function startTexts() {
  texts = await load(START, language.value);
  document.documentElement.lang = language.value;
}

/**
 * Loads the texts of a page, before it is shown.
 * @param {string} folder
 */
export async function loadTexts(folder) {
  shown = folder;
  while (!loaded.has(folder)) {
    const code = language.value;
    const more = await load(folder, code);
    if (code !== language.value) continue;
    Object.assign(texts, more);
    loaded.add(folder);
  }
}

/**
 * Changes the language of the page at once, and remembers it for this browser; `passing`: for whoever is signed in.
 * @param {Language} code
 * @param {{ passing?: boolean }} [options]
 */
export async function setLanguage(code, { passing = false } = {}) {
  let folder = shown;
  let [start, page] = await Promise.all([load(START, code), folder ? load(folder, code) : {}]);
  while (folder !== shown) {
    folder = shown; // another page was opened meanwhile
    page = await load(folder, code);
  }
  remember(passing ? "language.passing" : "language", code);
  texts = { ...start, ...page };
  loaded = new Set(folder ? [folder] : []);
  language.value = code;
  document.documentElement.lang = code;
}

/**
 * Speaks a person's own language: on a shared tablet always, on another browser unless somebody chose one there.
 * @param {string[] | null | undefined} preferred
 * @param {boolean} shared
 */
export async function offerLanguage(preferred, shared) {
  const first = (preferred || []).find((code) => LANGUAGES[code]);
  if (first && first !== language.value && (shared || !recall("language")))
    await setLanguage(/** @type {Language} */ (first), { passing: shared });
}

/** Whoever was signed in has left: the tablet speaks its own language again. */
export async function forgetLanguage() {
  if (!recall("language.passing")) return;
  remember("language.passing", null);
  const code = own();
  if (code !== language.value) await setLanguage(/** @type {Language} */ (code), { passing: true });
  remember("language.passing", null);
}

/**
 * The keys by their texts in all languages, for those that begin so: what one wrote by a ready phrase is read by
 * another in their own language.
 * @param {string} prefix
 * @returns {Promise<Map<string, string>>}
 */
export async function keysByText(prefix) {
  const folders = [...new Set([START, shown])];
  const every = folders.flatMap((folder) => Object.keys(LANGUAGES).map((code) => load(folder, code)));
  const found = await Promise.all(every);
  const entries = found.flatMap((some) => Object.entries(some).filter(([key]) => key.startsWith(prefix)));
  return new Map(entries.map(([key, text]) => [text, key]));
}

/**
 * The text of a key that the registry of pages names.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 */
export function textOf(key, values) {
  const text = language.value && (texts[key] ?? key);
  if (!values) return text;
  const filled = text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (/** @type {string[]} */ ...[, name, one, many]) =>
    one === undefined ? String(values[name] ?? "") : String(values[name]) === "1" ? one : many,
  );
  return withParticles(filled);
}

/**
 * The text of a key with its {names} filled in; `{n|order|orders}` is the first word when n is 1, otherwise the second.
 * Keys are literals, or a literal prefix: t(`state.${state}`), so that the server finds which texts a page shows.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 */
export function t(key, values) {
  return textOf(key, values);
}

/**
 * The name in this language from {"ko": …, "en": …}; Korean, English or whatever there is if it is missing.
 * @param {Name} name
 * @returns {string}
 */
export function local(name) {
  if (name === null || name === undefined) return "";
  if (typeof name === "string") return name;
  return name[language.value] ?? name.ko ?? name.en ?? Object.values(name)[0] ?? "";
}
