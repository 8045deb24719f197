// What an item is to the shop, in words and with an icon.
import { t } from "/js/lib/i18n.js";

export const ITEM_KINDS = ["finished", "semi", "purchased", "raw"];
const ICONS = { finished: "box", semi: "hexagon", purchased: "cart", raw: "layers" };
const TONES = { finished: "brand", semi: "setup", purchased: "idle", raw: "idle" };

/** {tone, icon, label} of an item's kind. */
export const kindDisplay = (kind) => ({
  tone: TONES[kind] ?? "idle",
  icon: ICONS[kind] ?? "item",
  label: t(`item_kind.${kind}`),
});
export const kindOptions = () => ITEM_KINDS.map((value) => ({ value, label: t(`item_kind.${value}`) }));
