// Searching for words in the thread that is coded: what is found is marked, and Enter goes from one to the next.

import { mark } from "./drawing.js";
import { filled } from "./wording.js";

/** Make the search form of the page work; `found` is told the post of each place gone to, `left` that Escape was pressed. */
export function seek(transcript, { element, words, found, left }) {
  let hits = [];
  let hit = -1;
  element("sought").addEventListener("input", () => {
    hits = [];
    hit = -1;
    mark("coding-search", [], 5);
    element("found").textContent = "";
  });
  element("sought").addEventListener("keydown", (event) => {
    if (event.key === "Escape") left();
  });
  element("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const sought = element("sought").value.trim();
    if (!sought) return;
    if (!hits.length) {
      hits = transcript.found(sought);
      mark("coding-search", hits.map(({ range }) => range), 5);
    }
    if (!hits.length) {
      element("found").textContent = words.nothing;
      return;
    }
    hit = (hit + 1) % hits.length;
    element("found").textContent = filled(words.found, { at: hit + 1, n: hits.length });
    found(hits[hit].post);
    hits[hit].range.startContainer.parentElement.scrollIntoView({ block: "center" });
  });
}
