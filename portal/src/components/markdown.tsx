import { Typography } from "@mantine/core";
import Markdown from "markdown-to-jsx";
import classes from "./markdown.module.css";

const OPTIONS = {
  // What people write is Markdown; HTML within it is shown as text.
  disableParsingRawHTML: true,
  forceBlock: true,
  overrides: {
    a: { props: { target: "_blank", rel: "noreferrer noopener" } },
    h1: { component: "h3" as const },
    h2: { component: "h4" as const },
  },
};

export function Prose({ text }: { text: string }) {
  return (
    <Typography className={classes.prose}>
      <Markdown options={OPTIONS}>{text}</Markdown>
    </Typography>
  );
}
