// The page: loads the workspace, keeps it live, and puts sidebar, channel and thread together.
import { api, get, h, post } from "./dom.js";
import { composer } from "./composer.js";
import { askFirst, keptIn, readAll, showView } from "./dialogs.js";
import { people } from "./inputs.js";
import { icon } from "./icons.js";
import { renderBlocks } from "./kit.js";
import { membersButton } from "./members.js";
import { attempt, avatar, messageRow, page } from "./message.js";
import { names } from "./text.js";
import { t } from "./words.js";

const state = {
  info: null, members: [], channels: [], current: null, tab: "messages", thread: null,
  messages: {}, unread: {}, home: null, stream: null, loaded: new Set(),
};
const $ = (id) => document.getElementById(id);
const channel = (id) => state.channels.find((c) => c.id === id);
const bot = () => state.info.users.find((u) => u.is_bot);
const dmName = (c) => page.users[c.user]?.real_name ?? c.name ?? c.id;
const title = (c) => (c.kind === "im" ? dmName(c) : c.kind === "mpim" ? c.name : `#${c.name}`);
const mine = (c) => c.is_member !== false;
const isAppDm = (c) => c.kind === "im" && c.user === bot().id;

async function start() {
  state.info = await get("state");
  page.app = { ...state.info.app, name: state.info.app.name };
  for (const user of state.info.users) page.users[user.id] = user;
  names.user = (id) => page.users[id]?.name ?? id;
  names.channel = (id) => channel(id)?.name ?? id;
  names.isMe = (id) => id === page.me?.id;
  names.openChannel = (id) => channel(id) && openChannel(id);
  people.users = () => Object.values(page.users);
  people.channels = () => state.channels.filter((c) => c.kind === "public").map((c) => [c.id, `#${c.name}`]);
  people.conversations = () => state.channels.map((c) => [c.id, title(c)]);
  people.current = () => state.current;
  page.openThread = openThread;
  const asked = new URLSearchParams(location.search).get("member") ?? localStorage.getItem("member");
  state.members = (await get("members")).members;
  const member = state.members.find((m) => [m.id, m.name].includes(asked)) ?? state.members[0];
  await become(member.id);
  window.addEventListener("hashchange", fromHash);
}

async function become(id) {
  page.me = state.members.find((m) => m.id === id);
  localStorage.setItem("member", page.me.name);
  Object.assign(state, { messages: {}, unread: {}, thread: null, loaded: new Set(), home: null });
  await loadChannels();
  const views = await get(`views?member=${id}`);
  state.home = views.home;
  const [linked, ts, threadTs] = permalink();
  const wanted = channel(linked) ?? channel(location.hash.slice(1)) ?? state.channels.find((c) => c.name === "papers")
    ?? state.channels[0];
  listen();
  await openChannel(wanted.id);
  const top = views.views.at(-1);
  showView(id, top, top ? views.errors[top.id] : {});
  if (ts) await openThread(linked, threadTs ?? ts);
}

function permalink() {
  const found = location.pathname.match(/^\/archives\/(\w+)\/p(\d+)(\d{6})$/);
  if (!found) return [];
  return [found[1], `${found[2]}.${found[3]}`, new URLSearchParams(location.search).get("thread_ts")];
}

function fromHash() {
  const id = location.hash.slice(1);
  if (id && id !== state.current && channel(id)) openChannel(id);
}

async function loadChannels() {
  const [told, { users }] = await Promise.all([get("members"), get("state")]);
  for (const user of users) page.users[user.id] = user;
  state.members = told.members;
  state.channels = state.members.find((m) => m.id === page.me.id).channels;
}

function listen() {
  state.stream?.close();
  let lost = false;
  const stream = new EventSource(`/playground/live?member=${page.me.id}`);
  stream.onmessage = (event) => hear(JSON.parse(event.data));
  stream.onerror = () => { lost = true; $("layout").classList.add("offline"); };
  stream.onopen = async () => {
    $("layout").classList.remove("offline");
    if (!lost) return;
    lost = false;
    // What happened meanwhile is read again.
    state.loaded.clear();
    state.messages = {};
    await loadChannels();
    await loadMessages(state.current);
    if (state.thread) await loadThread(state.current, state.thread);
    drawAll();
  };
  state.stream = stream;
}

