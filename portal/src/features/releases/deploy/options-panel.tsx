import {
  Checkbox,
  Collapse,
  MultiSelect,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Textarea,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronRight } from "@tabler/icons-react";
import { DateTimeField } from "@/components/date-time";
import { Panel } from "@/components/page";
import { useMay } from "@/components/permitted";
import classes from "./deploy-screen.module.css";
import { type Options, USUAL } from "./wish";

interface Props {
  space: string;
  options: Options;
  onOptions: (patch: Partial<Options>) => void;
  /** The targets of all previews. */
  machines: readonly { Id: string; Name: string }[];
  isGuidedByDefault: boolean;
}

const HOUR = 3_600_000;

/** When, with what words, and what else can be said about how it is done. */
export function OptionsPanel(props: Props) {
  const { options, onOptions } = props;
  const isTouched = (["guided", "redownload", "redeploy", "priority", "machines"] as const).some(
    (name) => options[name] !== USUAL[name],
  );
  const [isOpen, { toggle }] = useDisclosure(isTouched);
  return (
    <Panel title="When and how">
      <Stack>
        <When options={options} onOptions={onOptions} />
        <Textarea
          label="Comments"
          description="Shown with the deployment; for example why it is done."
          autosize
          minRows={2}
          value={options.comments}
          onChange={(event) => onOptions({ comments: event.currentTarget.value })}
        />
        <UnstyledButton className={classes.more} onClick={toggle} aria-expanded={isOpen}>
          <IconChevronRight size={15} className={classes.chevron} data-open={isOpen} aria-hidden />
          Targets, failures, packages, priority
        </UnstyledButton>
        <Collapse expanded={isOpen}>
          <More {...props} />
        </Collapse>
      </Stack>
    </Panel>
  );
}

function When({ options, onOptions }: Pick<Props, "options" | "onOptions">) {
  const isLater = options.at !== null;
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label="When"
        data={[
          { value: "now", label: "Now" },
          { value: "later", label: "Later" },
        ]}
        value={isLater ? "later" : "now"}
        onChange={(next) => onOptions(next === "later" ? { at: inAnHour() } : { at: null, expiry: null })}
        style={{ alignSelf: "flex-start" }}
      />
      {isLater && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <DateTimeField
            label="Begin at"
            clearable={false}
            required
            earliest={new Date()}
            value={options.at}
            onChange={(at) => onOptions({ at })}
          />
          <DateTimeField
            label="Not begin after"
            description="What has not begun by then is not done. Without it, a day later."
            earliest={options.at ? new Date(options.at) : new Date()}
            value={options.expiry}
            onChange={(expiry) => onOptions({ expiry })}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}

/** At the next full quarter of an hour after an hour from now. */
function inAnHour(): string {
  const quarter = HOUR / 4;
  return new Date(Math.ceil((Date.now() + HOUR) / quarter) * quarter).toISOString();
}

function More({ space, options, onOptions, machines, isGuidedByDefault }: Props) {
  const mayPrioritize = useMay({ permission: "TaskPrioritize", space });
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label="Targets"
          allowDeselect={false}
          data={[
            { value: "all", label: "All that steps are for" },
            { value: "only", label: "Only these" },
            { value: "without", label: "All but these" },
          ]}
          value={options.machines}
          onChange={(next) => onOptions({ machines: (next ?? "all") as Options["machines"] })}
        />
        {options.machines !== "all" && (
          <MultiSelect
            label={options.machines === "only" ? "Only these targets" : "All but these targets"}
            searchable
            clearable
            limit={100}
            required={options.machineIds.length === 0}
            withAsterisk={false}
            nothingFoundMessage="No step is for a target with this name"
            data={machines.map((one) => ({ value: one.Id, label: one.Name }))}
            value={[...options.machineIds]}
            onChange={(machineIds) => onOptions({ machineIds })}
          />
        )}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label="When a step fails"
          allowDeselect={false}
          data={[
            { value: "usual", label: `As usual: ${isGuidedByDefault ? "ask a person" : "fail"}` },
            { value: "on", label: "Ask a person what to do" },
            { value: "off", label: "Fail" },
          ]}
          value={options.guided}
          onChange={(next) => onOptions({ guided: (next ?? "usual") as Options["guided"] })}
        />
        <Select
          label="Priority"
          description={mayPrioritize ? undefined : "To go ahead of others needs the permission TaskPrioritize."}
          allowDeselect={false}
          data={[
            { value: "Default", label: "As its phase says" },
            { value: "On", label: "Ahead of others", disabled: !mayPrioritize },
            { value: "Off", label: "In turn" },
          ]}
          value={options.priority}
          onChange={(next) => onOptions({ priority: (next ?? "Default") as Options["priority"] })}
        />
      </SimpleGrid>
      <Checkbox
        label="Fetch packages anew"
        description="Also those of this very version that lie on the server and on the targets."
        checked={options.redownload}
        onChange={(event) => onOptions({ redownload: event.currentTarget.checked })}
      />
      <Checkbox
        label="Deploy packages again that are installed"
        description="Steps that would leave out what is there already do it again."
        checked={options.redeploy}
        onChange={(event) => onOptions({ redeploy: event.currentTarget.checked })}
      />
    </Stack>
  );
}
