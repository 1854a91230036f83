// Reactions under a message: click to join or take back, and a small picker that also takes a typed name.
import { h, post } from "./dom.js";
import { closeMenu, openMenu } from "./dialogs.js";
import { EMOJI, PALETTE, emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { attempt, page } from "./message.js";
import { names } from "./text.js";
import { t } from "./words.js";

export function react(message, channel, name) {
  const mine = message.reactions?.some((r) => r.name === name && r.users.includes(page.me.id));
  return attempt(() => post("react", { member: page.me.id, channel, ts: message.ts, name, remove: mine }));
}

function typedName(message, channel) {
  const listId = "emoji-names";
  const field = h("input", { "aria-label": t("emojiName"), placeholder: t("emojiName"), list: listId, autocomplete: "off", maxlength: 100 });
  return h("form", { class: "emoji-name", onsubmit: (event) => {
    event.preventDefault();
    const name = field.value.trim().toLowerCase().replace(/^:|:$/g, "");
    if (!name) return;
    closeMenu();
    react(message, channel, name);
  } }, field, h("datalist", { id: listId }, Object.entries(EMOJI).map(([name, sign]) => h("option", { value: name }, sign))),
  h("button", { class: "button" }, t("add")));
}

export function pickButton(message, channel, className = "") {
  const entries = PALETTE.map((name) => [emoji(name), () => react(message, channel, name), "", `:${name}:`]);
  const button = h("button", { type: "button", class: className, "aria-label": t("react"), title: t("react"),
    onclick: () => openMenu(button, entries, "palette", typedName(message, channel)) }, icon("smile"));
  return button;
}

export function reactions(message, channel) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((r) => h("button", {
    type: "button",
    class: r.users.includes(page.me.id) ? "reaction mine" : "reaction",
    title: `${r.users.map(names.user).join(", ")} :${r.name}:`,
    "aria-label": `:${r.name}: ${r.count}`,
    "aria-pressed": String(r.users.includes(page.me.id)),
    onclick: () => react(message, channel, r.name),
  }, emoji(r.name), h("span", {}, ` ${r.count}`))), pickButton(message, channel, "reaction more"));
}