async function hear(news) {
  if (news.type === "message") hearMessage(news.channel, news.message);
  else if (news.type === "ephemeral") { shelf(news.channel).set(news.message.ts, news.message); draw(news.channel); }
  else if (news.type === "gone") { shelf(news.channel).delete(news.ts); draw(news.channel); }
  else if (news.type === "view") showView(page.me.id, news.view, news.errors);
  else if (news.type === "home") { state.home = news.view; if (state.tab === "home") drawMain(); }
  else if (news.type === "channels") {
    await loadChannels();
    if (!channel(state.current)) return openChannel(state.channels[0].id);
    drawAll();
  }
  return undefined;
}

function hearMessage(id, message) {
  if (!channel(id)) { loadChannels().then(drawSidebar); }
  const isNew = !shelf(id).has(message.ts);
  shelf(id).set(message.ts, message);
  const replies = message.thread_ts && message.thread_ts !== message.ts && message.subtype !== "thread_broadcast";
  if (isNew && !replies && id !== state.current && message.user !== page.me.id && !message.edited) {
    state.unread[id] = (state.unread[id] ?? 0) + 1;
    drawSidebar();
  }
  draw(id);
}

const shelf = (id) => (state.messages[id] ??= new Map());

async function loadMessages(id) {
  if (state.loaded.has(id)) return;
  const [past, whispers] = await Promise.all([
    api(page.me.token, "conversations.history", { channel: id, limit: 200 }),
    get(`ephemeral?member=${page.me.id}&channel=${id}`),
  ]);
  for (const message of [...past.messages, ...whispers.messages]) shelf(id).set(message.ts, message);
  state.loaded.add(id);
}

async function openChannel(id) {
  if (state.current !== id) state.thread = null;
  state.current = id;
  state.tab = "messages";
  state.unread[id] = 0;
  if (location.pathname === "/") history.replaceState(null, "", `#${id}`);
  $("layout").classList.remove("show-sidebar");
  await loadMessages(id);
  drawAll();
  if (isAppDm(channel(id)) && page.app.messages_tab) await attempt(() => post("home/open", { member: page.me.id, tab: "messages" }));
}

async function openThread(id, ts) {
  if (state.current !== id) await openChannel(id);
  state.thread = ts;
  if (!(await loadThread(id, ts))) return;
  drawThread();
  $("thread").querySelector("textarea")?.focus();
}

async function loadThread(id, ts) {
  const answer = await attempt(() => api(page.me.token, "conversations.replies", { channel: id, ts }));
  for (const message of answer?.messages ?? []) shelf(id).set(message.ts, message);
  state.thread = answer?.messages[0].ts ?? null;
  return state.thread;
}

async function openHome() {
  state.tab = "home";
  drawMain();
  await attempt(() => post("home/open", { member: page.me.id, tab: "home" }));
}

function drawAll() {
  drawSidebar();
  drawMain();
  drawThread();
}

function draw(id) {
  if (id !== state.current) return;
  drawMessages();
  drawThread({ keep: true });
}

function entry(c) {
  const unread = state.unread[c.id] ?? 0;
  const sign = c.kind === "private" ? icon("lock") : c.kind === "public" ? "#" : null;
  const name = c.kind === "im" ? dmName(c) : c.name;
  return h("button", {
    type: "button",
    class: ["entry", c.id === state.current && "current", unread && "unread", !mine(c) && "faint"].filter(Boolean).join(" "),
    "aria-current": c.id === state.current ? "page" : undefined,
    onclick: () => openChannel(c.id),
  }, sign ? h("span", { class: "sign", "aria-hidden": "true" }, sign) : avatar(page.users[c.user] ?? bot()),
  h("span", { class: "entry-name" }, name),
  c.kind === "private" && h("span", { class: "visually-hidden" }, ` (${t("private")})`),
  unread > 0 && h("span", { class: "count", "aria-label": t("newMessages", unread) }, String(unread)));
}

