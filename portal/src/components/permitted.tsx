import { Button, type ButtonProps, Menu, type MenuItemProps, Tooltip } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ComponentPropsWithRef, type ReactElement, type ReactNode, useEffect } from "react";
import { type Place, refusalQuery, useRights } from "@/api/rights";
import { meQuery } from "@/api/session";

/** What somebody must be allowed to do, and where, before something is offered. */
export interface Need extends Place {
  permission: string;
}

/** Whether the user may do it; true while that is not known yet. The server has the last word. */
export function useMay(need: Need | undefined): boolean {
  const rights = useRights();
  if (!need) return true;
  const { permission, ...place } = need;
  return rights.allows(permission, place);
}

interface Given {
  need?: Need;
  /** Why it cannot be done now, whoever asks: a sentence, shown like a missing right. */
  barred?: string | null;
}

type PlainButton = ButtonProps & Omit<ComponentPropsWithRef<"button">, keyof ButtonProps>;

/**
 * A button that says why it cannot be used: on hover, by keyboard, and to screen readers. It stays in the tab order,
 * since a disabled one could not tell anybody anything.
 */
export function ActionButton({ need, barred, onClick, ...props }: PlainButton & Given) {
  const isAllowed = useMay(need);
  if (isAllowed && !barred) return <Button {...props} onClick={onClick} />;
  return (
    <Why need={isAllowed ? undefined : need} barred={barred}>
      <Button {...props} type="button" data-disabled aria-disabled onClick={(event) => event.preventDefault()} />
    </Why>
  );
}

type PlainItem = MenuItemProps & Omit<ComponentPropsWithRef<"button">, keyof MenuItemProps>;

/** The same for a line of a menu. */
export function ActionItem({ need, barred, onClick, ...props }: PlainItem & Given) {
  const isAllowed = useMay(need);
  if (isAllowed && !barred) return <Menu.Item {...props} onClick={onClick} />;
  return (
    <Why need={isAllowed ? undefined : need} barred={barred}>
      <Menu.Item {...props} data-disabled aria-disabled closeMenuOnClick={false} />
    </Why>
  );
}

/** Shows what it holds as it is to who may, and greyed with the reason to who may not: links, switches, icons. */
export function Permitted({ need, barred, children }: Given & { children: (isAllowed: boolean) => ReactNode }) {
  const isAllowed = useMay(need);
  if (isAllowed && !barred) return children(true);
  return (
    <Why need={isAllowed ? undefined : need} barred={barred}>
      <span>{children(false)}</span>
    </Why>
  );
}

function Why({ need, barred, children }: Given & { children: ReactElement }) {
  return (
    <Tooltip label={need ? <Reason need={need} /> : barred} multiline maw={360} events={EVENTS}>
      {children}
    </Tooltip>
  );
}

const EVENTS = { hover: true, focus: true, touch: true };

/** Asked of the server only when somebody wants to know. Where it says that they may by now, rights are read anew. */
function Reason({ need: { permission, ...place } }: { need: Need }) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const missed = useRights().missed(permission, place) ?? place;
  const { data } = useQuery({ ...refusalQuery(me?.Id ?? "", permission, missed), enabled: me !== undefined });
  const isOutdated = data?.IsAllowed === true && Object.values(missed).every((one) => one !== null);
  useEffect(() => {
    if (isOutdated) void client.invalidateQueries({ queryKey: ["rights"] });
  }, [client, isOutdated]);
  if (data && !data.IsAllowed) return data.Sentence;
  return `This needs the permission ${permission}, which none of your teams gives you here.`;
}
