// Shows what the service tells, and opens the page it is about. It keeps nothing and answers no request.
self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  const options = { body: told.body, tag: told.tag, lang: "fr", data: { url: told.url || "/" } };
  event.waitUntil(self.registration.showNotification(told.title || "", options));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data.url, self.location.origin);
  if (address.origin === self.location.origin) event.waitUntil(self.clients.openWindow(address.href));
});
