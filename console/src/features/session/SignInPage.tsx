import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/inputs";
import { Spinner } from "@/components/ui/Spinner";
import { ErrorNotice, Notice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { signedOut } from "@/queries/client";
import { signIn, signInByLink } from "@/queries/me";
import { ChoosePassword } from "./ChoosePassword";
import { Doorway } from "./Doorway";

interface SignInPageProps {
  /** From a one-time link. */
  token?: string | undefined;
  /** Where the user wanted to go; a path of ours. */
  next?: string | undefined;
  expired?: boolean | undefined;
}

export function SignInPage({ token, next, expired }: SignInPageProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const enter = async () => {
    client.clear();
    signedOut.set(false);
    await navigate({ href: next ?? "/", replace: true });
  };
  return token ? <ByLink token={token} onDone={enter} /> : <ByPassword expired={expired} onDone={enter} />;
}

function ByPassword({ expired, onDone }: { expired?: boolean | undefined; onDone: () => Promise<void> }) {
  const t = useText();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const entry = useMutation({ mutationFn: () => signIn(username, password), onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    entry.mutate();
  };
  return (
    <Doorway title={t.session.welcome}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {expired && !entry.isError && <Notice>{t.session.expired}</Notice>}
        {entry.isError && <SignInError error={entry.error} />}
        <Field label={t.session.username}>
          <Input
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </Field>
        <Field label={t.session.password}>
          <Input
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Button look="primary" type="submit" busy={entry.isPending} className="mt-2">
          {t.session.signIn}
        </Button>
      </form>
    </Doorway>
  );
}

function SignInError({ error }: { error: Error }) {
  const t = useText();
  const problem = asProblem(error);
  if (problem.status === 401) return <ErrorNotice error={new Error(t.session.wrong)} />;
  if (problem.status === 429 && problem.retryAfter)
    return <ErrorNotice error={new Error(t.session.throttled(problem.retryAfter))} />;
  return <ErrorNotice error={problem} />;
}

function ByLink({ token, onDone }: { token: string; onDone: () => Promise<void> }) {
  const t = useText();
  const navigate = useNavigate();
  const { mutate, status } = useMutation({ mutationFn: () => signInByLink(token), onSuccess: forgetToken });
  const used = useRef(false);
  useEffect(() => {
    if (used.current) return; // a link works once, also when React mounts twice
    used.current = true;
    mutate();
  }, [mutate]);
  if (status === "success") return <ChoosePassword onDone={onDone} />;
  if (status === "error") {
    return (
      <Doorway title={t.session.linkFailed}>
        <p className="text-ink-soft">{t.session.linkFailedText}</p>
        <Button
          look="primary"
          className="mt-6 w-full"
          onClick={() => void navigate({ to: "/sign-in", search: {} })}
        >
          {t.session.toSignIn}
        </Button>
      </Doorway>
    );
  }
  return (
    <Doorway title={t.session.title}>
      <p role="status" className="flex items-center gap-2 text-ink-soft">
        <Spinner /> {t.session.linkChecking}
      </p>
    </Doorway>
  );
}

/** The link is used up: neither address nor history keep it, and a reload goes in. Past the router, which would follow. */
function forgetToken(): void {
  History.prototype.replaceState.call(window.history, window.history.state, "", "/");
}
