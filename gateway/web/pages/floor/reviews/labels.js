// A command of a tablet in words: what was touched, and what was entered.
import { html } from "/js/lib/html.js";
import { all, get } from "/js/lib/api.js";
import { number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { callDisplay } from "/js/lib/display.js";
import { useResource } from "/js/lib/resource.js";
import { Picture } from "/js/components/picture.js";

const KINDS = {
  start: "play",
  resume: "play",
  pause: "pause",
  finish: "check",
  result: "box",
  reverse: "undo",
  consume: "layers",
  phase: "tools",
  crew: "people",
  confirm: "book",
  andon: "bell",
  come: "check",
  go: "leave",
  label: "print",
  handover: "chat",
  read: "chat",
  unassigned: "box",
};

/** {icon, label} of a command. */
export const kindDisplay = (kind) =>
  KINDS[kind] ? { icon: KINDS[kind], label: t(`floor.kind.${kind}`) } : { icon: "device", label: kind };

const readLists = async () => {
  const read = [all("/quality/defects"), get("/production/reasons"), all("/orders/machines")];
  const [defects, reasons, machines] = await Promise.all(read);
  return { defects, reasons: reasons.items, machines };
};
const byCode = (items) => Object.fromEntries(items.map((one) => [one.code, local(one.name)]));

/**
 * Defects, their pictures and reasons for a stop by code, and the machines: {defects, pictures, reasons, machines}. As
 * long as they are not there, codes are shown instead.
 */
export function useShopNames() {
  const { data } = useResource(readLists);
  const { defects, reasons, machines } = data ?? { defects: [], reasons: [], machines: [] };
  return {
    pictures: Object.fromEntries(defects.map((one) => [one.code, one.picture_id])),
    defects: byCode(defects.filter((one) => one.active !== false)),
    reasons: byCode(reasons),
    machines: machines.map((one) => one.code),
  };
}

const scrapWords = (scrap, words) =>
  scrap.map((one) => `${words.defects[one.defect] ?? one.defect} ${number(one.quantity)}`).join(", ");
const isNothing = (value) => value === undefined || value === null || value === "" || Number(value) === 0;

/** What was entered, as [[name, value]]: what says nothing is left out. */
export function contentOf(body, words, person = (code) => code) {
  const lines = [
    ["good", isNothing(body.good) ? null : number(body.good)],
    ["scrap", body.scrap?.length ? scrapWords(body.scrap, words) : null],
    ["rework", isNothing(body.rework) ? null : number(body.rework)],
    ["lot", body.lot],
    ["quantity", isNothing(body.quantity) ? null : number(body.quantity)],
    ["reason", body.reason && (words.reasons[body.reason] ?? body.reason)],
    ["phase", body.phase && t(`phase.${body.phase}`)],
    ["crew", body.action && `${person(body.person) ?? ""} ${t(`crew.${body.action}`)}`],
    ["call", callDisplay(body.kind).icon && callDisplay(body.kind).label],
    ["item", body.item],
    ["machine", body.machine],
    ["note", body.note],
  ];
  return lines
    .filter(([, value]) => !isNothing(value) || typeof value === "string")
    .filter(([, value]) => value)
    .map(([name, value]) => [t(`review.content.${name}`), value]);
}

/** What the scrapped pieces of a report looked like, as far as their defects have pictures. */
export function ScrapPictures({ scrap = [], words }) {
  const shown = scrap.filter((one) => words.pictures[one.defect]);
  if (!shown.length) return null;
  return html`<ul class="scrap-pictures">
    ${shown.map(
      (one) => html`<li key=${one.defect}>
        <${Picture} id=${words.pictures[one.defect]} service="quality" glyph="picture" />
        <span>${words.defects[one.defect] ?? one.defect} <b>${number(one.quantity)}</b></span>
      </li>`,
    )}
  </ul>`;
}
