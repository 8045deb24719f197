// The work instructions of the jobs at the machine, so that they can be read without a network.
import { get, NoAnswer } from "/js/lib/api.js";
import { cacheValue, cachedValue } from "/js/floor/cache.js";

/**
 * @param {Job} job
 * @param {string} person
 */
const nameOf = (job, person) => `instruction/${person}/${job.instruction}/${job.instruction_revision}`;

/**
 * The instruction of a job, as this person sees it.
 * @param {Job} job
 * @param {string} person
 */
export async function readInstruction(job, person) {
  try {
    const instruction = await get(`/production/jobs/${job.id}/instruction`);
    // a full disk: it can be read as long as there is a network
    cacheValue(nameOf(job, person), instruction).catch(() => {});
    return instruction;
  } catch (error) {
    const last = error instanceof NoAnswer ? await cachedValue(nameOf(job, person)) : null;
    if (!last) throw error;
    return last;
  }
}

/**
 * The pictures and documents of a job's instruction, which is here from then on.
 * @param {Job} job
 * @param {string} person
 * @returns {Promise<string[]>}
 */
export async function instructionMedia(job, person) {
  const instruction = (await cachedValue(nameOf(job, person))) ?? (await readInstruction(job, person));
  return instruction.pages.map((/** @type {{ media: string | null }} */ page) => page.media).filter(Boolean);
}
