import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/inputs";
import { ErrorNotice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { createUser, type Role } from "@/queries/users";
import { RoleFields } from "./RoleFields";
import type { MadeLink } from "./UsersPage";

interface NewUserDialogProps {
  open: boolean;
  onClose: () => void;
  onLink: (made: MadeLink) => void;
}

/** Lets somebody in, and answers with the link by which they choose their password. */
export function NewUserDialog({ open, onClose, onLink }: NewUserDialogProps) {
  const t = useText();
  const client = useQueryClient();
  const formId = useId();
  const [username, setUsername] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const create = useMutation({
    mutationFn: () => createUser({ username, role, ...(name.trim() ? { name } : {}) }),
    onSuccess: (made) => {
      setUsername("");
      setName("");
      setRole("viewer");
      onClose();
      if (made.link) onLink({ name: made.name, link: made.link });
      return client.invalidateQueries({ queryKey: ["users"] });
    },
  });
  const problem = create.isError ? asProblem(create.error) : null;
  const fieldError = problem?.fields.find(({ field }) => field === "username")?.message;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t.users.newTitle}
      description={t.users.newText}
      footer={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={formId} busy={create.isPending}>
            {t.users.create}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        {problem && !fieldError && <ErrorNotice error={problem} />}
        <Field label={t.users.username} hint={t.users.usernameHint} error={fieldError}>
          <Input
            required
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={254}
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </Field>
        <Field label={t.users.displayName} aside={t.common.optional}>
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
