// Form controls for Block Kit's inputs. Each node has read(): the value in the form that the playground's
// HTTP interface takes (text, an option's value, or a list of values).
import { h } from "./dom.js";
import { plainText } from "./text.js";
import { external } from "./typeahead.js";
import { t } from "./words.js";

// Set once by the page: who and what can be chosen.
export const people = { users: () => [], channels: () => [], conversations: () => [], current: () => null };

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

const optionNode = (o) => h("option", { value: o.value }, plainText(o.text.text));

function single(choices, initial) {
  return (e, c) => {
    const node = h("select", { id: c.id, class: "select", "aria-label": c.block ? undefined : c.label },
      h("option", { value: "" }, e.placeholder?.text ?? t("choose")),
      e.option_groups ? e.option_groups.map((g) => h("optgroup", { label: plainText(g.label.text) }, g.options.map(optionNode)))
        : choices(e).map(([value, text]) => h("option", { value }, text)));
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
const fromChannels = () => people.channels();
const fromConversations = (e) => people.conversations().filter(([id]) => !(e.filter?.include && !e.filter.include.includes("im") && id.startsWith("D")));
const oneOption = (e) => e.initial_option?.value;
const manyOptions = (e) => e.initial_options?.map((o) => o.value);
const oneConversation = (e) => e.initial_conversation ?? (e.default_to_current_conversation ? people.current() : undefined);

function moment(e, c) {
  const node = h("input", { id: c.id, type: "datetime-local", "aria-label": c.block ? undefined : c.label });
  const seconds = c.kept ?? e.initial_date_time;
  if (seconds) node.value = new Date(seconds * 1000 - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  return withRead(node, () => (node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null));
}

const CONTROLS = {
  plain_text_input: typed("text"),
  email_text_input: typed("email"),
  url_text_input: typed("url"),
  number_input: typed("number"),
  datepicker: picker("date", "initial_date"),
  timepicker: picker("time", "initial_time"),
  datetimepicker: moment,
  static_select: single(fromOptions, oneOption),
  users_select: single(fromUsers, (e) => e.initial_user),
  channels_select: single(fromChannels, (e) => e.initial_channel),
  conversations_select: single(fromConversations, oneConversation),
  radio_buttons: several("radio", fromOptions, oneOption),
  checkboxes: several("checkbox", fromOptions, manyOptions),
  multi_static_select: several("checkbox", fromOptions, manyOptions),
  multi_users_select: several("checkbox", fromUsers, (e) => e.initial_users),
  multi_channels_select: several("checkbox", fromChannels, (e) => e.initial_channels),
  multi_conversations_select: several("checkbox", fromConversations, (e) => e.initial_conversations),
  external_select: external,
  multi_external_select: external,
};

export function inputControl(element, context) {
  const make = CONTROLS[element.type];
  if (!make) return withRead(h("em", { class: "quiet" }, `[${element.type}]`), () => null);
  return make(element, context);
}
