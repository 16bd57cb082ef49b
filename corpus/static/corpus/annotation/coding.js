// The coding page: choose words, press the key of a code. The server's side is documented in
// corpus/admin/annotation/endpoints.py.

import { Drawing, mark } from "./drawing.js";
import { moved } from "./moving.js";
import { Queue } from "./queue.js";
import { seek } from "./seeking.js";
import { send, uuid } from "./sending.js";
import { Transcript } from "./text.js";
import { capital, filled, short } from "./wording.js";

const values = JSON.parse(document.getElementById("coding-values").textContent);
const { words } = values;
const element = (name) => document.getElementById(`coding-${name}`);

const thread = element("thread");
const transcript = new Transcript(thread);
const codes = new Map(values.codes.map((code) => [code.pk, code]));
const keys = new Map(
  values.codes.filter((code) => code.key && !code.retired).map((code) => [code.key, code]),
);
const rows = new Map();
const drawing = new Drawing({ transcript, codes, words, choose });

let current = transcript.posts[0]; // The post that keys are about.
let selection = null; // The chosen words, as a place.
let chosen = null; // The guid of the chosen annotation.
let editing = false; // Whether the selection is to become the chosen annotation's ends.
let withQuotations = false;

// --- Saving -------------------------------------------------------------------------------

const queue = new Queue({
  key: `corpus-annotations-${values.user}-${values.layer}`,
  send: (asked) => send(values, asked, rows.get(asked.guid)?.revision),
  done(change, row) {
    const known = rows.get(change.guid);
    if (row === null || !known) return;
    // Later changes wait still: only what the server alone knows is taken over.
    const later = queue.waiting.filter((other) => other.guid === change.guid).length > 1;
    if (later) known.revision = row.revision;
    else if (row.guid === change.guid) show(row);
    else replace(change.guid, row); // The passage had the code already.
  },
  moved({ guid }) {
    if (chosen === guid) suggest();
  },
  async refused(change, body) {
    complain(filled(words.refused, { error: body.error }));
    await reload();
  },
  told(state, n) {
    const status = element("status");
    status.dataset.state = ["waiting", "loggedOut", "full"].includes(state) ? "waiting" : state;
    status.textContent = filled(words[state], { n });
    element("retry").hidden = state === "saved" || state === "saving";
  },
});

/** Show what the server has, with what still waits on top. */
async function reload() {
  const answer = await fetch(values.address, { redirect: "manual" });
  if (!answer.ok) return;
  const { annotations } = await answer.json();
  for (const guid of [...rows.keys()]) forget(guid);
  annotations.forEach(show);
  queue.waiting.slice(1).forEach(apply);
  if (chosen && !rows.has(chosen)) choose(null);
}

function apply({ method, guid, row }) {
  if (method === "DELETE") forget(guid);
  else show({ revision: 0, ...rows.get(guid), ...row });
}

function change(method, guid, row) {
  if (values.readonly) return complain(words.readonly);
  complain("");
  const asked = { method, guid, row };
  apply(asked);
  queue.push(asked);
  return progress();
}

// --- What is shown ------------------------------------------------------------------------

function show(row) {
  if (!codes.has(row.code)) return;
  const focused = document.activeElement === drawing.chip(row.guid);
  rows.set(row.guid, row);
  drawing.add(row);
  if (focused) drawing.chip(row.guid).focus();
  if (row.guid === chosen) detail();
}

function forget(guid) {
  rows.delete(guid);
  drawing.remove(guid);
}

function replace(guid, row) {
  forget(guid);
  show(row);
  if (chosen === guid) choose(row.guid);
}

function complain(sentence) {
  element("error").textContent = sentence;
  element("error").hidden = !sentence;
}

function announce(sentence) {
  element("selected").textContent = sentence;
}

function progress() {
  const n = transcript.posts.filter((post) => drawing.coded.get(post).size).length;
  element("progress").textContent = filled(words.progress, { n, all: transcript.posts.length });
}

function select(place) {
  selection = place;
  mark("coding-selection", place ? [transcript.range(place)] : [], 30);
  if (place) announce(filled(words.selected, { words: short(transcript.shown(place)) }));
}

function choose(guid) {
  chosen = guid && rows.has(guid) ? guid : null;
  editing = false;
  drawing.press(chosen);
  const row = rows.get(chosen);
  mark("coding-active", row && row.scope === "span" ? [transcript.range(row)] : [], 20);
  element("detail").hidden = !row;
  suggest();
  if (!row) return;
  if (row.scope !== "thread") current = transcript.post(row.document, row.start);
  detail();
}

