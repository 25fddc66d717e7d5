import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { useText } from "@/lib/i18n";

/** Asks before what was typed is lost by going to another page. Another tab of the same page loses nothing. */
export function LeaveDialog({ touched }: { touched: boolean }) {
  const t = useText();
  const leaving = useBlocker({
    shouldBlockFn: ({ next, current }) => touched && next.pathname !== current.pathname,
    enableBeforeUnload: () => touched,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={leaving.status === "blocked"}
      onClose={() => leaving.reset?.()}
      onConfirm={() => leaving.proceed?.()}
      title={t.agentForm.leave}
      action={t.agentForm.leaveAnyway}
      danger
    >
      {t.agentForm.leaveText}
    </ConfirmDialog>
  );
}
