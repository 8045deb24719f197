// /reviews: what waits for a leader. #<id> chooses one of the commands that a tablet could not get done.
import { html, useRef } from "/js/lib/html.js";
import { all, get } from "/js/lib/api.js";
import { t } from "/js/lib/i18n.js";
import { useLive } from "/js/lib/live.js";
import { useDevices, usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { hash } from "/js/lib/router.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { Tabs } from "/js/components/tabs.js";
import { Flagged } from "/pages/floor/reviews/flagged.js";
import { firstWaiting } from "/pages/floor/reviews/groups.js";
import { Handovers } from "/pages/floor/reviews/handovers.js";
import { Past } from "/pages/floor/reviews/past.js";
import { Queue } from "/pages/floor/reviews/queue.js";
import { Unassigned } from "/pages/floor/reviews/unassigned.js";
import { useShopNames } from "/pages/floor/reviews/labels.js";

const MOST = 400;

async function readAll() {
  const [open, unassigned, flagged, past, unread] = await Promise.all([
    all("/production/reviews", { state: "open" }, MOST),
    all("/production/unassigned", { state: "open" }, MOST),
    all("/production/reviews/flagged", {}, MOST),
    get("/production/reviews", { state: "resolved", limit: 100 }),
    get("/production/handovers", { unread: true, limit: 200 }),
  ]);
  return { open, unassigned, flagged, past: past.items, unread: unread.items };
}

const terms = () => [
  { word: t("review.queue"), means: t("term_review.queue") },
  { word: t("review.unassigned"), means: t("term_review.unassigned") },
  { word: t("review.flagged"), means: t("term_review.flagged") },
];

/** A result without anything unusual does not change this page. */
const concerns = (topic, message) =>
  topic === "reviews" || message.data?.flags?.length > 0 || Boolean(message.data?.reverses_id);

const VIEWS = { queue: Queue, unassigned: Unassigned, flagged: Flagged, handovers: Handovers, past: Past };

/** "": the first tab at which something waits. */
const view = makeView({ tab: ["", ...Object.keys(VIEWS)] });

export default function Reviews() {
  const wanted = view.use().tab;
  const waiting = useResource(readAll, [], { auto: false, worded: true });
  const shop = { words: useShopNames(), person: usePeople(), device: useDevices() };
  useLive(["reviews", "work_orders"], waiting.load, concerns);
  const { data, error, load } = waiting;
  const first = useRef(null); // stays while the page is open: the last one that is dealt with takes nobody elsewhere
  if (data) first.current ??= firstWaiting(data);
  const tab = wanted || (hash.value.length > 1 ? "queue" : (first.current ?? "queue"));
  const View = VIEWS[tab];
  return html`<${OfficeShell} title=${t("review.title")} terms=${terms()}>
    <${Tabs}
      label=${t("review.title")}
      value=${tab}
      onChange=${(value) => view.change({ tab: value })}
      options=${[
        { value: "queue", label: t("review.queue"), count: data?.open.length },
        { value: "unassigned", label: t("review.unassigned"), count: data?.unassigned.length },
        { value: "flagged", label: t("review.flagged"), count: data?.flagged.length },
        { value: "handovers", label: t("handover.title"), count: data?.unread.length },
        { value: "past", label: t("review.past") },
      ]}
    />
    ${
      !data &&
      (error
        ? html`<div class="card"><${Problem} error=${error} retry=${load} /></div>`
        : html`<div class="card card-body"><${Skeleton} rows="5" height="72" /></div>`)
    }
    ${data && html`<${View} data=${data} shop=${shop} reload=${load} />`}
  <//>`;
}
