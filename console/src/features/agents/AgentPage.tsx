import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { AgentStatus } from "@/components/shared/agentMarks";
import { PlatformMark } from "@/components/shared/marks";
import { Badge } from "@/components/ui/Badge";
import { Page } from "@/components/ui/Page";
import { Tabs } from "@/components/ui/Tabs";
import { useText } from "@/lib/i18n";
import { agentQuery } from "@/queries/agents";
import { AgentActions } from "./AgentActions";
import { AgentNotices } from "./AgentNotices";
import { EditTab } from "./EditTab";
import { PlatformTab } from "./PlatformTab";
import { TestTab } from "./test/TestTab";
import { VersionsTab } from "./VersionsTab";

const route = getRouteApi("/shell/agents/$agentId");

/** One agent: edit it, try it, look back, see how it stands at its platform. */
export function AgentPage() {
  const t = useText();
  const navigate = useNavigate();
  const { agentId } = route.useParams();
  const { tab = "edit" } = route.useSearch();
  const { data: agent } = useSuspenseQuery(agentQuery(agentId));
  return (
    <Page
      title={agent.name}
      marks={
        <>
          <PlatformMark platform={agent.platform} />
          <AgentStatus status={agent.status} />
          <Badge>{t.agents.version(agent.version)}</Badge>
        </>
      }
      actions={<AgentActions agent={agent} />}
    >
      <AgentNotices agent={agent} />
      <Tabs
        label={agent.name}
        value={tab}
        onValue={(chosen) =>
          void navigate({
            to: "/agents/$agentId",
            params: { agentId },
            search: chosen === "edit" ? {} : { tab: chosen },
          })
        }
        tabs={[
          { id: "edit", name: t.agents.tabs.edit, content: <EditTab key={agent.id} agent={agent} /> },
          { id: "test", name: t.agents.tabs.test, content: <TestTab key={agent.id} agent={agent} /> },
          { id: "versions", name: t.agents.tabs.versions, content: <VersionsTab agent={agent} /> },
          { id: "platform", name: t.agents.tabs.platform, content: <PlatformTab agent={agent} /> },
        ]}
      />
    </Page>
  );
}
