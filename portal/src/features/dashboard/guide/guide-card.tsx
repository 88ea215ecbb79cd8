import { Button, Group, Progress, Text } from "@mantine/core";
import { IconRoute } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRights } from "@/api/rights";
import { ButtonLink } from "@/components/links";
import { progressQuery } from "./api";
import classes from "./guide.module.css";
import { stepsOf } from "./steps";
import { useDismissed } from "./use-dismissed";

/** Above the dashboard of a space that nothing was deployed in yet: how far it is, and the way on. */
export function GuideCard({ space }: { space: string }) {
  const rights = useRights();
  const { isDismissed, dismiss } = useDismissed(space);
  const isShown = !isDismissed && rights.isKnown && rights.holdsAnywhere("ProjectCreate", space);
  const { data } = useQuery({ ...progressQuery(space), enabled: isShown });
  if (!isShown || !data || data.hasSucceeded) return null;
  const steps = stepsOf(data);
  const done = steps.filter((step) => step.isDone).length;
  return (
    <section className={classes.card} aria-label="First steps">
      <IconRoute size={20} aria-hidden />
      <div className={classes.words}>
        <Text fw={600}>
          First steps: {done} of {steps.length} are done
        </Text>
        <Progress value={(100 * done) / steps.length} size="sm" mt={6} aria-label="First steps that are done" />
      </div>
      <Group gap="xs">
        <Button variant="subtle" color="gray" onClick={dismiss}>
          Hide
        </Button>
        <ButtonLink to="/app/$space/start" params={{ space }}>
          Go on
        </ButtonLink>
      </Group>
    </section>
  );
}
