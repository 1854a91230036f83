// One message as a row: who, when, what, reactions, replies, and what may be done with it.
import { Refusal, h, link, post, toast } from "./dom.js";
import { askFirst, openMenu } from "./dialogs.js";
import { icon } from "./icons.js";
import { renderBlocks } from "./kit.js";
import { pickButton, reactions } from "./reactions.js";
import { mrkdwn, names } from "./text.js";
import { t } from "./words.js";

// Set once by the page: state, and how to open threads and start edits.
export const page = { me: null, users: {}, app: null, openThread() {}, canReply: true };

export async function attempt(work) {
  try {
    return await work();
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    const silent = ["operation_timeout", "dispatch_failed"].includes(problem.message);
    toast(silent ? t("noApp") : t("failed", problem.message));
    return null;
  }
}

export function avatar(user) {
  const letters = user.real_name.split(/\s+/).map((word) => [...word][0]).slice(0, 2).join("").toUpperCase();
  const node = h("span", { class: user.is_bot ? "avatar bot" : "avatar", "aria-hidden": "true" }, letters);
  node.style.backgroundColor = `#${user.color}`;
  return node;
}

export function clock(ts, style = { timeStyle: "short" }) {
  return new Date(Number(ts) * 1000).toLocaleTimeString(undefined, { ...style, timeZone: page.me.tz });
}

function author(message) {
  if (message.user === "USLACKBOT") return { real_name: "Slackbot", color: "5b6470", is_bot: true };
  const name = message.username ?? message.bot_profile?.name ?? message.user_profile?.real_name ?? "?";
  return page.users[message.user] ?? { real_name: name, color: "5b6470", is_bot: Boolean(message.bot_id) };
}

function body(message, channel) {
  const act = async (element, block, value) => {
    if (element.confirm && !(await askFirst(element.confirm))) return;
    await attempt(() => post("click", {
      member: page.me.id, channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id, value,
    }));
  };
  const suggest = (element, block, value) => post("suggest", {
    member: page.me.id, channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id, value,
  });
  if (message.blocks?.length) return renderBlocks(message.blocks, act, { suggest });
  return h("div", { class: "text" }, mrkdwn(message.text ?? ""));
}

function preview(attachment) {
  const inner = attachment.blocks ? renderBlocks(attachment.blocks, () => {}) : [
    attachment.service_name && h("div", { class: "quiet" }, attachment.service_name),
    attachment.title && attachment.title !== attachment.from_url && link(attachment.title_link ?? attachment.from_url ?? "", attachment.title),
    attachment.text && h("div", { class: "text" }, mrkdwn(attachment.text)),
  ];
  return h("div", { class: "attachment" }, inner);
}

function fileLine(file) {
  return h("div", { class: "file" }, icon("file"), h("span", {}, file.name), h("span", { class: "quiet" }, ` ${t("bytes", file.size)}`));
}

function replyLine(message, channel) {
  if (!message.reply_count) return null;
  const count = message.reply_count === 1 ? t("oneReply") : t("replies", message.reply_count);
  return h("button", { type: "button", class: "reply-line", onclick: () => page.openThread(channel, message.ts) },
    (message.reply_users ?? []).slice(0, 3).map((id) => page.users[id] && avatar(page.users[id])),
    h("span", { class: "count" }, count),
    h("span", { class: "quiet" }, t("lastReply", clock(message.latest_reply))));
}

function tools(message, channel, row, inThread) {
  const root = message.thread_ts ?? message.ts;
  const more = h("button", { type: "button", "aria-label": t("more"), title: t("more"), onclick: () => openMenu(more,
    entries(message, channel, row)) }, icon("more"));
  return h("div", { class: "tools" },
    pickButton(message, channel),
    !inThread && h("button", { type: "button", "aria-label": t("reply"), title: t("reply"), onclick: () => page.openThread(channel, root) }, icon("bubble")),
    more);
}

