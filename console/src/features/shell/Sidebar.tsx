import { Link } from "@tanstack/react-router";
import { useText } from "@/lib/i18n";
import { NAVIGATION, type Place } from "./navigation";
import { useScopes } from "./scopes";

export function Sidebar({ onChosen }: { onChosen?: () => void }) {
  const t = useText();
  const holds = useScopes();
  const shown = (place: Place) => !place.scope || holds(place.scope);
  return (
    <nav aria-label={t.shell.navigation} className="flex flex-1 flex-col gap-5 overflow-y-auto px-2 py-2">
      {NAVIGATION.map(({ group, places }) => (
        <div key={group}>
          <p className="px-2 pb-1 text-xs font-medium text-ink-faint">{t.shell[group]}</p>
          <ul className="flex flex-col gap-0.5">
            {places.filter(shown).map(({ to, name, icon: Icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  activeOptions={{ exact: to === "/" }}
                  {...(onChosen ? { onClick: onChosen } : {})}
                  className="flex h-9 touch:h-11 items-center gap-2.5 rounded-md px-2 font-medium text-ink-soft transition-colors hover:bg-hover hover:text-ink data-[status=active]:bg-accent-soft data-[status=active]:text-accent pointer-fine:h-8"
                >
                  <Icon aria-hidden="true" className="size-4 shrink-0" />
                  {t.shell[name]}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
