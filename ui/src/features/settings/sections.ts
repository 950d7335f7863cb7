import { settings } from "../../messages/settings";

export type SectionId = keyof typeof settings.sections;

/** In the order of the page. */
export const sections = Object.keys(settings.sections) as SectionId[];
