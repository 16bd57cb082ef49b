// Places on the page and places in the source text.
//
// The source counts code points, the page UTF-16 units, and some pieces of the page stand for
// other characters than they show (see corpus/annotation/transcript.py). All of that ends here:
// the other modules know places as {document, start, end} in code points.

const ASTRAL = /[\ud800-\udbff]/;
const SPACE = /^\s$/u;

/** How many code points the first `units` UTF-16 units of a text are. */
export function codePoints(text, units) {
  if (!ASTRAL.test(text)) return units;
  let points = 0;
  for (let at = 0; at < units; points += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return points;
}

/** Where in UTF-16 units the code point number `points` of a text begins. */
export function utf16(text, points) {
  if (!ASTRAL.test(text)) return points;
  let at = 0;
  for (let seen = 0; seen < points && at < text.length; seen += 1) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
  }
  return at;
}

/** What of a text lies between two places by a segmenter: [from, to] in UTF-16 units. */
function* segments(text, granularity) {
  if (Intl.Segmenter) {
    for (const found of new Intl.Segmenter(undefined, { granularity }).segment(text)) {
      if (granularity !== "word" || found.isWordLike) {
        yield [found.index, found.index + found.segment.length];
      }
    }
    return;
  }
  const pattern = granularity === "word" ? /[\p{L}\p{M}\p{N}]+/gu : /\P{M}\p{M}*/gu;
  for (const found of text.matchAll(pattern)) {
    yield [found.index, found.index + found[0].length];
  }
}

export class Transcript {
  constructor(root) {
    this.documents = new Map();
    this.posts = [...root.querySelectorAll(".coding-post")].map((element) => ({
      element,
      number: Number(element.dataset.number),
      document: Number(element.dataset.document),
      start: Number(element.dataset.start),
      end: Number(element.dataset.end),
      pieces: [],
    }));
    for (const post of this.posts) {
      for (const element of post.element.querySelectorAll("[data-start]")) {
        post.pieces.push({
          element,
          node: element.firstChild,
          start: Number(element.dataset.start),
          end: Number(element.dataset.end),
          exact: !("whole" in element.dataset),
          quoted: element.closest(".coding-quotation") !== null,
        });
      }
      if (!this.documents.has(post.document)) this.documents.set(post.document, []);
      this.documents.get(post.document).push(...post.pieces);
    }
  }

  post(document, start) {
    const ends = (post) => post.document === document && post.end > start;
    return this.posts.find(ends) ?? this.posts.findLast((post) => post.document === document);
  }

  /** The pieces of a document that hold characters of [start, end). */
  *#within(document, start, end) {
    const pieces = this.documents.get(document) ?? [];
    let low = 0;
    for (let high = pieces.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (pieces[middle].end <= start) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < pieces.length && pieces[at].start < end; at += 1) yield pieces[at];
  }

  /** The range of the page that shows a place; null where nothing of it is shown. */
  range({ document, start, end }) {
    let first = null;
    let last = null;
    for (const piece of this.#within(document, start, end)) {
      first ??= piece;
      last = piece;
    }
    if (first === null) return null;
    const text = (piece) => piece.node.data;
    return new StaticRange({
      startContainer: first.node,
      startOffset:
        first.exact && start > first.start ? utf16(text(first), start - first.start) : 0,
      endContainer: last.node,
      endOffset:
        last.exact && end < last.end ? utf16(text(last), end - last.start) : text(last).length,
    });
  }

  /** What the page shows of a place. */
  shown({ document, start, end }) {
    let words = "";
    for (const piece of this.#within(document, start, end)) {
      const text = piece.node.data;
      const from = piece.exact && start > piece.start ? utf16(text, start - piece.start) : 0;
      const to = piece.exact && end < piece.end ? utf16(text, end - piece.start) : text.length;
      words += text.slice(from, to);
    }
    return words;
  }

  /** The place that a range of the page shows, without space at its ends; null if there is none. */
  place(range, withQuotations) {
    let place = null;
    for (const post of this.posts) {
      if (!range.intersectsNode(post.element)) continue;
      for (const piece of post.pieces) {
        if ((piece.quoted && !withQuotations) || !range.intersectsNode(piece.element)) continue;
        const [start, end] = this.#covered(piece, range);
        if (start >= end || (place !== null && place.document !== post.document)) continue;
        place ??= { document: post.document, start, end };
        place.end = end;
      }
    }
    return place && this.trimmed(place);
  }

  #covered(piece, range) {
    const inside = (node, offset) =>
      piece.start + codePoints(piece.node.data, Math.min(offset, piece.node.data.length));
    let { start, end } = piece;
    if (piece.exact && range.startContainer === piece.node) {
      start = inside(piece.node, range.startOffset);
    }
    if (piece.exact && range.endContainer === piece.node) {
      end = inside(piece.node, range.endOffset);
    }
    if (!piece.exact && range.endContainer === piece.node && range.endOffset === 0) end = start;
    return [start, end];
  }

  trimmed({ document, start, end }) {
    const blank = (at) => SPACE.test(this.shown({ document, start: at, end: at + 1 }));
    while (start < end && blank(start)) start += 1;
    while (start < end && blank(end - 1)) end -= 1;
    return start < end ? { document, start, end } : null;
  }

  /** The words of a post as places. */
  words(post, withQuotations) {
    return this.#segments(post, "word", withQuotations);
  }

  /** The place one character as readers see it longer or shorter, within its post. */
  stepped(place, direction) {
    const post = this.post(place.document, place.start);
    const characters = this.#segments(post, "grapheme", true);
    const next =
      direction > 0
        ? characters.find(({ end }) => end > place.end)
        : characters.findLast(({ end }) => end < place.end);
    return next && next.end > place.start ? { ...place, end: next.end } : place;
  }

  #segments(post, granularity, withQuotations) {
    const places = [];
    for (const { node, start, exact, quoted } of post.pieces) {
      if (!exact || (quoted && !withQuotations)) continue;
      for (const [from, to] of segments(node.data, granularity)) {
        places.push({
          document: post.document,
          start: start + codePoints(node.data, from),
          end: start + codePoints(node.data, to),
        });
      }
    }
    return places;
  }

  /** Ranges of the page where words stand, whatever their case. */
  found(words) {
    const ranges = [];
    const pattern = new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "giu");
    for (const post of this.posts) {
      for (const { node } of post.pieces) {
        for (const match of node.data.matchAll(pattern)) {
          const [from, to] = [match.index, match.index + match[0].length];
          const ends = { startContainer: node, startOffset: from, endContainer: node };
          ranges.push({ post, range: new StaticRange({ ...ends, endOffset: to }) });
        }
      }
    }
    return ranges;
  }

  /** The place of a point of the page, such as a click; null outside of words. */
  at(node, offset) {
    const element = node?.parentElement?.closest("[data-start]");
    const post = element && this.posts.find((one) => one.element.contains(element));
    const piece = post?.pieces.find((one) => one.element === element);
    if (!piece) return null;
    const start = piece.start + (piece.exact ? codePoints(piece.node.data, offset) : 0);
    return { document: post.document, start };
  }
}
