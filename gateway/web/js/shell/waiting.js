// What waits for somebody: counted where it is kept, live, for the badges of the navigation and the tiles of the start
// page. What a person has no page for is not asked.
import { computed, effect, signal, useEffect } from "/js/lib/html.js";
import { get, token } from "/js/lib/api.js";
import { atMostEvery, listen } from "/js/lib/live.js";
import { may } from "/js/lib/session.js";
import { waits } from "/js/lib/title.js";
import { countTroubles } from "/js/shell/troubles.js";

const MOST = 100;
const LINGER_MS = 3000;
const OPEN = "planned,released,in_progress,on_hold";
const READERS = ["planner", "leader", "quality", "viewer"];

/**
 * @param {string} path
 * @param {Record<string, any>} query
 * @returns {Promise<number>}
 */
const length = async (path, query) => (await get(path, { ...query, limit: MOST })).items.length;
/** @param {Record<string, any>} query */
const orders = (query) => () => length("/orders/work-orders", { state: OPEN, ...query });

/** The calls that nobody has accepted, the oldest first. @type {Signal<Call[]>} */
export const openCalls = signal([]);

async function countCalls() {
  const { items } = await get("/production/andon-calls", { state: "open", limit: MOST });
  openCalls.value = items.sort((/** @type {Call} */ a, /** @type {Call} */ b) => a.at.localeCompare(b.at));
  return items.length;
}

/**
 * Each: the page where it is dealt with, the address that shows it, who deals with it, when it may have changed.
 * `badge`: something that has to be done, not a state of the shop.
 * @type {WaitingSource[]}
 */
export const SOURCES = [
  {
    id: "calls",
    page: "andon",
    href: "/andon",
    icon: "bell",
    tone: "stop",
    badge: true,
    roles: [...READERS, "maintenance"],
    topics: ["andon"],
    count: countCalls,
  },
  {
    id: "reviews",
    page: "reviews",
    href: "/reviews?tab=queue",
    icon: "hand",
    tone: "stop",
    badge: true,
    roles: ["leader", "quality"],
    topics: ["reviews"],
    count: () => length("/production/reviews", { state: "open" }),
  },
  {
    id: "unassigned",
    page: "reviews",
    href: "/reviews?tab=unassigned",
    icon: "box",
    tone: "warn",
    badge: true,
    roles: ["leader", "quality"],
    topics: ["reviews"],
    count: () => length("/production/unassigned", { state: "open" }),
  },
  {
    id: "flagged",
    page: "reviews",
    href: "/reviews?tab=flagged",
    icon: "flag",
    tone: "warn",
    badge: true,
    roles: ["leader", "quality"],
    topics: ["reviews", "work_orders"],
    count: () => length("/production/reviews/flagged", {}),
  },
  {
    id: "lots_held",
    page: "lots",
    href: "/lots?state=on_hold",
    icon: "lot",
    tone: "warn",
    badge: true,
    roles: ["quality"],
    topics: ["work_orders"],
    count: () => length("/production/lots", { state: "on_hold" }),
  },
  {
    id: "changes",
    page: "orders",
    href: "/orders?filter=changes",
    icon: "change",
    tone: "warn",
    badge: true,
    roles: ["planner"],
    topics: ["work_orders", "erp"],
    count: () => length("/orders/changes", { state: "proposed" }),
  },
  {
    id: "erp_refused",
    page: "erp",
    href: "/erp?tab=orders&state=refused",
    icon: "erp",
    tone: "stop",
    badge: true,
    roles: ["planner"],
    topics: ["erp"],
    count: async () => (await get("/erp/summary")).refused,
  },
  {
    id: "erp_parked",
    page: "erp",
    href: "/erp?tab=deliveries&state=parked",
    icon: "erp",
    tone: "stop",
    badge: true,
    roles: ["planner"],
    topics: ["erp"],
    count: async () => (await get("/erp/summary")).parked,
  },
  {
    id: "troubles",
    page: "troubles",
    href: "/troubles",
    icon: "warning",
    tone: "stop",
    badge: true,
    roles: ["admin"],
    topics: [],
    every: 60000,
    count: countTroubles,
  },
  {
    id: "late",
    page: "orders",
    href: "/orders?filter=late",
    icon: "clock",
    tone: "stop",
    roles: READERS,
    topics: ["work_orders"],
    count: orders({ late: true }),
  },
  {
    id: "at_risk",
    page: "orders",
    href: "/orders?filter=at_risk",
    icon: "warning",
    tone: "warn",
    roles: READERS,
    topics: ["work_orders"],
    count: orders({ at_risk: true }),
  },
  {
    id: "on_hold",
    page: "orders",
    href: "/orders?filter=on_hold",
    icon: "hold",
    tone: "warn",
    roles: ["planner", "leader"],
    topics: ["work_orders"],
    count: async () => (await get("/orders/work-orders/counts")).on_hold ?? 0,
  },
  {
    id: "unreleased",
    page: "orders",
    href: "/orders?filter=unreleased",
    icon: "order",
    tone: "",
    roles: ["planner"],
    topics: ["work_orders"],
    count: async () => {
      const counts = await get("/orders/work-orders/counts");
      return (counts.draft ?? 0) + (counts.planned ?? 0);
    },
  },
  {
    id: "stopped",
    page: "board",
    href: "/board",
    icon: "machine",
    tone: "stop",
    roles: ["leader", "viewer", "maintenance"],
    topics: ["machines"],
    count: async () => {
      const machines = await get("/production/machines", { limit: MOST });
      return machines.items.filter((/** @type {Machine} */ machine) => machine.state === "stopped").length;
    },
  },
];

