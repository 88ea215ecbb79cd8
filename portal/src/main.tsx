import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./app/base.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { hasSession } from "./api/client";
import { createQueryClient } from "./app/query-client";
import { createPortalRouter, fetchFirstScreen } from "./app/router";
import { cssVariables, theme } from "./app/theme";
import { themeChoice } from "./lib/theme-choice";

// After an upgrade of the server a page that was open asks for files that are gone: it starts anew, once.
window.addEventListener("vite:preloadError", (event) => {
  const last = Number(sessionStorage.getItem("polpo-reloaded") ?? 0);
  if (Date.now() - last < 30_000) return;
  event.preventDefault();
  sessionStorage.setItem("polpo-reloaded", String(Date.now()));
  window.location.reload();
});

const client = createQueryClient(() => {
  const here = router.state.location;
  if (here.pathname === "/app/sign-in") return;
  client.clear();
  void router.navigate({ to: "/app/sign-in", search: { from: here.href } });
});
const router = createPortalRouter(client);
if (hasSession(document.cookie)) fetchFirstScreen(router);
const place = document.getElementById("root");
if (!place) throw new Error("index.html has no element with the id 'root'.");

createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={themeChoice()}
    >
      <Notifications position="bottom-right" />
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
