import { Problem } from "@/lib/problem";

/** What the form cannot even send, told at its field. Raises: Problem. */
export function readable<T>(read: () => T, badOptions: string): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    const fields = [{ field: "platform_options", message: badOptions }];
    throw new Problem({ status: 422, code: "invalid-agent", title: badOptions, detail: badOptions, fields });
  }
}
