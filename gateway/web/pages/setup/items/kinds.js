// What an item is to the shop, in words and with an icon.
import { t } from "/js/lib/i18n.js";

export const ITEM_KINDS = ["finished", "semi", "purchased", "raw"];
const ICONS = { finished: "box", semi: "hexagon", purchased: "cart", raw: "layers" };
const TONES = { finished: "brand", semi: "setup", purchased: "idle", raw: "idle" };

/** {tone, icon, word} of an item's kind. */
export const kindLook = (kind) => ({
  tone: TONES[kind] ?? "idle",
  icon: ICONS[kind] ?? "item",
  word: t(`item_kind.${kind}`),
});
export const kindOptions = () => ITEM_KINDS.map((value) => ({ value, label: t(`item_kind.${value}`) }));
