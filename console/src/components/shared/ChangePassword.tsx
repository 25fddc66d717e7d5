import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/inputs";
import { ErrorNotice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { setPassword } from "@/queries/me";

export function ChangePassword({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useText();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const change = useMutation({
    mutationFn: () => setPassword({ current_password: current, new_password: wanted }),
    onSuccess: () => {
      toast.success(t.session.changed);
      setCurrent("");
      setWanted("");
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t.session.changeTitle}
      footer={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form="change-password" busy={change.isPending}>
            {t.common.save}
          </Button>
        </>
      }
    >
      <form id="change-password" onSubmit={submit} className="flex flex-col gap-4">
        {change.isError && <ErrorNotice error={change.error} />}
        <Field label={t.session.currentPassword}>
          <Input
            type="password"
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        </Field>
        <Field label={t.session.newPassword} hint={t.session.passwordHint}>
          <Input
            type="password"
            autoComplete="new-password"
            required
            minLength={10}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
