import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Moon, Phone, PhoneOutgoing, Plus, Search } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useDeferredValue, useState } from "react";
import { PlatformGlyph } from "@/components/shared/marks";
import { startPlacing } from "@/components/shared/placing";
import { useText } from "@/lib/i18n";
import { THEMES, theme } from "@/lib/theme";
import { agentsFound } from "@/queries/agents";
import { NAVIGATION } from "./navigation";
import { useScopes } from "./scopes";

/** Everything the console can go to or do, found by typing. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const holds = useScopes();
  const [search, setSearch] = useState("");
  const asked = useDeferredValue(search);
  const { data: agents, isPlaceholderData } = useQuery(agentsFound(asked));
  const found = agents !== undefined && !isPlaceholderData && asked === search;
  const then = (act: () => void) => () => {
    onClose();
    act();
  };
  const nextTheme = THEMES[(THEMES.indexOf(theme.get()) + 1) % THEMES.length] ?? "system";
  return (
    <Radix.Root open onOpenChange={(wanted) => !wanted && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[10dvh] z-50 mx-auto max-w-xl animate-rise overflow-hidden rounded-xl border border-line bg-raised shadow-raised"
        >
          <Radix.Title className="sr-only">{t.shell.palette}</Radix.Title>
          <Command label={t.shell.palette}>
            <div className="flex items-center gap-2 border-b border-line px-4">
              <Search aria-hidden="true" className="size-4 text-ink-faint" />
              <Command.Input
                value={search}
                onValueChange={setSearch}
                placeholder={t.shell.paletteHint}
                className="h-12 flex-1 bg-transparent text-lg outline-none"
              />
            </div>
            <Command.List className="max-h-[50dvh] overflow-y-auto p-2">
              <Command.Empty className="p-6 text-center text-ink-faint">{t.shell.paletteEmpty}</Command.Empty>
              <Group name={t.shell.actions}>
                {holds("calls:write") && (
                  <Item
                    icon={<PhoneOutgoing />}
                    name={t.shell.placeCall}
                    onSelect={then(() => startPlacing())}
                  />
                )}
                {holds("agents:write") && (
                  <Item
                    icon={<Plus />}
                    name={t.shell.newAgent}
                    onSelect={then(() => void navigate({ to: "/agents/new" }))}
                  />
                )}
                <Item
                  icon={<Moon />}
                  name={`${t.shell.theme}: ${t.shell.themes[nextTheme]}`}
                  onSelect={then(() => theme.set(nextTheme))}
                />
              </Group>
              <Group name={t.shell.pages}>
                {NAVIGATION.flatMap(({ places }) => places)
                  .filter((place) => !place.scope || holds(place.scope))
                  .map(({ to, name, icon: Icon }) => (
                    <Item
                      key={to}
                      icon={<Icon />}
                      name={t.shell[name]}
                      onSelect={then(() => void navigate({ to }))}
                    />
                  ))}
              </Group>
              {holds("calls:read") && <CallsFound search={search.trim()} words={found} then={then} />}
              {agents && agents.length > 0 && (
                <Group name={t.shell.agents}>
                  {agents.map((agent) => (
                    <Item
                      key={agent.id}
                      icon={<PlatformGlyph platform={agent.platform} />}
                      name={agent.name}
                      value={`${agent.name} ${agent.id}`}
                      onSelect={then(
                        () => void navigate({ to: "/agents/$agentId", params: { agentId: agent.id } }),
                      )}
                    />
                  ))}
                </Group>
              )}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface CallsFoundProps {
  search: string;
  /** Offer to search for words, too. Not before agents were found: what comes first is chosen, and stays so. */
  words: boolean;
  then: (act: () => void) => () => void;
}

/** Leads to the calls with these digits in their number or these words in their transcript, or to the one with this id. */
function CallsFound({ search, words, then }: CallsFoundProps) {
  const t = useText();
  const navigate = useNavigate();
  const callId = search.match(/^call_\w+$/)?.[0];
  const digits = /^[+\d\s().-]+$/.test(search) ? search.replace(/\D/g, "") : "";
  if (search.length < 3 || !(callId || digits || words)) return null;
  const open = callId
    ? () => navigate({ to: "/calls/$callId", params: { callId } })
    : () => navigate({ to: "/calls", search: digits ? { number: digits } : { text: search } });
  const name = callId
    ? t.shell.openCall(callId)
    : digits
      ? t.shell.callsTo(digits)
      : t.shell.callsWith(search);
  return (
    <Group name={t.shell.calls}>
      <Item icon={<Phone />} name={name} value={`${name} ${search}`} onSelect={then(() => void open())} />
    </Group>
  );
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={name}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-faint"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  icon,
  name,
  value,
  onSelect,
}: {
  icon: ReactNode;
  name: string;
  value?: string;
  onSelect: () => void;
}) {
  return (
    <Command.Item
      value={value ?? name}
      onSelect={onSelect}
      className="flex h-9 touch:h-11 items-center gap-3 rounded-md px-2 data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:text-ink-faint"
    >
      <span aria-hidden="true">{icon}</span>
      <span className="min-w-0 truncate">{name}</span>
    </Command.Item>
  );
}
