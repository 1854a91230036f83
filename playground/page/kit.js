// Block Kit on screen. `act(element, block, value)` is told of clicks and choices.
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
  section: (block, act) => h("div", { class: "section" },
    h("div", { class: "section-text" },
      block.text && h("div", { class: "text" }, textObject(block.text)),
      block.fields && h("div", { class: "fields" }, block.fields.map((f) => h("div", { class: "text" }, textObject(f))))),
    block.accessory && h("div", { class: "accessory" }, control(block.accessory, block, act))),
  header: (block) => h("h3", { class: "header" }, plainText(block.text.text)),
  divider: () => h("hr"),
  context: (block) => h("div", { class: "context" }, block.elements.map((e) => (
    e.type === "image" ? image(e, "tiny") : h("span", { class: "text" }, textObject(e))))),
  actions: (block, act) => h("div", { class: "actions" }, block.elements.map((e) => control(e, block, act))),
  context_actions: (block, act) => h("div", { class: "actions" }, block.elements.map((e) => control(e, block, act))),
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
  carousel: (block, act) => h("div", { class: "carousel" }, renderBlocks(block.elements, act)),
  container: (block, act) => h("div", { class: "card" }, block.title && h("strong", {}, block.title.text),
    renderBlocks(block.child_blocks, act)),
};

function table(rows) {
  return h("div", { class: "table" }, h("table", {}, rows.map((row) => h("tr", {}, row.map((c) => h("td", {}, cell(c)))))));
}

function inputBlock(block, act, context) {
  const id = `in-${block.block_id}`;
  const error = context.errors?.[block.block_id];
  const grouped = ["checkboxes", "radio_buttons", "multi_static_select"].includes(block.element.type);
  const label = [block.label.text, block.optional && h("span", { class: "quiet" }, ` ${t("optional")}`)];
  const field = inputControl(block.element, { id, ...context, block, label: block.label.text });
  if (block.dispatch_action) field.addEventListener("change", () => act(block.element, block, context.read(block)));
  return h(grouped ? "fieldset" : "div", { class: "input" },
    grouped ? h("legend", {}, label) : h("label", { for: id }, label),
    field,
    error && h("div", { class: "error", role: "alert" }, error),
    block.hint && h("div", { class: "hint" }, block.hint.text));
}

export function control(element, block, act) {
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
    return choice(element, block, act, text, text);
  }
  const field = inputControl(element, { id: `el-${block.block_id}-${element.action_id}`, label: element.placeholder?.text });
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

function choice(element, block, act, placeholder, name) {
  const initial = element.initial_option?.value ?? "";
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
