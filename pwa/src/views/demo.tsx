/** The demo's people: clearly marked, all invented. Shown only when the server offers them. */
import "./shell"; // As in door.ts.
import { useEffect, useState } from "preact/hooks";
import { type Persona, demoSignIn, personas } from "../auth";
import { t } from "../i18n";
import { navigate } from "../router";
import { Badge, Field, More, Notice, Page, Portrait, Row, Section, useApp } from "../ui";
import { SEATS, seatWords } from "./roles";

/** Those that README walks through come first. */
const FIRST = 15;

/** The list itself; nothing outside demo mode. */
export function DemoList() {
  const app = useApp();
  const [people, setPeople] = useState<readonly Persona[]>([]);
  const [failed, setFailed] = useState(false);
  const [words, setWords] = useState("");
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
  const wanted = words.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = seats.filter(({ name, seat }) => {
    const all = `${name} ${seatWords(seat.kind)} ${seat.label}`.toLocaleLowerCase();
    return wanted.every((word) => all.includes(word));
  });
  const rest = seats.slice(FIRST);
  const kinds = Object.keys(SEATS).filter((kind) => rest.some((one) => one.seat.kind === kind));
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
      <Field label={t("Find somebody by name, role, place or child")} type="search" inputMode="search" icon="search" value={words} onInput={setWords} />
      {wanted.length > 0 && found.length === 0 && <p class="muted inset" role="status">{t("Nobody fits. Try another word.")}</p>}
      {wanted.length > 0 && found.length > 0 && list(found)}
      {wanted.length === 0 && <>
        {list(seats.slice(0, FIRST))}
        {rest.length > 0 && (
          <More summary={t("More people")}>
            <div class="stack">{kinds.map((kind) => <div class="stack-2" key={kind}><h3 class="inset">{seatWords(kind)}</h3>{list(rest.filter((one) => one.seat.kind === kind))}</div>)}</div>
          </More>
        )}
      </>}
    </Section>
  );
}

/** The list as a page. */
export function Demo() {
  return <Page title={t("Demo")} back={{ href: "/", label: t("Home") }}><DemoList /></Page>;
}