/** The counts by source; undefined while one is not known. @type {Signal<Record<string, number | undefined>>} */
export const waiting = signal({});

/** What of it concerns this person. */
export const sources = () => SOURCES.filter((source) => may(...source.roles));

/**
 * How much waits at a page.
 * @param {string} page
 */
export const waitingAt = (page) =>
  sources()
    .filter((source) => source.badge && source.page === page)
    .reduce((sum, source) => sum + (waiting.value[source.id] ?? 0), 0);

/** @param {WaitingSource[]} some */
async function read(some) {
  const counted = await Promise.all(
    some.map(async (source) => [source.id, await source.count().catch(() => waiting.value[source.id])]),
  );
  waiting.value = { ...waiting.value, ...Object.fromEntries(counted) };
}

/** How many parts of the screen want the counts. */
const users = signal(0);
/** All that has to be done by this person. */
const total = computed(() =>
  sources().reduce((sum, source) => sum + (source.badge ? (waiting.value[source.id] ?? 0) : 0), 0),
);
effect(() => {
  waits.value = users.value ? total.value : 0;
});
/** @type {(() => void) | null} */
let stop = null;

function start() {
  const mine = sources();
  const due = new Set(mine);
  const refresh = atMostEvery(2000, () => {
    read([...due]);
    due.clear();
  });
  /** @param {WaitingSource[]} some */
  const again = (some) => {
    for (const source of some) due.add(source);
    if (due.size) refresh();
  };
  const topics = [...new Set(mine.flatMap((source) => source.topics))];
  const quiet = topics.length
    ? listen(topics, {
        onSync: () => again(mine),
        onEvent: (topic) => again(mine.filter((source) => source.topics.includes(topic))),
      })
    : () => {};
  const timers = mine.map((source) => source.every && setInterval(() => again([source]), source.every));
  return () => {
    quiet();
    for (const timer of timers) clearInterval(timer);
    stop = null;
  };
}

// another person: other counts
effect(() => {
  if (token.value) return;
  waiting.value = {};
  openCalls.value = [];
  stop?.();
});

/** Counts while a page of the office is shown; a change of pages does not begin anew. */
export function useWaiting() {
  useEffect(() => {
    users.value += 1;
    stop ??= start();
    return () => {
      users.value -= 1;
      setTimeout(() => users.value === 0 && stop?.(), LINGER_MS);
    };
  }, []);
}
