import { useState } from "react";
import { Input } from "@/components/ui/inputs";
import { useAgentForm } from "./FormContext";

/** Words separated by commas. What stands in the box is the tags' text until they change elsewhere. */
export function TagsInput() {
  const { draft, set, readOnly } = useAgentForm();
  const [text, setText] = useState(draft.tags.join(", "));
  const shown = isSame(commaSeparated(text), draft.tags) ? text : draft.tags.join(", ");
  return (
    <Input
      value={shown}
      readOnly={readOnly}
      onChange={(event) => {
        setText(event.target.value);
        set({ tags: commaSeparated(event.target.value) });
      }}
    />
  );
}

function commaSeparated(text: string): string[] {
  return [...new Set(text.split(",").map((part) => part.trim()))].filter(Boolean);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((tag, index) => tag === other[index]);
}
