/** Addresses of notices that lead to a part of a page: a message to its thread, words to their meeting. */
import { useEffect } from "preact/hooks";
import { navigate } from "../../router";
import { Page, SkeletonPage, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { Missing } from "./kit";
import type { Message, Voice } from "./model";

function Onward({ to }: { to: string | undefined }) {
  useEffect(() => {
    if (to) navigate(to, { replace: true });
  }, [to]);
  return to ? <Page busy><SkeletonPage hero={false} /></Page> : <Missing home="/" />;
}

export function OpenMessage({ params }: ViewProps) {
  const message = useApp().one<Message>("message", params.id ?? "").value;
  return <Onward to={message && `/children/${message.child}/thread/${message.thread}`} />;
}

export function OpenVoice({ params }: ViewProps) {
  const voice = useApp().one<Voice>("voice", params.id ?? "").value;
  return <Onward to={voice && `/meetings/${voice.meeting}`} />;
}
