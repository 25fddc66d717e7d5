import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Page } from "@/components/ui/Page";
import { Tabs } from "@/components/ui/Tabs";
import { useText } from "@/lib/i18n";
import { useMay } from "@/queries/me";
import { AccountTab } from "./AccountTab";
import { AppearanceTab } from "./AppearanceTab";
import { AuditTab } from "./AuditTab";

const route = getRouteApi("/shell/settings");

/** What the user may set for themselves, and for admins who did what. */
export function SettingsPage() {
  const t = useText();
  const navigate = useNavigate();
  const isAdmin = useMay("admin");
  const { tab = "appearance" } = route.useSearch();
  const tabs = [
    { id: "appearance" as const, name: t.settings.tabs.appearance, content: <AppearanceTab /> },
    { id: "account" as const, name: t.settings.tabs.account, content: <AccountTab /> },
    ...(isAdmin ? [{ id: "audit" as const, name: t.settings.tabs.audit, content: <AuditTab /> }] : []),
  ];
  return (
    <Page title={t.settings.title}>
      <Tabs
        label={t.settings.title}
        value={tabs.some(({ id }) => id === tab) ? tab : "appearance"}
        onValue={(chosen) =>
          void navigate({ to: "/settings", search: chosen === "appearance" ? {} : { tab: chosen } })
        }
        tabs={tabs}
      />
    </Page>
  );
}
