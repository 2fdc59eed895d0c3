/** One function as others see it: what it helps with, when it answers, the number, and how sure that is. */
import { capital, longDate } from "../../dates";
import { t, tn } from "../../i18n";
import { Badge, CallButton, Card, type Fact, Facts, Phone, Row } from "../../ui";
import type { Unit } from "../staff/model";
import type { FunctionContact } from "./model";
import { confirmedWords, functionIcon, functionName, gapWords, isStale } from "./words";

/** What stands at the end of a row: red only where somebody leads the area and must act. */
export function ContactBadge({ one, lead }: { one: FunctionContact; lead: boolean }) {
  if (lead && one.gap?.length) return <Badge tone="bad" icon="warning">{gapWords(one.gap)}</Badge>;
  if (isStale(one)) return <Badge tone="warn" icon="clock">{t("To be checked")}</Badge>;
  if (one.badge) return <Badge tone="info" icon="hand">{t("BUSE")}</Badge>;
  return null;
}

export function contactFacts(one: FunctionContact, days: number | undefined): Fact[] {
  return [
    one.hours && { icon: "clock", title: capital(one.hours) },
    days && { icon: "flag", title: tn("Answers within {n} working day", "Answers within {n} working days", days) },
    one.deputy && { icon: "person", title: t("Deputy: {name}", { name: one.deputy.name }), text: one.deputy.title },
  ];
}

/** "I dag: Lena Åkesson. Bekräftad för 12 dagar sedan." */
export function Confirmed({ one }: { one: FunctionContact }) {
  const who = [one.name, one.title].filter(Boolean).join(", ");
  return (
    <p class="sm muted inset">
      {who && <><bdi>{who}</bdi>. </>}{confirmedWords(one)}{one.confirmed_by && <> (<bdi>{one.confirmed_by}</bdi>)</>}.
      {isStale(one) && <> {t("It should have been checked by {day}.", { day: longDate(one.check_after) })}</>}
    </p>
  );
}

export function ContactCard({ one, unit, days, lead }: { one: FunctionContact; unit?: Unit | undefined; days: number | undefined; lead: boolean }) {
  const offers = one.offers ?? unit?.offers;
  const badge = <ContactBadge one={one} lead={lead} />;
  return (
    <Card label={`${functionName(one.function)}, ${one.unit_name}`}>
      <Row bare icon={functionIcon(one.function)} title={functionName(one.function)} text={one.unit_name} href={`/functions/${one.id}`} end={one.badge || isStale(one) || (lead && one.gap?.length) ? badge : undefined} />
      {offers && <p>{offers}</p>}
      <Facts small items={contactFacts(one, days)} />
      {one.phone && <CallButton kind="soft" block number={one.phone}><Phone number={one.phone} /></CallButton>}
      <Confirmed one={one} />
    </Card>
  );
}
