// What the floor has of an order beside its counts: its jobs, the machines that really worked on it, and what went to
// subcontractors.
import { all, get } from "/js/lib/api.js";
import { useResource } from "/js/lib/resource.js";

const UNRELEASED = ["draft", "planned"];
const byOp = (rows) => Map.groupBy(rows, (row) => row.op);

async function read(order) {
  const [jobs, places] = await Promise.all([
    all("/production/jobs", { work_order: order.id }),
    get(`/production/work-orders/${order.id}/machines`),
  ]);
  const outside = jobs.filter((job) => job.subcontract);
  const sendings = await Promise.all(
    outside.map(async (job) => [job.op, (await get(`/production/jobs/${job.id}/sendings`)).items]),
  );
  return {
    jobs: new Map(outside.map((job) => [job.op, job])),
    ids: new Map(jobs.map((job) => [job.op, job.id])),
    places: byOp(places.items),
    sendings: new Map(sendings),
  };
}

/**
 * {jobs: subcontracted ones by operation, ids: those of all jobs by operation, places: machines by operation, sendings: by operation}; nothing before the
 * release. `pulse` changes when something may have happened.
 */
export const useFloor = (order, pulse) =>
  useResource(async () => (UNRELEASED.includes(order.state) ? null : read(order)), [order.id, order.state, pulse]);

/**
 * Each sending, the oldest first, with what of it is still `out` and whether that is `late`: what came back counts for
 * what was due first. Pure.
 */
export function standOf(sendings, atSupplier, now = Date.now()) {
  const due = (sending) => (sending.due_at ? Date.parse(sending.due_at) : Infinity);
  let rest = Number(atSupplier);
  const out = new Map();
  for (const sending of [...sendings].sort((a, b) => due(b) - due(a) || Date.parse(b.at) - Date.parse(a.at))) {
    const still = Math.min(rest, Number(sending.quantity));
    out.set(sending.id, still);
    rest -= still;
  }
  return sendings.map((sending) => ({
    ...sending,
    out: out.get(sending.id),
    late: out.get(sending.id) > 0 && due(sending) < now,
  }));
}
