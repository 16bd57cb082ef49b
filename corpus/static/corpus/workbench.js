// Keys and buttons of the workbench. Without this script the same buttons and links work by
// loading the page anew.

import { selected } from "./offsets.js";
import * as page from "./sheet.js";

const bench = document.querySelector(".corpus-workbench");
const form = document.getElementById("corpus-steps");
const said = document.getElementById("corpus-said");
const dialog = document.getElementById("corpus-dialog");
const help = document.getElementById("corpus-help");
const going = document.getElementById("corpus-go");
const partial = { "X-Corpus-Partial": "1" };
let keys = localStorage.getItem("corpus-keys") !== "off";
let busy = false;

/** Tell what happened, to eyes and to screen readers; the same words twice are told twice. */
function say(words, refused = false) {
  said.textContent = "";
  said.classList.toggle("corpus-refused", refused);
  requestAnimationFrame(() => { said.textContent = words; });
}

function addressOf(step, values = {}) {
  const query = new URLSearchParams(values);
  return `${bench.dataset.steps}${step}/?${query}`;
}

function take(answer) {
  bench.dataset.version = answer.version;
  bench.dataset.next = answer.next;
  bench.dataset.previous = answer.previous;
  form.elements.seen_version.value = answer.version;
  document.getElementById("corpus-title").textContent = answer.title;
  if (dialog.open) {
    const seen = dialog.querySelector("[name=seen_version]");
    if (seen) seen.value = answer.version;
  }
}

/** Send a step; redraw what it changed. Returns the answer, or null if it was refused. */
async function send(address, body) {
  if (busy) return null;
  busy = true;
  bench.setAttribute("aria-busy", "true");
  const back = page.place();
  try {
    const response = await fetch(address, { method: "POST", body, headers: partial });
    const answer = await response.json();
    take(answer);
    if (response.status === 409) {
      page.sheet.replaceChildren();
      page.redraw(answer.all);
      if (!dialog.open) page.come(back);
      refuse(answer.said);
      return null;
    }
    if (!response.ok) {
      refuse(answer.said);
      return null;
    }
    if (dialog.open) dialog.close();
    const fresh = page.redraw(answer);
    say(answer.said);
    return { ...answer, fresh, back };
  } catch {
    refuse(bench.dataset.lost);
    return null;
  } finally {
    busy = false;
    bench.removeAttribute("aria-busy");
  }
}

function refuse(why) {
  const shown = dialog.open && dialog.querySelector("[data-refused]");
  if (shown) {
    shown.textContent = why;
    shown.hidden = false;
  }
  say(why, true);
}

async function act(step, values = {}) {
  return actAt(addressOf(step, values), step);
}

async function actAt(address, step) {
  const done = await send(address, new FormData(form));
  if (!done) return;
  const first = done.fresh[0];
  if ((step === "undo" || step === "redo") && first) page.stand(first);
  else if (step.startsWith("accept")) onward(done);
  else page.come(done.back);
}

/** After a place was accepted, go on to the next unsure one. */
function onward(done) {
  const row = done.fresh[0];
  if (!page.walk(1, row)) {
    page.come(done.back);
    if (!bench.dataset.next) say(`${done.said}. ${bench.dataset.end}`);
  }
}

async function ask(address) {
  if (busy) return;
  const back = page.place();
  let response;
  try {
    response = await fetch(address, { headers: partial });
  } catch {
    response = { ok: false };
  }
  if (!response.ok) {
    refuse(bench.dataset.lost);
    return;
  }
  dialog.querySelector("[data-content]").innerHTML = await response.text();
  dialog.addEventListener("close", () => page.come(back), { once: true });
  dialog.showModal();
  const field = dialog.querySelector(
    "input:not([type=hidden]):not([type=radio]), input[type=radio]:checked, select, textarea"
  );
  const radio = dialog.querySelector("input[type=radio]:checked");
  (radio || field)?.focus();
  if (field?.select && !radio) field.select();
}

/** What the keys are about: the post, its words, and the quotation that has the focus. */
function here() {
  const stretch = page.current();
  if (!stretch) {
    say(bench.dataset.where, true);
    return null;
  }
  const range = selected(page.wordsOf(stretch));
  const row = document.activeElement?.closest("[data-row]");
  return {
    stretch,
    post: stretch.dataset.post,
    document: stretch.dataset.document,
    at: range ? range.start : Number(stretch.dataset.from),
    quotation: row?.dataset.row || quotationAt(stretch),
    onRow: Boolean(row),
  };
}

function quotationAt(stretch) {
  const anchor = document.getSelection().anchorNode;
  const element = anchor && (anchor.nodeType === 1 ? anchor : anchor.parentElement);
  if (!element || !stretch.contains(element)) return undefined;
  return element.closest("[data-quotation]")?.dataset.quotation;
}

function walk(direction) {
  if (page.walk(direction)) return;
  const address = direction > 0 ? bench.dataset.next : bench.dataset.previous;
  if (address) location.assign(address);
  else say(bench.dataset.end);
}

