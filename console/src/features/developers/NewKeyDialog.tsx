import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Checkbox, Input } from "@/components/ui/inputs";
import { ErrorNotice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { dayIn, dayStart } from "@/lib/zone";
import { createKey, type NewKey, SCOPES, type Scope } from "@/queries/keys";
import { useMay } from "@/queries/me";

export function NewKeyDialog({ onClose, onMade }: { onClose: () => void; onMade: (made: NewKey) => void }) {
  const t = useText();
  const client = useQueryClient();
  const formId = useId();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set());
  const [lastDay, setLastDay] = useState("");
  const [tried, setTried] = useState(false);
  const create = useMutation({
    mutationFn: () =>
      createKey({
        name,
        scopes: SCOPES.filter((scope) => scopes.has(scope)),
        ...(lastDay ? { expires_at: dayStart(lastDay, 1).toISOString() } : {}),
      }),
    onSuccess: (made) => {
      onClose();
      onMade(made);
      return client.invalidateQueries({ queryKey: ["keys"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (scopes.size > 0) create.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={t.developers.newTitle}
      description={t.developers.newText}
      footer={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={formId} busy={create.isPending}>
            {t.developers.create}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-5">
        {create.isError && <ErrorNotice error={create.error} />}
        <Field label={t.developers.keyName}>
          <Input
            required
            maxLength={100}
            autoComplete="off"
            placeholder={t.developers.keyNameExample}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <ScopeChoice scopes={scopes} onScopes={setScopes} missing={tried && scopes.size === 0} />
        <Field label={t.developers.expires} hint={t.developers.expiresHint} className="max-w-52">
          <Input
            type="date"
            min={dayIn(new Date())}
            value={lastDay}
            onChange={(event) => setLastDay(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}

interface ScopeChoiceProps {
  scopes: ReadonlySet<Scope>;
  onScopes: (scopes: ReadonlySet<Scope>) => void;
  missing: boolean;
}

function ScopeChoice({ scopes, onScopes, missing }: ScopeChoiceProps) {
  const t = useText();
  const toggle = (scope: Scope) => {
    const next = new Set(scopes);
    if (!next.delete(scope)) next.add(scope);
    onScopes(next);
  };
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{t.developers.scopes}</legend>
      <div className="grid gap-x-4 sm:grid-cols-2">
        {SCOPES.map((scope) => (
          <ScopeLine key={scope} scope={scope} chosen={scopes.has(scope)} onToggle={() => toggle(scope)} />
        ))}
      </div>
      {missing && (
        <p role="alert" className="mt-1.5 text-sm text-bad">
          {t.developers.scopesMissing}
        </p>
      )}
    </fieldset>
  );
}

function ScopeLine({ scope, chosen, onToggle }: { scope: Scope; chosen: boolean; onToggle: () => void }) {
  const t = useText();
  const may = useMay(scope);
  const id = useId();
  return (
    <label htmlFor={id} className="flex items-start gap-2 rounded-md py-1.5 pr-2 hover:bg-hover">
      <Checkbox id={id} label={scope} checked={chosen} disabled={!may} onCheckedChange={onToggle} />
      <span className="min-w-0">
        <span className="block font-mono text-xs leading-6">{scope}</span>
        <span className="block text-xs text-ink-faint">
          {may ? t.developers.scopeTexts[scope] : t.developers.beyondYou}
        </span>
      </span>
    </label>
  );
}
