import { Anchor, List, Select, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import { Changes } from "@/components/changes";
import { Notice } from "@/components/notice";
import { Panel } from "@/components/page";
import { PreviewPanel } from "@/components/preview-panel";
import type { DeploymentPreview } from "../api";
import { LOOKED_AT } from "./api";
import { keyOfPlace, type Place } from "./wish";

interface Props {
  places: readonly Place[];
  previews: ReadonlyMap<string, DeploymentPreview>;
  nameOf: (place: Place) => string;
  skipped: readonly string[];
  onSkipped: (ids: readonly string[]) => void;
  /** Whether a problem still stands; freezes that are overridden do not. */
  stands: (problem: string) => boolean;
}

/** What each of the deployments would do: steps, targets, what it brings; with several, place by place. */
export function PreviewSection({ places, previews, nameOf, skipped, onSkipped, stands }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  const place = places.find((one) => keyOfPlace(one) === chosen) ?? places[0];
  const preview = place && previews.get(keyOfPlace(place));
  return (
    <Stack>
      <Problems places={places} previews={previews} nameOf={nameOf} stands={stands} onShow={setChosen} />
      {places.length > 1 && (
        <Select
          label="Preview of"
          description={
            places.length > LOOKED_AT
              ? `The first ${LOOKED_AT} of ${places.length} are looked at here; the server looks at all of them.`
              : undefined
          }
          searchable
          allowDeselect={false}
          maw={420}
          limit={100}
          data={places.slice(0, LOOKED_AT).map((one) => ({ value: keyOfPlace(one), label: nameOf(one) }))}
          value={place ? keyOfPlace(place) : null}
          onChange={setChosen}
        />
      )}
      {preview && (
        <>
          {preview.Warnings.length > 0 && (
            <Notice tone="waiting" icon={IconInfoCircle} title="To know before">
              {preview.Warnings.map((warning) => (
                <Text key={warning} size="sm">
                  {warning}
                </Text>
              ))}
            </Notice>
          )}
          <PreviewPanel steps={preview.StepsToExecute} skipped={skipped} onSkipped={onSkipped} />
          {preview.Changes.length > 0 && (
            <Panel title="What it brings" flush>
              <Changes changes={preview.Changes} />
            </Panel>
          )}
        </>
      )}
    </Stack>
  );
}

type ProblemProps = Pick<Props, "places" | "previews" | "nameOf" | "stands"> & { onShow: (key: string) => void };

function Problems({ places, previews, nameOf, stands, onShow }: ProblemProps) {
  const found = problemsOf(places, previews, stands);
  if (found.size === 0) return null;
  const refused = new Set([...found.values()].flat());
  return (
    <Notice tone="failed" icon={IconAlertTriangle} title={titleOf(places.length, refused.size)}>
      <List size="sm" spacing={2}>
        {[...found].map(([problem, where]) => (
          <List.Item key={problem}>
            {problem}
            {places.length > 1 && (
              <>
                {" ("}
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  underline="always"
                  onClick={() => where[0] && onShow(keyOfPlace(where[0]))}
                >
                  {where.length === 1 && where[0] ? nameOf(where[0]) : `${where.length} places`}
                </Anchor>
                )
              </>
            )}
          </List.Item>
        ))}
      </List>
    </Notice>
  );
}

function titleOf(asked: number, refused: number): string {
  if (asked === 1) return "This deployment would be refused";
  return refused === asked
    ? "All of these deployments would be refused"
    : `${refused} of these ${asked} deployments would be refused`;
}

/** Each problem with the places that have it. */
export function problemsOf(
  places: readonly Place[],
  previews: ReadonlyMap<string, DeploymentPreview>,
  stands: (problem: string) => boolean,
): Map<string, Place[]> {
  const found = new Map<string, Place[]>();
  for (const place of places) {
    for (const problem of previews.get(keyOfPlace(place))?.Problems.filter(stands) ?? []) {
      found.set(problem, [...(found.get(problem) ?? []), place]);
    }
  }
  return found;
}
