// Sending a video: how far it is, and why it stopped. Without this script the form is sent as any other.
"use strict";

const sent = (event) => event.target.closest?.("form[data-film]");
const part = (form, name) => form.querySelector(`[data-${name}]`);

function fail(form, cause) {
  part(form, "sending").hidden = true;
  const alert = part(form, "failure");
  for (const text of alert.children) text.hidden = text.dataset.case !== cause;
  alert.hidden = false;
  alert.scrollIntoView({ block: "center" });
}

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const form = sent(event);
  if (!form) return;
  const input = form.querySelector("input[data-most]");
  if (input.files[0]?.size > Number(input.dataset.most)) {
    event.preventDefault();
    fail(form, "size");
    return;
  }
  part(form, "failure").hidden = true;
  part(form, "sending").hidden = false;
});

document.body.addEventListener("htmx:xhr:progress", (event) => {
  const form = sent(event);
  if (!form || !event.detail.lengthComputable) return;
  const percent = Math.round((event.detail.loaded / event.detail.total) * 100);
  form.querySelector("progress").value = percent;
  part(form, "percent").textContent = `${percent} %`;
});

document.body.addEventListener("htmx:sendError", (event) => sent(event) && fail(sent(event), "network"));
document.body.addEventListener("htmx:responseError", (event) => {
  const form = sent(event);
  if (form) fail(form, event.detail.xhr.status === 413 ? "size" : "network");
});
