import { type ComponentProps, useState } from "react";
import { Input } from "@/components/ui/inputs";
import { useAgentForm } from "./FormContext";

interface NumberInputProps extends Omit<ComponentProps<"input">, "value"> {
  value: number | null;
  /** Null when the box is empty. */
  onValue: (value: number | null) => void;
  /** What an empty box stands for: told while it is empty, and put in when the box is left. */
  usual?: number;
}

/** A number that may be rubbed out and typed anew. */
export function NumberInput({ value, onValue, usual, placeholder, ...rest }: NumberInputProps) {
  const { readOnly } = useAgentForm();
  const [emptied, setEmptied] = useState(false);
  return (
    <Input
      type="number"
      inputMode="decimal"
      readOnly={readOnly}
      value={emptied ? "" : (value ?? "")}
      placeholder={usual === undefined ? placeholder : String(usual)}
      onChange={(event) => {
        const typed = event.target.value === "" ? null : event.target.valueAsNumber;
        setEmptied(typed === null);
        onValue(typed ?? usual ?? null);
      }}
      onBlur={() => setEmptied(false)}
      {...rest}
    />
  );
}
