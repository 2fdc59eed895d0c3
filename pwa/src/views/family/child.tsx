/** Which child the pages are about, and the coordinator of that child. */
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { switchSeat } from "../../auth";
import { t } from "../../i18n";
import { navigate } from "../../router";
import type { App, Doc } from "../../state/api";
import { Chips, Notice, useApp } from "../../ui";
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

/** Siblings, for somebody who is there for more than one: in one seat, or with a seat for each. */
export function ChildSwitch({ child, children }: Pick<Around, "child" | "children">) {
  if (children.length < 2) return <SeatSwitch />;
  if (!child) return null;
  return (
    <Chips
      label={t("Who is it about?")} values={[child.id]}
      options={children.map((one) => ({ value: one.id, label: <bdi>{one.display_name}</bdi> }))}
      onChange={([id]) => { if (id) chosen.value = id; }}
    />
  );
}

function SeatSwitch() {
  const app = useApp();
  const [failed, setFailed] = useState(false);
  const me = app.me.value;
  const seats = me?.seats.filter((seat) => seat.kind === me.kind) ?? [];
  if (!me || seats.length < 2) return null;
  const change = async (seat: string | undefined): Promise<void> => {
    if (!seat || seat === me.seat) return;
    const done = await switchSeat(seat);
    setFailed(!done.ok);
    if (!done.ok) return;
    navigate("/", { replace: true });
    await app.reopen();
  };
  return (
    <>
      <Chips
        label={t("Who is it about?")} values={[me.seat]} onChange={([seat]) => void change(seat)}
        options={seats.map((seat) => ({ value: seat.id, label: <bdi>{seat.label}</bdi> }))}
      />
      {failed && <Notice tone="warn" icon="warning" alert title={t("It did not work. Try again when you are online.")} />}
    </>
  );
}
