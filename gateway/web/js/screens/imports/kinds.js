// What can be imported, where it goes, and which fields it has (* needed). The key field may be joined from two columns.
import { t } from "/js/lib/i18n.js";

const fields = (text) => text.split(" ").map((name) => ({ name: name.replace("*", ""), needed: name.endsWith("*") }));

export const KINDS = [
  { id: "erp_orders", path: "/erp/imports", joined: "external_id", fields: fields("external_id* item* quantity* due_at* customer sales_order priority note"), label: () => t("imports.erp_orders"), next: "/orders" },
  { id: "items", path: "/orders/imports", fields: fields("code* name* kind* name_en unit box_quantity"), label: () => t("imports.items") },
  { id: "routings", path: "/orders/imports", fields: fields("item* op* name* name_en work_center machine cycle_s per_cycle setup_s crew subcontract lead_time_d"), label: () => t("imports.routings") },
  { id: "work_centers", path: "/orders/imports", fields: fields("code* name* name_en"), label: () => t("imports.work_centers") },
  { id: "machines", path: "/orders/imports", fields: fields("code* name* work_center* name_en"), label: () => t("imports.machines") },
  { id: "reasons", path: "/orders/imports", fields: fields("code* name* kind* name_en note_required"), label: () => t("imports.reasons") },
  { id: "shifts", path: "/orders/imports", fields: fields("code* name* starts* ends* name_en"), label: () => t("imports.shifts") },
  { id: "defects", path: "/quality/imports", fields: fields("code* name* name_en"), label: () => t("imports.defects") },
];

export const fieldLabel = (name) => t(`import_field.${name}`);
