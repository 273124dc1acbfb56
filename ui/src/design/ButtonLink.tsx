import { createLink } from "@tanstack/react-router";
import { Button } from "antd";

/** A link to a page of the app that looks like a button. The router keeps `type` to itself: say `color` and `variant`. */
export const ButtonLink = createLink(Button);
