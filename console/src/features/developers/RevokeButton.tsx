import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { type Key, revokeKey } from "@/queries/keys";

export function RevokeButton({ of: key }: { of: Key }) {
  const t = useText();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => revokeKey(key.id),
    onSuccess: () => {
      toast.success(t.developers.revoked);
      setAsking(false);
    },
    onError: (error) => toast.error(asProblem(error).message),
    onSettled: () => client.invalidateQueries({ queryKey: ["keys"] }),
  });
  if (key.revoked_at) return null;
  return (
    <>
      <Button size="sm" aria-label={t.developers.revokeOf(key.name)} onClick={() => setAsking(true)}>
        {t.developers.revoke}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => revoke.mutate()}
        busy={revoke.isPending}
        danger
        title={t.developers.revokeTitle(key.name)}
        action={t.developers.revoke}
      >
        <p>{t.developers.revokeText}</p>
      </ConfirmDialog>
    </>
  );
}
