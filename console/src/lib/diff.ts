/** A run of words that both texts have, or only one of them. */
export interface Run {
  kind: "same" | "gone" | "new";
  text: string;
}

const MOST_CELLS = 4_000_000;

/** What turns one text into another, word by word. Very long texts are compared line by line. */
export function diffWords(before: string, after: string): Run[] {
  const words = /\s+|[^\s]+/g;
  const lines = /[^\n]*\n|[^\n]+/g;
  const cut = (text: string, by: RegExp) => text.match(by) ?? [];
  let [one, other] = [cut(before, words), cut(after, words)];
  if (one.length * other.length > MOST_CELLS) [one, other] = [cut(before, lines), cut(after, lines)];
  if (one.length * other.length > MOST_CELLS) return joined([run("gone", before), run("new", after)]);
  return joined(walk(one, other));
}

const run = (kind: Run["kind"], text: string): Run => ({ kind, text });

function walk(one: string[], other: string[]): Run[] {
  const width = other.length + 1;
  const common = new Uint32Array((one.length + 1) * width); // longest common rest, from each pair of places
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      common[i * width + j] =
        one[i] === other[j]
          ? at(common, (i + 1) * width + j + 1) + 1
          : Math.max(at(common, (i + 1) * width + j), at(common, i * width + j + 1));
    }
  }
  const runs: Run[] = [];
  let [i, j] = [0, 0];
  while (i < one.length && j < other.length) {
    if (one[i] === other[j]) {
      runs.push(run("same", one[i++] as string));
      j++;
    } else if (at(common, (i + 1) * width + j) >= at(common, i * width + j + 1)) {
      runs.push(run("gone", one[i++] as string));
    } else {
      runs.push(run("new", other[j++] as string));
    }
  }
  runs.push(...one.slice(i).map((text) => run("gone", text)));
  runs.push(...other.slice(j).map((text) => run("new", text)));
  return runs;
}

function at(table: Uint32Array, place: number): number {
  return table[place] ?? 0;
}

/** Neighbours in one run, and blanks between two changes with them: `old words` → `new words`, not word by word. */
function joined(runs: Run[]): Run[] {
  const result: Run[] = [];
  let changed = { gone: "", new: "" };
  const flush = () => {
    for (const kind of ["gone", "new"] as const) if (changed[kind]) result.push(run(kind, changed[kind]));
    changed = { gone: "", new: "" };
  };
  for (const [index, { kind, text }] of runs.entries()) {
    if (kind !== "same") changed[kind] += text;
    else if (isBlankBetween(runs, index)) changed = { gone: changed.gone + text, new: changed.new + text };
    else {
      flush();
      const last = result.at(-1);
      if (last?.kind === "same") last.text += text;
      else result.push(run("same", text));
    }
  }
  flush();
  return result;
}

function isBlankBetween(runs: Run[], index: number): boolean {
  const isChange = (other: Run | undefined) => other !== undefined && other.kind !== "same";
  return !runs[index]?.text.trim() && isChange(runs[index - 1]) && isChange(runs[index + 1]);
}
