// Form controls for Block Kit's inputs. Each node has read(): the value in the form that the playground's
// HTTP interface takes (text, an option's value, or a list of values).
import { h, post } from "./dom.js";
import { plainText } from "./text.js";
import { t } from "./words.js";

export const people = { users: () => [], channels: () => [] };

const withRead = (node, read) => Object.assign(node, { read });
const allOptions = (e) => [...(e.options ?? []), ...(e.option_groups ?? []).flatMap((g) => g.options)];

function typed(type) {
  return (e, c) => {
    const common = { id: c.id, placeholder: e.placeholder?.text, "aria-label": c.block ? undefined : c.label };
    const node = e.multiline
      ? h("textarea", { ...common, rows: 4, maxlength: e.max_length })
      : h("input", { ...common, type, maxlength: e.max_length, min: e.min_value, max: e.max_value });
    node.value = c.kept ?? e.initial_value ?? "";
    return withRead(node, () => node.value);
  };
}

function picker(type, initial) {
  return (e, c) => {
    const node = h("input", { id: c.id, type, "aria-label": c.block ? undefined : c.label ?? type });
    node.value = c.kept ?? e[initial] ?? "";
    return withRead(node, () => node.value || null);
  };
}

function single(choices, initial) {
  return (e, c) => {
    const node = h("select", { id: c.id, class: "select", "aria-label": c.block ? undefined : c.label },
      h("option", { value: "" }, e.placeholder?.text ?? t("choose")),
      choices(e).map(([value, text]) => h("option", { value }, text)));
    node.value = c.kept ?? initial(e) ?? "";
    return withRead(node, () => node.value);
  };
}

function several(type, choices, initial) {
  return (e, c) => {
    const chosen = new Set([c.kept ?? initial(e) ?? []].flat());
    const rows = choices(e).map(([value, text, more]) => {
      const box = h("input", { type, name: c.id, value });
      box.checked = chosen.has(value);
      return h("label", { class: "choice" }, box, h("span", {}, text, more && h("small", {}, more)));
    });
    const node = h("div", { class: "choices", id: c.id }, rows);
    const boxes = [...node.querySelectorAll("input")];
    return withRead(node, () => {
      const values = boxes.filter((box) => box.checked).map((box) => box.value);
      return type === "radio" ? values[0] ?? "" : values;
    });
  };
}

const fromOptions = (e) => allOptions(e).map((o) => [o.value, plainText(o.text.text), o.description?.text]);
const fromUsers = () => people.users().map((u) => [u.id, u.real_name]);
const fromChannels = () => people.channels().map((c) => [c.id, `#${c.name}`]);
const oneOption = (e) => e.initial_option?.value;
const manyOptions = (e) => e.initial_options?.map((o) => o.value);

function external(e, c) {
  const list = h("datalist", { id: `${c.id}-list` });
  const input = h("input", { id: c.id, list: `${c.id}-list`, autocomplete: "off", placeholder: e.placeholder?.text });
  const found = new Map();
  input.value = e.initial_option?.text.text ?? "";
  if (e.initial_option) found.set(input.value, e.initial_option);
  const ask = async () => {
    if (found.has(input.value) || input.value.length < (e.min_query_length ?? 3)) return;
    const answer = await post("view/suggest", {
      member: c.member, view_id: c.viewId, action_id: e.action_id, block_id: c.block?.block_id ?? "", value: input.value,
    }).catch(() => ({}));
    const options = [...(answer.options ?? []), ...(answer.option_groups ?? []).flatMap((g) => g.options)];
    for (const option of options) found.set(option.text.text, option);
    list.replaceChildren(...options.map((o) => h("option", { value: o.text.text })));
  };
  input.addEventListener("input", ask);
  return withRead(h("div", {}, input, list), () => {
    const option = found.get(input.value) ?? null;
    return e.type.startsWith("multi_") ? (option ? [option] : []) : option ?? "";
  });
}

const CONTROLS = {
  plain_text_input: typed("text"),
  email_text_input: typed("email"),
  url_text_input: typed("url"),
  number_input: typed("number"),
  datepicker: picker("date", "initial_date"),
  timepicker: picker("time", "initial_time"),
  static_select: single(fromOptions, oneOption),
  users_select: single(fromUsers, (e) => e.initial_user),
  channels_select: single(fromChannels, (e) => e.initial_channel),
  conversations_select: single(fromChannels, (e) => e.initial_conversation),
  radio_buttons: several("radio", fromOptions, oneOption),
  checkboxes: several("checkbox", fromOptions, manyOptions),
  multi_static_select: several("checkbox", fromOptions, manyOptions),
  multi_users_select: several("checkbox", fromUsers, (e) => e.initial_users),
  multi_channels_select: several("checkbox", fromChannels, (e) => e.initial_channels),
  multi_conversations_select: several("checkbox", fromChannels, (e) => e.initial_conversations),
  external_select: external,
  multi_external_select: external,
};

export function inputControl(element, context) {
  const make = CONTROLS[element.type];
  if (!make) return withRead(h("em", { class: "quiet" }, `[${element.type}]`), () => null);
  return make(element, context);
}
