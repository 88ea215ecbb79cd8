import {
  ActionIcon,
  type ActionIconProps,
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  Menu,
  type MenuItemProps,
} from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import { type ComponentPropsWithRef, forwardRef } from "react";

type Plain<Props> = Omit<Props, "href"> & Omit<ComponentPropsWithRef<"a">, keyof Props>;

const PlainAnchor = forwardRef<HTMLAnchorElement, Plain<AnchorProps>>((props, ref) => <Anchor ref={ref} {...props} />);
const PlainButton = forwardRef<HTMLAnchorElement, Plain<ButtonProps>>((props, ref) => (
  <Button component="a" ref={ref} {...props} />
));
const PlainItem = forwardRef<HTMLAnchorElement, Plain<MenuItemProps>>((props, ref) => (
  <Menu.Item component="a" ref={ref} {...props} />
));

const PlainIcon = forwardRef<HTMLAnchorElement, Plain<ActionIconProps>>((props, ref) => (
  <ActionIcon component="a" ref={ref} {...props} />
));

/** Links to screens; the compiler refuses one to a screen that does not exist. */
export const TextLink = createLink(PlainAnchor);
export const ButtonLink = createLink(PlainButton);
export const MenuLink = createLink(PlainItem);
export const IconLink = createLink(PlainIcon);