const onStretch = {
  a: ({ post, quotation, onRow, stretch }) => {
    if (onRow) return act("accept-quotation", { quotation });
    if (stretch.querySelector("[data-step=accept]") || !quotation) return act("accept", { post });
    return act("accept-quotation", { quotation });
  },
  s: ({ post, at }) => act("split", { post, at }),
  m: ({ post }) => act("merge", { post }),
  "[": ({ post, at }) => act("begin", { post, at }),
  "]": ({ post, at }) => act("end", { post, at }),
  w: ({ post }) => ask(addressOf("speaker", { post })),
  d: ({ post }) => ask(addressOf("date", { post })),
  r: ({ post }) => ask(addressOf("reply", { post })),
  q: ({ stretch, post, quotation }) => {
    const range = page.chosen(stretch);
    const bare = document.getSelection().isCollapsed;
    if (quotation && bare) return ask(addressOf("original", { quotation }));
    return ask(addressOf("quotation", { post, ...range }));
  },
  u: ({ quotation }) => quotation && act("drop-quotation", { quotation }),
  x: ({ stretch, post }) => {
    if (!post) return act("give-back", { boilerplate: stretch.dataset.boilerplate });
    return ask(addressOf("boilerplate", { post, ...page.chosen(stretch) }));
  },
  h: ({ stretch, document }) => {
    const range = selected(page.wordsOf(stretch));
    if (!range || range.start === range.end) return say(bench.dataset.whole, true);
    return ask(addressOf("redact", { document, ...range }));
  },
  o: ({ post }) => post && ask(addressOf("split-off", { post })),
  f: ({ stretch, document }) => ask(addressOf("flag", { document, ...page.chosen(stretch) })),
};

const anywhere = {
  n: () => walk(1),
  p: () => walk(-1),
  j: () => page.step(1),
  k: () => page.step(-1),
  J: () => page.leap(1),
  K: () => page.leap(-1),
  z: () => act("undo"),
  Z: () => act("redo"),
  A: () => act("accept-all"),
  t: () => ask(addressOf("retitle")),
  g: () => {
    going.querySelector("form").reset();
    going.showModal();
  },
  "?": () => help.showModal(),
};

function typing(target) {
  return target.closest("input, select, textarea, dialog[open]");
}

document.addEventListener("keydown", (event) => {
  if (!keys || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) return;
  if (anywhere[event.key]) {
    event.preventDefault();
    anywhere[event.key]();
  } else if (onStretch[event.key]) {
    event.preventDefault();
    const place = here();
    if (place && (place.post || "xfh".includes(event.key))) onStretch[event.key](place);
  }
});

// The texts have a caret but are not for writing.
page.sheet.addEventListener("beforeinput", (event) => event.preventDefault());
page.sheet.addEventListener("drop", (event) => event.preventDefault());

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  const asked = event.target.closest("[data-ask]");
  const walked = event.target.closest("[data-walk]");
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (step) {
    event.preventDefault();
    const stretch = step.closest(".corpus-stretch");
    if (step.dataset.at) page.stand(stretch, Number(step.dataset.at));
    else if (stretch && page.current() !== stretch) page.stand(stretch);
    actAt(step.formAction, step.dataset.step);
  } else if (asked) {
    event.preventDefault();
    ask(asked.href);
  } else if (walked) {
    event.preventDefault();
    walk(walked.dataset.walk === "next" ? 1 : -1);
  } else if (event.target.closest("[data-close]")) {
    event.preventDefault();
    event.target.closest("dialog").close();
  }
});

// A post on another page is gone to by loading that.
going.addEventListener("submit", (event) => {
  const post = page.numbered(Number(event.target.elements.number.value));
  if (!post) return;
  event.preventDefault();
  going.close();
  page.stand(post);
});

dialog.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target.action, new FormData(event.target));
});

// As in any other field, though browsers leave a list of choices out.
dialog.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "SELECT") return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

dialog.addEventListener("input", async (event) => {
  if (event.target.name === "number") {
    const other = dialog.querySelector("input[type=radio][value=number]");
    if (other) other.checked = true;
  }
  if (event.target.getAttribute("list") !== "corpus-speakers") return;
  const response = await fetch(addressOf("speakers", { q: event.target.value }));
  if (!response.ok) return;
  const { names } = await response.json();
  const options = names.map((name) => Object.assign(document.createElement("option"), { value: name }));
  dialog.querySelector("#corpus-speakers")?.replaceChildren(...options);
});

function label() {
  help.querySelector("[data-keys]").textContent = keys ? bench.dataset.on : bench.dataset.off;
}
help.querySelector("[data-keys]").addEventListener("click", () => {
  keys = !keys;
  localStorage.setItem("corpus-keys", keys ? "on" : "off");
  label();
});
for (const [name, key] of [["help", "?"], ["go", "g"]]) {
  const button = document.querySelector(`[data-${name}]`);
  button.hidden = false;
  button.addEventListener("click", anywhere[key]);
}
label();
page.open(page.sheet);
const target = document.getElementById(location.hash.slice(1));
if (target?.matches(".corpus-stretch")) page.stand(target);
bench.dataset.ready = "";
