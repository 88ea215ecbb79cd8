import { PasswordInput, SegmentedControl, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { FormModal } from "@/components/form";
import { type Form, useForm } from "@/lib/use-form";
import { type GivenUser, useAddUser } from "./users-api";

const NOBODY: Omit<GivenUser, "IsActive"> = {
  Username: "",
  DisplayName: "",
  EmailAddress: "",
  Password: "",
  IsService: false,
};

const KINDS = [
  { value: "person", label: "A person" },
  { value: "service", label: "A service account" },
];

/** Adds a person, who signs in, or a service account, in whose name programs work. */
export function AddUser({ onClose }: { onClose: () => void }) {
  const adding = useAddUser();
  const navigate = useNavigate();
  const form = useForm(NOBODY, adding.error);
  const { IsService: isService } = form.value;
  const add = () => {
    const { Password: password, ...rest } = form.value;
    adding.mutate(isService ? rest : { ...rest, Password: password }, {
      onSuccess: (user) => {
        onClose();
        void navigate({ to: "/app/users/$user", params: { user: user.Id } });
      },
    });
  };
  return (
    <FormModal title="Add a user" action="Add" form={form} pending={adding.isPending} onSubmit={add} onClose={onClose}>
      <SegmentedControl
        aria-label="Kind of account"
        data={KINDS}
        value={isService ? "service" : "person"}
        onChange={(kind) => form.set({ IsService: kind === "service" })}
      />
      {isService && (
        <Text size="sm" c="dimmed">
          Does not sign in to the portal. Programs act in its name with API keys, or with tokens of their own platform.
        </Text>
      )}
      <Names form={form} />
      {!isService && (
        <PasswordInput
          label="Password"
          description="At least 8 characters. Tell it to the user on a safe way, or send an invitation instead."
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={form.value.Password ?? ""}
          onChange={(event) => form.set({ Password: event.currentTarget.value })}
          error={form.fault("Password")}
        />
      )}
    </FormModal>
  );
}

type Named = Pick<GivenUser, "Username" | "DisplayName" | "EmailAddress">;

/** The fields that people and service accounts have alike. */
export function Names<T extends Named>({ form }: { form: Form<T> }) {
  return (
    <>
      <TextInput
        label="User name"
        autoComplete="off"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Username")}
      />
      <TextInput label="Name to show" autoComplete="off" {...form.field("DisplayName")} />
      <TextInput label="Email" type="email" autoComplete="off" {...form.field("EmailAddress")} />
    </>
  );
}
