// What the coding page asks of the server (documented in corpus/admin/annotation/endpoints.py).

function token() {
  // The cookie is newer than the page after logging in anew.
  const cookie = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie);
  return cookie?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]").value;
}

/** Ask the server for one change; `revision` is the newest known of the annotation. */
export function send(values, { method, guid, row }, revision = row?.revision) {
  const headers = { "X-CSRFToken": token(), "Content-Type": "application/json" };
  const version = values.version;
  const asked = { method, headers, redirect: "manual", credentials: "same-origin" };
  if (method === "POST") {
    return fetch(values.address, { ...asked, body: JSON.stringify({ ...row, version }) });
  }
  const address = `${values.address}${guid}/`;
  if (method === "DELETE") return fetch(`${address}?version=${version}`, asked);
  return fetch(address, { ...asked, body: JSON.stringify({ ...row, version, revision }) });
}

/** Random, also where the page is not served over HTTPS. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
