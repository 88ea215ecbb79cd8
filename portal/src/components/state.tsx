import {
  IconAlertTriangleFilled,
  IconCalendarTime,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleXFilled,
  IconClock,
  IconHandStop,
  IconLoader2,
  IconPlayerTrackNext,
} from "@tabler/icons-react";
import { type Condition, WORDS } from "@/lib/state";
import classes from "./state.module.css";

const ICONS = {
  success: IconCircleCheckFilled,
  warning: IconAlertTriangleFilled,
  failed: IconCircleXFilled,
  running: IconLoader2,
  waiting: IconHandStop,
  scheduled: IconCalendarTime,
  queued: IconClock,
  cancelling: IconLoader2,
  cancelled: IconCircleMinus,
  skipped: IconPlayerTrackNext,
  pending: IconCircleDashed,
} as const satisfies Record<Condition, unknown>;

/** The sign of a state; `label` is read out where no word stands beside it. */
export function StateIcon({ of, size = 16, label }: { of: Condition; size?: number; label?: boolean }) {
  const Icon = ICONS[of];
  const turning = of === "running" || of === "cancelling" ? "turning" : "";
  return (
    <Icon
      size={size}
      className={`${classes.icon} ${turning}`}
      data-state={of}
      role={label ? "img" : undefined}
      aria-hidden={label ? undefined : true}
      aria-label={label ? WORDS[of] : undefined}
    />
  );
}

/** Sign and word on the state's own ground. */
export function StateBadge({ of, word }: { of: Condition; word?: string }) {
  return (
    <span className={classes.badge} data-state={of}>
      <StateIcon of={of} size={14} />
      {word ?? WORDS[of]}
    </span>
  );
}
