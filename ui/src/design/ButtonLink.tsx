import { createLink } from "@tanstack/react-router";
import { Button } from "antd";

/** A link to a page of the app that looks like a button: one thing to reach, with one name. */
export const ButtonLink = createLink(Button);
