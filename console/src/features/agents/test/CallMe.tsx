import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PhoneCall } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Page";
import { ErrorNotice, Notice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { TELEPHONE, telephoneOpen } from "@/lib/telephone";
import type { Agent } from "@/queries/agents";
import { placeCall } from "@/queries/calls";
import { healthQuery } from "@/queries/health";
import { useMay } from "@/queries/me";
import { initialValues, missingValues, TestVariables, valuesToSend } from "./TestVariables";

/** Lets the agent ring the telephone of the sandbox, which stands in this page. */
export function CallMe({ agent }: { agent: Agent }) {
  const t = useText();
  const client = useQueryClient();
  const may = useMay("calls:write");
  const { data: health } = useQuery(healthQuery);
  const [values, setValues] = useState(() => initialValues(agent));
  const missing = missingValues(agent, values);
  const call = useMutation({
    mutationFn: () =>
      placeCall({ agent_id: agent.id, to: TELEPHONE, variables: valuesToSend(agent, values) }),
    onSuccess: () => {
      telephoneOpen.set(true);
      void client.invalidateQueries({ queryKey: ["calls"] });
    },
  });
  if (health && !health.telephone) return <Notice>{t.agentTest.noTelephone}</Notice>;
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Card>
        <div className="flex flex-col items-center gap-4 py-8 text-center">
          <PhoneCall aria-hidden="true" className="size-8 text-ink-faint" />
          <p className="max-w-md text-ink-soft">{t.agentTest.phoneHint(TELEPHONE)}</p>
          {call.isError && <ErrorNotice error={call.error} />}
          <Button
            look="primary"
            disabled={!may || missing.length > 0}
            busy={call.isPending}
            onClick={() => call.mutate()}
          >
            <PhoneCall aria-hidden="true" />
            {t.agentTest.callMe}
          </Button>
          {call.data && (
            <Link
              to="/calls/$callId"
              params={{ callId: call.data.id }}
              className="text-sm font-medium text-accent hover:underline"
            >
              {t.agentTest.followCall}
            </Link>
          )}
          {!may && <p className="text-sm text-ink-soft">{t.common.notAllowed}</p>}
          {missing.length > 0 && (
            <p className="text-sm text-ink-soft">{t.agentTest.missing(missing.join(", "))}</p>
          )}
        </div>
      </Card>
      <TestVariables agent={agent} values={values} onValues={setValues} disabled={call.isPending} />
    </div>
  );
}
