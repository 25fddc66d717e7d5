import { Menu as MenuIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Logo } from "@/components/shared/Logo";
import { Drawer } from "@/components/ui/Drawer";
import { IconButton } from "@/components/ui/IconButton";
import { useText } from "@/lib/i18n";
import { useLiveUpdates } from "@/lib/live";
import { useIsPhone } from "@/lib/media";
import { AccountMenu } from "./AccountMenu";
import { ConnectionBanner } from "./ConnectionBanner";
import { PaletteButton } from "./PaletteButton";
import { ProviderStrip } from "./ProviderStrip";
import { Sidebar } from "./Sidebar";

/** What stands around every page. `tools` are further buttons of the header. */
export function AppShell({ tools, children }: { tools?: ReactNode; children: ReactNode }) {
  const t = useText();
  const phone = useIsPhone();
  const [menuOpen, setMenuOpen] = useState(false);
  useLiveUpdates();
  return (
    <div className="flex h-dvh overflow-clip">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-70 focus:rounded-md focus:bg-accent focus:px-3 focus:py-2 focus:text-on-accent"
      >
        {t.shell.skip}
      </a>
      {phone ? (
        <Drawer open={menuOpen} onClose={() => setMenuOpen(false)} title={<Logo />} side="left">
          <Sidebar onChosen={() => setMenuOpen(false)} />
        </Drawer>
      ) : (
        <aside className="flex w-56 shrink-0 flex-col border-r border-line bg-sunken">
          <div className="flex h-14 items-center px-4">
            <Logo />
          </div>
          <Sidebar />
        </aside>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line bg-surface px-2 sm:gap-2 sm:px-8">
          {phone && (
            <IconButton label={t.shell.menu} onClick={() => setMenuOpen(true)}>
              <MenuIcon aria-hidden="true" />
            </IconButton>
          )}
          <PaletteButton />
          <div className="flex-1" />
          <ProviderStrip />
          {tools}
          <AccountMenu />
        </header>
        <ConnectionBanner />
        <main id="main" tabIndex={-1} className="relative min-h-0 flex-1 overflow-y-auto focus:outline-none">
          {children}
        </main>
      </div>
    </div>
  );
}
