import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { FileJson } from "lucide-react";
import { Button } from "@/components/ui/Button";
import { Page } from "@/components/ui/Page";
import { Tabs } from "@/components/ui/Tabs";
import { useText } from "@/lib/i18n";
import { KeysTab } from "./KeysTab";
import { RequestsTab } from "./RequestsTab";

const route = getRouteApi("/shell/developers");

/** Keys for programs, and what this page itself asks of the API. */
export function DevelopersPage() {
  const t = useText();
  const navigate = useNavigate();
  const { tab = "keys" } = route.useSearch();
  return (
    <Page
      title={t.developers.title}
      description={t.developers.text}
      wide
      actions={
        <Button asChild>
          <a href="/openapi.json" target="_blank" rel="noreferrer">
            <FileJson aria-hidden="true" />
            {t.developers.reference}
          </a>
        </Button>
      }
    >
      <Tabs
        label={t.developers.title}
        value={tab}
        onValue={(chosen) =>
          void navigate({ to: "/developers", search: chosen === "keys" ? {} : { tab: chosen } })
        }
        tabs={[
          { id: "keys", name: t.developers.tabs.keys, content: <KeysTab /> },
          { id: "requests", name: t.developers.tabs.requests, content: <RequestsTab /> },
        ]}
      />
    </Page>
  );
}
