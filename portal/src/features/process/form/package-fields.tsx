import { Autocomplete, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { sentenceOf } from "@/api/errors";
import { Picker } from "@/components/picker";
import { packageSearchQuery } from "../api";
import type { Package } from "../model/document";
import { Bindable } from "./bindable";
import { useEditing } from "./context";
import classes from "./form.module.css";
import { InsertVariable } from "./insert-variable";

interface Props {
  value: Package;
  onChange: (patch: Partial<Package>, joins?: string) => void;
}

const WHERE = [
  { value: "Server", label: "The server, which sends it" },
  { value: "ExecutionTarget", label: "The target, from the feed itself" },
  { value: "NotAcquired", label: "Nobody: the step only needs its name and version" },
];

/** The feed, the package in it, and who fetches it. */
export function PackageFields({ value, onChange }: Props) {
  const { space, readOnly } = useEditing();
  return (
    <>
      <div className={classes.pair}>
        <Bindable
          label="Feed"
          value={value.FeedId}
          placeholder="#{Feed}"
          readOnly={readOnly}
          onChange={(text) => onChange({ FeedId: text }, "feed")}
        >
          <Picker
            kind="feeds"
            space={space}
            label="Feed"
            clearable={false}
            value={value.FeedId || null}
            onChange={(id) => onChange({ FeedId: id ?? "" })}
          />
        </Bindable>
        <PackageId value={value} onChange={onChange} />
      </div>
      <Select
        label="Fetched by"
        allowDeselect={false}
        data={
          WHERE.some((one) => one.value === value.AcquisitionLocation)
            ? WHERE
            : [...WHERE, { value: value.AcquisitionLocation, label: value.AcquisitionLocation }]
        }
        value={value.AcquisitionLocation}
        onChange={(place) => onChange({ AcquisitionLocation: place ?? "Server" })}
      />
    </>
  );
}

function PackageId({ value, onChange }: Props) {
  const { space, readOnly } = useEditing();
  const [term] = useDebouncedValue(value.PackageId.trim(), 250);
  const found = useQuery({
    ...packageSearchQuery(space, value.FeedId, term),
    enabled: !readOnly && value.FeedId !== "" && !value.FeedId.includes("#{"),
  });
  const ids = (found.data?.Items ?? []).map((one) => one.Id || one.Name);
  const isKnown = ids.length === 0 || term !== value.PackageId.trim() || term.includes("#{") || ids.includes(term);
  return (
    <Autocomplete
      label="Package"
      placeholder="Its id, such as Shop.Web"
      data={[...new Set(ids)]}
      filter={({ options }) => options}
      value={value.PackageId}
      onChange={(text) => onChange({ PackageId: text }, "package-id")}
      description={isKnown ? undefined : "The feed has no package of just this id yet."}
      error={found.isError ? `The feed cannot be searched: ${sentenceOf(found.error)}` : undefined}
      rightSection={<InsertVariable onInsert={(text) => onChange({ PackageId: value.PackageId + text })} />}
    />
  );
}
