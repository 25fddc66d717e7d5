import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { cn } from "@/lib/classes";
import { useIsPhone } from "@/lib/media";
import { useStore } from "@/lib/stored";
import { density } from "@/lib/theme";

export interface Column<Row> {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Tailwind width class, such as `w-32`. One column without a width takes the rest. */
  width?: string;
  align?: "right";
  /** The value of the sort order that this column stands for, without sign. */
  sort?: string;
}

interface DataTableProps<Row> {
  label: string;
  rows: readonly Row[];
  rowId: (row: Row) => string;
  columns: readonly Column<Row>[];
  /** The same row as a card, for telephones. */
  card: (row: Row) => ReactNode;
  onOpen?: (row: Row) => void;
  selected?: ReadonlySet<string>;
  sort?: { value: string; onSort: (value: string) => void };
  /** Called when the last rows come into view. */
  onEnd?: () => void;
  rowHeight?: number;
}

const scroller = () => document.getElementById("main");
const INTERACTIVE = "a, button, input, select, label, [role=checkbox], [role=menuitem]";

/** A list of any length; only the rows in view exist. Put `data-row-link` on the row's main link. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, rowId, onEnd, onOpen } = props;
  const usualHeight = useStore(density) === "compact" ? 40 : 48;
  const rowHeight = props.rowHeight ?? usualHeight;
  const phone = useIsPhone();
  const frame = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const main = scroller();
    if (!main?.firstElementChild) return;
    const measure = () => {
      const top = frame.current?.getBoundingClientRect().top ?? 0;
      setMargin(Math.round(top - main.getBoundingClientRect().top + main.scrollTop));
    };
    measure();
    const grown = new ResizeObserver(measure); // something above may have come or gone
    grown.observe(main.firstElementChild);
    return () => grown.disconnect();
  }, []);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: scroller,
    estimateSize: () => (phone ? 104 : rowHeight),
    getItemKey: (index) => rowId(rows[index] as Row),
    overscan: 12,
    scrollMargin: margin,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= rows.length - 8) onEnd?.();
  }, [last, rows.length, onEnd]);

  const before = items[0] ? items[0].start - margin : 0;
  const after = items.length > 0 ? virtual.getTotalSize() - ((items.at(-1)?.end ?? 0) - margin) : 0;

  const walk = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (!step || !row || !(event.target as HTMLElement).matches("[data-row-link]")) return;
    const next = Number(row.dataset.index) + step;
    if (next < 0 || next >= rows.length) return;
    event.preventDefault();
    virtual.scrollToIndex(next);
    requestAnimationFrame(() =>
      frame.current?.querySelector<HTMLElement>(`[data-index="${next}"] [data-row-link]`)?.focus(),
    );
  };

  const latest = useRef(onOpen);
  useLayoutEffect(() => {
    latest.current = onOpen;
  });
  const open = useCallback((row: Row) => latest.current?.(row), []);

  const parts = items.map((item) => ({ index: item.index, row: rows[item.index] as Row }));
  return (
    <div ref={frame}>
      {phone ? (
        <ul aria-label={props.label} onKeyDown={walk} style={{ paddingTop: before, paddingBottom: after }}>
          {parts.map(({ index, row }) => (
            <li
              key={rowId(row)}
              data-index={index}
              ref={virtual.measureElement}
              className="border-b border-line p-4 last:border-0"
            >
              {props.card(row)}
            </li>
          ))}
        </ul>
      ) : (
        <table
          aria-label={props.label}
          aria-rowcount={rows.length + 1}
          className="w-full table-fixed border-collapse text-left"
        >
          <Head {...props} />
          <tbody onKeyDown={walk}>
            {before > 0 && <Gap height={before} span={props.columns.length} />}
            {parts.map(({ index, row }) => (
              <BodyRow
                key={rowId(row)}
                columns={props.columns}
                onOpen={onOpen && open}
                selected={props.selected?.has(rowId(row)) ?? false}
                rowHeight={rowHeight}
                row={row}
                index={index}
              />
            ))}
            {after > 0 && <Gap height={after} span={props.columns.length} />}
          </tbody>
        </table>
      )}
    </div>
  );
}

function Gap({ height, span }: { height: number; span: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
    <tr aria-hidden="true">
      <td colSpan={span} style={{ height, padding: 0 }} />
    </tr>
  );
}

function Head<Row>({ columns, sort }: DataTableProps<Row>) {
  return (
    <thead className="sticky top-0 z-10 bg-surface">
      <tr>
        {columns.map((column) => {
          const order = column.sort && sort ? orderOf(sort.value, column.sort) : undefined;
          return (
            <th
              key={column.id}
              scope="col"
              aria-sort={order}
              className={cn(
                "h-10 truncate border-b border-line px-3 text-xs font-medium text-ink-faint first:pl-4 last:pr-4",
                column.width,
                column.align === "right" && "text-right",
              )}
            >
              {column.sort && sort ? (
                <button
                  type="button"
                  onClick={() => sort.onSort(nextOrder(sort.value, column.sort as string))}
                  className="-mx-1 inline-flex h-7 items-center gap-1 rounded px-1 hover:text-ink"
                >
                  {column.header}
                  {order === "ascending" && <ArrowUp aria-hidden="true" className="size-3.5" />}
                  {order === "descending" && <ArrowDown aria-hidden="true" className="size-3.5" />}
                </button>
              ) : (
                column.header
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

interface BodyRowProps<Row> {
  columns: readonly Column<Row>[];
  row: Row;
  index: number;
  onOpen: ((row: Row) => void) | undefined;
  selected: boolean;
  rowHeight: number;
}

/** Scrolling moves rows; it must not build those again that stay. */
const BodyRow = memo(Cells) as typeof Cells;

function Cells<Row>({ columns, row, index, onOpen, selected, rowHeight }: BodyRowProps<Row>) {
  return (
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      data-selected={selected || undefined}
      style={{ height: rowHeight }}
      onClick={(click) => {
        if (!(click.target as HTMLElement).closest(INTERACTIVE) && !window.getSelection()?.toString())
          onOpen?.(row);
      }}
      className={cn(
        "border-b border-line last:border-0 hover:bg-hover data-selected:bg-accent-soft",
        onOpen && "cursor-pointer",
      )}
    >
      {columns.map((column) => (
        <td
          key={column.id}
          className={cn(
            "truncate px-3 first:pl-4 last:pr-4",
            column.align === "right" && "text-right numeric",
          )}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

function orderOf(current: string, column: string): "ascending" | "descending" | "none" {
  if (current === column) return "ascending";
  return current === `-${column}` ? "descending" : "none";
}

function nextOrder(current: string, column: string): string {
  return current === `-${column}` ? column : `-${column}`;
}
