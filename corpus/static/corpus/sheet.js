// The sheet of posts: what is redrawn after a step, how posts are counted, and how one walks on it.

import { select, selected } from "./offsets.js";

export const sheet = document.getElementById("corpus-sheet");

/** Make the texts under `root` such that a caret can stand in them, and nothing be typed. */
export function open(root) {
  for (const words of root.querySelectorAll("[data-words]")) {
    words.contentEditable = "true";
    words.setAttribute("role", "textbox");
    words.setAttribute("aria-multiline", "true");
    words.setAttribute("aria-readonly", "true");
    words.setAttribute("inputmode", "none");
    words.spellcheck = false;
    for (const cut of words.querySelectorAll("button")) cut.contentEditable = "false";
  }
}

/** Count the posts anew, wherever their numbers stand. */
export function number() {
  const numbers = new Map();
  let next = Number(sheet.dataset.first);
  for (const post of sheet.querySelectorAll("[data-post]")) {
    numbers.set(post.dataset.post, next);
    next += 1;
  }
  for (const name of sheet.querySelectorAll("[data-number-of]")) {
    const found = numbers.get(name.dataset.numberOf);
    if (found) name.textContent = name.dataset.label + found;
  }
}

/** Take over what a step changed: `drawn` by key, in the page's `order`. Returns the new rows. */
export function redraw({ gone = [], drawn, order }) {
  for (const key of gone) document.getElementById(key)?.remove();
  const fresh = [];
  let before = null;
  for (const key of order) {
    let row = document.getElementById(key);
    if (drawn[key]) {
      const template = document.createElement("template");
      template.innerHTML = drawn[key];
      const made = template.content.querySelector("li");
      open(template.content);
      if (row) row.replaceWith(made);
      else if (before) before.after(made);
      else sheet.prepend(made);
      row = made;
      fresh.push(made);
    }
    if (row) before = row;
  }
  number();
  return fresh;
}

/** The stretch that the caret or the focus is in. */
export function current() {
  const node = document.activeElement;
  const held = node && node !== document.body ? node.closest(".corpus-stretch") : null;
  if (held) return held;
  const anchor = document.getSelection().anchorNode;
  const element = anchor && (anchor.nodeType === 1 ? anchor : anchor.parentElement);
  return element?.closest(".corpus-stretch") || null;
}

export function wordsOf(stretch) {
  return stretch.querySelector("[data-words]");
}

/** Where the caret is, to come back to after a redrawing. */
export function place() {
  const stretch = current();
  if (!stretch) return null;
  const range = selected(wordsOf(stretch));
  const at = range ? range.start : Number(stretch.dataset.from);
  return { document: stretch.dataset.document, at };
}

/** Put the caret back to a place of the text, in whichever stretch it stands now. */
export function come(back) {
  if (!back) return;
  const rows = [...sheet.children].filter((row) => row.dataset.document === back.document);
  const row = rows.find((one) => Number(one.dataset.to) > back.at) || rows.at(-1);
  if (row) stand(row, Math.max(back.at, Number(row.dataset.from)));
}

/** Put the caret into a stretch and show it. */
export function stand(stretch, at = Number(stretch.dataset.from)) {
  select(wordsOf(stretch), at);
  show(stretch);
}

function show(element) {
  const box = element.getBoundingClientRect();
  const height = window.innerHeight;
  if (box.top < 90 || box.top > height * 0.75) {
    window.scrollBy({ top: box.top - height / 4, behavior: "instant" });
  }
}

/** Go to the next (1) or previous (-1) unsure boundary or quotation; null if there is none. */
export function walk(direction, from = null) {
  const places = [...sheet.querySelectorAll("[data-unsure]")];
  if (direction < 0) places.reverse();
  const here = document.activeElement?.closest("[data-row]") || from || current();
  const following = (node) => {
    if (!here || !here.isConnected) return true;
    const side = here.compareDocumentPosition(node);
    const inside = side & Node.DOCUMENT_POSITION_CONTAINED_BY;
    if (direction > 0) return Boolean(side & Node.DOCUMENT_POSITION_FOLLOWING);
    return Boolean(side & Node.DOCUMENT_POSITION_PRECEDING) && !inside;
  };
  const next = places.find((node) => node !== here && following(node));
  if (!next) return null;
  if (next.dataset.row) {
    next.focus({ preventScroll: true });
    show(next);
  } else {
    stand(next);
  }
  return next;
}

/** Move the caret to the next (1) or previous (-1) paragraph, of this stretch or another. */
export function step(direction) {
  const paragraphs = [...sheet.querySelectorAll("[data-paragraph]")];
  const here = place();
  const stretch = current();
  let index = direction > 0 ? -1 : paragraphs.length;
  paragraphs.forEach((paragraph, number) => {
    const row = paragraph.closest(".corpus-stretch");
    if (!stretch || (row === stretch && Number(paragraph.dataset.paragraph) <= here.at)) {
      if (stretch) index = number;
    }
  });
  const goal = paragraphs[index + direction];
  if (goal) stand(goal.closest(".corpus-stretch"), Number(goal.dataset.paragraph));
}

/** The post with this number, if it is on the page. */
export function numbered(number) {
  return sheet.querySelectorAll("[data-post]")[number - Number(sheet.dataset.first)];
}

/** Move to the next or previous post. */
export function leap(direction) {
  const rows = [...sheet.children];
  const here = rows.indexOf(current());
  const goal = rows[here < 0 ? (direction > 0 ? 0 : rows.length - 1) : here + direction];
  if (goal) stand(goal);
}

/** The selected words, or else the paragraph of the caret. */
export function chosen(stretch) {
  const words = wordsOf(stretch);
  const range = selected(words);
  if (range && range.start < range.end) return range;
  const at = range ? range.start : Number(stretch.dataset.from);
  const paragraph = [...words.querySelectorAll("[data-paragraph]")].find(
    (one) => Number(one.dataset.paragraph) <= at && at <= Number(one.dataset.until)
  );
  if (!paragraph) return { start: Number(stretch.dataset.from), end: Number(stretch.dataset.to) };
  return { start: Number(paragraph.dataset.paragraph), end: Number(paragraph.dataset.until) };
}