function entries(message, channel, row) {
  const list = page.app.shortcuts.filter((s) => s.kind === "message").map((s) => [s.name, () => attempt(() => post("shortcut", {
    member: page.me.id, callback_id: s.callback_id, channel, message_ts: message.ts,
  }))]);
  if (list.length) list.unshift([page.app.name, null]);
  list.push([t("copyLink"), () => copyLink(message, channel)]);
  if (message.user === page.me.id) {
    list.push([t("edit"), () => editInPlace(message, channel, row)]);
    list.push([t("remove"), () => removeMessage(message, channel), "danger"]);
  }
  return list;
}

async function copyLink(message, channel) {
  const thread = message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}` : "";
  const address = `${location.origin}/archives/${channel}/p${message.ts.replace(".", "")}${thread}`;
  await navigator.clipboard?.writeText(address).catch(() => {});
  toast(t("copied"));
}

async function removeMessage(message, channel) {
  const sure = await askFirst({
    title: { text: t("remove") }, text: { type: "plain_text", text: t("removeSure") }, style: "danger",
    confirm: { text: t("remove") },
  });
  if (sure) await attempt(() => post("delete", { member: page.me.id, channel, ts: message.ts }));
}

const decode = (text) => text
  .replace(/<(?:mailto:)?([^|<>]+)\|([^<>]+)>/g, "$2")
  .replace(/<@(\w+)>/g, (_, id) => `@${page.users[id]?.name ?? id}`)
  .replace(/<#(\w+)>/g, (_, id) => `#${names.channel(id)}`)
  .replace(/<!(\w+)>/g, "@$1").replace(/<([^<>]+)>/g, "$1")
  .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

function editInPlace(message, channel, row) {
  const field = h("textarea", { rows: 3, "aria-label": t("edit") });
  field.value = decode(message.text);
  const stop = () => { form.remove(); row.classList.remove("editing"); };
  const form = h("form", { class: "edit-form", onsubmit: async (event) => {
    event.preventDefault();
    const done = await attempt(() => post("edit", { member: page.me.id, channel, ts: message.ts, text: field.value }));
    if (done) stop();
  } }, field, h("div", { class: "actions" },
    h("button", { type: "button", class: "button", onclick: stop }, t("cancel")),
    h("button", { class: "button primary" }, t("save"))));
  row.classList.add("editing");
  row.querySelector(".content").append(form);
  field.focus();
}

export function messageRow(message, channel, { inThread = false, compact = false } = {}) {
  const who = author(message);
  const row = h("article", { class: "message", "data-ts": message.ts, "aria-label": who.real_name });
  if (message.is_ephemeral) row.classList.add("ephemeral");
  if (compact) row.classList.add("compact");
  const stone = message.subtype === "tombstone";
  const quiet = stone || ["channel_join", "channel_leave", "me_message"].includes(message.subtype);
  row.append(
    compact ? h("time", { class: "gutter" }, clock(message.ts)) : avatar(who),
    h("div", { class: "content" },
      message.is_ephemeral && h("div", { class: "only-you" }, icon("eye"), " ", t("onlyYou")),
      message.subtype === "thread_broadcast" && !inThread && h("div", { class: "only-you" },
        h("button", { type: "button", class: "linkish", onclick: () => page.openThread(channel, message.thread_ts) }, t("broadcastReply"))),
      !compact && h("div", { class: "byline" }, h("strong", {}, who.real_name),
        who.is_bot && h("span", { class: "badge" }, t("app")),
        who.is_stranger && h("span", { class: "badge" }, t("stranger")),
        h("time", { title: new Date(message.ts * 1000).toLocaleString() }, clock(message.ts))),
      h("div", { class: quiet ? "body quiet" : "body" }, body(message, channel),
        message.edited && h("span", { class: "quiet edited" }, ` ${t("edited")}`),
        (message.files ?? []).map(fileLine), (message.attachments ?? []).map(preview)),
      reactions(message, channel),
      !inThread && replyLine(message, channel)),
    !message.is_ephemeral && !stone && tools(message, channel, row, inThread) || "",
  );
  return row;
}
