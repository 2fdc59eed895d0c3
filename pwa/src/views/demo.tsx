/** The demo's people: clearly marked, all invented. Shown only when the server offers them. */
import { useEffect, useState } from "preact/hooks";
import { type Persona, demoSignIn, personas } from "../auth";
import { N_, t } from "../i18n";
import { navigate } from "../router";
import { Badge, More, Notice, Page, Portrait, Row, Section, useApp } from "../ui";

const KINDS: Readonly<Record<string, string>> = {
  guardian: N_("Guardian"), young_person: N_("Young person"), supporter: N_("Supporter"),
  staff: N_("Professional"), process_lead: N_("Process leader"), admin: N_("Administrator"),
};

/** Those that README walks through come first. */
const FIRST = 15;

/** What a seat is called. */
export function seatWords(kind: string): string {
  return t(KINDS[kind] ?? kind);
}

/** The list itself; nothing outside demo mode. */
export function DemoList() {
  const app = useApp();
  const [people, setPeople] = useState<readonly Persona[]>([]);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    void personas().then(setPeople);
  }, []);
  const enter = async (persona: string, seat: string): Promise<void> => {
    const done = await demoSignIn(persona, seat);
    setFailed(!done.ok);
    if (!done.ok) return;
    navigate("/", { replace: true });
    await app.reopen();
  };
  if (people.length === 0) return null;
  const seats = people.flatMap(({ key, name, seats }) => seats.map((seat) => ({ key, name, seat })));
  const list = (some: typeof seats) => (
    <div class="card flush rows">
      {some.map(({ key, name, seat }) => (
        <Row key={seat.id} start={<Portrait name={name} size={44} />} title={<bdi>{name}</bdi>} text={<>{seatWords(seat.kind)}{seat.label && <>, <bdi>{seat.label}</bdi></>}</>} onPress={() => void enter(key, seat.id)} />
      ))}
    </div>
  );
  return (
    <Section title={t("Try with invented people")} end={<Badge tone="warn" icon="info">{t("Demo")}</Badge>} note={t("Everyone here is made up. Nothing leaves this machine.")}>
      {failed && <Notice tone="bad" icon="warning" alert title={t("It did not work. Try again.")} />}
      {list(seats.slice(0, FIRST))}
      {seats.length > FIRST && <More summary={t("More people")}>{list(seats.slice(FIRST))}</More>}
    </Section>
  );
}

/** The list as a page. */
export function Demo() {
  return <Page title={t("Demo")} back={{ href: "/", label: t("Home") }}><DemoList /></Page>;
}
