import { useMutation, useQueryClient } from "@tanstack/react-query";
import { PhoneOff } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { Tooltip } from "@/components/ui/Tooltip";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { type Call, hangUp, isLive } from "@/queries/calls";
import { useMay } from "@/queries/me";

/** Ends a call after asking. Greyed with the reason where that is not possible. */
export function HangUpButton({ call }: { call: Call }) {
  const t = useText();
  const client = useQueryClient();
  const may = useMay("calls:write");
  const [asking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: () => hangUp(call.id),
    onSuccess: () => {
      toast.success(t.calls.hangUpAsked);
      void client.invalidateQueries({ queryKey: ["call", call.id] });
    },
    onError: (error) => toast.error(asProblem(error).message),
    onSettled: () => setAsking(false),
  });
  const why = may ? (isLive(call) ? null : t.calls.hangUpUnable) : t.common.notAllowed;
  return (
    <>
      <Tooltip text={why}>
        <Button
          look="danger"
          aria-disabled={why !== null || undefined}
          {...(why ? { "aria-description": why } : {})}
          busy={end.isPending}
          onClick={() => why === null && setAsking(true)}
        >
          <PhoneOff aria-hidden="true" />
          {t.calls.hangUp}
        </Button>
      </Tooltip>
      <ConfirmDialog
        open={asking && why === null}
        onClose={() => setAsking(false)}
        onConfirm={() => end.mutate()}
        title={t.calls.hangUpTitle}
        action={t.calls.hangUp}
        busy={end.isPending}
        danger
      >
        <p className="text-ink-soft">{t.calls.hangUpText}</p>
      </ConfirmDialog>
    </>
  );
}
