import classes from "./change-mark.module.css";

/** The word for what has happened to something, on the ground of additions, removals or changes. */
export function ChangeMark({ change }: { change: "Added" | "Removed" | "Changed" | "Moved" }) {
  return (
    <span className={classes.change} data-change={change}>
      {change}
    </span>
  );
}
