// Names of the emoji that papers, tags and daily talk need; any other name is shown as :name:.
export const EMOJI = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", white_check_mark: "✅", heavy_check_mark: "✔️", eyes: "👀",
  tada: "🎉", heart: "❤️", bookmark: "🔖", bookmark_tabs: "📑", label: "🏷️", pushpin: "📌", round_pushpin: "📍",
  memo: "📝", pencil: "📝", pencil2: "✏️", books: "📚", book: "📖", open_book: "📖", notebook: "📓", page_facing_up: "📄",
  page_with_curl: "📃", newspaper: "📰", scroll: "📜", link: "🔗", mag: "🔍", mag_right: "🔎", bulb: "💡", fire: "🔥",
  star: "⭐", star2: "🌟", sparkles: "✨", rocket: "🚀", pray: "🙏", clap: "👏", raised_hands: "🙌", wave: "👋",
  thinking_face: "🤔", smile: "😄", slightly_smiling_face: "🙂", joy: "😂", sob: "😭", warning: "⚠️", x: "❌",
  question: "❓", exclamation: "❗", heavy_plus_sign: "➕", speech_balloon: "💬", left_speech_bubble: "🗨️",
  busts_in_silhouette: "👥", bust_in_silhouette: "👤", calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️",
  hourglass_flowing_sand: "⏳", hourglass: "⌛", clock3: "🕒", bell: "🔔", no_bell: "🔕", lock: "🔒", globe_with_meridians: "🌐",
  chart_with_upwards_trend: "📈", bar_chart: "📊", inbox_tray: "📥", outbox_tray: "📤", file_folder: "📁", gear: "⚙️",
  robot_face: "🤖", arrow_right: "➡️", information_source: "ℹ️", leftwards_arrow_with_hook: "↩️", wastebasket: "🗑️",
  "100": "💯", point_right: "👉", ok_hand: "👌", muscle: "💪", coffee: "☕", jp: "🇯🇵", us: "🇺🇸", white_circle: "⚪",
  large_blue_circle: "🔵", red_circle: "🔴", new: "🆕", recycle: "♻️", repeat: "🔁", test_tube: "🧪", microscope: "🔬",
};
export const PALETTE = [
  "+1", "white_check_mark", "eyes", "book", "bookmark", "label", "tada", "heart", "thinking_face", "memo", "fire", "x",
];

export function emoji(name) {
  return EMOJI[name.split("::")[0]] ?? `:${name}:`;
}
