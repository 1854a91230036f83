// A select whose options the app offers while one types (external_select, multi_external_select).
import { h } from "./dom.js";
import { plainText } from "./text.js";
import { t } from "./words.js";

const PAUSE = 200; // milliseconds without a key before the app is asked
const texts = new Map();

// Texts of options that were seen, so that a value that was chosen before can be shown.
export function rememberOption(option) {
  texts.set(option.value, plainText(option.text.text));
}

export function external(element, c) {
  const many = element.type.startsWith("multi_");
  const least = element.min_query_length ?? 3;
  const initial = many ? element.initial_options ?? [] : [element.initial_option].filter(Boolean);
  initial.forEach(rememberOption);
  const chosen = new Set([c.kept ?? initial.map((o) => o.value)].flat().filter(Boolean));
  const listId = `${c.id}-list`;
  const chips = h("span", { class: "chips" });
  const list = h("div", { class: "options", role: "listbox", id: listId, "aria-label": c.label, hidden: true });
  const field = h("input", {
    id: c.id, role: "combobox", autocomplete: "off", "aria-controls": listId, "aria-expanded": "false", "aria-autocomplete": "list",
    "aria-label": c.block ? undefined : c.label, placeholder: element.placeholder?.text ?? t("choose"),
  });
  const node = h("div", { class: "typeahead" }, chips, field, list);
  let pending = 0;
  let asked = 0;

  const show = (open) => { list.hidden = !open; field.setAttribute("aria-expanded", String(open)); };
  const tell = () => node.dispatchEvent(new Event("change"));

  function drawChosen() {
    chips.replaceChildren(...[...chosen].map((value) => h("span", { class: "chip" }, texts.get(value) ?? value, h("button", {
      type: "button", class: "linkish", "aria-label": t("takeOut", texts.get(value) ?? value),
      onclick: () => { chosen.delete(value); drawChosen(); tell(); field.focus(); },
    }, "✕"))));
  }

  function choose(option) {
    rememberOption(option);
    if (!many) chosen.clear();
    if (!many || !element.max_selected_items || chosen.size < element.max_selected_items) chosen.add(option.value);
    field.value = "";
    show(false);
    drawChosen();
    tell();
    field.focus();
  }

  const row = (option) => h("button", { type: "button", role: "option", "aria-selected": String(chosen.has(option.value)),
    tabindex: "-1", onclick: () => choose(option) }, plainText(option.text.text),
  option.description && h("small", {}, plainText(option.description.text)));

  function offer(answer) {
    const groups = answer.option_groups ?? [{ options: answer.options ?? [] }];
    const rows = groups.map((g) => [g.label && h("div", { class: "menu-title" }, plainText(g.label.text)), g.options.map(row)]).flat(2).filter(Boolean);
    list.replaceChildren(...(rows.length ? rows : [h("div", { class: "menu-title" }, t("noResults"))]));
    show(true);
  }

  async function ask() {
    const typed = field.value;
    if (typed.length < least) { list.replaceChildren(h("div", { class: "menu-title" }, t("typeMore", least))); show(true); return; }
    asked += 1;
    const mine = asked;
    const answer = await c.suggest(typed).catch(() => ({}));
    if (mine === asked && document.activeElement === field) offer(answer);
  }

  field.addEventListener("input", () => { clearTimeout(pending); pending = setTimeout(ask, PAUSE); });
  field.addEventListener("focus", () => { if (list.hidden && !chosen.size) ask(); });
  field.addEventListener("change", (event) => event.stopPropagation());
  node.addEventListener("keydown", (event) => {
    const rows = [...list.querySelectorAll("button")];
    const at = rows.indexOf(document.activeElement);
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); event.stopPropagation(); show(false); field.focus(); }
    if (event.key === "Backspace" && !field.value && document.activeElement === field && chosen.size) {
      chosen.delete([...chosen].at(-1)); drawChosen(); tell();
    }
    if (event.key === "Enter" && document.activeElement === field) { event.preventDefault(); if (!list.hidden) rows[0]?.click(); }
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || list.hidden || !rows.length) return;
    event.preventDefault();
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? field : rows[Math.min(next, rows.length - 1)]).focus();
  });
  node.addEventListener("focusout", (event) => { if (!node.contains(event.relatedTarget)) show(false); });
  drawChosen();
  return Object.assign(node, { read: () => (many ? [...chosen] : [...chosen][0] ?? "") });
}
