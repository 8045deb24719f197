// A new order from what is wanted: what has to be made for it, down to the parts, is shown before anything is created.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { addDays, instant, today } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { useUnitsOf } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { FormNews } from "/js/components/form-news.js";
import { Picker } from "/js/components/picker.js";
import { Sheet } from "/js/components/sheet.js";
import { CustomerAndSalesOrder, DueAndPriority, Quantity, Tolerances, complete } from "/pages/plan/order/fields.js";
import { Plan, usePlan } from "/pages/plan/orders/plan.js";

const BLANK = {
  item: "",
  quantity: "",
  unit: "",
  day: "",
  time: "18:00",
  priority: "50",
  customer: "",
  sales_order: "",
  over_tolerance_pct: "",
  under_tolerance_pct: "",
};
const FIELDS = [
  "item",
  "routing",
  "quantity",
  "unit",
  "due_at",
  "customer",
  "sales_order",
  "over_tolerance_pct",
  "under_tolerance_pct",
];

/** The demand that a complete form asks for, or null. */
function demandOf(form) {
  if (!form.item || !complete(form)) return null;
  const demand = {
    item: form.item,
    quantity: form.quantity,
    due_at: instant(form.day, form.time),
    priority: Number(form.priority),
  };
  for (const name of ["unit", "customer", "sales_order", "over_tolerance_pct", "under_tolerance_pct"])
    if (form[name].trim()) demand[name] = form[name].trim();
  return demand;
}

/** Items that are made here. */
const findMade = async (text) => {
  const { items } = await get("/orders/items", { q: text, limit: 50 }).catch(() => ({ items: [] }));
  return items
    .filter((item) => item.active && item.supply === "make")
    .map((item) => ({ value: item.code, note: local(item.name) }));
};
const about = (item) =>
  item && `${local(item.name)}${item.box_quantity ? ` · ${t("orders.box", { n: Number(item.box_quantity) })}` : ""}`;

export function NewOrder({ open, onClose, onCreated }) {
  const [form, setForm] = useState(BLANK);
  const change = (name) => (value) => setForm((now) => ({ ...now, [name]: value }));
  const item = useResource(
    async () => (form.item ? get(`/orders/items/${encodeURIComponent(form.item)}`).catch(() => null) : null),
    [form.item],
  ).data;
  const units = useUnitsOf(item);
  const demand = open ? demandOf(form) : null;
  // Who orders makes no difference to what is made: the plan does not flicker while a name is typed.
  const plan = usePlan(
    demand && { item: demand.item, quantity: demand.quantity, unit: demand.unit, due_at: demand.due_at },
  );
  const create = useAction((key) => post("/orders/demand", demand, { key }), {
    done: ({ orders }) => onCreated(orders),
    failed: () => {},
  });
  useEffect(() => {
    if (!open) return;
    setForm({ ...BLANK, day: addDays(today(), 7) });
    create.forget();
  }, [open]);
  const problem = create.problem ?? plan.problem;
  const fresh = plan.data?.orders.filter((order) => !order.exists).length ?? 1;
  const submit = (event) => {
    event.preventDefault();
    if (demand) create.go();
  };
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    from="side"
    class=${plan.data ? "wide" : ""}
    title=${t("orders.new")}
    data-testid="new-order"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button} kind="primary" busy=${create.busy} disabled=${!demand} data-testid="order-create" onClick=${submit}>
        ${fresh > 1 ? t("orders.create_all", { n: fresh }) : t("orders.create")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      <${FormNews} action=${{ ...create, problem }} fields=${FIELDS} />
      <${Picker}
        label=${t("field.item")}
        value=${form.item}
        onPick=${(code) => setForm((now) => ({ ...now, item: code, unit: "" }))}
        find=${findMade}
        note=${about(item)}
        error=${problem?.field?.("item") ?? problem?.field?.("routing")}
        placeholder=${t("orders.item_placeholder")}
        autofocus
        data-testid="order-item"
      />
      <${Quantity} form=${form} change=${change} unit=${item?.unit} units=${units} problem=${problem} />
      <${Tolerances} form=${form} change=${change} unit=${item?.unit} problem=${problem} />
      <${DueAndPriority} form=${form} change=${change} problem=${problem} />
      <${CustomerAndSalesOrder} form=${form} change=${change} problem=${problem} />
      <${Plan} plan=${plan} />
      <button type="submit" class="visually-hidden" tabindex="-1">${t("orders.create")}</button>
    </form>
  <//>`;
}
