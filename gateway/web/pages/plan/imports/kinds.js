// What can be imported, where it goes, and which fields it has. Master data tells its kinds itself; a key field may be
// joined from two columns.
import { get } from "/js/lib/api.js";
import { t } from "/js/lib/i18n.js";

const fields = (text) =>
  text.split(" ").map((name) => ({
    name: name.replace("*", ""),
    required: name.endsWith("*"),
    heading: t(`import_field.${name.replace("*", "")}`),
  }));

const orders = () => ({
  name: "erp_orders",
  path: "/erp/imports",
  joined: "external_id",
  template: "/erp/imports/template.xlsx",
  fields: fields("external_id* item* quantity* due_at* customer sales_order priority note"),
  title: t("imports.erp_orders"),
  next: "/orders",
});
const defects = () => ({
  name: "defects",
  path: "/quality/imports",
  fields: fields("code* name* name_en"),
  title: t("imports.defects"),
});

/** A whole export: no columns to choose. */
const everything = () => ({
  name: "everything",
  path: "/orders/imports",
  whole: true,
  fields: [],
  title: t("imports.everything"),
});

/**
 * All kinds, in the person's language; those of master data in sheets know templates, kept mappings and undo. What is
 * in no sheet comes with everything alone.
 */
export async function loadKinds() {
  const { items } = await get("/orders/exchange/kinds");
  const known = items.map((kind) => ({
    ...kind,
    path: "/orders/imports",
    kept: kind.in_sheets,
    hidden: !kind.in_sheets,
  }));
  const often = ["items", "routings", "boms"];
  const first = often.map((name) => known.find((kind) => kind.name === name)).filter(Boolean);
  return [orders(), ...first, ...known.filter((kind) => !often.includes(kind.name)), defects(), everything()];
}

/** What a field is called in its kind; nothing for what is no field. */
export const headingOf = (kind, name) => kind?.fields.find((field) => field.name === name)?.heading ?? "";
