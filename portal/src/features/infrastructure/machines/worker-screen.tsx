import { useParams } from "@tanstack/react-router";
import { MachineScreen } from "./machine-screen";
import { WORKERS } from "./realm";

export function WorkerScreen() {
  const { space, worker } = useParams({ from: "/shell/app/$space/infrastructure/workers/$worker" });
  return <MachineScreen realm={WORKERS} space={space} id={worker} />;
}
