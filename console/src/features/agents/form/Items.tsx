import { Plus, Trash2 } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { IconButton } from "@/components/ui/IconButton";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import { useAgentForm } from "./FormContext";

const ROW = "flex items-start gap-2 max-sm:rounded-lg max-sm:border max-sm:border-line max-sm:p-2";

interface ItemsProps<Item> {
  legend: string;
  /** Where the list stands in what is sent, such as `tools.0.headers`. */
  path: string;
  items: readonly Item[];
  onItems: (items: Item[]) => void;
  fresh: () => Item;
  addText: string;
  nameOf: (item: Item) => string;
  /** The last one stays. */
  never?: "empty";
  /** Tailwind columns of a row's boxes, from `sm` on. */
  columns: string;
  /** The boxes of one item: `Box`es. */
  children: (item: Item, change: (part: Partial<Item>) => void, path: string, number: number) => ReactNode;
}

/** A list of small things that are written in rows: added at the end, changed in place, removed. */
export function Items<Item>(props: ItemsProps<Item>) {
  const { legend, path, items, onItems, fresh, addText, nameOf, never, columns, children } = props;
  const t = useText();
  const { error, readOnly } = useAgentForm();
  const list = useRef<HTMLUListElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  const before = useRef(items.length);
  useEffect(() => {
    const one = before.current;
    before.current = items.length;
    const row = list.current?.lastElementChild;
    if (items.length === one + 1 && document.activeElement === add.current)
      row?.querySelector<HTMLElement>("input, select")?.focus();
  }, [items.length]);
  const remove = (at: number) => {
    onItems(items.filter((_, index) => index !== at));
    add.current?.focus();
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      {items.length > 0 && (
        <ul ref={list} className="flex flex-col gap-2">
          {items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the boxes are controlled, so their place is their identity
            <li key={index} className={ROW}>
              <div className={cn("grid min-w-0 flex-1 items-start gap-2", columns)}>
                {children(
                  item,
                  (part) => onItems(items.map((one, at) => (at === index ? { ...one, ...part } : one))),
                  `${path}.${index}`,
                  index + 1,
                )}
                <Told text={error(`${path}.${index}`)} className="col-span-full" />
              </div>
              <IconButton
                label={`${t.common.remove} ${nameOf(item) || index + 1}`}
                blocked={never === "empty" && items.length === 1 && t.agentForm.oneStays}
                disabled={readOnly}
                onClick={() => remove(index)}
              >
                <Trash2 aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Button
        ref={add}
        size="sm"
        className="self-start"
        disabled={readOnly}
        onClick={() => onItems([...items, fresh()])}
      >
        <Plus aria-hidden="true" />
        {addText}
      </Button>
      <Told text={error(path)} />
    </fieldset>
  );
}

/** One box of a row; what is wrong with it is told below it. */
export function Box({ label, path, children }: { label: string; path: string; children: ReactNode }) {
  const { error } = useAgentForm();
  return (
    <Field bare label={label} error={error(path)} className="min-w-0">
      {children}
    </Field>
  );
}

function Told({ text, className }: { text: string | undefined; className?: string }) {
  return text ? <p className={cn("text-sm text-bad", className)}>{text}</p> : null;
}
