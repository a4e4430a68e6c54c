// Subscribes this browser once its owner has said yes; marks it among those already told.
const card = document.getElementById("push");
const form = card.querySelector("form");
const words = card.dataset;

function show(name) {
  for (const part of card.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== name;
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function digest(text) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function begin() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return show("unsupported");
  if (Notification.permission === "denied") return show("denied");
  const registration = await navigator.serviceWorker.getRegistration(words.scope);
  const known = registration && await registration.pushManager.getSubscription();
  const row = known && document.querySelector(`[data-digest="${await digest(known.endpoint)}"]`);
  if (!row) return show("off");
  row.querySelector("[data-here]").hidden = false;
  row.querySelector("form[data-remove]").addEventListener("submit", () => known.unsubscribe());
  return show("on");
}

async function ready() {
  const registration = await navigator.serviceWorker.register(words.worker);
  const worker = registration.active || registration.waiting || registration.installing;
  if (worker.state !== "activated") {
    await new Promise((done) => worker.addEventListener("statechange", () => worker.state === "activated" && done()));
  }
  return registration;
}

async function enable() {
  if (await Notification.requestPermission() !== "granted") return show("denied");
  const registration = await ready();
  const options = { userVisibleOnly: true, applicationServerKey: bytes(words.key) };
  const made = await registration.pushManager.subscribe(options);
  const choices = Object.fromEntries(Array.from(form.querySelectorAll("input[type=checkbox]"), (box) => [box.name, box.checked]));
  const answer = await fetch(words.subscribe, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: JSON.stringify({ ...made.toJSON(), choices }),
  });
  if (answer.ok) return location.reload();
  await made.unsubscribe();
  throw new Error((await answer.json()).error);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  const said = card.querySelector("[role=alert]");
  button.disabled = true;
  said.hidden = true;
  enable().catch((error) => {
    said.textContent = `${words.failed} ${error.message}`;
    said.hidden = false;
  }).finally(() => { button.disabled = false; });
});

begin();
