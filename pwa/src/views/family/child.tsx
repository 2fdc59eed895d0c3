/** Which child the pages are about, and the coordinator of that child. */
import { signal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { switchSeat } from "../../auth";
import { t } from "../../i18n";
import { navigate } from "../../router";
import type { App, Doc } from "../../state/api";
import { Chips, Notice, useApp } from "../../ui";
import type { Child, Coordinator } from "./docs";
import { relationWords } from "./words";

/** Id of the child chosen by somebody with several; lasts as long as the page. */
const chosen = signal<string | null>(null);

export interface Around {
  child: Child | undefined;
  children: readonly Child[];
  coordinator: Coordinator | undefined;
}

/** Somebody the family has with them sees the coordinator but not the child's own document: the seat says whose they are. */
function invitedTo(app: App): readonly Child[] {
  const me = app.me.value;
  if (me?.kind !== "supporter") return [];
  const label = me.seats.find((seat) => seat.id === me.seat)?.label ?? "";
  return app.all<Coordinator>("coordinator").value.map((one) => ({ id: one.child, entity: "child", display_name: label, age_band: "" }));
}

/** Whatever names its child, by the ids that addresses hold. */
const ABOUT = ["coordinator", "contact_request", "message", "support_measure", "voice", "waiting", "meeting", "consent"] as const;
function childOf(app: App, id: string): string | undefined {
  for (const entity of ABOUT) {
    const found = app.one<Doc & { child: string }>(entity, id).value;
    if (found) return found.child;
  }
  return app.one("child", id).value?.id;
}

/** The chosen child, or the only one. A page opened for a document, `about`, begins with that document's child. */
export function useChild(about?: string | null): Around {
  const app = useApp();
  const begun = useRef<string | null>(null);
  if (about && begun.current !== about) {
    const whose = childOf(app, about);
    if (whose) {
      begun.current = about;
      chosen.value = whose;
    }
  }
  const known = app.all<Child>("child").value;
  const children = known.length > 0 ? known : invitedTo(app);
  const child = children.find((one) => one.id === chosen.value) ?? children[0];
  return { child, children, coordinator: child && coordinatorOf(app, child.id) };
}

/** What texts call the child: nothing on a young person's own pages, where the reader is spoken to. */
export function calledIn(app: App, child: Child): string {
  return app.me.value?.kind === "young_person" ? "" : child.display_name;
}

/** "Elsas samordnare". A supporter may not know here whose: then nobody is named, and not the reader either. */
export function relationTo(app: App, child: Child): string {
  return app.me.value?.kind === "supporter" && !child.display_name ? t("Coordinator") : relationWords(calledIn(app, child));
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
  if (children.length < 2) return <SeatSwitch name={child?.display_name ?? ""} />;
  if (!child) return null;
  return (
    <Chips
      label={t("Who is it about?")} values={[child.id]}
      options={children.map((one) => ({ value: one.id, label: <bdi>{one.display_name}</bdi> }))}
      onChange={([id]) => { if (id) chosen.value = id; }}
    />
  );
}

/** One seat for each sibling. What the other child is called is known only in that seat, unless the seat has a label. */
function SeatSwitch({ name }: { name: string }) {
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
    await app.reopen();
    navigate("/", { replace: true });
  };
  return (
    <>
      <Chips
        label={t("Who is it about?")} values={[me.seat]} onChange={([seat]) => void change(seat)}
        options={seats.map((seat, index) => ({ value: seat.id, label: <bdi>{seat.label || (seat.id === me.seat && name) || (seats.length > 2 ? t("Sibling {n}", { n: index + 1 }) : t("Sibling"))}</bdi> }))}
      />
      {failed && <Notice tone="warn" icon="warning" alert title={t("It did not work. Try again when you are online.")} />}
    </>
  );
}
