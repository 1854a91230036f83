// The place to type: sends messages and slash commands, hints at registered commands.
import { h, post } from "./dom.js";
import { openMenu } from "./dialogs.js";
import { icon } from "./icons.js";
import { attempt, page } from "./message.js";
import { t } from "./words.js";

const drafts = new Map();
// Slack's own commands; the app's come from its manifest.
const BUILT_IN = [["/invite", "@name"], ["/kick", "@name"], ["/leave", ""], ["/me", "text"]].map(
  ([name, hint]) => ({ name, usage_hint: hint, description: "Slack" }));

export function composer({ channel, label, threadTs = "", alsoName = "" }) {
  const key = `${page.me.id}/${channel}/${threadTs}`;
  const field = h("textarea", { rows: 1, "aria-label": label, placeholder: label, autocomplete: "off" });
  const hints = h("div", { class: "hints", role: "listbox", "aria-label": t("commands"), hidden: true });
  const also = h("input", { type: "checkbox" });
  const global = page.app.shortcuts.filter((s) => s.kind === "global");
  const shortcuts = threadTs ? [] : global.map((s) => [s.name, () => attempt(() => post("shortcut", {
    member: page.me.id, callback_id: s.callback_id }))]);
  const plus = h("button", { type: "button", class: "icon", "aria-label": t("shortcuts"), title: t("shortcuts"),
    onclick: () => openMenu(plus, [...shortcuts, [t("attach"), attach]]) }, "+");

  // Text files only: the server keeps a file's content as text.
  function attach() {
    const chooser = h("input", { type: "file", onchange: async () => {
      const [file] = chooser.files;
      const files = [{ name: file.name, mimetype: file.type, content: await file.text() }];
      const done = await attempt(() => post("file", { member: page.me.id, channel, text: field.value, thread_ts: threadTs, files }));
      if (done) fill("");
    } });
    chooser.click();
  }
  field.value = drafts.get(key) ?? "";

  const grow = () => { field.style.height = "auto"; field.style.height = `${Math.min(field.scrollHeight, 220)}px`; };
  const fill = (text) => { field.value = text; drafts.set(key, text); hint(); grow(); field.focus(); };

  function hint() {
    const word = field.value.split(/\s/)[0];
    const open = field.value.startsWith("/") && !threadTs;
    const typing = !/\s/.test(field.value);
    const fits = open ? [...page.app.commands, ...BUILT_IN].filter((c) => (typing ? c.name.startsWith(word) : c.name === word)) : [];
    hints.replaceChildren(...fits.map((c) => h("button", {
      type: "button", role: "option", "aria-selected": "false", onclick: () => fill(`${c.name} `),
    }, h("strong", {}, c.name), h("span", { class: "quiet" }, ` ${c.usage_hint}`), h("small", {}, c.description))));
    hints.hidden = !fits.length;
  }

  async function send(event) {
    event.preventDefault();
    const text = field.value;
    if (!text.trim()) return;
    fill("");
    const common = { member: page.me.id, channel, text, thread_ts: threadTs };
    const done = text.startsWith("/")
      ? await attempt(() => post("command", common).catch((problem) => {
        // What Slack says about a command is shown as a message only this member sees.
        if (problem.answer) return problem.answer;
        throw problem;
      }))
      : await attempt(() => post("say", { ...common, broadcast: also.checked }));
    if (!done && !field.value) fill(text);
    also.checked = false;
  }

  field.addEventListener("input", () => { drafts.set(key, field.value); hint(); grow(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !hints.hidden && !/\s/.test(field.value)) { event.preventDefault(); hints.querySelector("button").click(); }
    if (event.key === "Escape") hints.hidden = true;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) form.requestSubmit();
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) event.preventDefault();
  });
  const form = h("form", { class: "composer", onsubmit: send }, hints,
    h("div", { class: "composer-box" }, plus, field,
      h("button", { class: "send", "aria-label": t("send"), title: t("send") }, icon("send"))),
    alsoName && h("label", { class: "also" }, also, t("alsoSend", alsoName)));
  requestAnimationFrame(grow);
  return Object.assign(form, { fill });
}
