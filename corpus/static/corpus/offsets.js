// Places in the source text: the browser counts UTF-16 units, the corpus counts code points.
// Every run of characters on the sheet says in data-from at which code point it begins.

/** Code points in the first `units` UTF-16 units; half a pair counts as none. */
export function codePoints(text, units = text.length) {
  let count = 0;
  for (let at = 0; at < units; count += 1) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
    if (at > units) break;
  }
  return count;
}

/** UTF-16 units in the first `points` code points. */
export function units(text, points) {
  let at = 0;
  for (let count = 0; count < points && at < text.length; count += 1) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
  }
  return at;
}

function runs(words) {
  return [...words.querySelectorAll("[data-from]")];
}

function end(run) {
  return run.dataset.to ? Number(run.dataset.to) : Number(run.dataset.from) + codePoints(run.textContent);
}

/** The code point at a place of the document inside `words`, or null where there are no words. */
export function offsetOf(words, node, offset) {
  const range = document.createRange();
  let last = null;
  for (const run of runs(words)) {
    range.selectNodeContents(run);
    const side = range.comparePoint(node, offset);
    if (side < 0) return last === null ? Number(run.dataset.from) : last;
    if (side === 0) {
      if (run.dataset.to) return Number(offset ? run.dataset.to : run.dataset.from);
      range.setEnd(node, offset);
      return Number(run.dataset.from) + codePoints(range.toString());
    }
    last = end(run);
  }
  return last;
}

/** Where a code point stands on the sheet: a node and an offset for a caret. */
export function placeOf(words, point) {
  let found = null;
  for (const run of runs(words)) {
    const from = Number(run.dataset.from);
    if (found && from > point) break;
    found = { run, point: Math.max(0, point - from) };
  }
  if (!found) return { node: words, offset: 0 };
  const text = found.run.firstChild;
  if (!text || found.run.dataset.to) return { node: found.run, offset: 0 };
  return { node: text, offset: units(text.data, found.point) };
}

/** The selection inside `words` as code points, or null. */
export function selected(words) {
  const selection = document.getSelection();
  if (!selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!words.contains(range.startContainer) || !words.contains(range.endContainer)) return null;
  const start = offsetOf(words, range.startContainer, range.startOffset);
  const stop = offsetOf(words, range.endContainer, range.endOffset);
  return start === null ? null : { start, end: stop };
}

/** Put the caret at a code point, or select up to `stop`. */
export function select(words, start, stop = start) {
  words.focus({ preventScroll: true });
  const from = placeOf(words, start);
  const to = stop === start ? from : placeOf(words, stop);
  document.getSelection().setBaseAndExtent(from.node, from.offset, to.node, to.offset);
}
