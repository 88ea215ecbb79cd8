/** Polpo's mark: the same drawing as the tab's icon, in the colour of the text around it. */
export function Mark({ size = 28 }: { size?: number }) {
  return <img src="/app/mark.svg" width={size} height={size} alt="" style={{ display: "block" }} />;
}
