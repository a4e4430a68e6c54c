// Passkeys: fetches the options, lets the browser ask the key, sends the answer with the form. The server checks everything.
const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const descriptors = (list) => (list ?? []).map((item) => ({ ...item, id: decode(item.id) }));

async function optionsOf(form) {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const response = await fetch(form.dataset.options, { method: "POST", headers });
  if (!response.ok || response.redirected) throw new Error(`options: ${response.status}`);
  const options = await response.json();
  options.challenge = decode(options.challenge);
  if (options.user) options.user.id = decode(options.user.id);
  if (options.excludeCredentials) options.excludeCredentials = descriptors(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = descriptors(options.allowCredentials);
  return options;
}

function answerOf(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = encode(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id, rawId: encode(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function ask(form) {
  const button = form.querySelector("button");
  const error = form.querySelector("[data-passkey-error]");
  button.disabled = true;
  error.hidden = true;
  try {
    const publicKey = await optionsOf(form);
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.answer.value = answerOf(credential);
    for (const name of ["public_computer", "trust"]) {  // ticked in the form beside this one
      const box = document.getElementById(`id_${name}`);
      if (box && form.elements[name]) form.elements[name].value = box.checked ? "on" : "";
    }
    form.submit();
  } catch (fault) {
    error.textContent = fault.name === "InvalidStateError" ? error.dataset.known : error.dataset.failed;
    error.hidden = false;
    button.disabled = false;
    button.focus();
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.reportValidity()) ask(form);
    });
  }
}
