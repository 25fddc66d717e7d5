import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { AgentStatus } from "@/components/shared/agentMarks";
import { PlatformMark } from "@/components/shared/marks";
import { Badge } from "@/components/ui/Badge";
import { Page } from "@/components/ui/Page";
import { Notice } from "@/components/ui/states";
import { Tabs } from "@/components/ui/Tabs";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { type Agent, agentQuery } from "@/queries/agents";
import { AgentActions } from "./AgentActions";
import { AgentNotices } from "./AgentNotices";
import { EditTab } from "./EditTab";
import { LeaveDialog } from "./LeaveDialog";
import { PlatformTab } from "./PlatformTab";
import { TestTab } from "./test/TestTab";
import { useAgentEdit } from "./useAgentEdit";
import { VersionsTab } from "./VersionsTab";

const route = getRouteApi("/shell/agents/$agentId");

/** One agent: edit it, try it, look back, see how it stands at its platform. */
export function AgentPage() {
  const { agentId } = route.useParams();
  const { data: agent, error } = useSuspenseQuery(agentQuery(agentId));
  return <OneAgent key={agent.id} agent={agent} error={error} />;
}

/** `error`: why `agent` is only what was last known, such as that somebody deleted it. */
function OneAgent({ agent, error }: { agent: Agent; error: Error | null }) {
  const t = useText();
  const navigate = useNavigate();
  const { tab = "edit" } = route.useSearch();
  const edit = useAgentEdit(agent);
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
      {error && <Notice>{asProblem(error).message}</Notice>}
      <AgentNotices agent={agent} touched={edit.touched} />
      <Tabs
        label={agent.name}
        value={tab}
        onValue={(chosen) =>
          void navigate({
            to: "/agents/$agentId",
            params: { agentId: agent.id },
            search: chosen === "edit" ? {} : { tab: chosen },
          })
        }
        tabs={[
          {
            id: "edit",
            name: <EditName touched={edit.touched} />,
            content: <EditTab agent={agent} edit={edit} />,
          },
          { id: "test", name: t.agents.tabs.test, content: <TestTab agent={agent} /> },
          { id: "versions", name: t.agents.tabs.versions, content: <VersionsTab agent={agent} /> },
          { id: "platform", name: t.agents.tabs.platform, content: <PlatformTab agent={agent} /> },
        ]}
      />
      <LeaveDialog touched={edit.touched} />
    </Page>
  );
}

function EditName({ touched }: { touched: boolean }) {
  const t = useText();
  return (
    <>
      {t.agents.tabs.edit}
      {touched && (
        <span className="ml-2 inline-block size-2 rounded-full bg-warn align-middle">
          <span className="sr-only">{t.agentForm.unsaved}</span>
        </span>
      )}
    </>
  );
}
