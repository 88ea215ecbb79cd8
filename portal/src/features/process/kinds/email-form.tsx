import { Checkbox, Select } from "@mantine/core";
import { ManyPicker } from "@/components/picker";
import { CodeArea } from "../form/code";
import { type ActionFormProps, useEditing } from "../form/context";
import { fieldsOf } from "../form/fields";
import classes from "../form/form.module.css";
import { Section } from "../form/section";
import { TextField } from "../form/text-field";
import { flagIn, listIn, textIn } from "../model/properties";

const EMAIL = "Octopus.Action.Email.";

const RECIPIENTS = [
  { label: "To", addresses: "To", teams: "ToTeamIds" },
  { label: "Copy to", addresses: "CC", teams: "CCTeamIds" },
  { label: "Blind copy to", addresses: "Bcc", teams: "BccTeamIds" },
];

/** A mail to addresses and to the members of teams. */
export function EmailForm({ action, change }: ActionFormProps) {
  const fields = fieldsOf(action, change);
  const to =
    textIn(action.Properties, `${EMAIL}To`) || `${listIn(action.Properties, `${EMAIL}ToTeamIds`).length} teams`;
  const subject = fields.value(`${EMAIL}Subject`);
  const isHtml = flagIn(action.Properties, `${EMAIL}IsHtml`);
  return (
    <>
      <Section title="Recipients" summary={to === "0 teams" ? "Nobody yet" : to} open>
        {RECIPIENTS.map((one) => (
          <Recipients key={one.label} {...one} action={action} change={change} />
        ))}
      </Section>
      <Section title="Message" summary={subject || "No subject yet"} open>
        <TextField
          fields={fields}
          name={`${EMAIL}Subject`}
          label="Subject"
          placeholder="#{Octopus.Project.Name} #{Octopus.Release.Number} is in #{Octopus.Environment.Name}"
        />
        <CodeArea label="Text" language={isHtml ? "xml" : "text"} minHeight={140} {...fields.code(`${EMAIL}Body`)} />
        <Checkbox label="The text is HTML" {...fields.flag(`${EMAIL}IsHtml`)} />
        <Select
          label="Importance"
          allowDeselect={false}
          data={["Normal", "Low", "High"]}
          w={200}
          {...fields.choice(`${EMAIL}Priority`, "Normal")}
        />
      </Section>
    </>
  );
}

interface RecipientsProps extends ActionFormProps {
  label: string;
  addresses: string;
  teams: string;
}

function Recipients({ label, addresses, teams, action, change }: RecipientsProps) {
  const { space } = useEditing();
  const fields = fieldsOf(action, change);
  return (
    <div className={classes.pair}>
      <TextField
        fields={fields}
        name={EMAIL + addresses}
        label={`${label}: addresses`}
        placeholder="ann@example.com, ops@example.com"
      />
      <ManyPicker kind="teams" space={space} label={`${label}: teams`} {...fields.list(EMAIL + teams)} />
    </div>
  );
}
