import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/inputs";
import { ErrorNotice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { meQuery, setPassword } from "@/queries/me";
import { Doorway } from "./Doorway";

/** After a one-time link: how to sign in from now on. */
export function ChoosePassword({ onDone }: { onDone: () => Promise<void> }) {
  const t = useText();
  const { data: me } = useQuery(meQuery);
  const [typed, setTyped] = useState<string | null>(null);
  const [password, setChosen] = useState("");
  const username = typed ?? me?.user?.username ?? "";
  const save = useMutation({
    mutationFn: () => setPassword({ username, new_password: password }),
    onSuccess: onDone,
  });
  const errors = new Map(
    save.isError ? asProblem(save.error).fields.map(({ field, message }) => [field, message]) : [],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Doorway title={t.session.chooseTitle}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-ink-soft">{t.session.chooseText}</p>
        {save.isError && errors.size === 0 && <ErrorNotice error={save.error} />}
        <Field label={t.session.username} error={errors.get("username")}>
          <Input
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            value={username}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
        <Field label={t.session.newPassword} hint={t.session.passwordHint} error={errors.get("new_password")}>
          <Input
            type="password"
            autoComplete="new-password"
            required
            minLength={10}
            value={password}
            onChange={(event) => setChosen(event.target.value)}
          />
        </Field>
        <div className="mt-2 flex gap-2">
          <Button look="quiet" onClick={() => void onDone()}>
            {t.session.later}
          </Button>
          <Button look="primary" type="submit" busy={save.isPending} className="flex-1">
            {t.session.saveAndGo}
          </Button>
        </div>
      </form>
    </Doorway>
  );
}
