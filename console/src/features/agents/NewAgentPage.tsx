import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button";
import { Page } from "@/components/ui/Page";
import { Notice } from "@/components/ui/states";
import { locale, useText } from "@/lib/i18n";
import { createAgent } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { AgentForm } from "./form/AgentForm";
import { type Draft, emptyDraft, fieldsOf, sameJson } from "./form/draft";
import { forgetDraft, keepDraft, keptDraft } from "./form/keeping";
import { PlatformCards } from "./form/PlatformCards";
import { readable } from "./form/readable";

const route = getRouteApi("/shell/agents/new");

export function NewAgentPage() {
  const t = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useMay("agents:write");
  const { platform = "ultravox" } = route.useSearch();
  const [draft, setDraft] = useState<Draft>(() => keptDraft() ?? emptyDraft(platform, locale.get()));
  const untouched = sameJson(draft, emptyDraft(draft.platform, locale.get()));
  const create = useMutation({
    mutationFn: async () => createAgent(readable(() => fieldsOf(draft), t.agentForm.badOptions)),
    onSuccess: async (agent) => {
      forgetDraft();
      client.setQueryData(["agents", "one", agent.id], agent);
      void client.invalidateQueries({ queryKey: ["agents", "list"] });
      toast.success(t.agents.created(agent.name));
      await navigate({ to: "/agents/$agentId", params: { agentId: agent.id } });
    },
  });
  useEffect(() => {
    if (create.isSuccess) return;
    if (untouched) forgetDraft();
    else keepDraft(draft);
  }, [draft, untouched, create.isSuccess]);
  return (
    <Page title={t.agents.new}>
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
            <>
              {!mayWrite && <Notice>{t.common.notAllowed}</Notice>}
              <PlatformCards
                value={draft.platform}
                onValue={(chosen) => setDraft({ ...draft, platform: chosen })}
              />
            </>
          }
        />
        <div className="sticky bottom-0 z-10 -mx-1 mt-6 flex justify-end gap-2 border-t border-line bg-page px-1 py-3">
          {!untouched && (
            <Button look="quiet" onClick={() => setDraft(emptyDraft(draft.platform, locale.get()))}>
              {t.agentForm.startOver}
            </Button>
          )}
          <Button look="primary" type="submit" disabled={!mayWrite} busy={create.isPending}>
            {t.agentForm.create}
          </Button>
        </div>
      </form>
    </Page>
  );
}
