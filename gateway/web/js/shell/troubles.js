// What the services tell each other and did not arrive, for an administrator.
import { get } from "/js/lib/api.js";

const SERVICES = ["orders", "production", "quality", "erp"];
const KINDS = ["parked", "withheld", "retrying"];

/** How the apps are: {status, checks}; a 503 says it too. */
async function readHealth() {
  const response = await fetch("/health/ready", { cache: "no-store" });
  return response.json();
}

/**
 * Every event in trouble, by service, with what else is not well.
 * @returns {Promise<{ health: { status: string, checks: Record<string, string> }, troubles: Trouble[] }>}
 */
export async function readTroubles() {
  const wanted = SERVICES.flatMap((service) => KINDS.map((kind) => ({ service, kind })));
  const [health, ...lists] = await Promise.all([
    readHealth(),
    ...wanted.map(({ service, kind }) => get(`/${service}/${kind}-events`)),
  ]);
  const troubles = lists.flatMap((list, at) =>
    list.items.map((/** @type {any} */ event) => ({ ...wanted[at], event })),
  );
  return { health, troubles };
}

/** How many there are; while all apps are well nobody is asked further. */
export async function countTroubles() {
  const { status } = await readHealth();
  return status === "ready" ? 0 : (await readTroubles()).troubles.length;
}
