// Slack's text on screen: mrkdwn, Markdown and rich_text, all as nodes.
import { h, link } from "./dom.js";
import { EMOJI, emoji } from "./emoji.js";

// Set once by the page: how ids are named and what a click on a channel does.
export const names = { user: (id) => id, channel: (id) => id, isMe: () => false, openChannel: () => {} };

const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

export function userNode(id) {
  return h("span", { class: names.isMe(id) ? "mention me" : "mention" }, `@${names.user(id)}`);
}

export function channelNode(id) {
  return h("button", { class: "mention linkish", type: "button", onclick: () => names.openChannel(id) }, `#${names.channel(id)}`);
}

function form(inner) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : unescape(inner.slice(bar + 1));
  if (target.startsWith("@")) return userNode(target.slice(1));
  if (target.startsWith("#")) return channelNode(target.slice(1));
  if (target.startsWith("!date^")) return dateNode(target, label);
  if (target.startsWith("!subteam")) return h("span", { class: "mention" }, label || "@group");
  if (target.startsWith("!")) return h("span", { class: "mention me" }, `@${target.slice(1)}`);
  return link(unescape(target), label || unescape(target));
}

function dateNode(target, label) {
  const [, seconds, format] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  const date = (style) => at.toLocaleDateString(undefined, { dateStyle: style });
  const parts = {
    date_num: at.toISOString().slice(0, 10), date: date("long"), date_short: date("medium"), date_long: date("full"),
    date_pretty: date("long"), date_short_pretty: date("medium"), date_long_pretty: date("full"),
    time: at.toLocaleTimeString(undefined, { timeStyle: "short" }), time_secs: at.toLocaleTimeString(),
  };
  return h("span", { title: label }, format.replace(/\{(\w+)\}/g, (all, name) => parts[name] ?? all));
}

// One pass over the text; each rule is a pattern and what to make of a hit.
const INLINE = [
  [/`([^`\n]+)`/y, (m) => h("code", {}, unescape(m[1]))],
  [/<([^<>\n]+)>/y, (m) => form(m[1])],
  [/https?:\/\/[^\s<>|、。）」]+[^\s<>|、。）」.,;:!?)]/y, (m) => link(unescape(m[0]))],
  [/\*(?=\S)([^*\n]*\S)\*(?![\w*])/y, (m) => h("strong", {}, inline(m[1]))],
  [/_(?=\S)([^_\n]*\S)_(?![\w_])/y, (m) => h("em", {}, inline(m[1]))],
  [/~(?=\S)([^~\n]*\S)~(?![\w~])/y, (m) => h("s", {}, inline(m[1]))],
  [/:([a-z0-9_+'-]+(?:::[a-z0-9-]+)?):/y, (m) => (EMOJI[m[1].split("::")[0]] ? emoji(m[1]) : m[0])],
];

export function inline(text) {
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const hit = match(text, at);
    if (!hit) { plain += text[at]; at += 1; continue; }
    if (plain) nodes.push(unescape(plain));
    plain = "";
    nodes.push(hit.node);
    at += hit.length;
  }
  if (plain) nodes.push(unescape(plain));
  return nodes;
}

function match(text, at) {
  const before = at ? text[at - 1] : " ";
  for (const [pattern, make] of INLINE) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    const marked = "*_~".includes(text[at]);
    if (found && !(marked && /[\w*~]/.test(before))) return { node: make(found), length: found[0].length };
  }
  return null;
}

export function mrkdwn(text) {
  const out = [];
  text.split(/```/).forEach((part, place, all) => {
    if (place % 2 && place < all.length - 1) { out.push(h("pre", {}, unescape(part.replace(/^\n|\n$/g, "")))); return; }
    const lines = part.split("\n");
    let quote = [];
    const flush = () => { if (quote.length) out.push(h("blockquote", {}, inline(quote.join("\n")))); quote = []; };
    lines.forEach((line, number) => {
      const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
      if (quoted) { quote.push(quoted[1]); return; }
      const after = quote.length > 0;
      flush();
      if (number && !after) out.push("\n");
      out.push(...inline(line));
    });
    flush();
  });
  return out;
}

export function markdown(text) {
  return text.split("\n").map((line) => {
    const heading = line.match(/^#{1,6} (.*)$/);
    if (heading) return h("h3", {}, marked(heading[1]));
    const item = line.match(/^\s*[-*] (.*)$/);
    return h("div", {}, item ? ["• ", marked(item[1])] : marked(line), line ? null : "\u00a0");
  });
}

function marked(text) {
  const nodes = [];
  let rest = text;
  const pattern = /\*\*(.+?)\*\*|`(.+?)`|\[([^\]]+)\]\(([^)\s]+)\)/;
  for (let found = pattern.exec(rest); found; found = pattern.exec(rest)) {
    nodes.push(rest.slice(0, found.index));
    if (found[1]) nodes.push(h("strong", {}, found[1]));
    else if (found[2]) nodes.push(h("code", {}, found[2]));
    else nodes.push(link(found[4], found[3]));
    rest = rest.slice(found.index + found[0].length);
  }
  return [...nodes, rest];
}

export function textObject(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plainText(object.text);
}

export function plainText(text) {
  return text.replace(/:([a-z0-9_+'-]+):/g, (all, name) => EMOJI[name] ?? all);
}

const PARTS = {
  text: (e) => e.text,
  link: (e) => link(e.url, e.text || e.url),
  user: (e) => userNode(e.user_id),
  channel: (e) => channelNode(e.channel_id),
  usergroup: () => h("span", { class: "mention" }, "@group"),
  broadcast: (e) => h("span", { class: "mention me" }, `@${e.range}`),
  emoji: (e) => emoji(e.name),
  date: (e) => dateNode(`!date^${e.timestamp}^${e.format}`, e.fallback ?? ""),
  color: (e) => e.value,
};

function part(element) {
  let node = (PARTS[element.type] ?? (() => ""))(element);
  for (const [style, tag] of [["code", "code"], ["strike", "s"], ["italic", "em"], ["bold", "strong"]]) {
    if (element.style?.[style]) node = h(tag, {}, node);
  }
  return node;
}

export function richText(block) {
  return block.elements.map((element) => {
    if (element.type === "rich_text_list") {
      const items = element.elements.map((item) => h("li", {}, item.elements.map(part)));
      return h(element.style === "ordered" ? "ol" : "ul", { class: `indent-${element.indent ?? 0}` }, items);
    }
    const tag = { rich_text_quote: "blockquote", rich_text_preformatted: "pre" }[element.type] ?? "div";
    return h(tag, { class: "rich" }, element.elements.map(part));
  });
}
