// Shapes of the frame and of the start, for the type checker alone (infra/web/check.sh): never sent to a browser.

type Page = import("/js/lib/router.js").Page;
/** A group of the navigation. */
interface PageGroup {
  id: string;
  pages: Page[];
}
/** Where an address leads: to a page with all that it needs, `elsewhere`, or nowhere. */
interface Destination {
  page?: Page;
  params?: Record<string, string>;
  view?: import("preact").ComponentType<any>;
  elsewhere?: string | null;
}
/** What is shown at an address; null before the first one. */
interface ShownPage extends Destination {
  address: string | null;
  error?: unknown;
}
/** What the search finds. */
interface FoundEntry {
  href: string;
  code: string;
  name: string;
}
interface SearchKind {
  id: string;
  icon: string;
  /** Where its entries lead. */
  page: string;
  find: (q: string) => Promise<FoundEntry[]>;
}
/** Somebody called from a machine. */
interface Call {
  id: string;
  machine: string;
  kind: string;
  at: string;
  note: string | null;
}
/** An event that did not arrive. */
interface Trouble {
  service: string;
  kind: string;
  event: any;
}
/** A word of a page, and what it means there. */
interface Term {
  word: string;
  means: string;
}
/** Something that waits for somebody. */
interface WaitingSource {
  id: string;
  /** The id of the page where it is dealt with. */
  page: string;
  href: string;
  icon: string;
  tone: Tone;
  badge?: boolean;
  roles: string[];
  topics: string[];
  /** What no topic tells of is counted again after so many ms. */
  every?: number;
  count: () => Promise<number>;
}
