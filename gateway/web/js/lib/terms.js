// The words of work orders that are explained where they stand: in the help of a page, and at the button or figure.
import { t } from "/js/lib/i18n.js";

/**
 * What a word of work orders means.
 * @param {string} name
 */
export const meaning = (name) => t(`term.${name}`);

/** What is done with an order, and how it stands. @returns {Term[]} */
export const orderTerms = () => [
  { word: t("order_action.plan"), means: meaning("plan") },
  { word: t("order_action.release"), means: meaning("release") },
  { word: t("order_action.hold"), means: meaning("hold") },
  { word: t("order_action.change"), means: meaning("change") },
  { word: t("order_action.close"), means: meaning("close") },
  ...standingTerms(),
];

/** How an order stands against its due date. @returns {Term[]} */
export const standingTerms = () => [
  { word: t("orders_filter.late"), means: meaning("late") },
  { word: t("orders_filter.at_risk"), means: meaning("at_risk") },
];
