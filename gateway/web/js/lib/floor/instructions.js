// The work instructions of the jobs at the machine, with their pictures, so that they can be read without a network.
import { get, getFile, NoAnswer } from "/js/lib/api.js";
import { keep, keepMedia, keepOnlyMedia, kept, keptMedia } from "/js/lib/floor/keep.js";

const MOST = 12; // jobs ahead

const nameOf = (job, person) => `instruction/${person}/${job.instruction}/${job.instruction_revision}`;
const mediaOf = (instruction) => instruction.pages.map((page) => page.media).filter(Boolean);

/** The instruction of a job, as this person sees it. */
export async function readInstruction(job, person) {
  try {
    const instruction = await get(`/production/jobs/${job.id}/instruction`);
    keep(nameOf(job, person), instruction).catch(() => {}); // a full disk: it can be read as long as there is a network
    return instruction;
  } catch (error) {
    const last = error instanceof NoAnswer ? await kept(nameOf(job, person)) : null;
    if (!last) throw error;
    return last;
  }
}

/** Fetches what is not there yet for these jobs, and forgets the pictures of the others. */
export async function fetchAhead(jobs, person) {
  const wanted = new Set();
  for (const job of jobs.filter((one) => one.instruction).slice(0, MOST)) {
    const instruction = (await kept(nameOf(job, person))) ?? (await readInstruction(job, person));
    for (const id of mediaOf(instruction)) {
      wanted.add(id);
      if (!(await keptMedia(id))) await keepMedia(id, await getFile(`/orders/media/${id}`));
    }
  }
  await keepOnlyMedia(wanted);
}
