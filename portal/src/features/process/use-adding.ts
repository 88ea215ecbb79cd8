import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { notifyError } from "@/lib/notify";
import type { Offered } from "./api";
import { templateQuery, useInstall } from "./api-templates";
import type { Action } from "./model/document";
import { actionFrom, newAction } from "./model/kinds";

/** Makes an action of what was chosen in the catalogue; one of the community is installed on the way. */
export function useAdding(space: string) {
  const client = useQueryClient();
  const installing = useInstall(space);
  const [isPending, setPending] = useState(false);
  const made = async (offered: Offered, taken: readonly string[]): Promise<Action> => {
    if (offered.IsBuiltIn) return newAction(offered.Type, offered.Name, taken);
    const id = offered.IsInstalled ? offered.Id : null;
    const template = id
      ? await client.fetchQuery(templateQuery(space, id))
      : await installing.mutateAsync({ id: offered.CommunityActionTemplateId ?? "" });
    return actionFrom(template, taken);
  };
  const add = async (offered: Offered, taken: readonly string[]): Promise<Action | null> => {
    setPending(true);
    try {
      return await made(offered, taken);
    } catch (error) {
      notifyError(`${offered.Name} could not be added`, error);
      return null;
    } finally {
      setPending(false);
    }
  };
  return { add, isPending };
}
