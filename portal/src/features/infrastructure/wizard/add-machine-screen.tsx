import { SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { Page } from "@/components/page";
import { type Realm, TARGETS, WORKERS } from "../machines/realm";
import { AgentWizard } from "./agent-wizard";
import { catalogueOf, type Kind, kindNamed } from "./catalogue";
import { EndpointWizard } from "./endpoint-wizard";
import classes from "./wizard.module.css";

export function AddTargetScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/targets/new" });
  const { kind } = useSearch({ from: "/shell/app/$space/infrastructure/targets/new" });
  return <AddMachine realm={TARGETS} space={space} style={kind} />;
}

export function AddWorkerScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/workers/new" });
  const { kind } = useSearch({ from: "/shell/app/$space/infrastructure/workers/new" });
  return <AddMachine realm={WORKERS} space={space} style={kind} />;
}

function AddMachine({ realm, space, style }: { realm: Realm; space: string; style: string | undefined }) {
  const kind = kindNamed(realm, style);
  const isTargets = realm.kind === "machines";
  const base = `/app/${space}/infrastructure/${isTargets ? "targets" : "workers"}`;
  const crumbs = [{ text: isTargets ? "Targets" : "Workers", to: base }];
  if (!kind)
    return (
      <Page
        title={`Add a ${realm.one}`}
        crumbs={crumbs}
        description={isTargets ? "Choose how it is reached." : "Choose how the machine is reached."}
      >
        <Stack gap="xl">
          {catalogueOf(realm).map(([heading, kinds]) => (
            <section key={heading}>
              {isTargets && (
                <Title order={2} mb="sm">
                  {heading}
                </Title>
              )}
              <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
                {kinds.map((one) => (
                  <Choice key={one.style} realm={realm} space={space} kind={one} />
                ))}
              </SimpleGrid>
            </section>
          ))}
        </Stack>
      </Page>
    );
  const isAgent = kind.style === "TentacleActive" || kind.style === "TentaclePassive";
  return (
    <Page
      title={kind.title}
      crumbs={[...crumbs, { text: `Add a ${realm.one}`, to: `${base}/new` }]}
      description={kind.sentence}
    >
      {isAgent ? (
        <AgentWizard key={kind.style} realm={realm} space={space} style={kind.style as "TentacleActive"} />
      ) : (
        <EndpointWizard key={kind.style} realm={realm} space={space} style={kind.style} />
      )}
    </Page>
  );
}

function Choice({ realm, space, kind }: { realm: Realm; space: string; kind: Kind }) {
  const Sign = kind.icon;
  const content = (
    <>
      <Sign size={22} stroke={1.6} aria-hidden className={classes.sign} />
      <span>
        <Text fw={600} size="sm" component="span" display="block">
          {kind.title}
        </Text>
        <Text size="sm" c="dimmed" component="span" display="block">
          {kind.sentence}
        </Text>
      </span>
    </>
  );
  const search = { kind: kind.style };
  return realm.kind === "machines" ? (
    <Link to="/app/$space/infrastructure/targets/new" params={{ space }} search={search} className={classes.choice}>
      {content}
    </Link>
  ) : (
    <Link to="/app/$space/infrastructure/workers/new" params={{ space }} search={search} className={classes.choice}>
      {content}
    </Link>
  );
}
