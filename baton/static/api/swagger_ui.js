"use strict";

// A browser's session needs Django's CSRF token on everything that changes something.
function withCsrfToken(request) {
  const found = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  const isSafe = /^(GET|HEAD|OPTIONS)$/i.test(request.method || "GET");
  if (found && !isSafe && new URL(request.url, location.href).origin === location.origin) {
    request.headers["X-CSRFToken"] = found[1];
  }
  return request;
}

SwaggerUIBundle({
  url: "../",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  requestInterceptor: withCsrfToken,
  validatorUrl: null,
});
