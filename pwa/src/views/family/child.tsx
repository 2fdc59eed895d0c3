/** Which child the pages are about, and the coordinator of that child. */
import { signal } from "@preact/signals";
import { t } from "../../i18n";
import type { App, Doc } from "../../state/api";
import { Chips, useApp } from "../../ui";
import type { Child, Coordinator } from "./docs";

/** Id of the child chosen by somebody with several; lasts as long as the page. */
const chosen = signal<string | null>(null);

export interface Around {
  child: Child | undefined;
  children: readonly Child[];
  coordinator: Coordinator | undefined;
}

/** The chosen child, or the only one. */
export function useChild(): Around {
  const app = useApp();
  const children = app.all<Child>("child").value;
  const child = children.find((one) => one.id === chosen.value) ?? children[0];
  return { child, children, coordinator: child && coordinatorOf(app, child.id) };
}

/** The coordinator document of a child: there is always one. */
export function coordinatorOf(app: App, child: string): Coordinator | undefined {
  return app.all<Coordinator>("coordinator").value.find((doc) => doc.child === child);
}

/** The documents of one kind about the chosen child. */
export function useAbout<T extends Doc & { child: string }>(entity: string, child: string | undefined): readonly T[] {
  return useApp().all<T>(entity).value.filter((doc) => doc.child === child);
}

/** Shows a document's child on the other pages too. */
export function choose(child: string): void {
  if (chosen.peek() !== child) chosen.value = child;
}

/** Siblings, for somebody who is there for more than one. */
export function ChildSwitch({ child, children }: Pick<Around, "child" | "children">) {
  if (!child || children.length < 2) return null;
  return (
    <Chips
      label={t("Who is it about?")} values={[child.id]}
      options={children.map((one) => ({ value: one.id, label: <bdi>{one.display_name}</bdi> }))}
      onChange={([id]) => { if (id) chosen.value = id; }}
    />
  );
}
