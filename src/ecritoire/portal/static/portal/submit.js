// The answer to a service travels in a form: send it without waiting for the button.
document.querySelector("form[data-submit]")?.submit();
