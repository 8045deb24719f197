// Fetches, while there is a network, the media that a machine's screen shows: the pictures of items and defects, and
// the instructions with theirs.
import { ApiProblem, get, getFile } from "/js/lib/api.js";
import { instructionMedia } from "/js/floor/instructions.js";
import { cacheMedia, retainMedia, cachedMedia, readOrCached } from "/js/floor/cache.js";

const MOST = 12; // jobs ahead

/**
 * The codes of the items that come next.
 * @param {Job[]} jobs
 */
export const upcomingItems = (jobs) => [...new Set(jobs.slice(0, MOST).map((job) => job.item))];

/**
 * @param {string} code
 * @returns {Promise<string | null>}
 */
const readPicture = async (code) =>
  (await readOrCached(`item/${code}`, () => get(`/orders/items/${encodeURIComponent(code)}`))).picture;

/**
 * The pictures of items, by their codes: {code: media id or null}.
 * @param {string[]} codes
 * @returns {Promise<Record<string, string | null>>}
 */
export async function readPictures(codes) {
  const pictures = await Promise.all(codes.map((code) => readPicture(code).catch(() => null))); // shown without one
  return Object.fromEntries(codes.map((code, at) => [code, pictures[at]]));
}

/**
 * @param {string} id
 * @param {string} service
 */
async function fetchMedia(id, service) {
  if (await cachedMedia(id)) return;
  try {
    await cacheMedia(id, await getFile(`/${service}/media/${id}`));
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error; // one that is missing does not stop the others
  }
}

/**
 * Fetches what is not there yet, and forgets the pictures of other jobs. `pictures` by the items' codes, `defects` as
 * the catalogue has them.
 * @param {Job[]} jobs
 * @param {Record<string, string | null>} pictures
 * @param {Defect[]} defects
 * @param {string} person
 */
export async function prefetch(jobs, pictures, defects, person) {
  /** The service that has each picture, by its id. @type {Map<string, string>} */
  const services = new Map();
  for (const { picture } of defects) if (picture) services.set(picture, "quality");
  for (const picture of Object.values(pictures)) if (picture) services.set(picture, "orders");
  for (const job of jobs.filter((one) => one.instruction).slice(0, MOST))
    for (const id of await instructionMedia(job, person)) services.set(id, "orders");
  for (const [id, service] of services) await fetchMedia(id, service);
  await retainMedia(services);
}
