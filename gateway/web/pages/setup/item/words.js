// Where an operation is done and how long it takes, in words.
import { number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";

/** Seconds in words: "1.5 s", "12 min", "1 h 15 m". */
export function seconds(value) {
  const all = Number(value);
  if (all < 120) return t("unit.seconds", { n: number(all, 2) });
  const minutes = Math.round(all / 60);
  if (minutes < 60) return t("unit.minutes", { m: minutes });
  return minutes % 60
    ? t("unit.hours_minutes", { h: Math.floor(minutes / 60), m: minutes % 60 })
    : t("unit.hours", { h: minutes / 60 });
}

function timeOf(step) {
  if (step.mode === "batch")
    return t("routing.per_batch", { n: number(step.batch_size), time: seconds(step.run_s_per_batch) });
  const each = Number(step.cycle_s) / (Number(step.per_cycle) || 1);
  return each > 0 ? t("routing.per_piece", { time: seconds(each) }) : t("routing.no_time");
}

/** {where, time, setup} of an operation's form. */
export function operationWords(step) {
  const days = step.lead_time_d ? t("unit.days", { n: number(step.lead_time_d) }) : "";
  if (step.subcontract) return { where: t("order.outside"), time: days || t("routing.no_lead_time"), setup: "" };
  const setup = Number(step.setup_s) > 0 ? t("routing.setup", { time: seconds(step.setup_s) }) : "";
  return {
    where: [step.work_center, step.machine].filter(Boolean).join(" · ") || t("routing.nowhere"),
    time: timeOf(step),
    setup,
  };
}
