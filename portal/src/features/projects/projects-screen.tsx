import { Button, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconPlus, IconSearch, IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Project, projectGroupsQuery, projectsQuery } from "@/api/reference";
import { EmptyState } from "@/components/empty-state";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { StateBadge } from "@/components/state";
import { AddProject } from "./add-project";
import classes from "./projects-screen.module.css";

export function ProjectsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/projects" });
  const [words, setWords] = useState("");
  const [adding, setAdding] = useState(false);
  const projects = useQuery(projectsQuery(space));
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Add a project
    </Button>
  );
  return (
    <Page title="Projects" actions={add}>
      <Loaded query={projects} what="The projects">
        {(list) =>
          list.length === 0 ? (
            <Panel>
              <EmptyState icon={IconStack2} title="No project yet" action={add}>
                A project is something that you deploy: an application, a service. It has a process, variables and
                releases.
              </EmptyState>
            </Panel>
          ) : (
            <>
              <TextInput
                mb="lg"
                w={300}
                placeholder="Find a project"
                aria-label="Find a project"
                leftSection={<IconSearch size={15} />}
                value={words}
                onChange={(event) => setWords(event.currentTarget.value)}
              />
              <Groups space={space} projects={list.filter((one) => fits(one, words))} />
            </>
          )
        }
      </Loaded>
      {adding && <AddProject space={space} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function fits(project: Project, words: string): boolean {
  const sought = words.trim().toLowerCase();
  return [project.Name, project.Slug, project.Description].some((text) => text.toLowerCase().includes(sought));
}

function Groups({ space, projects }: { space: string; projects: Project[] }) {
  const groups = useQuery(projectGroupsQuery(space));
  if (projects.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No project has this in its name.
      </Text>
    );
  }
  const named = (groups.data ?? []).map((group) => ({
    ...group,
    projects: projects.filter((project) => project.ProjectGroupId === group.Id),
  }));
  return (
    <Stack gap="xl">
      {named
        .filter((group) => group.projects.length > 0)
        .map((group) => (
          <section key={group.Id} aria-label={group.Name}>
            <Title order={2} mb="sm">
              {group.Name}
            </Title>
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
              {group.projects.map((project) => (
                <Card key={project.Id} space={space} project={project} />
              ))}
            </SimpleGrid>
          </section>
        ))}
    </Stack>
  );
}

function Card({ space, project }: { space: string; project: Project }) {
  return (
    <Link to="/app/$space/projects/$project" params={{ space, project: project.Slug }} className={classes.card}>
      <span className={classes.letter} aria-hidden>
        {project.Name.slice(0, 1).toUpperCase()}
      </span>
      <span className={classes.words}>
        <span className={classes.name}>{project.Name}</span>
        <Text component="span" size="sm" c="dimmed" lineClamp={2}>
          {project.Description || "No description"}
        </Text>
      </span>
      {project.IsDisabled && <StateBadge of="cancelled" word="Disabled" />}
    </Link>
  );
}
