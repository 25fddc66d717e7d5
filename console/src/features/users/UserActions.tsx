import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, CircleCheck, Ellipsis, Link2, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { Menu, MenuItem, MenuLine } from "@/components/ui/Menu";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { changeUser, deleteUser, makeLink, type User } from "@/queries/users";
import { EditUserDialog } from "./EditUserDialog";
import type { MadeLink } from "./UsersPage";

export function UserActions({ user, onLink }: { user: User; onLink: (made: MadeLink) => void }) {
  const t = useText();
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const onError = (error: Error) => void toast.error(asProblem(error).message);
  const onSettled = () => client.invalidateQueries({ queryKey: ["users"] });
  const able = useMutation({
    mutationFn: (disabled: boolean) => changeUser(user.id, { disabled }),
    onSuccess: ({ name, disabled_at }) =>
      toast.success(disabled_at ? t.users.disabledNow(name) : t.users.enabledNow(name)),
    onError,
    onSettled,
  });
  const link = useMutation({
    mutationFn: () => makeLink(user.id),
    onSuccess: (made) => onLink({ name: user.name, link: made }),
    onError,
  });
  const remove = useMutation({
    mutationFn: () => deleteUser(user.id),
    onSuccess: () => toast.success(t.users.deleted),
    onError,
    onSettled: () => {
      setDeleting(false);
      return onSettled();
    },
  });
  return (
    <>
      <Menu
        trigger={
          <Button look="quiet" size="icon-sm" aria-label={t.users.actionsOf(user.name)}>
            <Ellipsis aria-hidden="true" />
          </Button>
        }
      >
        <MenuItem icon={<Pencil aria-hidden="true" />} onSelect={() => setEditing(true)}>
          {t.users.edit}
        </MenuItem>
        <MenuItem icon={<Link2 aria-hidden="true" />} onSelect={() => link.mutate()}>
          {t.users.resetLink}
        </MenuItem>
        {user.disabled_at ? (
          <MenuItem icon={<CircleCheck aria-hidden="true" />} onSelect={() => able.mutate(false)}>
            {t.users.enable}
          </MenuItem>
        ) : (
          <MenuItem icon={<Ban aria-hidden="true" />} onSelect={() => able.mutate(true)}>
            {t.users.disable}
          </MenuItem>
        )}
        <MenuLine />
        <MenuItem danger icon={<Trash2 aria-hidden="true" />} onSelect={() => setDeleting(true)}>
          {t.users.delete}
        </MenuItem>
      </Menu>
      {editing && <EditUserDialog user={user} onClose={() => setEditing(false)} />}
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        danger
        title={t.users.deleteTitle(user.name)}
        action={t.users.delete}
      >
        <p>{t.users.deleteText}</p>
      </ConfirmDialog>
    </>
  );
}
