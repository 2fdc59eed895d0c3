/** Pages for the family itself. Somebody they have with them sees the person and the meetings only. */
import type { ComponentType } from "preact";
import { useApp } from "../../ui";
import { NotFound } from "../not-found";
import type { ViewProps } from "../roles";

/** The view, or that there is no such page, for a supporter who comes by an address. */
export function own(View: ComponentType<ViewProps>): ComponentType<ViewProps> {
  return (props) => (useApp().me.value?.kind === "supporter" ? <NotFound /> : <View {...props} />);
}
