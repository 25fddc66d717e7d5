import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Bot } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button";
import { Page } from "@/components/ui/Page";
import { EmptyState } from "@/components/ui/states";
import { locale, useText } from "@/lib/i18n";
import { agentQuery, createAgent, isKeptAsDraft } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { AgentForm } from "./form/AgentForm";
import { type Draft, emptyDraft, newFieldsOf, type PlatformName, sameJson } from "./form/draft";
import { forgetDraft, keepDraft, keptDraft } from "./form/keeping";
import { PlatformCards } from "./form/PlatformCards";
import { readable } from "./form/readable";

const route = getRouteApi("/shell/agents/new");

export function NewAgentPage() {
  const t = useText();
  const mayWrite = useMay("agents:write");
  return (
    <Page title={t.agents.new}>
      {mayWrite ? <NewAgentForm /> : <EmptyState icon={<Bot />} title={t.common.notAllowed} />}
    </Page>
  );
}

function NewAgentForm() {
  const t = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { platform } = route.useSearch();
  const [draft, setDraft] = useState<Draft>(() => firstDraft(platform));
  const untouched = sameJson(draft, emptyDraft(draft.platform, locale.get()));
  const create = useMutation({
    mutationFn: async () => createAgent(readable(() => newFieldsOf(draft), t.agentForm.badOptions)),
    onSuccess: (agent) => {
      client.setQueryData(agentQuery(agent.id).queryKey, agent);
      toast.success(t.agents.created(agent.name));
      return show(agent.id);
    },
    onError: (error) => {
      // it is there and waits: pressing the button again would make a second one
      if (isKeptAsDraft(error) && error.agentId) return show(error.agentId);
    },
  });
  const show = (agentId: string) => {
    forgetDraft();
    void client.invalidateQueries({ queryKey: ["agents", "list"] });
    return navigate({ to: "/agents/$agentId", params: { agentId } });
  };
  const isMade = create.isSuccess || isKeptAsDraft(create.error);
  useEffect(() => {
    if (isMade) return;
    if (untouched) forgetDraft();
    else keepDraft(draft);
  }, [draft, untouched, isMade]);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <AgentForm
        draft={draft}
        onDraft={setDraft}
        error={create.error}
        before={
          <PlatformCards
            value={draft.platform}
            onValue={(chosen) => setDraft({ ...draft, platform: chosen })}
          />
        }
      />
      <div className="sticky bottom-0 z-10 -mx-1 mt-6 flex justify-end gap-2 border-t border-line bg-page px-1 py-3">
        {!untouched && (
          <Button look="quiet" onClick={() => setDraft(emptyDraft(draft.platform, locale.get()))}>
            {t.agentForm.startOver}
          </Button>
        )}
        <Button look="primary" type="submit" busy={create.isPending}>
          {t.agentForm.create}
        </Button>
      </div>
    </form>
  );
}

/** What was typed before, on the platform that is asked for now. */
function firstDraft(platform: PlatformName | undefined): Draft {
  const kept = keptDraft();
  if (kept) return { ...kept, platform: platform ?? kept.platform };
  return emptyDraft(platform ?? "ultravox", locale.get());
}
