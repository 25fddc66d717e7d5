import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { Select } from "@/components/ui/inputs";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { changeUser, ROLES, type Role, type User } from "@/queries/users";

/** A user's role, changed at once. The server keeps the last admin. */
export function RoleChoice({ user }: { user: User }) {
  const t = useText();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (role: Role) => changeUser(user.id, { role }),
    onSuccess: ({ name, role }) => toast.success(t.users.roleNow(name, t.shell.roles[role])),
    onError: (error) => toast.error(asProblem(error).message),
    onSettled: () => client.invalidateQueries({ queryKey: ["users"] }),
  });
  return (
    <Select
      aria-label={t.users.roleOf(user.name)}
      className="w-40"
      value={change.isPending ? change.variables : user.role}
      disabled={change.isPending}
      onChange={(event) => {
        const role = ROLES.find((one) => one === event.target.value);
        if (role) change.mutate(role);
      }}
    >
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {t.shell.roles[role]}
        </option>
      ))}
    </Select>
  );
}
