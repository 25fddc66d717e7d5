import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

interface TabsProps<T extends string> {
  label: string;
  value: T;
  onValue: (value: T) => void;
  tabs: readonly { id: T; name: ReactNode; content: ReactNode }[];
}

/** Views of one thing, one at a time. Keep `value` in the URL. */
export function Tabs<T extends string>({ label, value, onValue, tabs }: TabsProps<T>) {
  return (
    <Radix.Root value={value} onValueChange={(chosen) => onValue(chosen as T)}>
      <Radix.List
        aria-label={label}
        className="flex gap-1 overflow-x-auto overflow-y-clip border-b border-line"
      >
        {tabs.map(({ id, name }) => (
          <Radix.Trigger
            key={id}
            value={id}
            className="-mb-px h-9 touch:h-11 border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-ink-soft hover:text-ink focus-visible:-outline-offset-2 forced-colors:border-[Canvas] data-[state=active]:border-accent forced-colors:data-[state=active]:border-[Highlight] data-[state=active]:text-ink"
          >
            {name}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map(({ id, content }) => (
        <Radix.Content key={id} value={id} className="pt-6 focus-visible:outline-offset-4">
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}

/** A choice of a few that shows all of them. */
export function Segments<T extends string>({
  label,
  value,
  onValue,
  choices,
}: {
  label: string;
  value: T;
  onValue: (value: T) => void;
  choices: readonly { id: T; name: ReactNode }[];
}) {
  return (
    <fieldset className="inline-flex max-w-full flex-wrap gap-0.5 self-start rounded-lg bg-sunken p-0.5">
      <legend className="sr-only">{label}</legend>
      {choices.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === value}
          onClick={() => onValue(id)}
          className="inline-flex h-8 touch:h-10 items-center gap-1.5 rounded-md px-3 text-sm font-medium whitespace-nowrap text-ink-soft hover:text-ink aria-pressed:bg-raised aria-pressed:text-ink aria-pressed:shadow-sm forced-colors:aria-pressed:border-2 [&_svg]:size-4"
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
