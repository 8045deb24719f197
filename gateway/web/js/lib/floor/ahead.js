// What the machine's screen shows, fetched while there is a network: the pictures of items and defects, and the
// instructions with theirs.
import { ApiProblem, get, getFile } from "/js/lib/api.js";
import { instructionMedia } from "/js/lib/floor/instructions.js";
import { keepMedia, keepOnlyMedia, keptMedia, readOrKept } from "/js/lib/floor/keep.js";

const MOST = 12; // jobs ahead

/** The codes of the items that come next. */
export const itemsAhead = (jobs) => [...new Set(jobs.slice(0, MOST).map((job) => job.item))];

const readPicture = async (code) =>
  (await readOrKept(`item/${code}`, () => get(`/orders/items/${encodeURIComponent(code)}`))).picture;

/** The pictures of items, by their codes: {code: media id or null}. */
export async function readPictures(codes) {
  const pictures = await Promise.all(codes.map((code) => readPicture(code).catch(() => null))); // shown without one
  return Object.fromEntries(codes.map((code, at) => [code, pictures[at]]));
}

async function fetchMedia(id, service) {
  if (await keptMedia(id)) return;
  try {
    await keepMedia(id, await getFile(`/${service}/media/${id}`));
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error; // one that is not there keeps no other away
  }
}

/**
 * Fetches what is not there yet, and forgets the pictures of other jobs. `pictures` by the items' codes, `defects` as
 * the catalogue has them.
 */
export async function fetchAhead(jobs, pictures, defects, person) {
  const wanted = new Map(defects.filter((defect) => defect.picture).map((defect) => [defect.picture, "quality"]));
  for (const picture of Object.values(pictures).filter(Boolean)) wanted.set(picture, "orders");
  for (const job of jobs.filter((one) => one.instruction).slice(0, MOST))
    for (const id of await instructionMedia(job, person)) wanted.set(id, "orders");
  for (const [id, service] of wanted) await fetchMedia(id, service);
  await keepOnlyMedia(wanted);
}