function drawSidebar() {
  const rooms = state.channels.filter((c) => c.name && c.kind !== "im");
  const direct = state.channels.filter((c) => c.kind === "im" && !isAppDm(c));
  const apps = state.channels.filter(isAppDm);
  const who = h("select", { id: "act-as", onchange: (event) => become(event.target.value) },
    state.members.map((m) => h("option", { value: m.id }, m.real_name)));
  who.value = page.me.id;
  const group = (name, list) => list.length > 0 && h("section", {}, h("h2", {}, name), list.map(entry));
  $("sidebar").setAttribute("aria-label", t("channels"));
  $("sidebar").replaceChildren(
    h("div", { class: "team" }, h("span", { class: "team-icon", "aria-hidden": "true" }, "P"), state.info.team.name),
    h("div", { class: "act-as" }, avatar(page.me), h("div", {}, h("label", { for: "act-as" }, t("actAs")), who)),
    group(t("channels"), rooms) || "", group(t("direct"), direct) || "", group(t("apps"), apps) || "",
  );
}

function notice() {
  const { notice: text, suggestions } = state.info;
  if (!text && !suggestions.length) return null;
  return h("div", { class: "notice", role: "note" }, text && h("span", {}, text),
    suggestions.length > 0 && h("span", { class: "try" }, t("try"), suggestions.map((s) => h("button", {
      type: "button", class: "chip", onclick: () => $("main").querySelector(".composer")?.fill(s),
    }, s))));
}

function drawMain() {
  const c = channel(state.current);
  const own = [page.app.home_tab && ["home", openHome], page.app.messages_tab && ["messages", () => openChannel(c.id)]].filter(Boolean);
  const tabs = isAppDm(c) && h("div", { class: "tabs", role: "tablist" }, own.map(
    ([tab, run]) => h("button", { type: "button", role: "tab", "aria-selected": String(state.tab === tab), onclick: run }, t(tab))));
  const head = h("header", { class: "channel-head" },
    h("button", { type: "button", class: "icon burger", "aria-label": t("menu"), onclick: () => $("layout").classList.toggle("show-sidebar") }, "☰"),
    h("h1", {}, c.kind === "private" ? [icon("lock"), ` ${c.name}`] : title(c)),
    c.num_members && c.kind !== "mpim" && membersButton(c),
    c.purpose?.value && h("span", { class: "quiet purpose" }, c.purpose.value), tabs);
  const list = state.tab === "home"
    ? h("div", { class: "home", role: "tabpanel", "aria-label": t("home") }, homeBody())
    : h("div", { class: "messages", id: "messages", role: "log", "aria-label": title(c), tabindex: "0" });
  $("main").replaceChildren(head, h("div", { class: "offline-note" }, t("lost")), notice() ?? "", list,
    state.tab === "home" ? "" : foot(c));
  document.title = `${title(c)} · ${state.info.team.name}`;
  if (state.tab === "messages") drawMessages({ toEnd: true });
}

function foot(c) {
  if (isAppDm(c) && !page.app.messages_tab) return h("div", { class: "join quiet" }, t("noMessagesTab"));
  if (mine(c)) return composer({ channel: c.id, label: t("message", title(c)) });
  return h("div", { class: "join" }, t("joinFirst"), h("button", { type: "button", class: "button primary", onclick: () => attempt(
    () => api(page.me.token, "conversations.join", { channel: c.id })) }, t("join")));
}

function homeBody() {
  if (!state.home) return h("p", { class: "quiet" }, t("homeEmpty"));
  const fields = [];
  const common = { member: page.me.id, view_id: "home" };
  const act = async (element, block, value) => {
    if (element.confirm && !(await askFirst(element.confirm))) return;
    await attempt(() => post("view/click", {
      ...common, action_id: element.action_id, block_id: block.block_id, value, values: readAll(fields),
    }));
  };
  return renderBlocks(state.home.blocks, act, {
    fields, kept: keptIn(state.home),
    suggest: (element, block, value) => post("view/suggest", { ...common, action_id: element.action_id, block_id: block.block_id, value }),
  });
}

