// Choosing words with the arrow keys.

/**
 * The place chosen by an arrow key; undefined where there is no further one.
 *
 * Alone the arrows go from word to word; with Shift (`grow`) they move the end of what is chosen, with Ctrl or Alt
 * (`byStart`) its beginning, with both its end by single characters.
 */
export function moved(transcript, post, chosen, { forward, grow, byStart, withQuotations }) {
  const words = transcript.words(post, withQuotations);
  if (!words.length) return undefined;
  const begun = chosen && transcript.post(chosen.document, chosen.start) === post;
  if (!begun) return forward ? words[0] : words.at(-1);
  if (grow && byStart) return transcript.stepped(chosen, forward ? 1 : -1);
  if (grow) {
    const next = forward
      ? words.find(({ end }) => end > chosen.end)
      : words.findLast(({ end }) => end < chosen.end && end > chosen.start);
    return next && { ...chosen, end: next.end };
  }
  if (byStart) {
    const next = forward
      ? words.find(({ start }) => start > chosen.start && start < chosen.end)
      : words.findLast(({ start }) => start < chosen.start);
    return next && { ...chosen, start: next.start };
  }
  return forward
    ? words.find(({ start }) => start >= chosen.end)
    : words.findLast(({ end }) => end <= chosen.start);
}
