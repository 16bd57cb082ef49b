// Changes on their way to the server: one after the other, kept in the browser until they are
// there. What the server refuses is told and dropped; what it cannot be asked is tried again.

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 30000;

export class Queue {
  #changes = [];
  #sending = false;
  #pause = FIRST_PAUSE;
  #timer = null;

  /**
   * `key` names the storage; `send(change)` returns a Response or throws without a connection;
   * `done` hears of the answer, `refused` of a refusal, `moved` when a change waits no longer;
   * `told` hears of every state: saved, saving, waiting, loggedOut, full.
   */
  constructor({ key, send, done, refused, moved, told }) {
    Object.assign(this, { key, send, done, refused, moved, told });
    try {
      this.#changes = JSON.parse(localStorage.getItem(key) ?? "[]");
    } catch {
      this.#changes = [];
    }
    window.addEventListener("online", () => this.retry());
  }

  get waiting() {
    return [...this.#changes];
  }

  push(change) {
    this.#changes.push(change);
    this.#keep();
    this.#run();
  }

  retry() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#run();
  }

  #keep() {
    try {
      if (this.#changes.length) localStorage.setItem(this.key, JSON.stringify(this.#changes));
      else localStorage.removeItem(this.key);
      return true;
    } catch {
      return false; // Storage is full or forbidden: they wait in the page.
    }
  }

  async #run() {
    if (this.#sending || this.#timer !== null) return this.#waitMore();
    this.#sending = true;
    while (this.#changes.length) {
      this.told("saving", this.#changes.length);
      const [change] = this.#changes;
      let state = "waiting";
      try {
        state = await this.#sent(change);
      } catch {
        // No connection, or the answer was cut off: the same request may be sent again.
      }
      if (state !== "done") {
        this.#sending = false;
        return this.#later(state);
      }
      this.#pause = FIRST_PAUSE;
      this.#changes.shift();
      this.#keep();
      this.moved(change);
    }
    this.#sending = false;
    return this.told("saved", 0);
  }

  async #sent(change) {
    const answer = await this.send(change);
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      return "loggedOut";
    }
    if (answer.status >= 500 || answer.status === 429) return "waiting";
    const body = answer.status === 204 ? null : await answer.json();
    if (answer.ok) this.done(change, body);
    else await this.refused(change, body);
    return "done";
  }

  #later(state) {
    this.#timer = setTimeout(() => this.retry(), this.#pause);
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    this.told(this.#keep() ? state : "full", this.#changes.length);
  }

  #waitMore() {
    if (this.#timer !== null) this.told("waiting", this.#changes.length);
  }
}