function day(ts) {
  const at = new Date(ts * 1000);
  const options = { timeZone: page.me.tz, weekday: "long", month: "long", day: "numeric" };
  const text = at.toLocaleDateString(undefined, options);
  return text === new Date().toLocaleDateString(undefined, options) ? t("today") : text;
}

// Rows are made anew only where the message changed, so that open menus and edits stay.
function fillList(node, rows) {
  const old = new Map([...node.children].map((child) => [child.dataset.key, child]));
  const fresh = rows.map(([key, make]) => {
    const row = old.get(key) ?? make();
    row.dataset.key = key;
    return row;
  });
  const held = document.activeElement;
  const within = [...node.children].findIndex((row) => row.contains(held));
  for (const child of [...node.children]) if (!fresh.includes(child)) child.remove();
  fresh.forEach((row, place) => { if (node.children[place] !== row) node.insertBefore(row, node.children[place] ?? null); });
  if (within < 0 || held.isConnected) return;
  [...fresh[within]?.querySelectorAll("button") ?? []].find((one) => one.textContent === held.textContent)?.focus();
}

function sorted(id) {
  return [...shelf(id).values()].sort((a, b) => Number(a.ts) - Number(b.ts));
}

function drawMessages({ toEnd = false } = {}) {
  const node = $("messages");
  if (!node) return;
  const c = channel(state.current);
  const top = sorted(c.id).filter((m) => !m.thread_ts || m.thread_ts === m.ts || m.subtype === "thread_broadcast");
  const nearEnd = node.scrollHeight - node.scrollTop - node.clientHeight < 120;
  const rows = [["begin", () => h("p", { class: "begin quiet" }, t("begin", title(c)))]];
  let before = null;
  for (const message of top) {
    const today = day(message.ts);
    if (!before || day(before.ts) !== today) {
      rows.push([`day-${today}`, () => h("div", { class: "day" }, h("span", {}, today))]);
      before = null;
    }
    const compact = before && before.user === message.user && message.ts - before.ts < 300 && !message.is_ephemeral
      && !before.is_ephemeral && !before.reply_count && message.subtype !== "thread_broadcast";
    rows.push([`${compact ? "c" : "f"}${JSON.stringify(message)}`, () => messageRow(message, c.id, { compact })]);
    before = message;
  }
  fillList(node, rows);
  if (toEnd || nearEnd) node.scrollTop = node.scrollHeight;
}

function drawThread({ keep = false } = {}) {
  const node = $("thread");
  node.hidden = !state.thread;
  $("layout").classList.toggle("with-thread", Boolean(state.thread));
  if (!state.thread) { node.replaceChildren(); return; }
  const c = channel(state.current);
  const rows = sorted(c.id).filter((m) => m.ts === state.thread || m.thread_ts === state.thread)
    .map((m) => [JSON.stringify(m), () => messageRow(m, c.id, { inThread: true })]);
  if (!rows.length) { state.thread = null; drawThread(); return; }
  if (!keep || node.dataset.thread !== state.thread) {
    node.dataset.thread = state.thread;
    node.setAttribute("aria-label", t("thread"));
    const close = () => { state.thread = null; drawThread(); };
    node.replaceChildren(
      h("header", { class: "channel-head" }, h("h2", {}, t("thread")), h("span", { class: "quiet" }, title(c)),
        h("button", { type: "button", class: "icon end", "aria-label": t("closeThread"), onclick: close }, "✕")),
      h("div", { class: "messages" }),
      mine(c) ? composer({ channel: c.id, label: t("replyHere"), threadTs: state.thread, alsoName: title(c) }) : "");
  }
  const list = node.querySelector(".messages");
  fillList(list, rows);
  list.scrollTop = list.scrollHeight;
}

start();
