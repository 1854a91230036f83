// Search on the published pages: the records of all notes are loaded when somebody searches, then looked through.
//
// Records come in by <script>, not by fetch(): browsers refuse to fetch a page's neighbours from the disk
// (file://), and one way for all is one way to test. Foreign text only ever becomes text (textContent).
"use strict";

// What texts are compared by.
const fusenWords = (() => {
  // Two texts fold alike here where they fold alike in the program: NFKC, case, blanks. Case folding is not in
  // the language; by way of capitals all letters but three come out the same.
  const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
  const parted = (text) => text.replace(BLANKS, " ").replace(/^ | $/g, "");
  const fold = (text) => {
    if (/^[ -~]*$/.test(text)) return parted(text.toLowerCase());
    const parts = text.normalize("NFKC").split("ı");
    const cased = parts.map((part) => part.toUpperCase().toLowerCase()).join("ı");
    return parted(cased.replaceAll("ς", "σ").replaceAll("ß", "ss").normalize("NFKC"));
  };

  // A folded text without accents on Latin letters: what is looked through, and for. が stays another than か.
  const ACCENTS = /(?<=[a-z])[\u0300-\u036f]+/g;
  const STROKES = { ø: "o", ł: "l", đ: "d", ħ: "h", ŧ: "t", ı: "i", æ: "ae", œ: "oe" };
  const unaccented = (folded) => {
    if (/^[ -~]*$/.test(folded)) return folded;
    const parted = folded.normalize("NFD").replace(/[øłđħŧıæœ]/g, (letter) => STROKES[letter]);
    return parted.replace(ACCENTS, "").normalize("NFC");
  };
  const plain = (text) => unaccented(fold(text));

  // The words of what somebody typed, parted by blanks and the commas of a Japanese keyboard, not within a number.
  const WIDE_COMMAS = /[、､]|(?<![0-9０-９])，|，(?![0-9０-９])/g;
  // What stands in quotation marks, at the edge of words, or in Japanese brackets is one, with its blanks.
  const QUOTED = /((?<![\p{L}\p{N}])["＂“”][^"＂“”]+["＂“”](?![\p{L}\p{N}])|「[^」]+」|『[^』]+』)/u;
  const words = (typed) => {
    const parts = typed.split(QUOTED);
    // Beside what is quoted, a mark alone is no word.
    const isWord = (word) => word && (parts.length === 1 || /[^\p{P}]/u.test(word));
    const unquoted = (part) => plain(part.replace(WIDE_COMMAS, " ")).split(" ").filter(isWord);
    return parts.flatMap((part, place) => place % 2 ? plain(part.slice(1, -1)) : unquoted(part)).filter(Boolean);
  };

  // A word out of a text, without the quotes, brackets and marks of a sentence around it.
  const OPENING = /^["'`“”‘’«([{<「『【〈《]+/;
  const CLOSING = /["'`“”‘’»)\]}>」』】〉》.,;:!?…、。]+$/;
  const unmarked = (word) => word.replace(OPENING, "").replace(CLOSING, "") || word;

  // Scripts written without blanks, as the program's own search knows them: there a word may stand anywhere.
  const UNSPACED = new RegExp(
    "[\\u3005-\\u3007\\u3041-\\u3096\\u3099\\u309a\\u309d-\\u30fa\\u30fc-\\u30ff\\u3400-\\u4dbf" +
      "\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}]", "u");
  const LETTER = /[\p{L}\p{N}]/u;
  const spaced = (character) => LETTER.test(character) && !UNSPACED.test(character);

  // A word of English is looked for in its other forms, too, told by its ending.
  const ENDINGS = "s|e|es|ed|er|ers|ing|ings|or|ors|ion|ions|ive|ives|ation|ations|able|al|ally|ly|ment|ments|" +
    "ence|ences|ent|ents|ently|ency|ance|ances|ant|ants|ful|fully|ness";
  const Y_ENDINGS = "y|ies|ied|ying|ier|iest|ily";
  const ENDS = new RegExp(`^(?:${ENDINGS})$`);
  const Y_ENDS = new RegExp(`(?:${Y_ENDINGS})$`);
  const rest = (endings) => new RegExp(`${endings}(?![a-z0-9])`, "y");

  const bare = (word) => {
    for (let end = 3; end < word.length; end++) {
      const ending = word.slice(end); // the longest first, if it leaves enough of a word
      if (ENDS.test(ending) && (end > 3 || /^(?:s|ed|ing)$/.test(ending))) return word.slice(0, end);
    }
    return word;
  };

  const forms = (word) => {
    if (!/^[a-z]{4,30}$/.test(word) || /(?:ss|us|is)$/.test(word)) return null;
    const stem = word.replace(Y_ENDS, "");
    if (stem !== word && stem.length >= 3) return { base: stem, rest: rest(`(?:${Y_ENDINGS})`) };
    const whole = bare(word);
    const base = whole.replace(/(?<=..)([b-df-hj-np-tv-z])\1$/, "$1"); // plann-ing is of plan
    const again = /[b-df-hj-np-tv-z]$/.test(base) ? `${base.at(-1)}?` : "";
    return { base, rest: rest(`${again}(?:${ENDINGS})?`) };
  };

  // Gives a function that says how a folded text has the folded word: 2 as a word of its own or a form of one
  // (Japanese anywhere), 1 where a word of the text only begins so, 0 not at all.
  const matcher = (word) => {
    if (!word.includes(" ")) return matcherOfOne(word);
    const phrase = matcherOfOne(word.replace(HYPHENS, " "));
    return (text) => phrase(text.replace(HYPHENS, " "));
  };
  const HYPHENS = /(?<=[\p{L}\p{N}])[-\u2010-\u2013](?=[\p{L}\p{N}])/gu; // in a phrase they part words as blanks do

  const matcherOfOne = (word) => {
    if (!spaced(String.fromCodePoint(word.codePointAt(0)))) return (text) => text.includes(word) ? 2 : 0;
    const form = forms(word);
    const base = form ? form.base : word;
    const whole = (text, place) => {
      if (!form) return !spaced(text[place + word.length] ?? "");
      form.rest.lastIndex = place + base.length;
      return form.rest.test(text);
    };
    return (text) => {
      let found = 0;
      for (let place = text.indexOf(base); place >= 0; place = text.indexOf(base, place + 1)) {
        if (place && spaced(text[place - 1])) continue;
        if (whole(text, place)) return 2;
        if (text.startsWith(word, place)) found = 1;
      }
      return found;
    };
  };

  // An id of arXiv, or an address with it, as it is pasted: the id alone, of whatever version.
  const PASTED = new RegExp("^(?:(?:https?://)?(?:[a-z]+\\.)?arxiv\\.org/[a-z]+/|arxiv:)?" +
    "(?:(\\d{4}\\.\\d{4,5})|([a-z]+(?:-[a-z]+)*)(?:\\.[a-z]{2})?(/\\d{7}))(?:v\\d+)?(?:\\.pdf)?$");
  const bareId = (word) => word.replace(PASTED, "$1$2$3");

  return { fold, unaccented, plain, words, unmarked, matcher, bareId };
})();

(() => {
  const { fold, unaccented, plain, unmarked, matcher, bareId } = fusenWords;
  const AT_ONCE = 6; // files that are loaded side by side
  const SHOWN = 30; // notes that are shown at first, and that each "more" adds
  const OFFERED = 12; // tags to choose further by
  const QUIET_MS = 700; // a screen reader is told the count when it has settled
  // How much a word counts where it stands: title, id, author and venue, further authors, summary, categories,
  // title and summary in translation.
  const WEIGHTS = [4, 3, 2, 2, 1, 1, 4, 1];
  const TAG_WEIGHT = 3;

  const at = (id) => document.getElementById(id);
  const form = at("search");
  const words = at("words");
  const order = at("order");
  const hits = at("hits");
  const say = form.dataset;
  const names = say.shards.split(" ").filter(Boolean); // newest first
  // Keys are folded here again: what counts is what folds alike, in whichever of the two ways.
  const older = Object.entries(JSON.parse(say.older)).map(([key, before]) => [fold(key), before.map(fold)]);
  const loaded = new Map(); // by name; null where loading failed
  let begun = 0;
  let chosen = []; // the keys of tags
  let most = SHOWN;
  let settling;
  let due;

  const element = (name, properties, ...within) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...within);
    return made;
  };

  // Loading

  // The author and the venue of a title line, whose year is found as people write it, too: EMNLP'24, EMNLP 2024.
  const spelled = (by) => by.replace(/'(\d\d)(?!\d)/, (short, year) => `${short} ${year < "90" ? "20" : "19"}${year}`);

  window.fusenShard = (name, columns) => {
    const keys = columns.tags.map(([, key]) => fold(key));
    const called = columns.tags.map(([tag], place) => {
      const before = older.find(([living]) => living === keys[place]);
      return [plain(tag), ...(before ? before[1].map(unaccented) : [])];
    });
    const texts = columns.titles.map((title, number) => [
      ...[title, columns.ids[number], spelled(columns.by[number]), columns.authors[number],
        columns.summaries[number], columns.categories[number],
        columns.translatedTitles[number], columns.translatedSummaries[number]].map(plain),
      ...columns.tagged[number].flatMap((tag) => called[tag]),
    ].join("\n"));
    loaded.set(name, { columns, keys, called, texts, articles: [] });
  };

  const load = () => {
    if (begun === names.length) return;
    const name = names[begun++];
    const script = element("script", { src: `search/${name}.js` });
    const done = () => {
      if (!loaded.has(name)) loaded.set(name, null);
      script.remove();
      load();
      lookSoon();
    };
    script.addEventListener("load", done);
    script.addEventListener("error", done);
    document.head.append(script);
  };

  // Looking through

  const TAG = /^(?:#|tag:)(?=[^#])/;

  const asked = () => {
    const all = [...new Set(fusenWords.words(words.value).map(unmarked).map(bareId))];
    const tags = all.filter((word) => TAG.test(word));
    return {
      matchers: all.filter((word) => !tags.includes(word)).map(matcher),
      begins: tags.map((word) => word.replace(TAG, "")),
    };
  };

  // The notes of one file, newest first, that have all words and tags.
  const within = (shard, { matchers, begins }) => {
    const { keys, called, columns, texts } = shard;
    const having = [
      ...chosen.map((key) => new Set(keys.flatMap((one, tag) => one === key ? [tag] : []))),
      ...begins.map((begin) => new Set(called.flatMap((all, tag) =>
        all.some((name) => name.startsWith(begin)) ? [tag] : []))),
    ];
    const found = [];
    for (let number = texts.length - 1; number >= 0; number--) {
      if (
        having.every((some) => columns.tagged[number].some((tag) => some.has(tag))) &&
        matchers.every((matches) => matches(texts[number]))
      ) found.push({ shard, number });
    }
    return found;
  };

  // How well a note that was found matches: of each word, the best place where it stands.
  const rank = ({ shard, number }, matchers) => {
    const lines = shard.texts[number].split("\n");
    const best = (matches) => Math.max(...lines.map((line, place) => (WEIGHTS[place] ?? TAG_WEIGHT) * matches(line)));
    return matchers.reduce((sum, matches) => sum + best(matches), 0);
  };

  const inOrder = (found, { matchers }) => {
    if (order.value || !matchers.length) return found; // newest first, as the files are
    const ranked = found.map((one) => ({ one, points: rank(one, matchers) }));
    return ranked.sort((one, other) => other.points - one.points).map(({ one }) => one);
  };

  const ready = () => {
    const missing = names.findIndex((name) => !loaded.has(name)); // older ones wait: of equals the newest is first
    return (missing < 0 ? names : names.slice(0, missing)).map((name) => loaded.get(name));
  };

  const tagNamed = (key) => {
    for (const shard of loaded.values()) {
      const tag = shard ? shard.columns.tags[shard.keys.indexOf(key)] : undefined;
      if (tag) return { name: tag[0], key, page: tag[2], colour: tag[3] };
    }
    return { name: key, key, page: "", colour: 0 };
  };

  const look = () => {
    due = clearTimeout(due);
    const wanted = asked();
    const nothing = !chosen.length && !wanted.matchers.length && !wanted.begins.length;
    remember();
    showChosen();
    at("found").hidden = nothing;
    if (nothing) return tell("");
    while (begun < Math.min(AT_ONCE, names.length)) load();
    const shards = ready();
    const found = inOrder(shards.flatMap((shard) => shard ? within(shard, wanted) : []), wanted);
    at("ordered").hidden = !wanted.matchers.length;
    show(found);
    offer(found);
    tell(counted(found.length, shards.length < names.length, shards.includes(null)));
  };

  const lookSoon = () => {
    due ??= setTimeout(look, 0);
  };

  // Showing

  const counted = (count, loading, broken) => [
    count === 1 ? say.foundOne : count || loading ? say.found.replace("{count}", count) : say.none,
    loading ? say.loading : "",
    broken ? say.broken : "",
  ].filter(Boolean).join(" ").replaceAll("。 ", "。");

  const tell = (text) => {
    at("state").textContent = text;
    clearTimeout(settling);
    settling = setTimeout(() => { at("spoken").textContent = text; }, QUIET_MS);
  };

  // Of scripts in which another language is written, as the pages are made by; Greek stands in English, too.
  const OTHER_LETTERS = new RegExp(
    "[\\u0400-\\u1cff\\u2c00-\\u2c5f\\u2c80-\\u2dff\\u2e80-\\u2fff\\u3041-\\ua71f\\ua800-\\uab2f\\uab70-\\ufaff" +
      "\\ufb07-\\ufdff\\ufe70-\\ufefc\\uff66-\\uffdc\\u{10000}-\\u{1cfff}\\u{20000}-\\u{3ffff}]", "u");
  const languageOf = (text) => {
    if (/[\u3041-\u30ff]/.test(text)) return "ja";
    return /[A-Za-z]/.test(text) && !OTHER_LETTERS.test(text) ? "en" : "";
  };

  const article = (columns, number) => {
    const title = columns.titles[number];
    const translatedTitle = columns.translatedTitles[number];
    const translatedSummary = columns.translatedSummaries[number];
    const summary = translatedSummary || columns.summaries[number];
    const tags = columns.tagged[number].map((tag) => columns.tags[tag]);
    const day = columns.days[number];
    const when = element("p", { className: "when" }, element("time", { dateTime: day, textContent: day }));
    if (columns.withdrawn[number]) when.append(" ", element("strong", { className: "mark", textContent: say.withdrawn }));
    const link = element("a", { href: columns.pages[number], lang: languageOf(title) },
      element("cite", { dir: "auto", textContent: title }));
    const heading = element("h3", {}, link);
    if (columns.by[number]) {
      heading.append(element("span", { className: "by" }, ", ", element("bdi", { textContent: columns.by[number] })));
    }
    const made = element("article", { className: `note c${tags.length ? tags[0][3] : 0}` }, when, heading);
    const machine = (said) => element("span", { className: "machine", lang: say.language, textContent: said });
    if (translatedTitle) {
      made.append(element("p", { className: "translated", lang: languageOf(translatedTitle) },
        `${translatedTitle} `, machine(say.translation)));
    }
    if (tags.length) {
      made.append(element("p", { className: "tags" }, ...tags.flatMap(([name, , page, colour]) =>
        [element("a", { className: `tag c${colour}`, href: page, rel: "tag" }, element("bdi", { textContent: name })), " "])));
    }
    if (summary) {
      made.append(element("p", { className: "summary", lang: languageOf(summary) }, machine(say.machine),
        ...(translatedSummary ? [" ", machine(say.translation)] : []), ` ${summary}`));
    }
    return made;
  };

  // What stands is moved at most, and keeps the focus: somebody may be reading there while older notes are loaded.
  const show = (found) => {
    const focused = document.activeElement;
    const now = found.slice(0, most).map(({ shard, number }) =>
      shard.articles[number] ??= article(shard.columns, number));
    for (const one of [...hits.children]) if (!now.includes(one)) one.remove();
    now.forEach((one, place) => {
      if (hits.children[place] !== one) hits.insertBefore(one, hits.children[place]);
    });
    if (hits.contains(focused)) focused.focus({ preventScroll: true });
    at("more").hidden = found.length <= most;
  };

  const buttons = (place, made) => {
    const before = place.dataset.shows;
    place.dataset.shows = made.map((one) => one.textContent).join("\n");
    place.hidden = !made.length;
    if (place.dataset.shows === before) return;
    const focused = place.contains(document.activeElement) && document.activeElement.dataset.key;
    place.replaceChildren(place.firstElementChild, ...made.flatMap((one) => [" ", one]));
    made.find((one) => one.dataset.key === focused)?.focus({ preventScroll: true });
  };

  // Tags that some, but not all, of the notes found have.
  const offer = (found) => {
    const counts = new Map();
    for (const { shard, number } of found) {
      for (const tag of shard.columns.tagged[number]) {
        counts.set(shard.keys[tag], (counts.get(shard.keys[tag]) ?? 0) + 1);
      }
    }
    const often = [...counts]
      .filter(([key, count]) => count < found.length && !chosen.includes(key))
      .sort(([one, few], [other, many]) => many - few || (one < other ? -1 : 1))
      .slice(0, OFFERED);
    buttons(at("often"), often.map(([key, count]) => {
      const { name, colour } = tagNamed(key);
      const link = element("a", { className: `tag c${colour}`, href: address([...chosen, key]) },
        element("bdi", { textContent: name }), " ", element("span", { className: "count", textContent: count }));
      link.dataset.key = key;
      return link;
    }));
  };

  const showChosen = () => buttons(at("chosen"), chosen.map((key) => {
    const { name, colour } = tagNamed(key);
    const button = element("button", { type: "button", className: `tag c${colour}` },
      element("bdi", { textContent: name }), " ×");
    button.setAttribute("aria-label", say.drop.replace("{tag}", () => name));
    button.dataset.key = key;
    return button;
  }));

  // The address, which can be shared

  const address = (tags) => {
    const parts = new URLSearchParams();
    if (words.value.trim()) parts.set("q", words.value.trim());
    for (const key of tags) parts.append("tag", key);
    if (order.value) parts.set("order", order.value);
    const said = parts.toString();
    return said ? `?${said}` : location.pathname;
  };

  const remember = () => {
    try {
      history.replaceState(null, "", address(chosen));
    } catch (error) {
      if (error.name !== "SecurityError") throw error; // refused on file:// or after very many changes
    }
  };

  const keyOf = (typed) => {
    const folded = fold(typed);
    const moved = older.find(([, before]) => before.includes(folded));
    return moved ? moved[0] : folded;
  };

  const lookAnew = () => {
    most = SHOWN;
    look();
  };

  const start = () => {
    const parts = new URLSearchParams(location.search);
    words.value = parts.get("q") ?? "";
    order.value = parts.get("order") === "newest" ? "newest" : "";
    chosen = [...new Set(parts.getAll("tag").filter((typed) => typed.trim()).map(keyOf))];
    at("without").hidden = true;
    form.hidden = false;
    if (words.value || chosen.length) look();
    else words.focus();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    lookAnew();
  });
  // Unfinished Japanese is not looked for: what is typed changes until it is chosen.
  words.addEventListener("input", (event) => { if (!event.isComposing) lookAnew(); });
  words.addEventListener("compositionend", lookAnew);
  order.addEventListener("change", lookAnew);
  at("more").addEventListener("click", () => {
    const first = hits.children.length;
    most += SHOWN;
    look();
    hits.children[first].querySelector("a").focus();
  });
  at("often").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    chosen.push(link.dataset.key);
    lookAnew();
    at("chosen").lastElementChild.focus();
  });
  at("chosen").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    chosen = chosen.filter((key) => key !== button.dataset.key);
    lookAnew();
    words.focus();
  });
  start();
})();
