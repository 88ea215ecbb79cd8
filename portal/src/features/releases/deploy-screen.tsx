import { Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle, IconRocket } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { projectQuery } from "@/api/reference";
import { ErrorNotice } from "@/components/error-notice";
import { Loaded } from "@/components/loaded";
import { Notice } from "@/components/notice";
import { Page, Panel } from "@/components/page";
import { PreviewPanel } from "@/components/preview-panel";
import { Prompts, valuesOf } from "@/components/prompts";
import {
  type DeploymentPreview,
  deploymentTemplateQuery,
  previewQuery,
  type Release,
  releaseQuery,
  useDeploy,
} from "./api";
import classes from "./deploy-screen.module.css";

export function DeployScreen() {
  const params = useParams({ from: "/shell/app/$space/projects/$project/releases/$version/deploy" });
  const { space, project: named, version } = params;
  const project = useQuery(projectQuery(space, named));
  const release = useQuery(releaseQuery(space, named, version));
  return (
    <Page
      title={`Deploy ${version}`}
      crumbs={[
        { text: "Projects", to: `/app/${space}/projects` },
        { text: project.data?.Name ?? named, to: `/app/${space}/projects/${named}` },
        { text: version, to: `/app/${space}/projects/${named}/releases/${version}` },
      ]}
    >
      <Stack maw={820}>
        <Loaded query={release} what="The release">
          {(data) => <Choice space={space} release={data} />}
        </Loaded>
      </Stack>
    </Page>
  );
}

/** Where to: only what the lifecycle allows is offered. */
function Choice({ space, release }: { space: string; release: Release }) {
  const { environment } = useSearch({ from: "/shell/app/$space/projects/$project/releases/$version/deploy" });
  const navigate = useNavigate({ from: "/app/$space/projects/$project/releases/$version/deploy" });
  const template = useQuery(deploymentTemplateQuery(space, release.Id));
  const offered = template.data?.PromoteTo ?? [];
  const isOffered = offered.some((one) => one.Id === environment);
  const preview = useQuery(previewQuery(space, release.Id, isOffered ? (environment ?? "") : ""));
  return (
    <Loaded query={template} what="Where the release may go">
      {(data) => (
        <>
          <Panel>
            <Select
              label="Environment"
              placeholder="Where to?"
              maw={360}
              allowDeselect={false}
              data={offered.map((one) => ({ value: one.Id, label: one.Name }))}
              value={isOffered ? (environment ?? null) : null}
              onChange={(value) => value && navigate({ search: { environment: value }, replace: true })}
              error={
                environment && !isOffered && "The lifecycle does not let this release go there yet; choose another."
              }
            />
            {offered.length === 0 && (
              <Text size="sm" c="dimmed" mt="xs">
                The lifecycle has no environment for this release now. Its page says what must succeed first.
              </Text>
            )}
          </Panel>
          {(data.IsDeploymentProcessModified || data.IsVariableSetModified) && (
            <Notice tone="idle" icon={IconInfoCircle}>
              <Text size="sm">
                {data.IsDeploymentProcessModified && "The process has changed since this release was made. "}
                {data.IsVariableSetModified && "Variables have changed since this release was made. "}
                The release deploys what it has fixed.
              </Text>
            </Notice>
          )}
          {isOffered && environment && (
            <Loaded query={preview} what="The preview">
              {(shown) => (
                <DeployForm
                  key={environment}
                  space={space}
                  release={release}
                  environment={environment}
                  preview={shown}
                />
              )}
            </Loaded>
          )}
        </>
      )}
    </Loaded>
  );
}

interface FormProps {
  space: string;
  release: Release;
  environment: string;
  preview: DeploymentPreview;
}

function DeployForm({ space, release, environment, preview }: FormProps) {
  const [values, setValues] = useState(() => valuesOf(preview.Form));
  const [skipped, setSkipped] = useState<readonly string[]>([]);
  const [comments, setComments] = useState("");
  const deploying = useDeploy(space);
  const navigate = useNavigate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = { ReleaseId: release.Id, EnvironmentId: environment, FormValues: values, SkipActions: [...skipped] };
    deploying.mutate(
      { ...given, Comments: comments },
      {
        onSuccess: (made) =>
          navigate({ to: "/app/$space/deployments/$deployment", params: { space, deployment: made.Id } }),
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {preview.Form && <Prompts form={preview.Form} values={values} onValues={setValues} />}
        <PreviewPanel steps={preview.StepsToExecute} skipped={skipped} onSkipped={setSkipped} />
        <Panel>
          <Textarea
            label="Comments"
            description="Shown with the deployment; for example why it is done."
            autosize
            minRows={2}
            value={comments}
            onChange={(event) => setComments(event.currentTarget.value)}
          />
        </Panel>
        {preview.Problems.length > 0 && (
          <Notice tone="failed" icon={IconAlertTriangle} title="This deployment would be refused">
            {preview.Problems.map((problem) => (
              <Text key={problem} size="sm">
                {problem}
              </Text>
            ))}
          </Notice>
        )}
        {deploying.isError && <ErrorNotice error={deploying.error} title="The deployment was not created" />}
        <Group className={classes.foot}>
          <Button
            type="submit"
            loading={deploying.isPending}
            disabled={preview.Problems.length > 0}
            leftSection={<IconRocket size={17} />}
          >
            Deploy
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
