// Block Kit on screen. `act(element, block, value)` is told of clicks and choices. `context` has what inputs need:
// errors by block, kept(block, element), suggest(element, block, typed), and the list `fields` to fill.
import { h, link } from "./dom.js";
import { inputControl } from "./inputs.js";
import { markdown, mrkdwn, plainText, richText, textObject } from "./text.js";
import { t } from "./words.js";

export function renderBlocks(blocks, act, context = {}) {
  return blocks.map((block) => {
    const render = BLOCKS[block.type] ?? unknown;
    return h("div", { class: `block block-${block.type}`, "data-block": block.block_id }, render(block, act, context));
  });
}

function unknown(block) {
  return h("em", { class: "quiet" }, `[${block.type}]`);
}

function image(element, className) {
  if (!element.image_url) return h("em", {}, element.alt_text);
  return h("img", { src: element.image_url, alt: element.alt_text, class: className, loading: "lazy" });
}

function cell(value) {
  return value.type === "rich_text" ? richText(value) : value.text;
}

const BLOCKS = {
  section: (block, act, context) => h("div", { class: "section" },
    h("div", { class: "section-text" },
      block.text && h("div", { class: "text" }, textObject(block.text)),
      block.fields && h("div", { class: "fields" }, block.fields.map((f) => h("div", { class: "text" }, textObject(f))))),
    block.accessory && h("div", { class: "accessory" }, control(block.accessory, block, act, context))),
  header: (block) => h("h3", { class: "header" }, plainText(block.text.text)),
  divider: () => h("hr"),
  context: (block) => h("div", { class: "context" }, block.elements.map((e) => (
    e.type === "image" ? image(e, "tiny") : h("span", { class: "text" }, textObject(e))))),
  actions: (block, act, context) => h("div", { class: "actions" }, block.elements.map((e) => control(e, block, act, context))),
  context_actions: (block, act, context) => h("div", { class: "actions" }, block.elements.map((e) => control(e, block, act, context))),
  image: (block) => h("figure", {}, block.title && h("figcaption", {}, block.title.text), image(block, "large")),
  rich_text: (block) => h("div", { class: "text" }, richText(block)),
  markdown: (block) => h("div", { class: "text" }, markdown(block.text)),
  input: (block, act, context) => inputBlock(block, act, context),
  video: (block) => h("div", {}, link(block.title_url ?? block.video_url, block.title.text)),
  table: (block) => table(block.rows),
  data_table: (block) => [h("div", { class: "quiet" }, block.caption), table(block.rows)],
  alert: (block) => h("div", { class: `alert-block ${block.level ?? ""}` }, textObject(block.text)),
  card: (block, act) => h("div", { class: "card" }, ["title", "subtitle", "body"].map((k) => (
    block[k] && h("div", { class: `text card-${k}` }, mrkdwn(block[k].text)))),
    h("div", { class: "actions" }, (block.actions ?? []).map((e) => control(e, block, act)))),
  carousel: (block, act, context) => h("div", { class: "carousel" }, renderBlocks(block.elements, act, context)),
  container: (block, act, context) => h("div", { class: "card" }, block.title && h("strong", {}, block.title.text),
    renderBlocks(block.child_blocks, act, context)),
};

function table(rows) {
  return h("div", { class: "table" }, h("table", {}, rows.map((row) => h("tr", {}, row.map((c) => h("td", {}, cell(c)))))));
}

const forInput = (context, element, block) => ({
  ...context, kept: context.kept?.(block, element), suggest: (typed) => context.suggest?.(element, block, typed) ?? Promise.resolve({}),
});

function inputBlock(block, act, context) {
  const { element } = block;
  const id = `in-${block.block_id}`;
  const error = context.errors?.[block.block_id];
  const grouped = ["checkboxes", "radio_buttons"].includes(element.type) || (element.type.startsWith("multi_") && !element.type.includes("external"));
  const label = [block.label.text, block.optional && h("span", { class: "quiet" }, ` ${t("optional")}`)];
  const field = inputControl(element, { ...forInput(context, element, block), id, block, label: block.label.text });
  context.fields?.push({ block, element, node: field });
  if (block.dispatch_action) dispatch(field, element, () => act(element, block, field.read()));
  return h(grouped ? "fieldset" : "div", { class: "input" },
    grouped ? h("legend", {}, label) : h("label", { for: id }, label),
    field,
    error && h("div", { class: "error", role: "alert" }, error),
    block.hint && h("div", { class: "hint" }, block.hint.text));
}

// Text tells the app on Enter unless it asks for each character; everything else on change.
function dispatch(field, element, tell) {
  if (!element.type.endsWith("_input")) { field.addEventListener("change", tell); return; }
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (when.includes("on_character_entered")) field.addEventListener("input", tell);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey || !when.includes("on_enter_pressed")) return;
    event.preventDefault();
    tell();
  });
}

export function control(element, block, act, context = {}) {
  if (element.type === "image") return image(element, "thumb");
  if (element.type === "button" || element.type === "workflow_button") return button(element, block, act);
  if (element.type === "overflow") return choice(element, block, act, "⋯", t("more"));
  if (element.type === "feedback_buttons") {
    return ["positive", "negative"].map((side) => h("button", {
      type: "button", class: "button", onclick: () => act(element, block, side),
    }, plainText(element[`${side}_button`].text.text)));
  }
  if (element.type === "static_select") {
    const text = element.placeholder?.text ?? t("choose");
    return choice(element, block, act, text, text, context.kept?.(block, element));
  }
  const label = element.placeholder?.text;
  const field = inputControl(element, { ...forInput(context, element, block), id: `el-${block.block_id}-${element.action_id}`, label });
  field.addEventListener("change", () => act(element, block, field.read()));
  return field;
}

function button(element, block, act) {
  const label = plainText(element.text.text);
  const name = element.accessibility_label;
  const kind = `button ${element.style ?? ""}`;
  const press = () => act(element, block, null);
  if (element.url) {
    const anchor = link(element.url, label);
    anchor.className = kind;
    anchor.setAttribute("role", "button");
    if (name) anchor.setAttribute("aria-label", name);
    anchor.addEventListener("click", press);
    return anchor;
  }
  return h("button", { type: "button", class: kind, "aria-label": name, onclick: press }, label);
}

function options(element) {
  const make = (option) => h("option", { value: option.value, title: option.description?.text }, plainText(option.text.text));
  if (element.option_groups) {
    return element.option_groups.map((g) => h("optgroup", { label: g.label.text }, g.options.map(make)));
  }
  return element.options.map(make);
}

function choice(element, block, act, placeholder, name, kept) {
  const initial = kept ?? element.initial_option?.value ?? "";
  const select = h("select", { class: `button select ${element.type}`, "aria-label": name },
    h("option", { value: "", disabled: true }, placeholder), options(element));
  select.value = initial;
  select.addEventListener("change", () => {
    const value = select.value;
    if (element.type === "overflow") select.value = "";
    act(element, block, value);
  });
  return select;
}
