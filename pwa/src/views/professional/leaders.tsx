/** Those who lead an area or administer the organisation, and their leaving: whoever stays goes on with everything. */
import { useEffect, useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import type { App } from "../../state/api";
import { AskSheet, Button, Card, Columns, LinkButton, Notice, Page, Portrait, Row, Rows, Section, SkeletonPage, refusalWords, useApp } from "../../ui";
import { NotFound } from "../not-found";
import type { ViewProps } from "../roles";
import { isFirst, useDoing } from "../staff/kit";
import type { Area, Unit } from "../staff/model";
import { compare } from "./search";

interface One { id: string; name: string }
/** Who leads an area, or with no area who administers; what goes on with whoever stays. */
interface Place { area?: string; unit?: string; name: string; people: One[]; meetings: number; tasks: number }

const OFFLINE = (): string => t("This needs a connection. Try again when you are online.");

/** One unit of one's own in each area: by it the server knows that one may ask. */
function areasOf(app: App): { area: string; unit: string; name: string }[] {
  const found = new Map(app.all<Unit>("unit").value.map((one) => [one.area, one.id]));
  return [...found].map(([area, unit]) => ({ area, unit, name: app.one<Area>("area", area).value?.name ?? "" })).sort((a, b) => compare(a.name, b.name));
}

interface LeadsTold { leads: One[]; term_meetings: unknown[]; tasks: unknown[] }

/** Asked of the server, once there is a connection: who leads and administers is published to nobody. */
function usePlaces(): { places: Place[] | null; wrong: string | null; again: () => Promise<void> } {
  const app = useApp();
  const { run } = useDoing();
  const [places, setPlaces] = useState<Place[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const online = app.online.value;
  const first = isFirst(app);
  const told = async <T,>(name: string, args: Record<string, string>): Promise<T> => {
    const done = await run(name, args);
    if (done.state === "done") return done.result as T;
    if (done.state === "waiting") await app.discard(done.id);
    throw new Error(done.state === "refused" ? refusalWords(done.code) : t("It is slow right now"));
  };
  const again = async (): Promise<void> => {
    setWrong(null);
    try {
      const found: Place[] = [];
      for (const { area, unit, name } of areasOf(app)) {
        const { leads, term_meetings, tasks } = await told<LeadsTold>("process_lead.leaving", { unit, area });
        found.push({ area, unit, name, people: leads, meetings: term_meetings.length, tasks: tasks.length });
      }
      const { admins } = await told<{ admins: One[] }>("admin.leaving", {});
      setPlaces([...found, { name: t("Admins"), people: admins, meetings: 0, tasks: 0 }]);
    } catch (fault) {
      setWrong((fault as Error).message);
    }
  };
  useEffect(() => {
    if (online && !first && !places) void again();
  }, [online, first]);
  return { places, wrong, again };
}

const BACK = (): { href: string; label: string } => ({ href: "/people", label: t("Staff") });

/** Until the answer is here: why not, or its shape. */
function Asking({ title, wrong, again }: { title: string; wrong: string | null; again: () => Promise<void> }) {
  const app = useApp();
  if (wrong) return <Page title={title} back={BACK()}><Notice tone="bad" icon="warning" alert title={wrong}><Button slim icon="refresh" onPress={again}>{t("Try again")}</Button></Notice></Page>;
  if (!app.online.value && !isFirst(app)) return <Page title={title} back={BACK()}><Notice tone="grey" icon="offline" title={OFFLINE()} /></Page>;
  return <Page busy back={BACK()}><SkeletonPage hero={false} /></Page>;
}

export function Leaders() {
  const app = useApp();
  const { places, wrong, again } = usePlaces();
  const me = app.me.value;
  if (!isFirst(app) && me?.kind !== "admin") return <NotFound />;
  if (!places) return <Asking title={t("Process leads and admins")} wrong={wrong} again={again} />;
  return (
    <Page title={t("Process leads and admins")} back={BACK()} lead={t("Choose somebody who leaves, and see what happens before anything is done.")}>
      {places.map((place) => (
        <Section key={place.area ?? "admins"} title={place.area ? t("Leads {area}", { area: place.name }) : place.name}>
          {place.people.length === 0 && <p class="muted inset">{t("Nobody yet.")}</p>}
          {place.people.length > 0 && (
            <Rows>
              {place.people.map((one) => one.id === me?.seat
                ? <Row key={one.id} start={<Portrait name={one.name} size={44} />} title={<bdi>{one.name}</bdi>} text={t("You. Another admin can end this.")} />
                : <Row key={one.id} start={<Portrait name={one.name} size={44} />} title={<bdi>{one.name}</bdi>} href={`/people/leaders/${place.area ?? "admins"}/${one.id}`} />)}
            </Rows>
          )}
        </Section>
      ))}
      <p class="sm muted inset">{t("Whoever runs Samled lets in the admins. Ask them if one more is needed.")}</p>
    </Page>
  );
}

export function LeaderLeaves({ params }: ViewProps) {
  const app = useApp();
  const { places, wrong, again } = usePlaces();
  if (!isFirst(app) && app.me.value?.kind !== "admin") return <NotFound />;
  if (!places) return <Asking title={t("Process leads and admins")} wrong={wrong} again={again} />;
  const place = places.find((one) => (one.area ?? "admins") === params.area);
  const person = place?.people.find((one) => one.id === params.person);
  if (!place || !person || person.id === app.me.value?.seat) return <NotFound />;
  return <Going place={place} person={person} />;
}

/** What goes on, by whom; and the leaving itself. */
function Going({ place, person }: { place: Place; person: One }) {
  const app = useApp();
  const { run, said } = useDoing();
  const [asked, setAsked] = useState(false);
  const [done, setDone] = useState(false);
  const { name } = person;
  const others = place.people.filter((one) => one.id !== person.id);
  const back = { href: "/people/leaders", label: t("Back") };
  const leave = async (): Promise<void> => {
    const answer = await (place.area ? run("process_lead.leave", { unit: place.unit, area: place.area, lead: person.id }) : run("admin.leave", { admin: person.id }));
    setAsked(false);
    if (answer.state === "done") setDone(true);
    else if (answer.state === "waiting") await app.discard(answer.id);
  };
  if (done)
    return (
      <Page title={place.area ? t("{name} no longer leads {area}", { name, area: place.name }) : t("{name} is no longer an admin", { name })} back={back}>
        <Notice tone="good" icon="check" alert title={t("The others go on with everything")}><span>{t("{name}'s devices erase what they had.", { name })}</span></Notice>
        <LinkButton kind="primary" block href="/people/leaders">{t("Done")}</LinkButton>
      </Page>
    );
  if (others.length === 0)
    return (
      <Page title={<bdi>{name}</bdi>} kicker={place.name} back={back}>
        <Notice tone="warn" icon="people" title={t("First somebody else must lead {area}", { area: place.name })}>
          <span>{t("{name} is the only one. Invite somebody, and wait until they have come in. Then you can end it here, and they go on with everything.", { name })}</span>
        </Notice>
        <LinkButton kind="primary" block icon="plus" href="/people/invite">{t("Invite somebody")}</LinkButton>
      </Page>
    );
  return (
    <Page title={t("{name} leaves. Who goes on?", { name })} kicker={place.name} back={back}>
      <Columns
        half
        left={
          <Section title={t("Goes on without {name}", { name })}>
            {place.area
              ? <Rows>
                  <Row icon="calendar" title={tn("{n} term meeting to come", "{n} term meetings to come", place.meetings)} />
                  <Row icon="check" title={tn("{n} task", "{n} tasks", place.tasks)} />
                  <Row icon="directory" title={t("Teams, directory and figures of the area")} text={t("They belong to the area, not to a person.")} />
                </Rows>
              : <Card><p>{t("Units, staff and invitations. They belong to the organisation, not to a person.")}</p></Card>}
          </Section>
        }
        right={<>
          <Section title={tn("{n} person goes on with everything", "{n} people go on with everything", others.length)}>
            <Rows>{others.map((one) => <Row key={one.id} start={<Portrait name={one.name} size={44} />} title={<bdi>{one.name}</bdi>} text={one.id === app.me.value?.seat ? t("You") : undefined} />)}</Rows>
          </Section>
          <p class="sm muted inset">{t("If {name} also works in a unit, or is a guardian, that stays.", { name })}</p>
          {said}
          {!app.online.value && <Notice tone="grey" icon="offline" title={OFFLINE()}><span>{t("Who may see what is changed by the server, at once and for everybody.")}</span></Notice>}
          <Button kind="bad" block disabled={!app.online.value && OFFLINE()} onPress={() => setAsked(true)}>{t("{name} leaves", { name })}</Button>
        </>}
      />
      <AskSheet
        open={asked} onClose={() => setAsked(false)} title={place.area ? t("Does {name} stop leading {area}?", { name, area: place.name }) : t("Does {name} stop being an admin?", { name })}
        lead={t("It cannot be undone. {name}'s devices erase everything.", { name })} yes={{ label: t("Yes, {name} leaves", { name }), onPress: leave, kind: "bad" }} no={t("Keep as it is")}
      />
    </Page>
  );
}
