// Light or dark: as the device says, unless a person chose.
import { effect, signal } from "/js/lib/html.js";
import { recall, remember } from "/js/lib/store.js";

const device = matchMedia("(prefers-color-scheme: dark)");
/** "light", "dark" or null (as the device says). @type {Signal<string | null>} */
export const theme = signal(recall("theme"));
/** The theme of a page when nobody chose: the board is dark. @type {Signal<string | null>} */
export const preferred = signal(null);

effect(() => {
  const value = theme.value || preferred.value;
  if (value) document.documentElement.dataset.theme = value;
  else delete document.documentElement.dataset.theme;
});

/** True while the page is dark. */
export const isDark = () => (theme.value || preferred.value || (device.matches ? "dark" : "light")) === "dark";

export function toggleTheme() {
  theme.value = isDark() ? "light" : "dark";
  remember("theme", theme.value);
}
