import { useId } from "react";
import { useText } from "@/lib/i18n";
import { ROLES, type Role } from "@/queries/users";

/** What somebody may do: each role with what it means. */
export function RoleFields({ value, onValue }: { value: Role; onValue: (role: Role) => void }) {
  const t = useText();
  const name = useId();
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1.5 text-sm font-medium">{t.users.role}</legend>
      {ROLES.map((role) => (
        <label key={role} className="flex gap-3 rounded-lg p-2 hover:bg-hover has-checked:bg-accent-soft">
          <input
            type="radio"
            name={name}
            checked={value === role}
            onChange={() => onValue(role)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span>
            <span className="font-medium">{t.shell.roles[role]}</span>
            <span className="block text-sm text-ink-soft">{t.users.roleTexts[role]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
