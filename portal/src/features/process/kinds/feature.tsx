import { Switch } from "@mantine/core";
import type { ReactNode } from "react";
import { type ActionFormProps, setProperties } from "../form/context";
import classes from "../form/form.module.css";
import { hasFeature, withFeature, withText } from "../model/properties";

interface Props extends ActionFormProps {
  feature: string;
  label: string;
  description: string;
  /** Properties that older clients look at besides, set to True or False with the feature. */
  flags?: readonly string[];
  children?: ReactNode;
}

/** Something that a step does besides: a switch, and its fields while it is on. */
export function Feature({ action, change, feature, label, description, flags = [], children }: Props) {
  const isOn = hasFeature(action.Properties, feature);
  const toggle = (on: boolean) =>
    setProperties(change, (old) =>
      flags.reduce((all, flag) => withText(all, flag, on ? "True" : "False"), withFeature(old, feature, on)),
    );
  return (
    <>
      <Switch
        label={label}
        description={description}
        checked={isOn}
        onChange={(event) => toggle(event.currentTarget.checked)}
      />
      {isOn && children && <div className={classes.group}>{children}</div>}
    </>
  );
}
