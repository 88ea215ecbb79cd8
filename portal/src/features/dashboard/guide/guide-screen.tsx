import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ButtonLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { progressQuery } from "./api";
import classes from "./guide.module.css";
import { StepLine } from "./step-line";
import { stepsOf } from "./steps";

/** The first steps, whenever somebody wants to see them. */
export function GuideScreen() {
  const { space } = useParams({ from: "/shell/app/$space/start" });
  return (
    <Page title="First steps" description="What is done is checked off; each step says what it is for.">
      <Guide space={space} />
    </Page>
  );
}

/** The way from nothing to the first deployment, with what is done already. */
export function Guide({ space }: { space: string }) {
  const progress = useQuery(progressQuery(space));
  return (
    <div className={classes.guide}>
      <Panel title="From nothing to a deployed release" flush>
        <Loaded query={progress} what="The first steps" rows={8}>
          {(data) => (
            <>
              <ol className={classes.steps}>
                {stepsOf(data).map((step, index) => (
                  <StepLine key={step.name} space={space} number={index + 1} step={step} progress={data} />
                ))}
              </ol>
              {data.hasSucceeded && <Finished space={space} />}
            </>
          )}
        </Loaded>
      </Panel>
    </div>
  );
}

function Finished({ space }: { space: string }) {
  return (
    <Stack gap="xs" p="md" align="flex-start" className={classes.finished}>
      <Text size="sm">
        That was the whole way. From here on: promote the release to the next environment, let a trigger deploy for you,
        and let others in.
      </Text>
      <ButtonLink to="/app/$space" params={{ space }} variant="light">
        Go to the dashboard
      </ButtonLink>
    </Stack>
  );
}
