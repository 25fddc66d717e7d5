import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useEffect, useState } from "react";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorNotice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { importQuery, startImport } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { platformName } from "./marks";

const TONES = { waiting: "neutral", running: "accent", finished: "good", failed: "bad" } as const;

/** Brings in agents that were made at the platforms, and tells how far that is. */
export function ImportButton() {
  const t = useText();
  const mayWrite = useMay("agents:write");
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const start = useMutation({ mutationFn: startImport });
  const { data: progress } = useQuery(importQuery(start.data?.id ?? null));
  const shown = progress ?? start.data;
  const finished = shown !== undefined && shown.status !== "running";
  useEffect(() => {
    if (finished) void client.invalidateQueries({ queryKey: ["agents", "list"] });
  }, [finished, client]);
  return (
    <>
      <Button blocked={!mayWrite && t.common.notAllowed} onClick={() => setOpen(true)}>
        <Download aria-hidden="true" />
        {t.agents.import}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t.agents.importTitle}
        description={t.agents.importText}
        footer={
          <Button
            look="primary"
            busy={start.isPending || shown?.status === "running"}
            onClick={() => (finished ? setOpen(false) : start.mutate())}
          >
            {finished ? t.common.close : t.agents.importStart}
          </Button>
        }
      >
        {start.isError && <ErrorNotice error={start.error} />}
        <ul className="flex flex-col gap-3" aria-live="polite">
          {Object.entries(shown?.progress ?? {}).map(([platform, { state, seen, imported, detail }]) => (
            <li key={platform} className="flex items-center gap-3">
              <span className="flex-1">
                <span className="font-medium">{platformName(platform)}</span>
                <span className="block text-sm text-ink-soft">
                  {detail ?? t.agents.importSeen(seen, imported)}
                </span>
              </span>
              <Badge tone={TONES[state]} dot>
                {t.agents.importStates[state]}
              </Badge>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