function detail() {
  const row = rows.get(chosen);
  const told = { post: words.wholePost, thread: words.wholeThread }[row.scope];
  element("detail-words").textContent = told ?? short(transcript.shown(row));
  const list = element("detail-code");
  const offered = values.codes.filter(
    (code) => code.scope === row.scope && (!code.retired || code.pk === row.code),
  );
  list.replaceChildren(...offered.map((code) => new Option(code.name, code.pk)));
  list.value = row.code;
  const note = element("detail-note");
  if (document.activeElement !== note) note.value = row.note;
  element("detail-unsure").checked = row.unsure;
  element("edit").hidden = row.scope !== "span";
  for (const part of [list, note, element("detail-unsure"), element("delete"), element("edit")]) {
    part.disabled = values.readonly;
  }
  mark("coding-active", row.scope === "span" ? [transcript.range(row)] : [], 20);
}

// --- Coding -------------------------------------------------------------------------------

function code(code) {
  if (code.scope === "span" && editing && chosen) return reshape(code);
  let place = { document: current.document, start: current.start, end: current.end };
  if (code.scope === "span") {
    if (!selection) return complain(filled(words.selectFirst, { code: code.name }));
    place = selection;
  }
  if (code.scope === "thread") place = { document: transcript.posts[0].document, start: 0, end: 0 };
  return make(code, place);
}

function make(code, place) {
  const { document: number, start, end } = place;
  for (const row of rows.values()) {
    const same = row.scope === "thread" || (row.document === number && row.start === start);
    if (row.code === code.pk && same && (row.scope === "thread" || row.end === end)) {
      return choose(row.guid);
    }
  }
  const guid = uuid();
  const row = { guid, document: number, start, end, code: code.pk, scope: code.scope };
  change("POST", guid, { ...row, note: "", unsure: false });
  choose(guid);
  const shown = code.scope === "span" ? short(transcript.shown(place)) : words[`whole${capital(code.scope)}`];
  return announce(filled(words.coded, { code: code.name, words: shown }));
}

function amend(changed) {
  const row = rows.get(chosen);
  if (!row) return;
  change("PATCH", chosen, { ...row, ...changed });
  announce(filled(words.changed, { code: codes.get(rows.get(chosen).code).name }));
}

function beginEditing() {
  const row = rows.get(chosen);
  if (!row || row.scope !== "span" || values.readonly) return;
  editing = true;
  current.element.focus({ preventScroll: true });
  select({ document: row.document, start: row.start, end: row.end });
  announce(filled(words.editing, { code: codes.get(row.code).name }));
}

function reshape(code = null) {
  const row = rows.get(chosen);
  editing = false;
  if (row && selection) amend({ ...selection, code: code?.pk ?? row.code });
}

function remove() {
  const row = rows.get(chosen);
  if (!row) return;
  const name = codes.get(row.code).name;
  const { element: post } = current;
  const guid = chosen;
  choose(null);
  change("DELETE", guid, null);
  announce(filled(words.deleted, { code: name }));
  post.focus({ preventScroll: true });
}

// --- The same words elsewhere -------------------------------------------------------------

let asking = new AbortController();

/** What was asked of an annotation before is wanted no more: it may be deleted by now. */
async function suggest() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const guid = chosen;
  element("suggestions-part").hidden = true;
  const row = rows.get(guid);
  const waits = queue.waiting.some((other) => other.guid === guid);
  if (values.readonly || row?.scope !== "span" || waits) return;
  try {
    const address = `${values.address}${guid}/suggestions/`;
    const answer = await fetch(address, { redirect: "manual", signal });
    if (!answer.ok) return;
    offer(codes.get(row.code), (await answer.json()).suggestions);
  } catch {
    // Without a connection, or asked for another since, nothing is offered here.
  }
}

/** The words with a little of what stands around them in their post. */
function inContext({ document: number, start, end }, post) {
  const [from, to] = [Math.max(post.start, start - 20), Math.min(post.end, end + 20)];
  const shown = (first, last) =>
    first < last ? transcript.shown({ document: number, start: first, end: last }) : "";
  const middle = short(shown(start, end));
  return `…${shown(from, start)}[${middle}]${shown(end, to)}…`.replace(/\s+/g, " ");
}

function offer(code, places) {
  const list = element("suggestions");
  list.replaceChildren();
  for (const place of places) {
    const post = transcript.post(place.document, place.start);
    const sentence = place.quoted ? words.quoted : words.again;
    const told = { post: post.number, words: inContext(place, post) };
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#post-${post.number}`;
    link.textContent = filled(sentence, told);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = words.apply;
    button.addEventListener("click", () => {
      const kept = chosen;
      make(code, place);
      choose(kept);
      line.remove();
    });
    line.append(link, " ", button);
    list.append(line);
  }
  element("suggestions-part").hidden = places.length === 0;
}

// --- Moving about -------------------------------------------------------------------------

function visit(post) {
  if (!post) return;
  current = post;
  for (const { element: other } of transcript.posts) other.tabIndex = other === post.element ? 0 : -1;
  post.element.focus({ preventScroll: true });
  post.element.scrollIntoView({ block: "nearest" });
  if (!editing) select(null);
}

