/** What a young person has chosen to say, as it was written. */
import { t } from "../../i18n";
import { Badge, Card, type IconName } from "../../ui";
import type { Voice } from "./docs";

export const CARDS = ["good", "hard", "want", "not_want"] as const;
export type CardKey = (typeof CARDS)[number];

/** The heading of each card, in the young person's own voice. */
export function cardWords(card: CardKey): string {
  switch (card) {
    case "good": return t("What is good");
    case "hard": return t("What is hard");
    case "want": return t("What I want");
    case "not_want": return t("What I do not want");
  }
}

/** How somebody takes part. */
export function takePartWords(how: string, coordinator: string): string {
  switch (how) {
    case "in_person": return t("There in the room");
    case "video": return t("Picture and sound");
    case "sound_only": return t("Sound only");
    case "phone": return t("By phone");
    case "part_of_meeting": return t("A part of the meeting");
    case "written": return t("Only writing");
    case "spokesperson": return coordinator ? t("{name} says it for me", { name: coordinator }) : t("Somebody says it for me");
    default: return t("Not there");
  }
}

export const TAKE_PART_ICONS: Readonly<Record<string, IconName>> = {
  in_person: "pin", video: "video", sound_only: "mic", phone: "phone", part_of_meeting: "clock", written: "chat", spokesperson: "person", not_attending: "close",
};

/** The words and how their writer takes part. `large` for reading aloud or showing on the phone. */
export function VoiceWords({ voice, coordinator = "", large = false }: { voice: Pick<Voice, "say" | "not_about" | "read_aloud"> & { take_part: string | null }; coordinator?: string; large?: boolean }) {
  const Heading = large ? "h2" : "h3";
  const said = CARDS.filter((card) => voice.say[card]);
  return (
    <Card>
      {voice.take_part && <Badge tone="info" icon={TAKE_PART_ICONS[voice.take_part] ?? "person"}>{takePartWords(voice.take_part, coordinator)}</Badge>}
      {said.map((card) => (
        <div key={card} class="stack-2">
          <Heading>{cardWords(card)}</Heading>
          <p dir="auto" class={large ? "lead" : undefined}>{voice.say[card]}</p>
        </div>
      ))}
      {said.length === 0 && <p class="muted">{t("No words, only how to take part.")}</p>}
      {voice.not_about && voice.not_about.length > 0 && (
        <div class="stack-2"><Heading>{t("Not to talk about")}</Heading><p dir="auto">{voice.not_about.join(", ")}</p></div>
      )}
      {voice.read_aloud && <p class="sm muted">{t("Wants the words read aloud at the meeting.")}</p>}
    </Card>
  );
}
