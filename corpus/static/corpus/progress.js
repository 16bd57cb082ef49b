/* Keeps the page of an import up to date, and leads to its result when it has come to its end. */
"use strict";

const region = document.getElementById("corpus-progress");
const said = document.getElementById("corpus-said");
const BEAT = 1000;

/* What is read aloud changes only when it says something new. */
function say(words) {
  if (said.textContent !== words) said.textContent = words;
}

async function look() {
  let wait = BEAT;
  try {
    const answer = await fetch(region.dataset.part, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    const focused = region.contains(document.activeElement) && document.activeElement.name;
    region.replaceChildren(part);
    if (focused) region.querySelector(`[name="${focused}"]`)?.focus();
    say(part.dataset.said);
    if (!("active" in part.dataset)) {
      /* An import that can be gone on with stays on this page. */
      if (!region.querySelector("[name=resume]")) location.assign(region.dataset.ownPage);
      return;
    }
  } catch {
    wait = 5 * BEAT; /* The server is busy or away; it may come back. */
  }
  setTimeout(look, wait);
}

setTimeout(look, BEAT);
