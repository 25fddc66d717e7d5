import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/inputs";
import { ErrorNotice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { meQuery } from "@/queries/me";
import { changeUser, type User } from "@/queries/users";
import { RoleFields } from "./RoleFields";

/** A user's name and role, changed together. The server keeps the last admin. */
export function EditUserDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const formId = useId();
  const [name, setName] = useState(user.name);
  const [role, setRole] = useState(user.role);
  const change = useMutation({
    mutationFn: () => changeUser(user.id, { name: name.trim() || user.username, role }),
    onSuccess: (fresh) => {
      toast.success(t.users.roleNow(fresh.name, t.shell.roles[fresh.role]));
      onClose();
      void client.invalidateQueries({ queryKey: meQuery.queryKey });
      return client.invalidateQueries({ queryKey: ["users"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.users.editTitle(user.name)}
      description={user.username}
      footer={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={formId} busy={change.isPending}>
            {t.common.save}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        {change.isError && <ErrorNotice error={change.error} />}
        <Field label={t.users.displayName}>
          <Input
            autoComplete="off"
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <RoleFields value={role} onValue={setRole} />
      </form>
    </Dialog>
  );
}
