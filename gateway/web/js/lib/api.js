// The public API, as every other client uses it: bearer token, Idempotency-Key, problems in the person's language.
import { signal } from "/js/lib/html.js";
import { language } from "/js/lib/i18n.js";
import { hasBoth, withParticles } from "/js/lib/particles.js";
import { recall, remember } from "/js/lib/store.js";

/** @type {Signal<string | null>} */
export const token = signal(recall("token"));
/** @type {Signal<string | null>} */
export const deviceToken = signal(recall("device"));
/** How many writes are on their way to the server. */
export const sending = signal(0);

token.subscribe((value) => remember("token", value));
deviceToken.subscribe((value) => remember("device", value));

let session = new AbortController();
/** Whoever leaves waits for nothing: what is still being read for them has no answer. */
export function endReads() {
  session.abort();
  session = new AbortController();
}

const SAID = ["detail", "message"];
/**
 * The answer; what it says to a person in Korean has the particles that its values ask for.
 * @param {Response} response
 */
async function readJson(response) {
  const text = await response.text();
  if (!hasBoth(text)) return JSON.parse(text);
  return JSON.parse(text, (name, value) =>
    SAID.includes(name) && typeof value === "string" ? withParticles(value) : value,
  );
}

/** The server understood and said no. `code` is stable, `message` is in the person's language. */
export class ApiProblem extends Error {
  /**
   * @param {number} status
   * @param {any} body
   */
  constructor(status, body) {
    super(body.detail || body.title || String(status));
    this.status = status;
    this.code = body.code || "unknown";
    this.title = body.title || "";
    /** @type {FieldError[]} */
    this.errors = body.errors || [];
    this.body = body;
  }

  /**
   * The message for one field of a form, or undefined.
   * @param {string} name
   * @returns {string | undefined}
   */
  field(name) {
    return this.errors.find((error) => error.field === name)?.message;
  }
}

/** No answer came: no network, or nobody there who could answer. What was asked may or may not have happened. */
export class NoAnswer extends Error {}

let onSignedOut = () => {};
/**
 * Called when the server no longer knows this session.
 * @param {() => void} callback
 */
export const whenSignedOut = (callback) => (onSignedOut = callback);

/** A UUIDv4 that also works without HTTPS, where crypto.randomUUID is missing. */
export function uuid() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * @param {string} path
 * @param {Record<string, any>} [query]
 */
function address(path, query) {
  const url = new URL(`/api/v1${path}`, location.origin);
  for (const [name, value] of Object.entries(query || {})) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, value);
  }
  return url;
}

/** @param {unknown} error */
const isAbort = (error) => error instanceof DOMException && error.name === "AbortError";

/**
 * One request. Returns {status, data, etag}; throws ApiProblem or NoAnswer.
 * `bearer` replaces the session's token ("device" for the tablet's own, null for none); with `keepalive` it is sent
 * although the page goes.
 * @param {string} method
 * @param {string} path
 * @param {RequestOptions} [options]
 * @returns {Promise<{ status: number, data: any, etag: string | null }>}
 */
export async function request(
  method,
  path,
  { query, body, form, key, etag, blob = false, bearer = token.value, signal: abort, keepalive = false } = {},
) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "Accept-Language": language.value };
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  if (key) headers["Idempotency-Key"] = key;
  if (etag) headers[etag === "*" ? "If-None-Match" : "If-Match"] = etag;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const writes = method !== "GET";
  const until = writes || bearer !== token.value ? undefined : session.signal;
  if (writes) sending.value += 1;
  try {
    const response = await fetch(address(path, query), {
      method,
      headers,
      body: form ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal: abort ?? until,
      keepalive,
    });
    const isJson = response.status !== 204 && (response.headers.get("content-type") || "").includes("json");
    if (!response.ok) {
      if ([502, 503, 504].includes(response.status) && !isJson) throw new NoAnswer(String(response.status));
      const problem = new ApiProblem(response.status, isJson ? await readJson(response) : {});
      if (response.status === 401 && bearer && bearer === token.value) onSignedOut();
      throw problem;
    }
    return {
      status: response.status,
      data: isJson ? await readJson(response) : blob ? await response.blob() : null,
      etag: response.headers.get("etag"),
    };
  } catch (error) {
    if (error instanceof ApiProblem || error instanceof NoAnswer || (isAbort(error) && !until?.aborted)) throw error;
    throw new NoAnswer(String(error));
  } finally {
    if (writes) sending.value -= 1;
  }
}

/** @param {Parameters<typeof request>} args */
const data = async (...args) => (await request(...args)).data;

/**
 * @param {string} path
 * @param {Record<string, any>} [query]
 * @param {RequestOptions} [options]
 */
export const get = (path, query, options) => data("GET", path, { query, ...options });
/**
 * POSTs carry an Idempotency-Key of their own; give `key` to repeat an earlier one.
 * @param {string} path
 * @param {any} [body]
 * @param {RequestOptions} [options]
 */
export const post = (path, body = {}, options) => data("POST", path, { body, key: uuid(), ...options });
/**
 * A picture or document as a Blob: an <img> could not send who asks for it.
 * @param {string} path
 * @returns {Promise<Blob>}
 */
export const getFile = (path) => data("GET", path, { blob: true });
/**
 * @param {string} path
 * @param {any} body
 * @param {RequestOptions} [options]
 */
export const put = (path, body, options) => data("PUT", path, { body, ...options });
/**
 * @param {string} path
 * @param {any} body
 * @param {RequestOptions} [options]
 */
export const patch = (path, body, options) => data("PATCH", path, { body, ...options });
/**
 * @param {string} path
 * @param {RequestOptions} [options]
 */
export const del = (path, options) => data("DELETE", path, options);
/**
 * A multipart POST: `fields` become form fields, a File stays a file.
 * @param {string} path
 * @param {Record<string, any>} fields
 * @param {RequestOptions} [options]
 */
export function upload(path, fields, options) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== null)
      form.set(name, value instanceof Blob || typeof value === "string" ? value : JSON.stringify(value));
  }
  return data("POST", path, { form, key: uuid(), ...options });
}

/**
 * Every item of a list, page after page (at most `most`).
 * @param {string} path
 * @param {Record<string, any>} [query]
 * @param {number} [most]
 * @returns {Promise<any[]>}
 */
export async function all(path, query, most = 1000) {
  const items = [];
  let cursor;
  do {
    const page = await get(path, { limit: 200, ...query, cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < most);
  return items;
}

/**
 * Saves something as a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function saveAs(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/**
 * Saves what a GET answers as a file under the name that the server gives it.
 * @param {string} path
 */
export async function download(path) {
  const headers = { "Accept-Language": language.value, Authorization: `Bearer ${token.value}` };
  let response;
  try {
    response = await fetch(address(path), { headers });
  } catch (error) {
    throw new NoAnswer(String(error));
  }
  if (!response.ok)
    throw new ApiProblem(
      response.status,
      (response.headers.get("content-type") || "").includes("json") ? await readJson(response) : {},
    );
  saveAs(
    await response.blob(),
    /filename="([^"]+)"/.exec(response.headers.get("content-disposition") || "")?.[1] ?? "",
  );
}
