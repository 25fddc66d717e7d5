import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { PhoneOutgoing } from "lucide-react";
import { CallTimer } from "@/components/shared/calls/CallTimer";
import { CallStatusMark, OutcomeMark, useCallee, useReasonText } from "@/components/shared/calls/callMarks";
import { HangUpButton } from "@/components/shared/calls/HangUpButton";
import { PlatformMark, platformName } from "@/components/shared/marks";
import { startPlacing } from "@/components/shared/placing";
import { Button } from "@/components/ui/Button";
import { Page } from "@/components/ui/Page";
import { Notice } from "@/components/ui/states";
import { Tabs } from "@/components/ui/Tabs";
import { useText } from "@/lib/i18n";
import { useCallNews } from "@/queries/callNews";
import { type Call, callQuery, isLive } from "@/queries/calls";
import { useMay } from "@/queries/me";
import { AnalysisCards } from "./page/AnalysisCards";
import { Conversation } from "./page/Conversation";
import { CostCard } from "./page/CostCard";
import { DetailsCard, IdsCard } from "./page/DetailsCard";
import { EventsTab } from "./page/EventsTab";
import { RecordsTab } from "./page/RecordsTab";
import { TimelineCard } from "./page/TimelineCard";

const route = getRouteApi("/shell/calls/$callId");

/** One call: what was said and heard, why it ended, what it brought and cost. */
export function CallPage() {
  const t = useText();
  const navigate = useNavigate();
  const callee = useCallee();
  const { callId } = route.useParams();
  const { tab = "transcript" } = route.useSearch();
  const { data: call } = useSuspenseQuery(callQuery(callId));
  useCallNews(callId);
  return (
    <Page
      wide
      title={call.direction === "browser" ? t.callPage.inBrowser : t.callPage.to(callee(call))}
      marks={
        <>
          <CallStatusMark status={call.status} />
          <PlatformMark platform={call.platform} />
          {call.successful && <OutcomeMark outcome={call.successful} />}
          <span className="numeric text-ink-soft">
            <CallTimer call={call} />
          </span>
        </>
      }
      description={<Explained call={call} />}
      actions={<Actions call={call} />}
    >
      {call.rerouted_from && <Notice>{t.callPage.rerouted(platformName(call.rerouted_from))}</Notice>}
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <Tabs
          label={t.callPage.details}
          value={tab}
          onValue={(chosen) =>
            void navigate({
              to: "/calls/$callId",
              params: { callId },
              search: chosen === "transcript" ? {} : { tab: chosen },
              replace: true,
            })
          }
          tabs={[
            {
              id: "transcript",
              name: t.calls.transcript,
              content: <Conversation key={call.id} call={call} />,
            },
            { id: "events", name: t.callPage.events, content: <EventsTab callId={call.id} /> },
            { id: "records", name: t.callPage.records, content: <RecordsTab callId={call.id} /> },
          ]}
        />
        <div className="flex flex-col gap-6">
          <AnalysisCards call={call} />
          <TimelineCard call={call} />
          <CostCard call={call} />
          <DetailsCard call={call} />
          <IdsCard call={call} />
        </div>
      </div>
    </Page>
  );
}

/** The status and the reason, in words. */
function Explained({ call }: { call: Call }) {
  const t = useText();
  const reason = useReasonText()(call);
  return (
    <>
      {t.calls.statusText[call.status]} {reason} {call.reason_detail !== reason && call.reason_detail}
    </>
  );
}

function Actions({ call }: { call: Call }) {
  const t = useText();
  const may = useMay("calls:write");
  const again = () =>
    startPlacing({ agentId: call.agent_id, variables: call.variables, ...(call.to ? { to: call.to } : {}) });
  return (
    <>
      {call.direction !== "browser" && !isLive(call) && (
        <Button onClick={again} disabled={!may} title={may ? undefined : t.placing.rights}>
          <PhoneOutgoing aria-hidden="true" />
          {t.placing.again}
        </Button>
      )}
      {isLive(call) && <HangUpButton call={call} />}
    </>
  );
}