function nextUncoded() {
  const from = transcript.posts.indexOf(current) + 1;
  const order = [...transcript.posts.slice(from), ...transcript.posts.slice(0, from)];
  const post = order.find((one) => drawing.coded.get(one).size === 0);
  if (post) visit(post);
  else announce(words.noneLeft);
}

function moveWord(event, forward) {
  const how = { grow: event.shiftKey, byStart: event.ctrlKey || event.altKey };
  const next = moved(transcript, current, selection, { forward, withQuotations, ...how });
  if (next) select(next);
  getSelection().removeAllRanges();
  const range = selection && transcript.range(selection);
  range?.startContainer.parentElement.scrollIntoView({ block: "nearest" });
}

const moves = {
  j: () => visit(transcript.posts[transcript.posts.indexOf(current) + 1]),
  k: () => visit(transcript.posts[transcript.posts.indexOf(current) - 1]),
  n: nextUncoded,
  e: beginEditing,
  m: () => rows.has(chosen) && element("detail-note").focus(),
  u: () => rows.has(chosen) && amend({ unsure: !rows.get(chosen).unsure }),
  q: () => toggleQuotations(!withQuotations),
  "/": () => element("sought").focus(),
  "?": () => {
    element("help").open = true;
    element("help").querySelector("summary").focus();
  },
  Delete: remove,
  Escape: leave,
};

function leave() {
  if (editing) announce("");
  editing = false;
  select(null);
  choose(null);
  current.element.focus({ preventScroll: true });
}

thread.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.metaKey) return;
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    moveWord(event, event.key === "ArrowRight");
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.altKey) return;
  if (event.key === "Enter" && editing) {
    reshape();
    event.preventDefault();
    return;
  }
  const move = moves[event.key];
  const wanted = keys.get(event.key);
  if (!move && !wanted) return;
  event.preventDefault();
  if (move) move();
  else {
    read();
    code(wanted);
  }
});

thread.addEventListener("focusin", (event) => {
  const post = transcript.posts.find((one) => one.element.contains(event.target));
  if (post) current = post;
});

// --- The mouse ----------------------------------------------------------------------------

/** Take over what is selected on the page. */
function read() {
  const native = getSelection();
  if (!native.rangeCount || native.isCollapsed) return;
  const range = native.getRangeAt(0);
  if (!range.intersectsNode(thread)) return;
  const place = transcript.place(range, withQuotations);
  if (!place) return;
  current = transcript.post(place.document, place.start);
  selection = place;
  announce(filled(words.selected, { words: short(transcript.shown(place)) }));
}

let settled = null;
document.addEventListener("selectionchange", () => {
  clearTimeout(settled);
  settled = setTimeout(read, 150);
});

thread.addEventListener("click", (event) => {
  const native = getSelection();
  if (event.target.closest("button, a, input, label") || !native.isCollapsed) return;
  if (!editing) select(null);
  const place = transcript.at(native.anchorNode, native.anchorOffset);
  if (!place || editing) return;
  const under = [...rows.values()].filter(
    (row) =>
      row.scope === "span" &&
      row.document === place.document &&
      row.start <= place.start &&
      place.start < row.end,
  );
  under.sort((one, other) => one.end - one.start - (other.end - other.start));
  if (under.length) choose(under[0].guid);
});

element("palette").addEventListener("click", (event) => {
  const button = event.target.closest("[data-code]");
  if (!button) return;
  read();
  code(codes.get(Number(button.dataset.code)));
});

// --- The chosen annotation, search, quotations ---------------------------------------------

element("detail-code").addEventListener("change", (event) => {
  amend({ code: Number(event.target.value) });
});
element("detail-unsure").addEventListener("change", (event) => {
  amend({ unsure: event.target.checked });
});
element("detail-note").addEventListener("change", (event) => {
  amend({ note: event.target.value });
});
element("detail-note").addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.blur(); // What was written is taken over, which makes the chip anew.
  drawing.chip(chosen)?.focus();
});
element("edit").addEventListener("click", beginEditing);
element("delete").addEventListener("click", remove);
element("retry").addEventListener("click", () => queue.retry());

function toggleQuotations(on) {
  withQuotations = on;
  element("quotations").checked = on;
  document.body.classList.toggle("with-quotations", on);
}
element("quotations").addEventListener("change", (event) => toggleQuotations(event.target.checked));

seek(transcript, {
  element,
  words,
  found(post) {
    current = post;
  },
  left: () => visit(current),
});

// --- Beginning ----------------------------------------------------------------------------

values.annotations.forEach(show);
queue.waiting.forEach(apply);
progress();
if (values.readonly) announce(words.readonly);
if (location.hash.startsWith("#annotation-")) {
  const guid = location.hash.slice("#annotation-".length);
  choose(guid);
  drawing.chip(guid)?.scrollIntoView({ block: "center" });
}
queue.retry();
document.documentElement.dataset.coding = "ready";
