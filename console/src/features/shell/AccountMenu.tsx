import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { KeyRound, LogOut } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { ChangePassword } from "@/components/shared/ChangePassword";
import { Button } from "@/components/ui/Button";
import { Menu, MenuChoice, MenuItem, MenuLine } from "@/components/ui/Menu";
import { LOCALE_NAMES, LOCALES, locale, useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { useStore } from "@/lib/stored";
import { THEMES, theme } from "@/lib/theme";
import { signedOut } from "@/queries/client";
import { meQuery, signOut } from "@/queries/me";

/** Who is signed in; theme, language, sign-out. */
export function AccountMenu() {
  const t = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const chosenTheme = useStore(theme);
  const chosenLocale = useStore(locale);
  const [changing, setChanging] = useState(false);
  const name = me?.user?.name || me?.user?.username || me?.name || "";

  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      client.clear();
      signedOut.set(false);
      await navigate({ to: "/sign-in" });
    },
    onError: (error) => toast.error(asProblem(error).message),
  });

  return (
    <>
      <Menu
        trigger={
          <Button look="quiet" size="icon">
            <span className="sr-only">{t.shell.account}</span>
            <span className="grid size-7 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent uppercase">
              {name.slice(0, 2)}
            </span>
          </Button>
        }
      >
        <div className="max-w-60 px-2 pt-1.5 pb-2">
          <p className="truncate font-medium">{name}</p>
          {me?.user && <p className="text-xs text-ink-faint">{t.shell.roles[me.user.role]}</p>}
        </div>
        <MenuLine />
        <MenuChoice
          label={t.shell.theme}
          value={chosenTheme}
          onValue={theme.set}
          choices={THEMES.map((one) => [one, t.shell.themes[one]])}
        />
        <MenuLine />
        <MenuChoice
          label={t.common.language}
          value={chosenLocale}
          onValue={locale.set}
          choices={LOCALES.map((one) => [one, LOCALE_NAMES[one]])}
        />
        {me?.user && (
          <>
            <MenuLine />
            <MenuItem icon={<KeyRound aria-hidden="true" />} onSelect={() => setChanging(true)}>
              {t.shell.changePassword}
            </MenuItem>
            <MenuItem icon={<LogOut aria-hidden="true" />} onSelect={() => leaving.mutate()}>
              {t.shell.signOut}
            </MenuItem>
          </>
        )}
      </Menu>
      <ChangePassword open={changing} onClose={() => setChanging(false)} />
    </>
  );
}
