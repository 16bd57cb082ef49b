// What is coded, drawn over the text without touching it (CSS Custom Highlight API) and listed
// below each post: the list is there for the keyboard, for screen readers, and for browsers that
// cannot draw highlights.

const canDraw = "highlights" in CSS && typeof Highlight === "function";

function layer(name, priority = 0) {
  if (!canDraw) return null;
  if (!CSS.highlights.has(name)) {
    const made = new Highlight();
    made.priority = priority;
    CSS.highlights.set(name, made);
  }
  return CSS.highlights.get(name);
}

/** Show one set of ranges under a name, in place of those before. */
export function mark(name, ranges, priority = 10) {
  const drawn = layer(name, priority);
  if (!drawn) return;
  drawn.clear();
  for (const range of ranges) if (range) drawn.add(range);
}

export class Drawing {
  #ranges = new Map();
  #chips = new Map();

  constructor({ transcript, codes, words, choose }) {
    Object.assign(this, { transcript, codes, words, choose });
    this.threadCodes = document.getElementById("coding-thread-codes");
    this.coded = new Map(transcript.posts.map((post) => [post, new Set()]));
  }

  add(row) {
    this.remove(row.guid);
    const code = this.codes.get(row.code);
    const post = row.scope === "thread" ? null : this.transcript.post(row.document, row.start);
    if (row.scope === "span") {
      const range = this.transcript.range(row);
      const drawn = range && layer(code.style);
      drawn?.add(range);
      this.#ranges.set(row.guid, { drawn, range });
    }
    const chip = this.#chip(row, code);
    this.#chips.set(row.guid, { chip, post });
    this.#place(chip, post, row);
    if (post) {
      this.coded.get(post).add(row.guid);
      post.element.classList.add("coded");
    }
  }

  remove(guid) {
    const drawn = this.#ranges.get(guid);
    drawn?.drawn?.delete(drawn.range);
    this.#ranges.delete(guid);
    const listed = this.#chips.get(guid);
    if (!listed) return;
    listed.chip.remove();
    this.#chips.delete(guid);
    if (!listed.post) return;
    const coded = this.coded.get(listed.post);
    coded.delete(guid);
    listed.post.element.classList.toggle("coded", coded.size > 0);
  }

  chip(guid) {
    return this.#chips.get(guid)?.chip;
  }

  press(guid) {
    for (const [other, { chip }] of this.#chips) {
      if ((other === guid) !== (chip.getAttribute("aria-pressed") === "true")) {
        chip.setAttribute("aria-pressed", String(other === guid));
      }
    }
  }

  #chip(row, code) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "coding-chip";
    chip.id = `annotation-${row.guid}`;
    chip.setAttribute("aria-pressed", "false");
    const swatch = document.createElement("span");
    swatch.className = `coding-swatch style-${code.style}`;
    swatch.textContent = code.name;
    const told = document.createElement("bdi");
    told.textContent = this.#told(row);
    chip.append(swatch, " ", told);
    chip.addEventListener("click", () => this.choose(row.guid));
    return chip;
  }

  #told(row) {
    const flags = [row.unsure ? this.words.unsure : "", row.note ? this.words.noted : ""];
    const about = {
      span: () => shortened(this.transcript.shown(row).replace(/\s+/g, " ")),
      post: () => this.words.wholePost,
      thread: () => this.words.wholeThread,
    }[row.scope]();
    return [about, ...flags.filter(Boolean)].join(" · ");
  }

  /** Put a chip where the thread reads it. */
  #place(chip, post, row) {
    const list = post ? post.element.querySelector(".coding-chips") : this.threadCodes;
    chip.dataset.start = row.start;
    const after = [...list.children].find((other) => Number(other.dataset.start) > row.start);
    list.insertBefore(chip, after ?? null);
  }
}

/** The beginning of long words, told as one. */
function shortened(words) {
  const signs = [...words];
  return signs.length <= 60 ? words : `${signs.slice(0, 59).join("").trimEnd()}…`;
}
