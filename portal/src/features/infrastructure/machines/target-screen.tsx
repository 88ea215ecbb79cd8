import { useParams } from "@tanstack/react-router";
import { MachineScreen } from "./machine-screen";
import { TARGETS } from "./realm";

export function TargetScreen() {
  const { space, target } = useParams({ from: "/shell/app/$space/infrastructure/targets/$target" });
  return <MachineScreen realm={TARGETS} space={space} id={target} />;
}
