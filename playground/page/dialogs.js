// What opens over the page: the app's modals, confirmations, small menus.
import { Refusal, h, post, toast } from "./dom.js";
import { renderBlocks } from "./kit.js";
import { rememberOption } from "./typeahead.js";
import { plainText, textObject } from "./text.js";
import { t } from "./words.js";

let shown = null;

// Closed before it goes: so the browser gives the focus back to what opened it.
function leave(dialog) {
  dialog.close();
  dialog.remove();
}

// What is filled in now, as the driving interface takes it.
export function readAll(fields) {
  const values = {};
  for (const { block, element, node } of fields) {
    values[block.block_id] = { ...values[block.block_id], [element.action_id]: node.read() };
  }
  return values;
}

// What the server knows to be filled in: Slack's state of each element, by block and action.
export function keptIn(view, typed = {}) {
  return (block, element) => typed[block.block_id]?.[element.action_id] ?? valueOf(view.state?.values?.[block.block_id]?.[element.action_id]);
}

function valueOf(state) {
  if (!state) return undefined;
  for (const option of [state.selected_option, ...(state.selected_options ?? [])]) if (option) rememberOption(option);
  const given = Object.entries(state).find(([key]) => key !== "type")?.[1];
  if (Array.isArray(given)) return given.map((one) => one.value ?? one);
  return given?.value ?? given ?? undefined;
}

// Show the view on top of the member's stack, or nothing. What was typed stays when a view is updated.
export function showView(member, view, errors) {
  const before = shown;
  if (!view) {
    shown = null;
    if (before) leave(before.dialog);
    return;
  }
  const typed = before?.view.id === view.id ? readAll(before.fields) : {};
  const fields = [];
  const send = async (path, more) => {
    try {
      return await post(path, { member, view_id: view.id, values: readAll(fields), ...more });
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      toast(problem.answer.detail ?? t("failed", problem.message));
      return null;
    }
  };
  const act = async (element, block, value) => {
    if (element.confirm && !(await askFirst(element.confirm))) return;
    await send("view/click", { action_id: element.action_id, block_id: block.block_id, value });
  };
  const suggest = (element, block, value) => post("view/suggest", {
    member, view_id: view.id, action_id: element.action_id, block_id: block.block_id, value,
  });
  const body = renderBlocks(view.blocks, act, { errors, fields, kept: keptIn(view, typed), suggest });
  const dialog = h("dialog", { class: "modal", "aria-label": plainText(view.title.text) },
    h("form", { method: "dialog", novalidate: true, onsubmit: (event) => submit(event) },
      h("header", {}, h("h2", {}, plainText(view.title.text)),
        h("button", { type: "button", class: "icon", "aria-label": t("close"), onclick: () => close(true) }, "✕")),
      h("div", { class: "modal-body" }, body),
      h("footer", {},
        h("button", { type: "button", class: "button", onclick: () => close(false) }, view.close ? plainText(view.close.text) : t("cancel")),
        view.submit && h("button", { class: "button primary" }, plainText(view.submit.text)))));
  const close = (all) => post("view/close", { member, all }).catch(() => {});
  async function submit(event) {
    event.preventDefault();
    const button = dialog.querySelector("footer .primary");
    if (!button || button.disabled) return;
    button.disabled = true;
    await send("view/submit", {});
    button.disabled = false;
  }
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); close(false); });
  shown = { view, dialog, fields };
  if (before) leave(before.dialog);
  document.body.append(dialog);
  dialog.showModal();
  const first = dialog.querySelector(".error")?.parentElement.querySelector("input, textarea, select");
  (first ?? dialog.querySelector(".modal-body input, .modal-body textarea, .modal-body select"))?.focus();
}

export function askFirst(confirm) {
  return new Promise((resolve) => {
    const answer = (value) => { leave(dialog); resolve(value); };
    const dialog = h("dialog", { class: "modal small", "aria-label": confirm.title?.text ?? "" },
      confirm.title && h("header", {}, h("h2", {}, confirm.title.text)),
      h("div", { class: "modal-body text" }, textObject(confirm.text)),
      h("footer", {},
        h("button", { type: "button", class: "button", onclick: () => answer(false) }, confirm.deny?.text ?? t("cancel")),
        h("button", { type: "button", class: `button ${confirm.style ?? "primary"}`, onclick: () => answer(true) },
          confirm.confirm?.text ?? t("yes"))));
    dialog.addEventListener("cancel", () => answer(false));
    document.body.append(dialog);
    dialog.showModal();
  });
}

let menu = null;

// A small menu beside a button; entries are [label, what to do, class, title]. `extra` stands below them.
export function openMenu(anchor, entries, className = "", extra = null) {
  const again = menu?.anchor === anchor;
  closeMenu();
  if (again) return;
  const list = h("div", { role: "menu" }, entries.map(([label, run, kind, title]) => (
    run ? h("button", { type: "button", role: "menuitem", class: kind, title, onclick: () => { closeMenu(); anchor.focus(); run(); } }, label)
      : h("div", { class: "menu-title" }, label))));
  const node = h("div", { class: `menu ${className}` }, list, extra);
  document.body.append(node);
  const box = anchor.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.right - node.offsetWidth), innerWidth - node.offsetWidth - 8);
  const below = box.bottom + node.offsetHeight + 8 < innerHeight;
  node.style.left = `${left}px`;
  node.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - node.offsetHeight - 4)}px`;
  menu = { node, anchor };
  node.querySelector("button")?.focus();
}

export function closeMenu() {
  menu?.node.remove();
  menu = null;
}

document.addEventListener("click", (event) => {
  if (menu && !menu.node.contains(event.target) && !menu.anchor.contains(event.target)) closeMenu();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu) { const { anchor } = menu; closeMenu(); anchor.focus(); }
});
