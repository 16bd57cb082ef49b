// How the coding page words what it says.

/** A sentence with its {placeholders} filled. */
export const filled = (sentence, what) =>
  sentence.replace(/\{(\w+)\}/g, (_whole, name) => what[name]);

/** A passage on one line, cut after 80 characters. */
export const short = (text) =>
  (text.length > 80 ? `${text.slice(0, 79)}…` : text).replace(/\s+/g, " ");

export const capital = (word) => word[0].toUpperCase() + word.slice(1);
