/* Calls made from the page carry the session's token, as the portal's own do. */
const token = () => decodeURIComponent((document.cookie.match(/Octopus-Csrf-Token_[^=]*=([^;]*)/) ?? ["", ""])[1]);

window.SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  filter: true,
  syntaxHighlight: false,
  requestInterceptor: (request) => {
    if (request.method && request.method !== "GET" && token()) {
      request.headers["X-Octopus-Csrf-Token"] = token();
    }
    return request;
  },
});
