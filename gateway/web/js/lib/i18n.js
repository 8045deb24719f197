// Texts by key, and numbers, dates and names by locale. Texts live in /i18n/<language>.json, flat.
import { signal } from "/js/lib/html.js";
import { recall, remember } from "/js/lib/store.js";

export const LANGUAGES = { ko: "한국어", en: "English", vi: "Tiếng Việt" };
const LOCALES = { ko: "ko-KR", en: "en-GB", vi: "vi-VN" };

export const language = signal(LANGUAGES[recall("language")] ? recall("language") : "ko");
const texts = signal({});
export const locale = () => LOCALES[language.value];

async function load(code) {
  const response = await fetch(`/i18n/${code}.json`);
  if (!response.ok) throw new Error(`no texts for ${code}`);
  return response.json();
}

/** Loads the texts of the chosen language; call once before the first render. */
export async function startTexts() {
  texts.value = await load(language.value);
  document.documentElement.lang = language.value;
}

/** Changes the language of the page at once, and remembers it for this browser. */
export async function setLanguage(code) {
  const next = await load(code);
  remember("language", code);
  language.value = code;
  texts.value = next;
  document.documentElement.lang = code;
}

/** Speaks a person's own language: on a shared tablet always, on another browser unless somebody chose one there. */
export async function offerLanguage(preferred, shared) {
  const first = (preferred || []).find((code) => LANGUAGES[code]);
  if (first && (shared || !recall("language"))) await setLanguage(first);
}

/**
 * The text of a key with its {names} filled in; `{n|order|orders}` is the first word when n is 1, otherwise the second.
 * Keys are literals, or a literal prefix: t(`state.${state}`).
 */
export function t(key, values) {
  const text = texts.value[key] ?? key;
  if (!values) return text;
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) =>
    one === undefined ? (values[name] ?? "") : String(values[name]) === "1" ? one : many,
  );
}

/** The name in this language from {"ko": …, "en": …}; Korean, English or whatever there is if it is missing. */
export function local(name) {
  if (name === null || name === undefined) return "";
  if (typeof name === "string") return name;
  return name[language.value] ?? name.ko ?? name.en ?? Object.values(name)[0] ?? "";
}
