// Draws /openapi.json: every resource, its operations, what goes in and what comes out. Texts of the document are set
// as text, never as HTML.
const METHODS = ["get", "post", "put", "patch", "delete"];
const DEPTH = 6;

const spec = await (await fetch("/openapi.json")).json();
const content = document.getElementById("content");
const index = document.getElementById("index");

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const resolve = (schema) => (schema?.$ref ? spec.components.schemas[schema.$ref.split("/").pop()] : schema);

/** A schema in one word: "string", "Item[]", "a | b". */
function word(schema) {
  if (!schema) return "anything";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const choices = schema.anyOf || schema.oneOf;
  if (choices) return choices.map(word).join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") return `${word(schema.items)}[]`;
  return schema.format ? `${schema.type} (${schema.format})` : schema.type || "anything";
}

/** A schema as an outline of a JSON value. */
function outline(schema, depth = 0) {
  const found = resolve(schema);
  if (!found || depth > DEPTH) return word(schema);
  const choices = (found.anyOf || found.oneOf || []).filter((choice) => choice.type !== "null");
  if (choices.length === 1) return outline(choices[0], depth);
  if (found.type === "array") return [outline(found.items, depth + 1)];
  if (found.properties)
    return Object.fromEntries(
      Object.entries(found.properties).map(([name, inner]) => [
        found.required?.includes(name) ? name : `${name}?`,
        outline(inner, depth + 1),
      ]),
    );
  return word(found);
}

function example(media) {
  const [type, body] = Object.entries(media || {})[0] || [];
  if (!type) return null;
  return [
    element("p", {}, element("code", {}, type)),
    element("pre", {}, JSON.stringify(outline(body.schema), null, 2)),
  ];
}

function parameters(list) {
  if (!list?.length) return null;
  const rows = list.map((one) =>
    element(
      "tr",
      {},
      element("td", {}, element("code", {}, one.name + (one.required ? "" : "?"))),
      element("td", {}, `${one.in} · ${word(one.schema)}`),
      element("td", {}, one.description || one.schema?.description || ""),
    ),
  );
  return [element("h3", {}, "Parameters"), element("table", {}, ...rows)];
}

function operation(path, method, found) {
  const answers = Object.entries(found.responses || {}).filter(([status]) => status.startsWith("2"));
  const body = element(
    "div",
    { class: "body" },
    element("p", {}, found.description || ""),
    ...(parameters(found.parameters) || []),
  );
  const request = example(found.requestBody?.content);
  if (request) body.append(element("h3", {}, "Body"), ...request);
  for (const [status, answer] of answers)
    body.append(
      element("h3", {}, `Answer ${status}`),
      ...(example(answer.content) || [element("p", {}, answer.description || "")]),
    );
  const summary = element(
    "summary",
    {},
    element("b", { class: "method" }, method.toUpperCase()),
    element("code", {}, path),
    element("span", {}, found.summary || ""),
  );
  return element(
    "details",
    { "data-text": `${method} ${path} ${found.summary} ${found.description}`.toLowerCase() },
    summary,
    body,
  );
}

const groups = new Map();
for (const [path, methods] of Object.entries(spec.paths)) {
  for (const method of METHODS.filter((name) => methods[name])) {
    const tag = methods[method].tags?.[0] || "other";
    groups.set(tag, [...(groups.get(tag) || []), operation(path, method, methods[method])]);
  }
}

content.replaceChildren();
for (const [tag, operations] of groups) {
  const id = tag.replace(/\W+/g, "-");
  content.append(element("section", { id }, element("h2", {}, tag), ...operations));
  index.append(element("li", {}, element("a", { href: `#${id}` }, `${tag} (${operations.length})`)));
}

document.getElementById("search").addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const one of content.querySelectorAll("details")) one.hidden = !one.dataset.text.includes(wanted);
  for (const section of content.querySelectorAll("section"))
    section.hidden = !section.querySelector("details:not([hidden])");
});
