import { Select, Text, TextInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import { type User, useChangeUser } from "./users-api";

const providersQuery = queryOptions({
  queryKey: ["identity-providers"],
  queryFn: () => answer(api.GET("/api/users/identity-metadata")),
  staleTime: 60_000,
});

interface Given {
  IdentityProviderName: string | null;
  Claims: Record<string, string>;
}

const NONE: Given = { IdentityProviderName: null, Claims: {} };

/** Says by hand who a user is to a provider. Which claims there are is the provider's to tell. */
export function AddIdentity({ user, onClose }: { user: User; onClose: () => void }) {
  const { data } = useQuery(providersQuery);
  const changing = useChangeUser(user);
  const form = useForm(NONE, changing.error);
  const offered = (data?.Providers ?? []).filter((one) => Object.keys(one.ClaimDescriptors).length > 0);
  const chosen = offered.find((one) => one.IdentityProviderName === form.value.IdentityProviderName);
  const add = () => {
    if (!chosen) return;
    const claims = Object.entries(chosen.ClaimDescriptors).map(([name, claim]) => [
      name,
      { Value: form.value.Claims[name] || null, IsIdentifyingClaim: claim.IsIdentifyingClaim },
    ]);
    const added = { IdentityProviderName: chosen.IdentityProviderName, Claims: Object.fromEntries(claims) };
    changing.mutate({ Identities: [...user.Identities, added] }, { onSuccess: onClose });
  };
  return (
    <FormModal
      title="Add an identity"
      action="Add"
      form={form}
      pending={changing.isPending}
      barred={chosen ? null : "Choose a provider first."}
      onSubmit={add}
      onClose={onClose}
    >
      {data && offered.length === 0 && (
        <Text size="sm">
          No provider outside is switched on. An administrator does that in Settings, below Signing in.
        </Text>
      )}
      <Select
        label="Provider"
        data={offered.map((one) => one.IdentityProviderName)}
        {...form.pick("IdentityProviderName")}
      />
      {Object.entries(chosen?.ClaimDescriptors ?? {}).map(([name, claim]) => (
        <TextInput
          key={name}
          label={claim.Label || name}
          description={claim.Description}
          value={form.value.Claims[name] ?? ""}
          onChange={(event) => form.set({ Claims: { ...form.value.Claims, [name]: event.currentTarget.value } })}
        />
      ))}
    </FormModal>
  );
}
