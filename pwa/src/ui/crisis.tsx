/** Help now: numbers to call, from the phone itself. Works offline and signed out; nothing about a tap is stored. */
import { useContext, useState } from "preact/hooks";
import { t } from "../i18n";
import { Button, Buttons, LinkButton } from "./actions";
import { ChromeContext, type RoleKind } from "./app-context";
import { Portrait } from "./cards";
import { Icon, type IconName } from "./icons";
import { leaveQuickly } from "./exit";
import { type ShownContact, advice, contactsFor } from "./region";
import { Sheet } from "./sheet";
import { dial } from "./text";

const ICONS: Readonly<Record<string, IconName>> = { emergency: "warning", bris: "phone", suicide_line: "moon", care_advice: "help", way_in: "building", friend_on_duty: "chat" };
/** What the sheet shows; the page of all numbers shows the rest. */
const firstFor = (role: RoleKind): readonly string[] =>
  role === "youth" || role === "public" ? ["emergency", "bris", "suicide_line", "care_advice"] : ["emergency", "care_advice", "suicide_line", "bris"];

function line(contact: ShownContact): string {
  return [contact.about, contact.hours, contact.tel ? "" : contact.chat].filter(Boolean).join(". ");
}

/** One number to call, or one chat to open. */
export function HelpCall({ contact }: { contact: ShownContact }) {
  const urgent = contact.key === "emergency";
  const inner = (
    <>
      <Icon name={ICONS[contact.key] ?? (contact.tel ? "phone" : "chat")} large />
      <span class="txt"><b>{contact.name}</b><small>{line(contact)}</small></span>
      {contact.number ? <span class="no ltr">{contact.number}</span> : <Icon name="link" />}
    </>
  );
  if (!contact.tel) return <a class="call" href={`https://${contact.chat}`} target="_blank" rel="noopener noreferrer">{inner}</a>;
  return <a class={`call${urgent ? " urgent" : ""}`} href={`tel:${contact.tel}`}>{inner}</a>;
}

/** Someone the person knows: the coordinator. `about` says when they are reached. */
export interface KnownPerson { name: string; about: string; phone: string }

/** Every number this role may need, danger first; the known person after those that most may need. */
export function HelpCalls({ short = false, person }: { short?: boolean; person?: KnownPerson | undefined }) {
  const { role } = useContext(ChromeContext);
  const all = contactsFor(role);
  const shown = short
    ? firstFor(role).flatMap((key) => all.filter((contact) => contact.key === key))
    : all;
  const most = short ? shown.length : 1 + all.findIndex((contact) => contact.key === "care_advice");
  return (
    <div class="stack-2">
      {shown.slice(0, most).map((contact) => <HelpCall key={contact.key} contact={contact} />)}
      {person && (
        <a class="call pers" href={`tel:${dial(person.phone)}`}>
          <Portrait name={person.name} size={40} />
          <span class="txt"><b><bdi>{person.name}</bdi></b><small>{person.about}</small></span>
          <Icon name="phone" large />
        </a>
      )}
      {shown.slice(most).map((contact) => <HelpCall key={contact.key} contact={contact} />)}
    </div>
  );
}

/** The sheet behind "Hjälp nu". */
export function CrisisSheet({ open, onClose, person }: { open: boolean; onClose: () => void; person?: KnownPerson | undefined }) {
  const { role } = useContext(ChromeContext);
  const chat = contactsFor(role).find((contact) => contact.key === "bris")?.chat;
  return (
    <Sheet open={open} onClose={onClose} title={t("You do not have to be alone with this")} lead={t("Choose the one you can manage. It is enough to say hello.")}>
      <HelpCalls short person={person} />
      <Buttons>
        {chat && <LinkButton href={`https://${chat}`} external icon="chat">{t("Chat")}</LinkButton>}
        <Button icon="close" onPress={onClose}>{t("Close")}</Button>
      </Buttons>
      <Buttons>
        <LinkButton kind="quiet" href="/help">{t("All numbers")}</LinkButton>
        {role !== "staff" && <Button kind="quiet" icon="eye-off" onPress={leaveQuickly}>{t("Hide")}</Button>}
      </Buttons>
      <p class="xs muted">{advice("traces")}</p>
    </Sheet>
  );
}

/** Keeps the sheet's state for the shell. */
export function useCrisis(): { open: boolean; show: () => void; hide: () => void } {
  const [open, setOpen] = useState(false);
  return { open, show: () => setOpen(true), hide: () => setOpen(false) };
}
