// Sends the next batch by itself; without this script one presses "Go on".
const form = document.getElementById("corpus-go-on");
if (form) setTimeout(() => form.requestSubmit(), 150);
