import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Toaster } from "sonner";
import { TooltipProvider } from "@/components/ui/Tooltip";
import { loadTexts, TextsProvider } from "@/lib/i18n";
import { reloadWhenStale } from "@/lib/staleBuild";
import { followTheme } from "@/lib/theme";
import { createQueryClient } from "@/queries/client";
import { createConsoleRouter } from "@/routes/router";
import "./styles/app.css";

followTheme();
reloadWhenStale();

async function start(place: HTMLElement): Promise<void> {
  const client = createQueryClient();
  const router = createConsoleRouter(client);
  const texts = await loadTexts();
  createRoot(place).render(
    <StrictMode>
      <TextsProvider first={texts}>
        <QueryClientProvider client={client}>
          <TooltipProvider delayDuration={400}>
            <RouterProvider router={router} />
            <Toaster position="bottom-right" closeButton toastOptions={{ className: "console-toast" }} />
          </TooltipProvider>
        </QueryClientProvider>
      </TextsProvider>
    </StrictMode>,
  );
}

const place = document.getElementById("root");
if (place) void start(place);
