// The groups of the navigation with the pages that this person uses.
import { t } from "/js/lib/i18n.js";
import { navigation } from "/js/lib/router.js";
import { mayUse } from "/js/lib/session.js";

export const usable = () =>
  navigation.value
    .map((group) => ({ ...group, pages: group.pages.filter(mayUse) }))
    .filter((group) => group.pages.length);

/**
 * What a page is called in the navigation.
 * @param {Page} page
 */
export const nameOf = (page) => t(`nav.${page.id}`);
/**
 * What a group of pages is called.
 * @param {PageGroup} group
 */
export const groupName = (group) => t(`nav_group.${group.id}`);
