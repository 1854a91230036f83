// Who is in a channel: a menu to invite, remove and leave.
import { api, h, post } from "./dom.js";
import { openMenu } from "./dialogs.js";
import { attempt, page } from "./message.js";
import { t } from "./words.js";

export function membersButton(channel) {
  const button = h("button", { type: "button", class: "linkish quiet members", "aria-haspopup": "menu", onclick: open },
    channel.num_members === 1 ? t("oneMember") : t("members", channel.num_members));

  const act = (deed, user) => () => attempt(() => post(deed, { member: page.me.id, channel: channel.id, user }));

  async function open() {
    const answer = await attempt(() => api(page.me.token, "conversations.members", { channel: channel.id }));
    if (!answer) return;
    const inside = new Set(answer.members);
    const users = Object.values(page.users);
    const name = (user) => user.real_name || user.name;
    const others = users.filter((u) => !inside.has(u.id)).map((u) => [t("invite", name(u)), act("invite", u.id)]);
    const there = users.filter((u) => inside.has(u.id)).flatMap((u) => [
      [name(u), null],
      u.id === page.me.id ? [t("leave"), act("leave")] : [t("removeMember", name(u)), act("kick", u.id), "danger"],
    ]);
    openMenu(button, channel.is_member ? [...others, ...there] : there.filter(([, run]) => !run));
  }
  return button;
}
